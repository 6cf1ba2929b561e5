// RepeatVector: each row n times in a new axis.
// Keras   RepeatVector
// Input   x [batch, features]
// Output  y [batch, n, features]
// Errors  bad_config if n < 1; bad_shape unless x has two axes
// Source  keras/src/layers/reshaping/repeat_vector.py, 3.15
#include "layers/layer.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  call.expect_inputs(1);
  call.expect_rank(2);
  const int64_t n = call.config.integer({"n"}, {1, INT32_MAX});
  const Value row = call.g.op("expand_dims", {call.in[0]}, {{"axes", Ints{1}}});
  return {call.g.op("repeat", {row}, {{"axis", int64_t{1}}, {"repeats", n}})};
}

}  // namespace

CORNU_LAYER(repeat_vector) = {.keras_names = {"RepeatVector"}, .lower = lower};

}  // namespace cornu::layers
