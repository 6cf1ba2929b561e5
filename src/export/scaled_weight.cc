// Source: hard_sigmoid of tf_keras/src/backend.py, 2.21, and of keras/src/backend/tensorflow/nn.py, 3.15.1
#include <algorithm>
#include <string_view>

#include "base/fail.h"
#include "export/keras_config.h"

namespace cornu::exporting {
namespace {

constexpr double kRatio = 1.2;  // 0.2 x + 0.5 = (1.2 x + 3) / 6

bool is_hard_sigmoid(const layers::LayerConfig& config, std::initializer_list<std::string_view> keys,
                     bool if_absent) {
  for (const std::string_view key : keys) {
    const Json value = config.json()[key];
    if (value.exists()) {
      const Json name = value.is_object() ? value["config"] : value;
      return name.is_string() && name.string().ends_with("hard_sigmoid");
    }
  }
  return if_absent;
}

// Multiplies the marked ones of `gates` equal parts of the last axis.
Tensor scaled(const Tensor& weight, const std::vector<bool>& gates) {
  if (std::none_of(gates.begin(), gates.end(), [](bool gate) { return gate; })) return weight;
  std::vector<double> values = to_doubles(weight);
  const auto width = static_cast<size_t>(weight.shape.rank() == 0 ? 1 : weight.shape.back());
  for (size_t i = 0; i < values.size(); ++i) {
    if (gates[i % width * gates.size() / width]) values[i] *= kRatio;
  }
  NewTensor doubles = new_tensor(DType::float64, weight.shape);
  std::copy(values.begin(), values.end(), reinterpret_cast<double*>(doubles.data));
  return cast_tensor(doubles.tensor, weight.dtype);
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != text.npos;
}

}  // namespace

Tensor scaled_weight(const layers::LayerInstance& owner, size_t slot, const layers::Dialect& dialect,
                     Tensor weight) {
  if (dialect.keras_major >= 3) return weight;
  // The class of CuDNN is that of the layer above its cell.
  const bool cudnn = owner.class_name.starts_with("CuDNN") ||
                     (owner.parent != nullptr && owner.parent->class_name.starts_with("CuDNN"));
  const bool lstm = contains(owner.class_name, "LSTM");
  const bool gated = lstm || contains(owner.class_name, "GRU");
  const bool outer = !cudnn && is_hard_sigmoid(owner.config, {"activation"}, false);
  const bool gate =
      !cudnn && gated && is_hard_sigmoid(owner.config, {"recurrent_activation", "inner_activation"}, true);
  if (!outer && !gate) return weight;
  if (lstm && outer) {
    fail(ErrorCode::unsupported, owner.name,
         "the LSTM's activation is hard_sigmoid, which Keras 3 computes in another way, and no change of "
         "weights mends it");
  }
  if (lstm) return scaled(weight, {gate, gate, false, gate});  // i, f, c, o
  if (gated) return scaled(weight, {gate, gate, outer});       // z, r, h
  // Of a separable convolution the second half feeds the activation.
  if (owner.weights[slot].name == "depthwise_kernel" && contains(owner.class_name, "Separable"))
    return weight;
  return scaled(weight, {true});
}

}  // namespace cornu::exporting
