// Gradients of the ops of two numbers, and of choices between them.
#include "train/gradient.h"

namespace cornu::train {
namespace {

void add(GradientCall& c) {
  c.give(0, c.dy[0]);
  c.give(1, c.dy[0]);
}

void sub(GradientCall& c) {
  c.give(0, c.dy[0]);
  if (c.wants(1)) c.give(1, c.g.op("neg", {c.dy[0]}));
}

void mul(GradientCall& c) {
  if (c.wants(0)) c.give(0, c.g.op("mul", {c.dy[0], c.x(1)}));
  if (c.wants(1)) c.give(1, c.g.op("mul", {c.dy[0], c.x(0)}));
}

void div(GradientCall& c) {
  const Value da = c.g.op("div", {c.dy[0], c.x(1)});
  c.give(0, da);
  if (c.wants(1)) c.give(1, c.g.op("neg", {c.g.op("mul", {da, c.y()})}));
}

void squared_difference(GradientCall& c) {
  GraphBuilder& g = c.g;
  const Value d =
      g.op("mul", {c.dy[0], g.op("mul", {g.op("sub", {c.x(0), c.x(1)}), g.scalar_like(2, c.x(0))})});
  c.give(0, d);
  if (c.wants(1)) c.give(1, g.op("neg", {d}));
}

// d x^p = p x^(p - 1); d p = y log x, which is 0 where x is not positive.
void pow(GradientCall& c) {
  GraphBuilder& g = c.g;
  const Value x = c.x(0);
  const Value p = c.x(1);
  if (c.wants(0)) {
    const Value power = g.op("pow", {x, g.op("sub", {p, g.scalar_like(1, p)})});
    c.give(0, g.op("mul", {c.dy[0], g.op("mul", {p, power})}));
  }
  if (!c.wants(1)) return;
  const Value positive = g.op("greater", {x, g.scalar_like(0, x)});
  const Value log = g.op("log", {g.op("select", {positive, x, g.scalar_like(1, x)})});
  c.give(1, g.op("mul", {c.dy[0], g.op("mul", {c.y(), log})}));
}

// Where a and b are equal, TensorFlow gives everything to a.
void choose(GradientCall& c, const char* a_counts) {
  GraphBuilder& g = c.g;
  const Value which = g.op(a_counts, {c.x(0), c.x(1)});
  const Value zero = g.scalar_like(0, c.dy[0]);
  if (c.wants(0)) c.give(0, g.op("select", {which, c.dy[0], zero}));
  if (c.wants(1)) c.give(1, g.op("select", {which, zero, c.dy[0]}));
}

void maximum(GradientCall& c) {
  choose(c, "greater_equal");
}

void minimum(GradientCall& c) {
  choose(c, "less_equal");
}

void atan2(GradientCall& c) {
  GraphBuilder& g = c.g;
  const Value sum = g.op("add", {g.op("square", {c.x(0)}), g.op("square", {c.x(1)})});
  const Value part = g.op("div", {c.dy[0], sum});
  if (c.wants(0)) c.give(0, g.op("mul", {part, c.x(1)}));
  if (c.wants(1)) c.give(1, g.op("neg", {g.op("mul", {part, c.x(0)})}));
}

// a - b * floor(a / b).
void mod(GradientCall& c) {
  GraphBuilder& g = c.g;
  c.give(0, c.dy[0]);
  if (c.wants(1)) c.give(1, g.op("neg", {g.op("mul", {c.dy[0], g.op("floor_div", {c.x(0), c.x(1)})})}));
}

void select(GradientCall& c) {
  GraphBuilder& g = c.g;
  const Value zero = g.scalar_like(0, c.dy[0]);
  if (c.wants(1)) c.give(1, g.op("select", {c.x(0), c.dy[0], zero}));
  if (c.wants(2)) c.give(2, g.op("select", {c.x(0), zero, c.dy[0]}));
}

}  // namespace

CORNU_GRADIENTS(arithmetic) = {{"add", add},
                               {"sub", sub},
                               {"mul", mul},
                               {"div", div},
                               {"squared_difference", squared_difference},
                               {"pow", pow},
                               {"maximum", maximum},
                               {"minimum", minimum},
                               {"atan2", atan2},
                               {"mod", mod},
                               {"floor_div", nullptr},
                               {"select", select}};

}  // namespace cornu::train
