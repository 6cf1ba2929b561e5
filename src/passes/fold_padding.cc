// fold_padding: a constant-zero pad of spatial axes before a convolution becomes the convolution's own padding, and
// before a max_pool of what is never negative (relu, clip) the pool's own.
// Proof   a convolution's padding is a border of zeros; borders add up. A max_pool leaves its padding out: beside an
//         element that is not negative, a zero changes nothing, and every window holds one, as the padding is smaller.
//         Only `valid` and explicit paddings are taken: the size of `same` padding depends on the size of the input.
#include "passes/pass.h"

namespace cornu::passes {
namespace {

using ir::Value;

bool zero_spatial_pad(const ir::Node& node) {
  if (node.op->name != "pad" || node.attrs.text("mode", "constant") != "constant" ||
      node.attrs.number("value", 0.0) != 0.0)
    return false;
  const Ints& padding = node.attrs.ints("padding");
  const size_t last = padding.size() - 2;
  for (size_t i = 0; i < padding.size(); ++i) {
    if (padding[i] < 0 || ((i < 2 || i >= last) && padding[i] != 0)) return false;
  }
  return padding.size() >= 6;
}

bool never_negative(const ir::Graph& graph, Value x) {
  const int32_t producer = graph.info(x).node;
  if (producer < 0) return false;
  const ir::Node& node = graph.nodes()[static_cast<size_t>(producer)];
  return node.op->name == "relu" || (node.op->name == "clip" && node.attrs.number("min", -1.0) >= 0);
}

bool smaller_than_window(const Ints& padding, const Ints& window) {
  for (size_t i = 0; i < padding.size(); ++i) {
    if (padding[i] >= window[i / 2]) return false;
  }
  return true;
}

void run(ir::Graph& graph) {
  for (ir::Node& node : graph.mutable_nodes()) {
    const bool pools = node.op->name == "max_pool";
    if (node.op->name != "conv" && !pools) continue;
    const int32_t producer = graph.info(node.inputs[0]).node;
    if (producer < 0 || graph.constant(node.inputs[0]) != nullptr) continue;
    const ir::Node& pad = graph.nodes()[static_cast<size_t>(producer)];
    const std::string kind = node.attrs.text("auto_pad", "explicit");
    if (!zero_spatial_pad(pad) || kind == "same") continue;
    const Ints& outer = pad.attrs.ints("padding");
    Ints padding(outer.size() - 4, 0);
    if (kind == "explicit" && node.attrs.has("padding")) padding = node.attrs.ints("padding");
    for (size_t i = 0; i < padding.size(); ++i) padding[i] += outer[i + 2];
    if (pools &&
        !(never_negative(graph, pad.inputs[0]) && smaller_than_window(padding, node.attrs.ints("window"))))
      continue;
    node.attrs.set("auto_pad", std::string("explicit"));
    node.attrs.set("padding", padding);
    node.inputs[0] = pad.inputs[0];
  }
}

}  // namespace

CORNU_PASS(fold_padding) = {
    .name = "fold_padding",
    .description = "turns zero padding before a convolution or a max_pool into their own",
    .order = 60,
    .run = run};

}  // namespace cornu::passes
