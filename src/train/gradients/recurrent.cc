// Gradients of simple_rnn, gru and lstm: one op walks back through time, the weights' are products over all steps.
#include "train/gradient.h"

namespace cornu::train {
namespace {

// a' b over all but the last axes.
Value product(GraphBuilder& g, Value a, Value b) {
  const Value x = g.reshape(a, {-1, g.shape(a).back()});
  const Value y = g.reshape(b, {-1, g.shape(b).back()});
  return g.op("matmul", {x, y}, {{"transpose_a", true}});
}

Value columns(GraphBuilder& g, Value x, int64_t begin, int64_t size) {
  return g.op("slice_axis", {x}, {{"axis", int64_t{-1}}, {"begin", begin}, {"size", size}});
}

void recurrence(GradientCall& c) {
  GraphBuilder& g = c.g;
  const Attrs& attrs = c.node.attrs;
  const std::string cell(c.node.op->name);
  const size_t states = cell == "lstm" ? 2 : 1;
  std::vector<Value> in = c.node.inputs;
  for (size_t i = 0; i <= states; ++i) in.push_back(c.dy[i].valid() ? c.dy[i] : filled_like(g, c.y(i), 0));
  Attrs back = attrs;
  back.set("cell", cell);
  const std::vector<Value> out = g.multi_op("recurrent_gradient", in, back);
  const bool is_gru = cell == "gru";
  const Value h = out[1];
  const Value sums = is_gru ? out[2 + states] : out[0];
  c.give(0, out[0]);
  if (c.wants(1)) {
    if (is_gru && !attrs.flag("reset_after")) {
      const int64_t units = g.shape(h).back();
      const Value gates = product(g, h, columns(g, sums, 0, 2 * units));
      const Value candidate = product(g, out[3 + states], columns(g, sums, 2 * units, units));
      c.give(1, g.op("concat", {gates, candidate}, {{"axis", int64_t{-1}}}));
    } else {
      c.give(1, product(g, h, sums));
    }
  }
  size_t next = 2;
  if (attrs.flag("has_bias")) {
    if (c.wants(next)) c.give(next, g.op("reduce_sum", {sums}, {{"axes", Ints{0, 1}}}));
    ++next;
  }
  for (size_t i = 0; attrs.flag("has_state") && i < states; ++i, ++next) {
    if (c.wants(next)) c.give(next, out[2 + i]);
  }
}

}  // namespace

CORNU_GRADIENTS(recurrent) = {{"simple_rnn", recurrence}, {"gru", recurrence}, {"lstm", recurrence}};

}  // namespace cornu::train
