// Gradients of matmul: y = a b gives da = dy b', db = a' dy, with the transposes swapped where an input was transposed, and
// summed over the leading axes along which it was broadcast.
#include "train/gradient.h"

namespace cornu::train {
namespace {

Value product(GraphBuilder& g, Value a, Value b, bool transpose_a, bool transpose_b) {
  return g.op("matmul", {a, b}, {{"transpose_a", transpose_a}, {"transpose_b", transpose_b}});
}

// (batch..., rows, columns) as one matrix (batch * rows, columns).
Value flat(GraphBuilder& g, Value x) {
  return g.rank(x) == 2 ? x : g.reshape(x, {-1, g.shape(x).back()});
}

void matmul(GradientCall& c) {
  GraphBuilder& g = c.g;
  const bool ta = c.node.attrs.flag("transpose_a");
  const bool tb = c.node.attrs.flag("transpose_b");
  const Value a = c.x(0);
  const Value b = c.x(1);
  const Value dy = c.dy[0];
  if (c.wants(0)) c.give(0, ta ? product(g, b, dy, tb, true) : product(g, dy, b, false, !tb));
  if (!c.wants(1)) return;
  if (g.rank(b) == 2 && g.rank(a) > 2 && !ta) {  // one product instead of a sum of many
    const Value x = flat(g, a);
    const Value d = flat(g, dy);
    c.give(1, tb ? product(g, d, x, true, false) : product(g, x, d, true, false));
    return;
  }
  c.give(1, tb ? product(g, dy, a, true, ta) : product(g, a, dy, !ta, false));
}

}  // namespace

CORNU_GRADIENTS(matmul) = {{"matmul", matmul}};

}  // namespace cornu::train
