// The gradient of batch_norm: one op for x, gamma and beta; what its mean and variance add is written with them.
#include "train/gradient.h"

namespace cornu::train {
namespace {

void batch_norm(GradientCall& c) {
  GraphBuilder& g = c.g;
  const Value x = c.x(0);
  const Value mean = c.y(1);
  Value dx;
  if (c.dy[0].valid()) {
    const std::vector<Value> d =
        g.multi_op("batch_norm_gradient", {x, c.dy[0], mean, c.y(2), c.x(1)}, c.node.attrs);
    dx = d[0];
    c.give(1, d[1]);
    c.give(2, d[2]);
  }
  const auto add = [&](Value part) { dx = dx.valid() ? g.op("add", {dx, part}) : part; };
  const double rows = static_cast<double>(g.shape(x).elements()) / static_cast<double>(g.shape(x).back());
  const Shape shape = g.shape(x);
  const auto share = [&](Value d, double factor) {
    const Value part = g.op("mul", {d, g.scalar_like(factor / rows, d)});
    return g.op("broadcast_to", {part}, {{"shape", Ints(shape.begin(), shape.end())}});
  };
  if (c.dy[1].valid()) add(share(c.dy[1], 1));
  if (c.dy[2].valid()) add(g.op("mul", {share(c.dy[2], 2), g.op("sub", {x, mean})}));
  c.give(0, dx);
}

}  // namespace

CORNU_GRADIENTS(batch_norm) = {{"batch_norm", batch_norm}};

}  // namespace cornu::train
