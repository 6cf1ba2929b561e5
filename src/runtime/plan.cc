#include "runtime/plan.h"

#include <algorithm>
#include <optional>

#include "base/fail.h"
#include "base/overwriting_kernel.h"
#include "ops/evaluate.h"
#include "runtime/arena.h"
#include "runtime/micro_batches.h"
#include "runtime/segments.h"

namespace cornu::runtime {
namespace {

// Values up to this size are computed while planning when their inputs are known: shapes, axes, indices.
constexpr int64_t kMaxPlannedElements = 4096;

class Planner {
 public:
  Planner(const ir::Graph& graph, std::span<const TensorType> inputs, const devices::DeviceDef& device,
          int threads, bool fast, bool segments)
      : graph_(graph),
        device_(device),
        threads_(threads),
        fast_(fast),
        segments_(segments),
        types_(graph.values().size()),
        places_(graph.values().size()),
        known_(graph.values().size()),
        roots_(graph.values().size(), -1),
        uses_left_(graph.values().size(), 0),
        plan_(std::make_shared<Plan>()) {
    plan_->inputs.assign(inputs.begin(), inputs.end());
  }

  std::shared_ptr<Plan> run() {
    infer_all();
    place_fixed();
    count_uses();
    int64_t batch = 0;
    const std::vector<Segment> segments = segments_of(batch);
    auto segment = segments.begin();
    for (size_t i = 0; i < graph_.nodes().size(); ++i) {
      if (segment != segments.end() && i == segment->begin) {
        add_segment(*segment, batch);
        i = segment++->end - 1;
      } else if (!planned_[i]) {
        add_step(static_cast<int32_t>(i));
      }
    }
    finish_outputs();
    settle_arena();
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
    const int overwrites = node.op->elementwise ? 0 : overwritten_input(choice.prepared.run);
    step.run = std::move(choice.prepared.run);
    step.kernel = std::move(choice.kernel);
    step.refusals = std::move(choice.refusals);
    place_outputs(node, in, out, overwrites);
    for (ir::Value value : node.outputs) step.out.push_back(places_[at(value)]);
    step.scratch_offset = scratch_range(choice.prepared.scratch_bytes);
    for (ir::Value value : node.inputs) release(root(value));
    for (ir::Value value : node.outputs) {
      if (uses_left_[at(value)] == 0 && places_[at(value)].kind == Place::Kind::arena)
        arena_.give_back(places_[at(value)].index);
    }
    plan_->steps.push_back(std::move(step));
  }

  std::vector<Segment> segments_of(int64_t& batch) const {
    if (!fast_ || !segments_) return {};
    std::vector<bool> fixed(known_.size());
    for (size_t i = 0; i < known_.size(); ++i) fixed[i] = known_[i].has_value();
    return find_segments({graph_, types_, fixed, planned_}, batch);
  }

  // One step that runs the segment's nodes micro-batch by micro-batch, each of them a plan of its own.
  void add_segment(const Segment& segment, int64_t batch) {
    const SegmentPorts ports = ports_of(segment);
    Step step;
    step.node = static_cast<int32_t>(segment.begin);
    MicroBatches micro(batch, segment.rows, threads_);
    for (const int64_t rows : micro.sizes())
      micro.add_body(body_of(segment, ports, rows, micro.threads_each()));
    step.bodies = micro.bodies();
    step.kernel = micro.describe();
    for (const size_t value : ports.in) {
      step.in.push_back(places_[static_cast<size_t>(roots_[value])]);
      micro.add_input(size_of(types_[value]));
    }
    for (const size_t value : ports.out) {
      Place& place = places_[value];
      if (place.kind == Place::Kind::none)
        place = {Place::Kind::arena, arena_.take(size_of(types_[value])), nullptr};
      step.out.push_back(place);
      micro.add_output(size_of(types_[value]));
    }
    step.scratch_offset = scratch_range(micro.scratch_bytes());
    step.run = [micro](const KernelCall& call) { micro.run(call); };
    for (size_t i = segment.begin; i < segment.end; ++i) {
      if (planned_[i]) continue;
      const ir::Node& node = graph_.nodes()[i];
      for (size_t k = 0; k < (node.op->alias ? 1 : node.inputs.size()); ++k) release(root(node.inputs[k]));
    }
    plan_->steps.push_back(std::move(step));
  }

  // Values (roots) that a segment takes from and gives to the rest of the graph.
  struct SegmentPorts {
    std::vector<size_t> in, out;
  };

  SegmentPorts ports_of(const Segment& segment) const {
    SegmentPorts ports;
    std::vector<bool> made(types_.size(), false);
    std::vector<int32_t> uses(types_.size(), 0);
    for (size_t i = segment.begin; i < segment.end; ++i) {
      if (planned_[i]) continue;
      for (ir::Value value : graph_.nodes()[i].inputs) {
        ++uses[root(value)];
        if (known_[at(value)] || made[at(value)]) continue;
        made[at(value)] = true;
        ports.in.push_back(at(value));
      }
      for (ir::Value value : graph_.nodes()[i].outputs) made[at(value)] = true;
    }
    for (size_t i = segment.begin; i < segment.end; ++i) {
      if (planned_[i]) continue;
      for (ir::Value value : graph_.nodes()[i].outputs) {
        if (root(value) == at(value) && uses_left_[at(value)] > uses[at(value)])
          ports.out.push_back(at(value));
      }
    }
    return ports;
  }

  // The segment's nodes as a graph for `rows` rows, planned.
  std::shared_ptr<const Plan> body_of(const Segment& segment, const SegmentPorts& ports, int64_t rows,
                                      int threads) const {
    ir::Graph body;
    std::vector<ir::Value> mapped(types_.size());
    std::vector<TensorType> inputs;
    for (const size_t value : ports.in) {
      inputs.push_back({types_[value].dtype, types_[value].shape.with(0, rows)});
      mapped[value] = body.add_input("", inputs.back().dtype, inputs.back().shape);
    }
    std::vector<int32_t> nodes;  // of the whole graph, by node of the body
    for (size_t i = segment.begin; i < segment.end; ++i) {
      const ir::Node& node = graph_.nodes()[i];
      if (planned_[i]) continue;
      std::vector<ir::Value> in;
      for (ir::Value value : node.inputs) {
        if (!mapped[at(value)].valid()) mapped[at(value)] = body.add_constant(*known_[at(value)]);
        in.push_back(mapped[at(value)]);
      }
      body.set_layer(node.layer);
      const std::vector<ir::Value> out = body.add_node(*node.op, std::move(in), node.attrs);
      for (size_t k = 0; k < out.size(); ++k) mapped[at(node.outputs[k])] = out[k];
      nodes.push_back(static_cast<int32_t>(i));
    }
    for (const size_t value : ports.out) body.add_output("", mapped[value]);
    const std::shared_ptr<Plan> plan = Planner(body, inputs, device_, threads, fast_, false).run();
    for (Step& step : plan->steps) step.node = nodes[static_cast<size_t>(step.node)];
    return plan;
  }

  // `overwrites`: the input whose place output 0 may take over after its last use; -1: none.
  void place_outputs(const ir::Node& node, const std::vector<TensorType>& in,
                     const std::vector<TensorType>& out, int overwrites) {
    for (size_t k = 0; k < node.outputs.size(); ++k) {
      Place& place = places_[at(node.outputs[k])];
      if (place.kind != Place::Kind::none) continue;  // the caller's buffer
      if (overwrites >= 0 && k == 0) {
        const auto input = static_cast<size_t>(overwrites);
        const size_t old = root(node.inputs[input]);
        const bool last_use = uses_left_[old] == 1 && places_[old].kind == Place::Kind::arena;
        if (last_use && in[input].shape == out[0].shape &&
            dtype_size(in[input].dtype) == dtype_size(out[0].dtype)) {
          // The output takes over the input's range and its remaining uses.
          place = places_[old];
          places_[old].kind = Place::Kind::none;
          continue;
        }
      }
      place = {Place::Kind::arena, arena_.take(size_of(out[k])), nullptr};
    }
  }

  // A range for one step alone; -1 for no bytes.
  int64_t scratch_range(int64_t bytes) {
    if (bytes == 0) return -1;
    const int64_t range = arena_.take(bytes);
    arena_.give_back(range);
    return range;
  }

  // Numbers of ranges become offsets.
  void settle_arena() {
    arena_.place();
    plan_->arena_bytes = arena_.size_bytes();
    const auto settle = [&](Place& place) {
      if (place.kind == Place::Kind::arena) place.index = arena_.offset(place.index);
    };
    for (Step& step : plan_->steps) {
      std::for_each(step.in.begin(), step.in.end(), settle);
      std::for_each(step.out.begin(), step.out.end(), settle);
      step.scratch_offset = step.scratch_offset < 0 ? 0 : arena_.offset(step.scratch_offset);
    }
    for (Plan::Copy& copy : plan_->copies) settle(copy.from);
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
  const bool segments_;            // large batches run as micro-batches
  std::vector<TensorType> types_;  // per value, concrete
  std::vector<Place> places_;      // per root value; in the arena, a range's number until all are known
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
  return Planner(graph, inputs, device, threads, fast_kernels, true).run();
}

}  // namespace cornu::runtime
