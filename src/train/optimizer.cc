#include "train/optimizer.h"

#include <algorithm>

#include "base/fail.h"

namespace cornu::train {
namespace {

constexpr std::string_view kIterations = "iteration";
constexpr std::string_view kAverage = "average";
constexpr std::string_view kAccumulator = "gradient_accumulator";
constexpr std::string_view kScaleCounter = "step_counter";
constexpr std::string_view kScale = "dynamic_scale";

Value whole_number(GraphBuilder& g, int64_t value) {
  return g.constant(tensor_of_ints(std::vector<int64_t>{value}, {}));
}

}  // namespace

double OptimizerConfig::number(std::string_view key, double fallback) const {
  return is_set(key) ? json[key].number() : fallback;
}

bool OptimizerConfig::is_set(std::string_view key) const {
  return json[key].is_number();
}

bool OptimizerConfig::flag(std::string_view key, bool fallback) const {
  return json[key].is_bool() ? json[key].boolean() : fallback;
}

std::vector<std::string> OptimizerConfig::texts(std::string_view key) const {
  std::vector<std::string> found;
  for (const Json& item : json[key].elements()) found.emplace_back(item.string());
  return found;
}

// The values of one step, on their way from the old to the new ones.
struct Optimizer::Step {
  OptimizerCall call;
  std::vector<Value> w, gradients;
  std::vector<Value> variables;  // new values are written over the old ones
  const std::function<Value(size_t, Value)>& constrain;
};

Optimizer::Optimizer(const Json& serialized, std::vector<Weight> weights) : weights_(std::move(weights)) {
  Json inner = serialized;
  if (serialized["class_name"].string() == "LossScaleOptimizer") {
    outer_ = serialized["config"];
    inner = outer_["inner_optimizer"];
  }
  def_ = &find_optimizer(inner["class_name"].string());
  config_.json = inner["config"];
  add_variables();
}

void Optimizer::add_variables() {
  if (outer_.exists()) {
    variables_.push_back(
        {std::string(kIterations), -1, DType::int64, {}, 0});  // Keras's outer one, never counted
    variables_.push_back({std::string(kScaleCounter), -1, DType::int64, {}, 0});
    const Json initial = outer_["initial_scale"];
    variables_.push_back(
        {std::string(kScale), -1, DType::float32, {}, initial.is_number() ? initial.number() : 32768});
  }
  iterations_ = variables_.size();
  variables_.push_back({std::string(kIterations), -1, DType::int64, {}, 0});
  const auto for_all = [&](std::string_view name) {
    for (size_t i = 0; i < weights_.size(); ++i)
      variables_.push_back({std::string(name), static_cast<int>(i), DType::float32, weights_[i].shape, 0});
  };
  if (config_.flag("use_ema", false)) for_all(kAverage);
  if (config_.number("gradient_accumulation_steps", 0) > 1) for_all(kAccumulator);
  struct Slot {
    int group;
    size_t weight, index;
    SlotDef def;
  };
  std::vector<Slot> all;
  for (size_t i = 0; i < weights_.size(); ++i) {
    const std::vector<SlotDef> own = def_->slots(config_, weights_[i]);
    slots_.emplace_back(own.size());
    for (size_t k = 0; k < own.size(); ++k) all.push_back({own[k].group, i, k, own[k]});
  }
  std::stable_sort(all.begin(), all.end(), [](const Slot& a, const Slot& b) { return a.group < b.group; });
  for (const Slot& slot : all) {
    slots_[slot.weight][slot.index] = variables_.size();
    variables_.push_back({std::string(slot.def.name), static_cast<int>(slot.weight), DType::float32,
                          slot.def.like_weight ? weights_[slot.weight].shape : slot.def.shape,
                          slot.def.initial});
  }
  for (const SlotDef& slot : def_->shared_slots) {
    shared_.push_back(variables_.size());
    variables_.push_back({std::string(slot.name), -1, DType::float32, slot.shape, slot.initial});
  }
}

size_t Optimizer::find(std::string_view name, int weight) const {
  for (size_t i = 0; i < variables_.size(); ++i) {
    if (variables_[i].name == name && variables_[i].weight == weight) return i;
  }
  fail(ErrorCode::internal, "optimizer", "there is no variable '{}' of weight {}", name, weight);
}

Value Optimizer::loss_scale(GraphBuilder& g, std::span<const Value> variables) const {
  if (outer_.exists()) return variables[find(kScale, -1)];
  if (config_.is_set("loss_scale_factor")) return g.scalar(config_.number("loss_scale_factor", 1));
  return {};
}

std::vector<Value> Optimizer::clipped(GraphBuilder& g, std::vector<Value> gradients) const {
  const Formula f{g};
  const double norm = config_.number("clipnorm", 0);
  const double whole_norm = config_.number("global_clipnorm", 0);
  const double bound = config_.number("clipvalue", 0);
  if (norm > 0) {
    for (Value& d : gradients) {
      const Value own = f.sqrt(f.sum(f.square(d)));
      d = f.mul(d, f.div(f.num(norm, d), f.maximum(own, norm)));
    }
  } else if (whole_norm > 0) {
    Value squares;
    for (const Value& d : gradients) {
      const Value own = f.sum(f.square(d));
      squares = squares.valid() ? f.add(squares, own) : own;
    }
    const Value use = f.sqrt(squares);
    const Value scale =
        f.add(f.mul(f.minimum(f.reciprocal(use), 1 / whole_norm), whole_norm), f.sub(use, use));
    for (Value& d : gradients) d = f.mul(d, scale);
  } else if (bound > 0) {
    for (Value& d : gradients) d = f.clip(d, -bound, bound);
  }
  return gradients;
}

double Optimizer::weight_decay(const Weight& weight) const {
  for (const std::string& name : config_.texts("exclude_from_weight_decay")) {
    if (weight.path.find(name) != std::string::npos) return 0;
  }
  if (def_->weight_decay != nullptr) return def_->weight_decay(config_, weight);
  return config_.json["weight_decay"].exists() ? config_.number("weight_decay", 0)
                                               : def_->default_weight_decay;
}

void Optimizer::update_weights(Step& step) const {
  OptimizerCall& call = step.call;
  step.gradients = clipped(call.g, std::move(step.gradients));
  for (size_t i = 0; i < weights_.size(); ++i) {
    const double decay = weight_decay(weights_[i]);
    if (decay != 0) step.w[i] = call.sub(step.w[i], call.mul(call.mul(step.w[i], decay), call.learning_rate));
  }
  for (size_t index : shared_) call.shared.push_back(step.variables[index]);
  call.new_shared = call.shared;
  if (def_->begin != nullptr) def_->begin(call);
  for (size_t k = 0; k < shared_.size(); ++k) step.variables[shared_[k]] = call.new_shared[k];
  for (size_t i = 0; i < weights_.size(); ++i) {
    WeightUpdate update{weights_[i], step.w[i], step.gradients[i], {}, {}, {}};
    for (size_t slot : slots_[i]) update.slots.push_back(step.variables[slot]);
    update.new_slots = update.slots;
    def_->update(call, update);
    step.w[i] = update.new_w;
    for (size_t k = 0; k < slots_[i].size(); ++k) step.variables[slots_[i][k]] = update.new_slots[k];
  }
}

// The moving averages of the weights, which take the weights' place every ema_overwrite_frequency steps.
void Optimizer::average(Step& step) const {
  GraphBuilder& g = step.call.g;
  const Formula& f = step.call;
  const Value iterations = step.variables[iterations_];
  const Value is_first = g.op("equal", {iterations, whole_number(g, 0)});
  const Value momentum = f.where(is_first, g.scalar(0), g.scalar(config_.number("ema_momentum", 0.99)));
  const auto every = static_cast<int64_t>(config_.number("ema_overwrite_frequency", 0));
  for (size_t i = 0; i < weights_.size(); ++i) {
    Value& kept = step.variables[find(kAverage, static_cast<int>(i))];
    kept = f.add(f.mul(kept, momentum), f.mul(step.w[i], f.sub(1, momentum)));
    if (every == 0) continue;
    const Value next = g.op("add", {iterations, whole_number(g, 1)});
    const Value rest = g.op("mod", {next, whole_number(g, every)});
    step.w[i] = f.where(g.op("equal", {rest, whole_number(g, 0)}), kept, step.w[i]);
  }
}

Optimizer::Result Optimizer::apply(GraphBuilder& g, Value learning_rate, std::span<const Value> w,
                                   std::vector<Value> gradients, std::span<const Value> variables,
                                   const std::function<Value(size_t, Value)>& constrain) const {
  Step step{{{g}, config_, learning_rate, {}, {}, {}},
            {w.begin(), w.end()},
            std::move(gradients),
            {variables.begin(), variables.end()},
            constrain};
  const Formula& f = step.call;
  Value finite;
  if (const Value scale = loss_scale(g, variables); scale.valid()) {
    for (Value& d : step.gradients) {
      if (outer_.exists()) {
        const Value own = f.fn("reduce_all", f.fn("is_finite", d));
        finite = finite.valid() ? g.op("logical_and", {finite, own}) : own;
      }
      d = f.div(d, scale);
    }
  }
  const Value iterations = step.variables[iterations_];
  const auto every = static_cast<int64_t>(config_.number("gradient_accumulation_steps", 0));
  Value counted = iterations;
  Value is_update;
  if (every > 1) {
    counted = g.op("floor_div", {iterations, whole_number(g, every)});
    const Value rest = g.op("mod", {g.op("add", {iterations, whole_number(g, 1)}), whole_number(g, every)});
    is_update = g.op("equal", {rest, whole_number(g, 0)});
    for (size_t i = 0; i < weights_.size(); ++i) {
      Value& sum = step.variables[find(kAccumulator, static_cast<int>(i))];
      const Value whole = f.add(step.gradients[i], sum);
      sum = f.where(is_update, f.num(0, whole), whole);
      step.gradients[i] = f.mul(whole, 1.0 / static_cast<double>(every));
    }
  }
  step.call.step = g.cast(g.op("add", {counted, whole_number(g, 1)}), DType::float32);
  const std::vector<Value> before = step.variables;
  update_weights(step);
  const auto unless = [&](Value condition, std::span<const Value> old_w, std::span<const Value> old) {
    for (size_t i = 0; i < step.w.size(); ++i) step.w[i] = f.where(condition, step.w[i], old_w[i]);
    for (size_t i = 0; i < old.size(); ++i) {
      if (!(step.variables[i] == old[i])) step.variables[i] = f.where(condition, step.variables[i], old[i]);
    }
  };
  if (is_update.valid()) unless(is_update, w, before);
  if (config_.flag("use_ema", false)) average(step);
  for (size_t i = 0; i < step.w.size(); ++i) step.w[i] = constrain(i, step.w[i]);
  step.variables[iterations_] = g.op("add", {iterations, whole_number(g, 1)});
  if (finite.valid()) {
    unless(finite, w, variables);
    const size_t counter = find(kScaleCounter, -1);
    const size_t scale = find(kScale, -1);
    const int64_t growth =
        outer_["dynamic_growth_steps"].is_integer() ? outer_["dynamic_growth_steps"].integer() : 2000;
    const Value grows = g.op("equal", {variables[counter], whole_number(g, growth - 1)});
    const Value counts_on = g.op("logical_and", {finite, g.op("logical_not", {grows})});
    step.variables[counter] =
        f.where(counts_on, g.op("add", {variables[counter], whole_number(g, 1)}), whole_number(g, 0));
    const Value factor = f.where(finite, f.where(grows, g.scalar(2), g.scalar(1)), g.scalar(0.5));
    step.variables[scale] = f.mul(variables[scale], factor);
  }
  return {std::move(step.w), std::move(step.variables)};
}

}  // namespace cornu::train
