// Permute: the axes after the batch in another order; dims counts them from 1.
// Keras   Permute
// Input   x [batch, ...] any type
// Output  y the axes dims[0], dims[1], ... of x after the batch
// Errors  bad_config if dims is no permutation of 1..rank-1
// Source  keras/src/layers/reshaping/permute.py, 3.15
#include <algorithm>
#include <numeric>

#include "layers/layer.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  call.expect_inputs(1);
  Ints dims = call.config.ints({"dims"});
  Ints all(static_cast<size_t>(std::max(call.g.rank(call.in[0]) - 1, 0)));
  std::iota(all.begin(), all.end(), 1);
  if (!std::is_permutation(dims.begin(), dims.end(), all.begin(), all.end())) {
    call.config.fail_value("dims", call.config.raw({"dims"}),
                           fmt::format("the numbers 1 to {} in some order", all.size()));
  }
  dims.insert(dims.begin(), 0);
  return {call.g.transpose(call.in[0], dims)};
}

}  // namespace

CORNU_LAYER(permute) = {.keras_names = {"Permute"}, .lower = lower};

}  // namespace cornu::layers
