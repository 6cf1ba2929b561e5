#include "runtime/segments.h"

#include <algorithm>

namespace cornu::runtime {
namespace {

// What one node of a micro-batch reads and writes, at most: a part of a third-level cache (2 MB and more a core), and few
// enough rows that the values between two nodes are still there when they are read.
constexpr int64_t kSegmentBytes = 3 << 20;

using ir::Node;

class Finder {
 public:
  Finder(const PlannedGraph& plan, int64_t batch)
      : plan_(plan), batch_(batch), has_rows_(plan.types.size(), false) {}

  std::vector<Segment> run() {
    for (const auto& input : plan_.graph.inputs()) has_rows_[at(input.value)] = true;
    const std::vector<Node>& nodes = plan_.graph.nodes();
    std::vector<bool> row_wise(nodes.size());
    for (size_t i = 0; i < nodes.size(); ++i) {
      row_wise[i] = plan_.planned[i] || is_row_wise(nodes[i]);
      if (plan_.planned[i] || !row_wise[i]) continue;
      for (ir::Value value : nodes[i].outputs) has_rows_[at(value)] = true;
    }
    std::vector<Segment> segments;
    for (size_t begin = 0; begin < nodes.size();) {
      size_t end = begin;
      while (end < nodes.size() && row_wise[end]) ++end;
      divide(begin, end, segments);
      begin = std::max(end, begin + 1);
    }
    return segments;
  }

 private:
  static size_t at(ir::Value value) { return static_cast<size_t>(value.id); }
  const Shape& shape(ir::Value value) const { return plan_.types[at(value)].shape; }

  // Cuts the row-wise nodes [begin, end) where the rows that fit grow for good; what fits as a whole is left out.
  void divide(size_t begin, size_t end, std::vector<Segment>& segments) const {
    std::vector<int64_t> rows(end - begin, batch_);
    int64_t least = batch_;
    for (size_t i = end; i-- > begin;) {
      least = std::min(least, fitting_rows(i));
      rows[i - begin] = least;
    }
    for (size_t i = begin; i < end && rows[i - begin] < batch_;) {
      Segment segment = {i, i, rows[i - begin]};
      while (segment.end < end && rows[segment.end - begin] < std::min(2 * segment.rows, batch_))
        ++segment.end;
      segments.push_back(segment);
      i = segment.end;
    }
  }

  int64_t fitting_rows(size_t index) const {
    const Node& node = plan_.graph.nodes()[index];
    if (plan_.planned[index] || node.op->alias) return batch_;
    int64_t bytes = 0;
    for (const auto& values : {node.inputs, node.outputs}) {
      for (ir::Value value : values) {
        const TensorType& type = plan_.types[at(value)];
        if (!plan_.fixed[at(value)]) bytes += type.shape.elements() * dtype_size(type.dtype);
      }
    }
    return std::clamp<int64_t>(kSegmentBytes / std::max<int64_t>(bytes / batch_, 1), 1, batch_);
  }

  bool is_row_wise(const Node& node) const {
    if (node.inputs.empty() || node.op->has_side_effect) return false;
    for (ir::Value value : node.inputs) {
      if (!has_rows_[at(value)] && !plan_.fixed[at(value)]) return false;
    }
    for (ir::Value value : node.outputs) {
      if (shape(value).rank() < 1 || shape(value)[0] != batch_) return false;
    }
    return node.op->elementwise ? broadcasts_rows(node, 0)
                                : has_rows_[at(node.inputs[0])] && keeps_rows(node);
  }

  // Inputs from `first` on have the batch's rows, or are broadcast along them.
  bool broadcasts_rows(const Node& node, size_t first) const {
    const int rank = shape(node.outputs[0]).rank();
    return std::all_of(node.inputs.begin() + static_cast<std::ptrdiff_t>(first), node.inputs.end(),
                       [&](ir::Value value) {
                         const Shape& in = shape(value);
                         return has_rows_[at(value)] ? in.rank() == rank : in.rank() < rank || in[0] == 1;
                       });
  }

  // The weights do not come from the batch, and what the epilogue takes is broadcast.
  bool has_fixed_weights(const Node& node) const {
    return !has_rows_[at(node.inputs[1])] && broadcasts_rows(node, 2);
  }

  // Ops by name: the first input has the batch's rows.
  bool keeps_rows(const Node& node) const {
    const std::string_view op = node.op->name;
    const Attrs& attrs = node.attrs;
    const int rank = shape(node.inputs[0]).rank();
    const auto is_first = [](int64_t axis, int count) { return axis == 0 || axis == -count; };
    if (op == "conv" || op == "conv_transpose") return has_fixed_weights(node);
    if (op == "max_pool" || op == "avg_pool" || op == "resize") return true;
    if (op == "matmul") {
      return has_fixed_weights(node) && shape(node.inputs[1]).rank() == 2 &&
             (rank > 2 || !attrs.flag("transpose_a"));
    }
    if (op == "pad") return attrs.ints("padding")[0] == 0 && attrs.ints("padding")[1] == 0;
    if (op == "transpose") return attrs.ints("permutation")[0] == 0;
    if (op == "softmax" || op == "log_softmax") return !is_first(attrs.integer("axis", -1), rank);
    if (op == "concat") {
      return !is_first(attrs.integer("axis"), rank) &&
             std::all_of(node.inputs.begin(), node.inputs.end(),
                         [&](ir::Value v) { return has_rows_[at(v)]; });
    }
    if (op == "reshape") {
      return node.inputs.size() == 1 && !attrs.ints("shape").empty() && attrs.ints("shape")[0] <= 0;
    }
    if (op.starts_with("reduce_") || op == "layer_norm") {
      const Ints axes = attrs.ints("axes", Ints{0});
      return !axes.empty() && broadcasts_rows(node, 1) &&
             std::none_of(axes.begin(), axes.end(), [&](int64_t axis) { return is_first(axis, rank); });
    }
    return false;
  }

  const PlannedGraph& plan_;
  const int64_t batch_;
  std::vector<bool> has_rows_;  // per value
};

}  // namespace

std::vector<Segment> find_segments(const PlannedGraph& plan, int64_t& batch) {
  batch = 0;
  for (const auto& input : plan.graph.inputs()) {
    const Shape& shape = plan.types[static_cast<size_t>(input.value.id)].shape;
    if (shape.rank() < 1 || (batch != 0 && shape[0] != batch)) return {};
    batch = shape[0];
  }
  if (batch < 2) return {};
  return Finder(plan, batch).run();
}

}  // namespace cornu::runtime
