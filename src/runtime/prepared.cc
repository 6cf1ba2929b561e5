#include "runtime/prepared.h"

#include <algorithm>
#include <mutex>

#include "base/fork_mutex.h"

namespace cornu::runtime {
namespace {

constexpr size_t kMostPlans = 8;  // of one island
constexpr int kMostUnused = 32;   // plans in a row that no later run could use; then an island is given up

bool holds_objects(const ir::Graph& graph, ir::Value value) {
  const DType dtype = graph.type(value).dtype;
  return dtype == DType::string || dtype == kVariant || dtype == dynamic::kUntyped;
}

bool is_static(const ir::Graph& graph, const ir::Node& node) {
  const auto object = [&](ir::Value value) { return holds_objects(graph, value); };
  return node.op->reference != nullptr && !node.op->has_side_effect && !node.inputs.empty() &&
         std::none_of(node.inputs.begin(), node.inputs.end(), object) &&
         std::none_of(node.outputs.begin(), node.outputs.end(), object);
}

size_t at(ir::Value value) {
  return static_cast<size_t>(value.id);
}

}  // namespace

bool is_dynamic(const ir::Graph& graph) {
  const auto object = [&](ir::Value value) { return holds_objects(graph, value); };
  for (const ir::Node& node : graph.nodes()) {
    if (node.op->reference == nullptr) return true;
    if (std::any_of(node.inputs.begin(), node.inputs.end(), object)) return true;
  }
  const auto port = [&](const ir::GraphInput& p) { return object(p.value); };
  return std::any_of(graph.inputs().begin(), graph.inputs().end(), port) ||
         std::any_of(graph.outputs().begin(), graph.outputs().end(), port);
}

PreparedGraph::PreparedGraph(ir::Graph graph) : graph_(std::move(graph)) {
  divide();
}

// Each node belongs to a level: the number of dynamic ops' levels that it has to wait for. The static nodes of a level are
// an island; its dynamic nodes run behind it, in the order of the graph.
void PreparedGraph::divide() {
  std::vector<size_t> level(graph_.values().size(), 0);
  std::vector<bool> may_be_dead(graph_.values().size(), false);  // belongs to a branch that may not be taken
  std::vector<std::vector<int32_t>> fixed(1);
  std::vector<std::vector<int32_t>> changing(1);
  size_t last = 0;  // the level of the dynamic node before
  for (size_t i = 0; i < graph_.nodes().size(); ++i) {
    const ir::Node& node = graph_.nodes()[i];
    size_t own = 0;
    bool dead = node.op->name == "switch" || node.op->name == "gate";
    for (ir::Value value : node.inputs) {
      own = std::max(own, level[at(value)]);
      dead = dead || may_be_dead[at(value)];
    }
    const bool alone = dead || !is_static(graph_, node);
    if (alone) last = own = std::max(own, last);
    fixed.resize(std::max(fixed.size(), own + 2));
    changing.resize(fixed.size());
    (alone ? changing : fixed)[own].push_back(static_cast<int32_t>(i));
    for (ir::Value value : node.outputs) {
      level[at(value)] = own + (alone ? 1 : 0);
      may_be_dead[at(value)] = dead && node.op->name != "merge";
    }
  }
  uses_.assign(graph_.values().size(), 0);
  for (size_t l = 0; l < fixed.size(); ++l) {
    if (!fixed[l].empty()) add_island(fixed[l]);
    for (int32_t node : changing[l]) {
      items_.push_back({node, nullptr});
      for (ir::Value value : graph_.nodes()[static_cast<size_t>(node)].inputs) ++uses_[at(value)];
    }
  }
  for (const ir::GraphOutput& output : graph_.outputs()) ++uses_[at(output.value)];
}

void PreparedGraph::add_island(const std::vector<int32_t>& nodes) {
  Island& island = islands_.emplace_back();
  std::map<int32_t, ir::Value> inside;
  std::map<int32_t, int32_t> uses;
  for (int32_t index : nodes) {
    const ir::Node& node = graph_.nodes()[static_cast<size_t>(index)];
    std::vector<ir::Value> in;
    for (ir::Value value : node.inputs) {
      ++uses[value.id];
      const auto [found, added] = inside.try_emplace(value.id);
      if (added) {
        const ir::ValueInfo& info = graph_.info(value);
        if (info.is_constant) {
          found->second = island.graph.add_constant(info.constant);
        } else {
          found->second = island.graph.add_input("", info.type.dtype, info.type.shape);
          island.in.push_back(value);
          ++uses_[at(value)];
        }
      }
      in.push_back(found->second);
    }
    island.graph.set_layer(node.layer);
    const std::vector<ir::Value> out = island.graph.add_node(*node.op, std::move(in), node.attrs);
    for (size_t k = 0; k < out.size(); ++k) inside[node.outputs[k].id] = out[k];
  }
  const std::vector<int32_t> all_uses = graph_.count_uses();
  for (int32_t index : nodes) {
    for (ir::Value value : graph_.nodes()[static_cast<size_t>(index)].outputs) {
      if (all_uses[at(value)] == uses[value.id]) continue;
      island.out.push_back(value);
      island.results.push_back(inside[value.id]);
      island.graph.add_output("", inside[value.id]);
    }
  }
  items_.push_back({-1, &island});
}

std::shared_ptr<const Plan> PreparedGraph::plan(Island& island, std::span<const TensorType> types,
                                                const devices::DeviceDef& device, int threads,
                                                bool fast_kernels) {
  {
    const std::lock_guard lock(fork_mutex());
    for (auto known = island.plans.begin(); known != island.plans.end(); ++known) {
      if (known->first != threads || !std::equal(types.begin(), types.end(), known->second->inputs.begin()))
        continue;
      island.plans.splice(island.plans.begin(), island.plans, known);
      island.unused_plans = 0;
      return island.plans.front().second;
    }
    if (island.unused_plans >= kMostUnused) return nullptr;
  }
  std::shared_ptr<const Plan> made;
  try {
    made = make_plan(island.graph, types, device, threads, fast_kernels);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::unsupported) throw;
  }
  const std::lock_guard lock(fork_mutex());
  if (made == nullptr) {
    island.unused_plans = kMostUnused;
    return nullptr;
  }
  ++island.unused_plans;
  island.plans.emplace_front(threads, made);
  if (island.plans.size() > kMostPlans) island.plans.pop_back();
  return made;
}

PreparedGraph& PreparedGraph::body(const Tensor& tensor) {
  const auto& object = dynamic::object_of<dynamic::GraphObject>(tensor);
  {
    const std::lock_guard lock(fork_mutex());
    const auto found = bodies_.find(&object);
    if (found != bodies_.end()) return *found->second.second;
  }
  auto made = std::make_unique<PreparedGraph>(object.graph);
  const std::lock_guard lock(fork_mutex());
  auto& entry = bodies_[&object];  // another thread may have been faster
  if (entry.second == nullptr) entry = {variants_of(tensor)[0], std::move(made)};
  return *entry.second;
}

}  // namespace cornu::runtime
