// See training.h.
#include <numbers>

#include "layers/import_scope.h"
#include "layers/training.h"

namespace cornu::layers {

Training* training_of(const LayerCall& call, bool when_frozen) {
  ImportScope* scope = ImportScope::current();
  if (scope == nullptr || !scope->training || !scope->training->active) return nullptr;
  for (const LayerInstance* layer = &call.layer; layer != nullptr && !when_frozen; layer = layer->parent) {
    if (!layer->trainable) return nullptr;
  }
  return &*scope->training;
}

Value random_uniform(LayerCall& call, Shape shape) {
  Training* training = training_of(call);
  return call.g.op("random_uniform", {training->seed},
                   {{"shape", Ints(shape.begin(), shape.end())}, {"stream", training->streams++}});
}

// Box and Muller: sqrt(-2 log u) cos(2 pi v), with u in (0, 1].
Value random_normal(LayerCall& call, Shape shape) {
  GraphBuilder& g = call.g;
  const Value u = random_uniform(call, shape);
  const Value v = random_uniform(call, shape);
  const Value log = g.op("log", {g.op("sub", {g.scalar(1), u})});
  const Value length = g.op("sqrt", {g.op("mul", {log, g.scalar(-2)})});
  return g.op("mul", {length, g.op("cos", {g.op("mul", {v, g.scalar(2 * std::numbers::pi)})})});
}

Value dropped_out(LayerCall& call, Value x, double rate, const Shape& shape) {
  GraphBuilder& g = call.g;
  if (rate <= 0) return x;
  if (rate >= 1) return g.op("mul", {x, g.scalar_like(0, x)});
  const Value kept = g.op("greater_equal", {random_uniform(call, shape), g.scalar(rate)});
  const Value scale = g.op("select", {kept, g.scalar_like(1 / (1 - rate), x), g.scalar_like(0, x)});
  return g.op("mul", {x, scale});
}

void add_activity_loss(GraphBuilder& g, Training& training, Value loss, Value output) {
  const int64_t rows = g.rank(output) == 0 ? 1 : g.shape(output)[0];
  if (rows > 1) loss = g.op("mul", {loss, g.scalar_like(1.0 / static_cast<double>(rows), loss)});
  training.losses.push_back(loss);
}

Value channels_dropped_out(LayerCall& call, double rate, bool channels_first) {
  const Value x = call.in[0];
  if (training_of(call) == nullptr) return x;
  Shape shape = call.g.shape(x);
  for (int axis = 1; axis < shape.rank(); ++axis) {
    if (axis != (channels_first ? 1 : shape.rank() - 1)) shape[axis] = 1;
  }
  return dropped_out(call, x, rate, shape);
}

}  // namespace cornu::layers
