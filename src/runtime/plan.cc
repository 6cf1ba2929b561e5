#include "runtime/plan.h"

#include <optional>

#include "base/fail.h"
#include "ops/evaluate.h"
#include "runtime/arena.h"

namespace cornu::runtime {
namespace {

// Values up to this size are computed while planning when their inputs are known: shapes, axes, indices.
constexpr int64_t kMaxPlannedElements = 4096;

class Planner {
 public:
  Planner(const ir::Graph& graph, std::span<const TensorType> inputs, const devices::DeviceDef& device,
          int threads, bool fast)
      : graph_(graph),
        device_(device),
        threads_(threads),
        fast_(fast),
        types_(graph.values().size()),
        places_(graph.values().size()),
        known_(graph.values().size()),
        roots_(graph.values().size(), -1),
        uses_left_(graph.values().size(), 0),
        plan_(std::make_shared<Plan>()) {
    plan_->inputs.assign(inputs.begin(), inputs.end());
  }

  std::shared_ptr<const Plan> run() {
    infer_all();
    place_fixed();
    count_uses();
    for (size_t i = 0; i < graph_.nodes().size(); ++i) {
      if (!planned_[i]) add_step(static_cast<int32_t>(i));
    }
    finish_outputs();
    plan_->arena_bytes = arena_.size_bytes();
    return plan_;
  }

 private:
  static size_t at(ir::Value value) { return static_cast<size_t>(value.id); }

  void infer_all() {
    for (size_t i = 0; i < graph_.values().size(); ++i) {
      const ir::ValueInfo& info = graph_.values()[i];
      types_[i] = info.type;
      if (info.is_constant) known_[i] = info.constant;
    }
    for (size_t i = 0; i < graph_.inputs().size(); ++i)
      types_[at(graph_.inputs()[i].value)] = plan_->inputs[i];
    planned_.assign(graph_.nodes().size(), false);
    for (size_t i = 0; i < graph_.nodes().size(); ++i) infer_node(graph_.nodes()[i], i);
  }

  void infer_node(const ir::Node& node, size_t index) {
    std::vector<TensorType> in;
    std::vector<const Tensor*> constants;
    std::vector<Tensor> values;
    for (ir::Value value : node.inputs) {
      in.push_back(types_[at(value)]);
      const auto& known = known_[at(value)];
      constants.push_back(known ? &*known : nullptr);
      if (known) values.push_back(*known);
    }
    const std::vector<TensorType> out = ir::infer_types(node, in, constants);
    bool small = !node.op->has_side_effect;
    for (size_t k = 0; k < out.size(); ++k) {
      types_[at(node.outputs[k])] = out[k];
      if (!out[k].shape.is_known()) {
        fail(ErrorCode::unsupported, node.layer, "the size of what op {} gives depends on the data ({})",
             node.op->name, out[k].shape.to_string());
      }
      if (out[k].dtype == DType::string)
        fail(ErrorCode::unsupported, node.layer, "op {} gives strings, which a plan cannot hold",
             node.op->name);
      small = small && out[k].shape.elements() <= kMaxPlannedElements;
    }
    if (node.op->shape_only && small) {
      // Its inputs' bytes do not matter: stand-ins of the right shape do.
      values.clear();
      for (const TensorType& type : in) values.push_back({type.dtype, type.shape, nullptr, nullptr, false});
    }
    if (!small || values.size() != node.inputs.size() || node.inputs.empty()) return;
    const std::vector<Tensor> results = ops::evaluate(node, values);
    for (size_t k = 0; k < results.size(); ++k) known_[at(node.outputs[k])] = results[k];
    planned_[index] = true;
  }

  void place_fixed() {
    for (size_t i = 0; i < known_.size(); ++i) {
      if (!known_[i]) continue;
      places_[i] = {Place::Kind::constant, 0, known_[i]->data};
      if (!graph_.values()[i].is_constant) plan_->constants.push_back(*known_[i]);
    }
    for (size_t i = 0; i < graph_.inputs().size(); ++i) {
      const size_t value = at(graph_.inputs()[i].value);
      places_[value] = {Place::Kind::input, static_cast<int64_t>(i), nullptr};
    }
    for (size_t i = 0; i < roots_.size(); ++i) roots_[i] = static_cast<int32_t>(i);
    for (size_t i = 0; i < graph_.nodes().size(); ++i) {
      const ir::Node& node = graph_.nodes()[i];
      if (!planned_[i] && node.op->alias) roots_[at(node.outputs[0])] = roots_[at(node.inputs[0])];
    }
  }

  void count_uses() {
    for (size_t i = 0; i < graph_.nodes().size(); ++i) {
      if (planned_[i]) continue;
      for (ir::Value value : graph_.nodes()[i].inputs) ++uses_left_[root(value)];
    }
    for (const ir::GraphOutput& output : graph_.outputs()) ++uses_left_[root(output.value)];
    // A value that is made by a step and is an output of the graph is written straight into the caller's
    // buffer.
    for (size_t i = 0; i < graph_.outputs().size(); ++i) {
      const size_t value = root(graph_.outputs()[i].value);
      if (places_[value].kind == Place::Kind::none)
        places_[value] = {Place::Kind::output, static_cast<int64_t>(i), nullptr};
    }
  }

  size_t root(ir::Value value) const { return static_cast<size_t>(roots_[at(value)]); }

  void release(size_t value) {
    if (--uses_left_[value] == 0 && places_[value].kind == Place::Kind::arena)
      arena_.give_back(places_[value].index);
  }

  static int64_t size_of(const TensorType& type) {
    const int64_t elements = type.shape.elements();
    int64_t bytes;
    if (__builtin_mul_overflow(elements, dtype_size(type.dtype), &bytes) || bytes > kMaxArenaBytes) {
      fail(ErrorCode::out_of_memory, "", "a tensor of shape {} is larger than {} bytes",
           type.shape.to_string(), kMaxArenaBytes);
    }
    return bytes;
  }

  void add_step(int32_t index) {
    const ir::Node& node = graph_.nodes()[static_cast<size_t>(index)];
    if (node.op->alias) {
      // No work: the output is the input's bytes. Its uses were counted on the root already.
      release(root(node.inputs[0]));
      return;
    }
    Step step;
    step.node = index;
    std::vector<TensorType> in;
    std::vector<TensorType> out;
    std::vector<const std::byte*> constants;
    for (ir::Value value : node.inputs) {
      in.push_back(types_[at(value)]);
      step.in.push_back(places_[root(value)]);
      constants.push_back(step.in.back().kind == Place::Kind::constant ? step.in.back().data : nullptr);
    }
    for (ir::Value value : node.outputs) {
      out.push_back(types_[at(value)]);
      size_of(out.back());  // before a kernel prepares for an absurd size
    }
    devices::Choice choice = device_.choose(*node.op, {in, out, node.attrs, constants, threads_}, fast_);
    step.run = std::move(choice.prepared.run);
    step.kernel = std::move(choice.kernel);
    step.refusals = std::move(choice.refusals);
    place_outputs(node, in, out);
    for (ir::Value value : node.outputs) step.out.push_back(places_[at(value)]);
    if (choice.prepared.scratch_bytes > 0) {
      step.scratch_offset = arena_.take(choice.prepared.scratch_bytes);
      arena_.give_back(step.scratch_offset);
    }
    for (ir::Value value : node.inputs) release(root(value));
    for (ir::Value value : node.outputs) {
      if (uses_left_[at(value)] == 0 && places_[at(value)].kind == Place::Kind::arena)
        arena_.give_back(places_[at(value)].index);
    }
    plan_->steps.push_back(std::move(step));
  }

  void place_outputs(const ir::Node& node, const std::vector<TensorType>& in,
                     const std::vector<TensorType>& out) {
    for (size_t k = 0; k < node.outputs.size(); ++k) {
      Place& place = places_[at(node.outputs[k])];
      if (place.kind != Place::Kind::none) continue;  // the caller's buffer
      if (node.op->elementwise && k == 0) {
        const size_t first = root(node.inputs[0]);
        const bool last_use = uses_left_[first] == 1 && places_[first].kind == Place::Kind::arena;
        if (last_use && in[0].shape == out[0].shape && dtype_size(in[0].dtype) == dtype_size(out[0].dtype)) {
          // The output takes over the input's range and its remaining uses.
          place = places_[first];
          places_[first].kind = Place::Kind::none;
          continue;
        }
      }
      place = {Place::Kind::arena, arena_.take(size_of(out[k])), nullptr};
    }
  }

  void finish_outputs() {
    for (size_t i = 0; i < graph_.outputs().size(); ++i) {
      const ir::Value value = graph_.outputs()[i].value;
      plan_->outputs.push_back(types_[at(value)]);
      const Place& place = places_[root(value)];
      if (place.kind == Place::Kind::output && place.index == static_cast<int64_t>(i)) continue;
      plan_->copies.push_back({static_cast<int64_t>(i), place, size_of(types_[at(value)])});
    }
  }

  const ir::Graph& graph_;
  const devices::DeviceDef& device_;
  const int threads_;
  const bool fast_;
  std::vector<TensorType> types_;             // per value, concrete
  std::vector<Place> places_;                 // per root value
  std::vector<std::optional<Tensor>> known_;  // per value: constants, and what planning computed
  std::vector<int32_t> roots_;                // per value: whose bytes it shares
  std::vector<int32_t> uses_left_;            // per root value
  std::vector<bool> planned_;                 // per node: computed while planning
  ArenaPlanner arena_;
  std::shared_ptr<Plan> plan_;
};

}  // namespace

std::shared_ptr<const Plan> make_plan(const ir::Graph& graph, std::span<const TensorType> inputs,
                                      const devices::DeviceDef& device, int threads, bool fast_kernels) {
  return Planner(graph, inputs, device, threads, fast_kernels).run();
}

}  // namespace cornu::runtime
