#include "train/step.h"

#include <algorithm>

#include "base/fail.h"
#include "layers/regularizer.h"
#include "passes/pass.h"
#include "train/gradient.h"
#include "train/loss.h"
#include "train/schedule.h"

namespace cornu::train {
namespace {

bool is_frozen(const layers::LayerInstance* layer) {
  for (; layer != nullptr; layer = layer->parent) {
    if (!layer->trainable) return true;
  }
  return false;
}

std::string path_of(const layers::LayerInstance* layer, const std::string& name) {
  std::string path = name;
  for (; layer != nullptr && layer->parent != nullptr; layer = layer->parent) path = layer->name + "/" + path;
  return path;
}

// The config's regularizer or constraint of a weight: kernel_regularizer, recurrent_regularizer, ...
Json argument_of(const layers::LayerInstance& layer, const std::string& weight, const std::string& kind) {
  const Json& config = layer.config.json();
  const std::string own =
      weight == "recurrent_kernel" || weight == "depthwise_kernel" || weight == "pointwise_kernel"
          ? weight.substr(0, weight.find('_'))
          : weight;
  const Json found = config[own + "_" + kind];
  return found.is_object() ? found : config[weight + "_" + kind];
}

class Builder {
 public:
  Builder(const std::string& config, const Compiled& compiled, const StepTypes& types,
          std::span<const Tensor> constants, const CustomObjects* custom_objects)
      : compiled_(compiled),
        types_(types),
        model_(import::import_step(config, shapes(), types.training, custom_objects)),
        variables_(model_variables(model_)),
        g_(model_.graph) {
    lower_einsums();
    bind(constants);
  }

  StepGraph run() {
    take_batch();
    const Value total = add_losses();
    ir::Graph& graph = model_.graph;
    const std::vector<ir::GraphOutput> predictions = graph.outputs();
    StepGraph step;
    std::vector<std::pair<size_t, Value>> updates;
    if (types_.training) updates = add_updates(total);
    std::vector<Value> results{total};
    results.insert(results.end(), losses_.begin(), losses_.end());
    size_t next = 0;
    // The model's outputs make way for the step's.
    ir::Graph whole = std::move(graph);
    if (types_.predictions) {
      for (const ir::GraphOutput& output : predictions) results.push_back(output.value);
    }
    for (const auto& [variable, value] : updates) {
      results.push_back(value);
      step.out.push_back(variable);
    }
    whole.replace_outputs([&](Value) { return next < results.size() ? results[next++] : results[0]; });
    while (next < results.size()) whole.add_output("", results[next++]);
    step.graph = std::move(whole);
    step.in = inputs_;
    passes::run_passes(step.graph, {});
    order(step);
    return step;
  }

  static void order(StepGraph& step) {
    const auto& inputs = step.graph.inputs();
    const auto& outputs = step.graph.outputs();
    const size_t first_in = inputs.size() - step.in.size();
    const size_t first_out = outputs.size() - step.out.size();
    std::vector<InPlace> pairs;
    for (size_t k = 0; k < step.out.size(); ++k) {
      const auto found = std::find(step.in.begin(), step.in.end(), step.out[k]);
      pairs.push_back({inputs[first_in + static_cast<size_t>(found - step.in.begin())].value,
                       outputs[first_out + k].value});
    }
    step.apart = order_updates(step.graph, pairs);
  }

 private:
  std::vector<Shape> shapes() const {
    std::vector<Shape> all;
    for (const TensorType& type : types_.x) all.push_back(type.shape);
    return all;
  }

  // Sums of products become matrix products, which have gradients.
  void lower_einsums() {
    for (const passes::PassDef* pass : passes::all_passes()) {
      if (pass->name == "lower_einsum") pass->run(model_.graph);
    }
  }

  // Weights that may change become inputs, which come after the batch; others are bound.
  void bind(std::span<const Tensor> constants) {
    const std::vector<import::OwnedSlot> slots = import::weight_slots(*model_.root);
    for (size_t i = 0; i < slots.size(); ++i) {
      slot_values_.push_back(slots[i].weight->value);
      if (!variables_[i].live)
        model_.graph.make_constant(slots[i].weight->value, cast_tensor(constants[i], variables_[i].dtype));
    }
  }

  void take_batch() {
    for (const auto& type : types_.y)
      targets_.push_back(type ? model_.graph.add_input("y", type->dtype, type->shape) : Value{});
    for (const auto& type : types_.weight)
      weights_.push_back(type ? model_.graph.add_input("sample_weight", type->dtype, type->shape) : Value{});
    if (types_.training) learning_rate_ = model_.graph.add_input("learning_rate", DType::float32, {});
    for (size_t i = 0; i < variables_.size(); ++i) {
      if (!variables_[i].live) continue;
      const Value input =
          model_.graph.add_input(variables_[i].path, variables_[i].dtype, variables_[i].shape);
      inputs_.push_back(i);
      model_.graph.replace_uses(slot_values_[i], input);
      for (layers::Training::Update& update : model_.training->updates) {
        if (update.variable == slot_values_[i]) update.variable = input;
      }
      slot_values_[i] = input;
    }
  }

  Value add_losses() {
    const std::vector<ir::GraphOutput> outputs = model_.graph.outputs();
    Value total;
    const auto add = [&](Value value) {
      value = g_.cast(value, DType::float32);
      total = total.valid() ? g_.op("add", {total, value}) : value;
    };
    for (size_t i = 0; i < outputs.size(); ++i) {
      const bool has_loss = i < compiled_.losses.size() && compiled_.losses[i].is_object();
      if (!has_loss) {
        losses_.push_back(g_.scalar(0));
        continue;
      }
      if (i >= targets_.size() || !targets_[i].valid())
        fail(ErrorCode::bad_shape, outputs[i].name, "the output has a loss but received no target");
      const Value value = loss_of(g_, compiled_.losses[i], targets_[i], outputs[i].value,
                                  i < weights_.size() ? weights_[i] : Value{}, model_.output_masks[i]);
      losses_.push_back(g_.cast(value, DType::float32));
      const double weight = i < compiled_.loss_weights.size() ? compiled_.loss_weights[i] : 1;
      add(weight == 1 ? value : g_.op("mul", {value, g_.scalar_like(weight, value)}));
    }
    const std::vector<import::OwnedSlot> slots = import::weight_slots(*model_.root);
    for (size_t i = 0; i < slots.size(); ++i) {
      if (!variables_[i].trainable) continue;
      const Json regularizer = argument_of(*slots[i].layer, slots[i].weight->name, "regularizer");
      if (regularizer.is_object()) add(layers::penalty_of(g_, regularizer, slot_values_[i]));
    }
    for (Value loss : model_.training->losses) add(loss);
    return total.valid() ? total : g_.scalar(0);
  }

  std::vector<std::pair<size_t, Value>> add_updates(Value total) {
    std::vector<size_t> trained;
    std::vector<Value> w;
    for (size_t i = 0; i < variables_.size(); ++i) {
      if (!variables_[i].trainable) continue;
      trained.push_back(i);
      w.push_back(slot_values_[i]);
    }
    const Optimizer optimizer = make_optimizer(compiled_, variables_);
    std::vector<Value> state;
    for (size_t i = 0; i < optimizer.variables().size(); ++i) {
      const OptimizerVariable& variable = optimizer.variables()[i];
      state.push_back(model_.graph.add_input(variable.name, variable.dtype, variable.shape));
      inputs_.push_back(variables_.size() + i);
    }
    const Value scale = optimizer.loss_scale(g_, state);
    const Value scaled = scale.valid() ? g_.op("mul", {total, scale}) : total;
    std::vector<Value> d = gradients(g_, scaled, w);
    for (Value& gradient : d) gradient = g_.cast(gradient, DType::float32);
    const std::vector<import::OwnedSlot> slots = import::weight_slots(*model_.root);
    const auto constrain = [&](size_t weight, Value value) {
      const import::OwnedSlot& slot = slots[trained[weight]];
      const Json constraint = argument_of(*slot.layer, slot.weight->name, "constraint");
      return constraint.is_object() ? layers::constrained(g_, constraint, value) : value;
    };
    model_.graph.set_layer(std::string(kOptimizerLayer));
    const Optimizer::Result result = optimizer.apply(g_, learning_rate_, w, std::move(d), state, constrain);
    model_.graph.set_layer("");
    std::vector<std::pair<size_t, Value>> updates;
    for (size_t i = 0; i < trained.size(); ++i) updates.emplace_back(trained[i], result.weights[i]);
    for (size_t i = 0; i < state.size(); ++i) {
      if (!(result.variables[i] == state[i]))
        updates.emplace_back(variables_.size() + i, result.variables[i]);
    }
    for (const layers::Training::Update& update : model_.training->updates) {
      for (size_t i = 0; i < slot_values_.size(); ++i) {
        if (slot_values_[i] == update.variable) updates.emplace_back(i, update.next);
      }
    }
    return updates;
  }

  const Compiled& compiled_;
  const StepTypes& types_;
  import::KerasModel model_;
  std::vector<ModelVariable> variables_;
  GraphBuilder g_;
  std::vector<Value> slot_values_;  // of the model's weights
  std::vector<Value> targets_, weights_, losses_;
  Value learning_rate_;
  std::vector<size_t> inputs_;
};

}  // namespace

Compiled Compiled::parse(const std::string& text) {
  const Json json = Json::parse(text, "compile");
  Compiled compiled;
  compiled.losses = json["losses"].elements();
  for (const Json& weight : json["loss_weights"].elements()) compiled.loss_weights.push_back(weight.number());
  if (json["optimizer"].is_object()) compiled.optimizer = json["optimizer"];
  return compiled;
}

std::vector<ModelVariable> model_variables(import::KerasModel& model) {
  std::vector<ModelVariable> all;
  for (const auto& [layer, weight] : import::weight_slots(*model.root)) {
    const bool frozen = is_frozen(layer);
    const DType dtype = model.graph.type(weight->value).dtype;
    all.push_back({path_of(layer, weight->name), dtype, weight->shape,
                   weight->trainable && !frozen && dtype_is_floating(dtype),
                   !frozen && dtype_is_floating(dtype)});
  }
  return all;
}

Optimizer make_optimizer(const Compiled& compiled, const std::vector<ModelVariable>& variables) {
  std::vector<Weight> weights;
  for (const ModelVariable& variable : variables) {
    if (variable.trainable) weights.push_back({variable.path, variable.shape});
  }
  return Optimizer(compiled.optimizer, std::move(weights));
}

StepGraph build_step(const std::string& config, const Compiled& compiled, const StepTypes& types,
                     std::span<const Tensor> constants, const CustomObjects* custom_objects) {
  return Builder(config, compiled, types, constants, custom_objects).run();
}

}  // namespace cornu::train
