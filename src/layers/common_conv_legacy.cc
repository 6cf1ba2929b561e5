// Kernels of Keras 1 files. See common_conv.h.
#include "layers/common_conv.h"

namespace cornu::layers {
namespace {

Shape permuted(const Shape& shape, const Ints& permutation) {
  Shape out;
  for (int64_t axis : permutation) out.push_back(shape[static_cast<int>(axis)]);
  return out;
}

// Transposes stored weight `i` if only the transposed one has the slot's shape, or both have it and the file
// is one that stores it `old` way.
void adapt(LegacyWeights& weights, size_t i, const Ints& permutation, bool old) {
  if (i >= weights.stored.size() || i >= weights.layer.weights.size()) return;
  Tensor& tensor = weights.stored[i].tensor;
  const Shape& wanted = weights.layer.weights[i].shape;
  if (tensor.shape.rank() != static_cast<int>(permutation.size())) return;
  const bool transposed_fits = permuted(tensor.shape, permutation) == wanted;
  if (transposed_fits && (old || !(tensor.shape == wanted))) tensor = transposed(tensor, permutation);
}

// (out, in, spatial...) -> (spatial..., in, out)
Ints from_theano(int rank) {
  Ints permutation;
  for (int axis = 2; axis < rank; ++axis) permutation.push_back(axis);
  permutation.push_back(1);
  permutation.push_back(0);
  return permutation;
}

bool stored_as_theano(const LegacyWeights& weights) {
  return weights.dialect.keras_major == 1 && weights.layer.config.channels_first();
}

}  // namespace

void conv_from_legacy(LegacyWeights& weights) {
  if (weights.stored.empty() || weights.layer.weights.empty()) return;
  Tensor& kernel = weights.stored[0].tensor;
  const Shape& wanted = weights.layer.weights[0].shape;
  if (wanted.rank() != 3) return adapt(weights, 0, from_theano(wanted.rank()), stored_as_theano(weights));
  if (kernel.shape.rank() != 4) return;
  if (kernel.shape[1] == 1 && kernel.shape[0] == wanted[0] && kernel.shape[3] == wanted[2]) {
    kernel = reshaped(kernel, {kernel.shape[0], kernel.shape[2], kernel.shape[3]});
  } else if (kernel.shape[3] == 1) {
    kernel = transposed(reshaped(kernel, {kernel.shape[0], kernel.shape[1], kernel.shape[2]}), {2, 1, 0});
  }
}

void conv_transpose_from_legacy(LegacyWeights& weights) {
  if (weights.layer.weights.empty() || weights.layer.weights[0].shape.rank() != 4) return;
  if (weights.layer.config.channels_first())
    return adapt(weights, 0, {2, 3, 0, 1}, weights.dialect.keras_major == 1);
  adapt(weights, 0, {0, 1, 3, 2}, weights.dialect.keras_major == 1);
}

void separable_conv_from_legacy(LegacyWeights& weights) {
  if (weights.layer.weights.empty()) return;
  const Ints permutation = from_theano(weights.layer.weights[0].shape.rank());
  adapt(weights, 0, permutation, stored_as_theano(weights));
  adapt(weights, 1, permutation, stored_as_theano(weights));
}

}  // namespace cornu::layers
