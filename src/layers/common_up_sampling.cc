// See common_up_sampling.h. Source: keras/src/layers/reshaping/up_sampling2d.py, 3.15
#include "layers/common_up_sampling.h"

#include "layers/common_layout.h"

namespace cornu::layers {

std::vector<Value> lower_up_sampling(LayerCall& call, int spatial) {
  call.expect_inputs(1);
  call.expect_rank(spatial + 2);
  const LayerConfig& config = call.config;
  const Ints factors =
      spatial == 1 ? config.spatial({"size", "length"}, 1, 2) : config.spatial({"size"}, spatial, 2);
  const std::string method =
      spatial == 2 ? config.choice({"interpolation"}, "nearest",
                                   {"nearest", "bilinear", "bicubic", "lanczos3", "lanczos5", "area"})
                   : "nearest";
  const bool channels_first = spatial > 1 && config.channels_first();
  GraphBuilder& g = call.g;
  const Value x = channels_first ? channels_to_end(g, call.in[0]) : call.in[0];
  const Value y = g.op("resize", {x}, {{"factors", factors}, {"method", method}, {"half_pixel", true}});
  return {channels_first ? channels_to_front(g, y) : y};
}

}  // namespace cornu::layers
