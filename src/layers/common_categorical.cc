// See common_categorical.h. Source: keras/src/utils/numerical_utils.py, encode_categorical_inputs, 3.15
#include "layers/common_categorical.h"

#include <algorithm>

namespace cornu::layers {
namespace {

Value one_hot(GraphBuilder& g, Value indices, int64_t depth, DType dtype) {
  const int rank = g.rank(indices);
  if (rank > 1 && g.shape(indices).back() == 1) indices = g.op("squeeze", {indices}, {{"axes", Ints{-1}}});
  return g.op("one_hot", {indices}, {{"depth", depth}, {"dtype", dtype}});
}

}  // namespace

std::string output_mode(const LayerConfig& config, std::string_view fallback,
                        std::initializer_list<std::string_view> modes) {
  std::string mode = config.text({"output_mode"}, fallback);
  if (mode == "binary") mode = "multi_hot";
  if (mode == "tf-idf") mode = "tf_idf";
  if (std::find(modes.begin(), modes.end(), mode) != modes.end()) return mode;
  std::string expected = "one of";
  for (std::string_view known : modes) expected += (expected == "one of" ? " " : ", ") + std::string(known);
  config.fail_value("output_mode", config.raw({"output_mode"}), expected);
}

void refuse_sparse(LayerCall& call) {
  if (call.config.flag({"sparse"}, false))
    call.fail(ErrorCode::unsupported, "{} with sparse outputs", call.layer.class_name);
}

Value encode_categories(LayerCall& call, Value indices, std::string_view mode, int64_t depth, DType dtype,
                        Value weights) {
  GraphBuilder& g = call.g;
  if (mode == "int") return g.cast(indices, dtype);
  const DType counted = dtype_size(dtype) < 4 ? DType::float32 : dtype;  // half precision is cast afterwards
  if (mode == "one_hot") return one_hot(g, indices, depth, dtype);
  const int rank = g.rank(indices);
  Ints order;  // that moves the counted axis to the end
  for (int axis = 0; axis < rank; ++axis) {
    if (rank < 3 || axis != 1) order.push_back(axis);
  }
  if (rank >= 3) order.push_back(1);
  std::vector<Value> in{g.transpose(indices, order)};
  if (weights.valid()) in.push_back(g.transpose(g.cast(weights, counted), order));
  const Value y =
      g.op("bincount", in, {{"depth", depth}, {"dtype", counted}, {"binary", mode == "multi_hot"}});
  return g.cast(y, dtype);
}

}  // namespace cornu::layers
