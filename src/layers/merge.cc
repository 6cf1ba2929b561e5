// Merge: several tensors into one, by a mode.
// Keras   Merge (1 only; in a Sequential model it holds whole branches in `layers`, which Sequential calls)
// Config  mode: sum, mul, concat, ave, max, min, dot, cos; concat_axis; dot_axes
// Errors  unsupported for a mode that is a Python function; bad_config for another mode or axis
// Source  keras/engine/topology.py, class Merge, 1.2.2
#include "layers/arithmetic.h"
#include "layers/merging.h"

namespace cornu::layers {
namespace {

// dot_axes: one axis, a pair, or a pair of lists of one axis.
std::pair<int64_t, int64_t> dot_axes(LayerCall& call) {
  const Json given = call.config.raw({"dot_axes"});
  Ints axes;
  if (given.is_integer()) axes = {given.integer(), given.integer()};
  if (!given.exists()) axes = {-1, -1};
  for (const Json& item : given.elements()) {
    const Json axis = item.is_array() && item.size() == 1 ? item.at(0) : item;
    if (axis.is_integer()) axes.push_back(axis.integer());
  }
  if (axes.size() != 2) call.config.fail_value("dot_axes", given, "an axis, or two");
  for (size_t i = 0; i < 2; ++i)
    axes[i] = call.config.checked_axis("dot_axes", axes[i], call.g.rank(call.in[i]));
  return {axes[0], axes[1]};
}

Value cosine(LayerCall& call) {
  GraphBuilder& g = call.g;
  const auto [ax, ay] = dot_axes(call);
  const Value xx = batch_dot(call, call.in[0], call.in[0], ax, ax);
  const Value yy = batch_dot(call, call.in[1], call.in[1], ay, ay);
  const Value length = g.op("sqrt", {g.op("mul", {xx, yy})});
  const Value bounded = g.op("maximum", {length, g.scalar_like(1e-7, length)});  // K.epsilon()
  const Value product = batch_dot(call, call.in[0], call.in[1], ax, ay);
  return g.op("expand_dims", {g.op("div", {product, bounded})}, {{"axes", Ints{1}}});
}

Value lower_mode(LayerCall& call, const std::string& mode) {
  if (mode == "sum") return merge_inputs(call, "add");
  if (mode == "mul") return merge_product(call);
  if (mode == "ave") return merge_average(call);
  if (mode == "max") return merge_extremum(call, "maximum");
  if (mode == "min") return merge_extremum(call, "minimum");
  if (mode == "concat") {
    const int64_t axis = call.config.integer({"concat_axis"}, -1);
    return merge_concatenate(call, call.config.checked_axis("concat_axis", axis, call.g.rank(call.in[0])));
  }
  call.expect_inputs(2);
  if (mode == "cos") return cosine(call);
  const auto [ax, ay] = dot_axes(call);
  return batch_dot(call, call.in[0], call.in[1], ax, ay);
}

std::vector<Value> lower(LayerCall& call) {
  if (call.in.empty())
    call.fail(ErrorCode::bad_shape, "Merge takes at least one input tensor, received none");
  if (call.config.text({"mode_type"}, "raw") != "raw") {
    call.fail(ErrorCode::unsupported,
              "the Merge layer '{}' runs a Python function of the file, which Cornu does not do; use a mode "
              "such as sum",
              call.layer.name);
  }
  const std::string mode =
      call.config.choice({"mode"}, "sum", {"sum", "mul", "concat", "ave", "max", "min", "dot", "cos"});
  call.config.raw({"concat_axis", "dot_axes", "layers", "arguments", "output_shape", "output_shape_type",
                   "output_mask", "output_mask_type", "node_indices", "tensor_indices"});
  return {lower_mode(call, mode)};
}

}  // namespace

CORNU_LAYER(merge) = {.keras_names = {"Merge"}, .lower = lower};

}  // namespace cornu::layers
