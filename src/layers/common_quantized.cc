// See quantized.h. Source: keras/src/layers/core/dense.py, einsum_dense.py and keras/src/quantizers/quantizers.py, 3.15
#include "layers/quantized.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace cornu::layers {
namespace {

Value rounded_to_float8(LayerCall& call, Value x, const std::string& name) {
  GraphBuilder& g = call.g;
  const Value scale = g.cast(typed_variable(call, name + "_scale", {}, true, DType::float32), g.dtype(x));
  typed_variable(call, name + "_amax_history", {dtype_policy(call.layer).amax_history}, true, DType::float32);
  const Value bounded = g.op("clip", {g.op("div", {x, scale})}, {{"min", -448.0}, {"max", 448.0}});
  return g.op("mul", {g.op("round_float8", {bounded}), scale});
}

int64_t groups_of(int64_t rows, int64_t group) {
  return group < 1 ? 1 : (rows + group - 1) / group;
}

// The slots and the work of one product.
class Product {
 public:
  Product(LayerCall& call, const KernelUse& use, const std::optional<Shape>& bias, DtypePolicy policy)
      : call_(call), g_(call.g), use_(use), bias_shape_(bias), policy_(std::move(policy)) {
    columns_ = use.rows == 0 ? 0 : use.kernel.elements() / use.rows;
  }

  Value run(Value x) {
    const std::string& mode = policy_.mode;
    Value y = mode.empty()       ? plain(x)
              : mode == "float8" ? float8(x)
              : mode == "int8"   ? int8(x)
              : mode == "int4"   ? int4(x)
                                 : calibrated(x);
    return bias_.valid() ? g_.op("add", {y, bias_}) : y;
  }

 private:
  Value plain(Value x) {
    Value kernel = call_.weight("kernel", use_.kernel);
    add_bias();
    if (const auto lora = lora_adapters(call_, "kernel", use_.kernel)) {
      const Value change = g_.op("matmul", {lora->a, lora->b});
      const Value sum = g_.op("add", {g_.cast(kernel, DType::float32),
                                      g_.op("mul", {change, g_.scalar_like(lora->factor, change)})});
      kernel = g_.cast(sum, g_.dtype(kernel));
    }
    return use_.product(x, kernel);
  }

  Value float8(Value x) {
    const Value kernel = call_.weight("kernel", use_.kernel);
    add_bias();
    // Keras takes the bias through bfloat16, which lets XLA fuse its addition.
    if (bias_.valid() && g_.dtype(bias_) == DType::float32)
      bias_ = g_.cast(g_.cast(bias_, DType::bfloat16), DType::float32);
    x = rounded_to_float8(call_, x, "inputs");
    const Value rounded = rounded_to_float8(call_, kernel, "kernel");
    typed_variable(call_, "outputs_grad_scale", {}, true, DType::float32);
    typed_variable(call_, "outputs_grad_amax_history", {policy_.amax_history}, true, DType::float32);
    return use_.product(x, rounded);
  }

  Value int8(Value x) {
    const Value kernel = floating(typed_variable(call_, "kernel", use_.kernel, false, DType::int8), x);
    add_bias();
    const Value scale = call_.weight("kernel_scale", use_.scale, false);
    return with_lora(x, scaled_product(x, kernel, scale, inputs_quantizer(call_, true)));
  }

  Value int4(Value x) {
    const Value packed = typed_variable(call_, "kernel", {use_.rows, (columns_ + 1) / 2}, false, DType::int8);
    add_bias();
    const Value q = unpacked_int4(g_, packed, columns_, 1, true);
    const auto quantizer = inputs_quantizer(call_, false);
    if (policy_.group < 1) {
      const Value scale = call_.weight("kernel_scale", {columns_}, false);
      if (!use_.dequantize_first)
        return with_lora(x, scaled_product(x, in_shape(floating(q, x)), scale, quantizer));
      const Value kernel = in_shape(g_.op("div", {floating(q, x), scale}));
      return with_lora(x, scaled_product(x, kernel, {}, quantizer));
    }
    const Shape groups{groups_of(use_.rows, policy_.group), columns_};
    const Value scale = call_.weight("kernel_scale", groups, false);
    const Value zero = typed_variable(call_, "kernel_zero", groups, false, DType::int8);
    const Value of_row = typed_variable(call_, "g_idx", {use_.rows}, false, DType::float32);
    const Value kernel = dequantized(g_, q, scale, zero, of_row, 0);
    return with_lora(x, use_.product(x, in_shape(g_.cast(kernel, g_.dtype(x)))));
  }

  // gptq and awq: kernels are stored transposed.
  Value calibrated(Value x) {
    add_bias();
    const bool packed = policy_.mode == "awq" || policy_.bits == 4;
    Value q = typed_variable(call_, "quantized_kernel", {packed ? (columns_ + 1) / 2 : columns_, use_.rows},
                             false, DType::uint8);
    q = packed ? unpacked_int4(g_, q, columns_, 0, false) : g_.cast(q, DType::int32);
    const Shape groups{columns_, groups_of(use_.rows, policy_.group)};
    const Value scale = call_.weight("kernel_scale", groups, false);
    const Value zero = typed_variable(call_, use_.zero_name, groups, false, DType::uint8);
    Value factor;
    if (policy_.mode == "awq")
      factor = g_.reshape(call_.weight("awq_scales", {use_.rows}, false), {use_.rows, 1});
    const Value of_row = typed_variable(call_, "g_idx", {use_.rows}, false, DType::float32);
    Value kernel = g_.transpose(dequantized(g_, q, scale, zero, of_row, 1), {1, 0});
    if (factor.valid()) kernel = g_.op("div", {kernel, factor});
    return use_.product(x, in_shape(g_.cast(kernel, g_.dtype(x))));
  }

  Value scaled_product(Value x, Value kernel, Value scale, const std::optional<AbsMaxQuantizer>& quantizer) {
    if (!quantizer) {
      const Value y = use_.product(x, kernel);
      return scale.valid() ? g_.op("div", {y, scale}) : y;
    }
    const auto [q, x_scale] = quantized(g_, *quantizer, x, use_.contracted);
    const Value y = use_.product(q, kernel);
    const Value aligned = use_.align(x_scale);
    return g_.op("div", {y, scale.valid() ? g_.op("mul", {scale, aligned}) : aligned});
  }

  Value with_lora(Value x, Value y) {
    const auto lora = lora_adapters(call_, "kernel", use_.kernel);
    if (!lora) return y;
    const Value wide = g_.cast(x, DType::float32);
    Value change = g_.op("matmul", {use_.product(wide, lora->a), lora->b});
    change = g_.op("mul", {change, g_.scalar_like(lora->factor, change)});
    return g_.cast(g_.op("add", {g_.cast(y, DType::float32), change}), g_.dtype(y));
  }

  void add_bias() {
    if (bias_shape_) bias_ = call_.weight("bias", *bias_shape_);
  }
  Value floating(Value q, Value x) { return g_.cast(q, g_.dtype(x)); }
  Value in_shape(Value matrix) { return g_.reshape(matrix, Ints(use_.kernel.begin(), use_.kernel.end())); }

  LayerCall& call_;
  GraphBuilder& g_;
  const KernelUse& use_;
  const std::optional<Shape>& bias_shape_;
  const DtypePolicy policy_;
  int64_t columns_ = 0;
  Value bias_;
};

}  // namespace

Value typed_variable(LayerCall& call, std::string name, const Shape& shape, bool trainable, DType dtype) {
  const DType own = std::exchange(call.variable_dtype, dtype);
  const Value value = call.variable(std::move(name), shape, trainable);
  call.variable_dtype = own;
  return value;
}

Value product_with_kernel(LayerCall& call, Value x, const KernelUse& use, const std::optional<Shape>& bias) {
  DtypePolicy policy = dtype_policy(call.layer);
  if (!policy.mode.empty() && (!use.kernel.is_known() || use.kernel.elements() == 0))
    call.fail(ErrorCode::bad_shape, "a quantised kernel needs a known shape, but the input makes it {}",
              use.kernel.to_string());
  return Product(call, use, bias, std::move(policy)).run(x);
}

std::optional<AbsMaxQuantizer> inputs_quantizer(LayerCall& call, bool by_default) {
  const Json config = call.config.raw({"quantization_config"});
  if (!config.exists() || config.is_null()) {
    return by_default ? std::optional(AbsMaxQuantizer{}) : std::nullopt;
  }
  const Json given = config["config"]["activation_quantizer"];
  if (!given.exists() || given.is_null()) return std::nullopt;
  const Json class_name = given["class_name"];
  const Json settings = given["config"];
  const Json type = settings["output_dtype"];
  if (!class_name.is_string() || class_name.string() != "AbsMaxQuantizer" ||
      (type.is_string() && type.string() != "int8"))
    call.fail(ErrorCode::unsupported, "the inputs are quantised by {}, only AbsMaxQuantizer to int8 is known",
              class_name.dump());
  AbsMaxQuantizer quantizer;
  const Json range = settings["value_range"];
  if (range.exists()) {
    const Json low = range.at(0);
    const Json high = range.at(1);
    const bool good = low.is_number() && high.is_number() && low.number() >= -128 && high.number() <= 127 &&
                      low.number() < high.number();
    if (!good) call.config.fail_value("quantization_config", range, "a value_range within -128 and 127");
    quantizer.low = low.number();
    quantizer.high = high.number();
  }
  if (settings["epsilon"].is_number()) quantizer.epsilon = settings["epsilon"].number();
  return quantizer;
}

std::pair<Value, Value> quantized(GraphBuilder& g, const AbsMaxQuantizer& quantizer, Value x,
                                  const Ints& axes) {
  const Value largest = g.op("reduce_max", {g.op("abs", {x})}, {{"axes", axes}, {"keepdims", true}});
  const Value scale = g.op(
      "div", {g.scalar_like(quantizer.high, x), g.op("add", {largest, g.scalar_like(quantizer.epsilon, x)})});
  const Value q = g.op("round", {g.op("mul", {x, scale})});
  return {g.op("clip", {q}, {{"min", quantizer.low}, {"max", quantizer.high}}), scale};
}

Value unpacked_int4(GraphBuilder& g, Value packed, int64_t length, int axis, bool is_signed) {
  const Shape shape = g.shape(packed);
  const Value bytes = g.cast(packed, DType::int32);
  const Value eight = g.scalar_like(8, bytes);
  const Value sixteen = g.scalar_like(16, bytes);
  // The low half is the remainder, the high half the quotient, which is signed as the byte is.
  const Value low = is_signed ? g.op("sub", {g.op("mod", {g.op("add", {bytes, eight}), sixteen}), eight})
                              : g.op("mod", {bytes, sixteen});
  const Value high = g.op("floor_div", {bytes, sixteen});
  const Ints between{axis + 1};
  const Value pairs = g.op(
      "concat",
      {g.op("expand_dims", {low}, {{"axes", between}}), g.op("expand_dims", {high}, {{"axes", between}})},
      {{"axis", int64_t{axis} + 1}});
  Ints dims(shape.begin(), shape.end());
  dims[static_cast<size_t>(axis)] *= 2;
  return g.op("slice_axis", {g.reshape(pairs, dims)},
              {{"axis", int64_t{axis}}, {"begin", int64_t{0}}, {"size", length}});
}

Value dequantized(GraphBuilder& g, Value q, Value scale, Value zero, Value groups, int axis) {
  const Value index = g.cast(groups, DType::int32);
  const Attrs along{{"axis", int64_t{axis}}};
  const Value scales = g.op("gather", {scale, index}, along);
  const Value zeros = g.cast(g.op("gather", {zero, index}, along), g.dtype(scales));
  return g.op("mul", {g.op("sub", {g.cast(q, g.dtype(scales)), zeros}), scales});
}

std::optional<LoraAdapters> lora_adapters(LayerCall& call, const char* name, const Shape& shape) {
  if (!call.config.is_set({"lora_rank"})) return std::nullopt;
  const int64_t rank = call.config.integer({"lora_rank"}, Range{0, 65536});
  if (rank == 0) return std::nullopt;
  const double alpha = call.config.number({"lora_alpha"}, static_cast<double>(rank));
  Shape first = shape;
  first[first.rank() - 1] = rank;
  const std::string prefix = std::string("lora_") + name;
  return LoraAdapters{typed_variable(call, prefix + "_a", first, true, DType::float32),
                      typed_variable(call, prefix + "_b", {rank, shape.back()}, true, DType::float32),
                      alpha / static_cast<double>(rank)};
}

void quantized_from_legacy(LegacyWeights& weights) {
  const std::vector<WeightSlot>& slots = weights.layer.weights;
  std::vector<StoredWeight>& stored = weights.stored;
  const auto is_lora = [](const WeightSlot& slot) { return slot.name.starts_with("lora_"); };
  const auto adapters = std::count_if(slots.begin(), slots.end(), is_lora);
  if (adapters > 0 && stored.size() + static_cast<size_t>(adapters) == slots.size()) {
    for (size_t i = 0; i < slots.size(); ++i) {
      if (!is_lora(slots[i])) continue;
      NewTensor zeros = new_tensor(DType::float32, slots[i].shape);
      std::memset(zeros.data, 0, static_cast<size_t>(zeros.tensor.size_bytes()));
      stored.insert(stored.begin() + static_cast<long>(i), {slots[i].name, zeros.tensor});
    }
    return;
  }
  const auto names = [](const StoredWeight& weight, const WeightSlot& slot) {
    const std::string_view path = std::string_view(weight.name).substr(0, weight.name.rfind(':'));
    const std::string_view last = path.substr(path.rfind('/') + 1);
    return last == slot.name || (slot.name == "quantized_kernel" && last == "kernel");
  };
  std::vector<StoredWeight> ordered;
  for (const WeightSlot& slot : slots) {
    const auto found = std::find_if(stored.begin(), stored.end(),
                                    [&](const StoredWeight& weight) { return names(weight, slot); });
    if (found == stored.end()) return;
    ordered.push_back(*found);
  }
  if (ordered.size() == stored.size()) stored = std::move(ordered);
}

}  // namespace cornu::layers
