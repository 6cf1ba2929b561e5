// Quantised kernels and tables: Dense, EinsumDense and the embeddings after Keras's quantize(), and their LoRA adapters.
#pragma once

#include <functional>
#include <optional>

#include "layers/dtype_policy.h"

namespace cornu::layers {

// A slot of a type of its own, not the layer's: a quantised kernel.
Value typed_variable(LayerCall& call, std::string name, const Shape& shape, bool trainable, DType dtype);

// A layer's product with its kernel, as the quantised modes need to know it.
struct KernelUse {
  Shape kernel;      // its shape before it was quantised
  int64_t rows = 1;  // of the kernel as a matrix: the elements that a product contracts
  Shape scale;       // of an int8 kernel's scales: they divide the result
  Ints contracted;   // axes of x
  std::function<Value(Value x, Value kernel)> product;
  std::function<Value(Value scale)>
      align;                              // x's scales (size 1 along `contracted`) to the axes of the result
  bool dequantize_first = false;          // under int4: the kernel itself is divided by its scales
  const char* zero_name = "kernel_zero";  // of the variable under gptq and awq
};

// x times the layer's kernel, and the bias if there is one. Makes the slots in the order in which .keras files hold them.
Value product_with_kernel(LayerCall& call, Value x, const KernelUse& use, const std::optional<Shape>& bias);

// What a quantised layer does with its inputs: the nearest multiples of max |x| / high, or nothing.
struct AbsMaxQuantizer {
  double low = -127;
  double high = 127;
  double epsilon = 1e-7;
};
// The one that the config names, or the default of a layer without a quantization_config. Throws unsupported for another.
std::optional<AbsMaxQuantizer> inputs_quantizer(LayerCall& call, bool by_default);
// The quantised x, in x's type, and its scales.
std::pair<Value, Value> quantized(GraphBuilder& g, const AbsMaxQuantizer& quantizer, Value x,
                                  const Ints& axes);

// The 4-bit integers of a matrix that holds two a byte along an axis, as int32; the axis then has `length` elements.
Value unpacked_int4(GraphBuilder& g, Value packed, int64_t length, int axis, bool is_signed);
// (q - zero) * scale, with the group of each element along an axis; in scale's type.
Value dequantized(GraphBuilder& g, Value q, Value scale, Value zero, Value groups, int axis);

// The product of the LoRA adapters times alpha / rank; invalid if the layer has none.
struct LoraAdapters {
  Value a, b;
  double factor = 1;
};
std::optional<LoraAdapters> lora_adapters(LayerCall& call, const char* name, const Shape& shape);

// from_legacy of these layers: HDF5 files hold the variables in another order, but by name; .keras files hold kernels into
// which adapters are merged already.
void quantized_from_legacy(LegacyWeights& weights);

}  // namespace cornu::layers
