// See common_sides.h. Source: keras/src/layers/reshaping/zero_padding2d.py, cropping2d.py, 3.15
#include "layers/common_sides.h"

#include "layers/common_layout.h"

namespace cornu::layers {
namespace {

int first_spatial_axis(const LayerCall& call) {
  return call.config.channels_first() ? 2 : 1;
}

}  // namespace

std::vector<Value> lower_zero_padding(LayerCall& call, int spatial) {
  call.expect_inputs(1);
  call.expect_rank(spatial + 2);
  const Ints sides = side_amounts(call.config, "padding", spatial, 1);
  Ints padding(static_cast<size_t>(2 * (spatial + 2)), 0);
  std::copy(sides.begin(), sides.end(), padding.begin() + 2 * first_spatial_axis(call));
  return {call.g.op("pad", {call.in[0]}, {{"padding", padding}, {"mode", std::string("constant")}})};
}

std::vector<Value> lower_cropping(LayerCall& call, int spatial, int64_t fallback) {
  call.expect_inputs(1);
  call.expect_rank(spatial + 2);
  const Ints sides = side_amounts(call.config, "cropping", spatial, fallback);
  const Shape& shape = call.g.shape(call.in[0]);
  const auto rank = static_cast<size_t>(shape.rank());
  const bool may_be_empty = spatial == 3 && call.dialect.keras_major < 3;  // only there Keras never checked
  Ints begin(rank, 0);
  Ints end(rank, 0);
  Ints end_absent(rank, 1);
  for (int i = 0; i < spatial; ++i) {
    const int axis = first_spatial_axis(call) + i;
    const auto a = static_cast<size_t>(axis);
    const int64_t low = sides[static_cast<size_t>(2 * i)];
    const int64_t high = sides[static_cast<size_t>(2 * i + 1)];
    if (!may_be_empty && shape[axis] != Shape::kUnknown && low + high >= shape[axis]) {
      call.config.fail_value("cropping", call.config.raw({"cropping"}),
                             fmt::format("less than the input's sizes {}", shape.to_string()));
    }
    begin[a] = low;
    end[a] = -high;
    end_absent[a] = high == 0 ? 1 : 0;
  }
  const Ints none(rank, 0);
  return {call.g.op("strided_slice", {call.in[0]},
                    {{"begin", begin},
                     {"end", end},
                     {"strides", Ints(rank, 1)},
                     {"begin_absent", none},
                     {"end_absent", end_absent},
                     {"new_axis", none},
                     {"drop_axis", none}})};
}

}  // namespace cornu::layers
