// FakeQuantWithMinMax*, QuantizeAndDequantize*, Dequantize, QuantizeV2: numbers rounded to a few bits.
// Source  tensorflow/core/kernels/{fake_quant_ops_functor,quantize_and_dequantize_op,dequantize_op,quantize_op}, 2.21
#include <algorithm>
#include <cmath>

#include "tensorflow/compute.h"

namespace cornu::tensorflow {
namespace {

// The range moved so that 0 is one of the steps.
struct Nudged {
  float low, high, scale;
};

Nudged nudged(float low, float high, int64_t bits, bool narrow) {
  const auto first = narrow ? 1.0F : 0.0F;
  const auto last = static_cast<float>((int64_t{1} << bits) - 1);
  const float scale = (high - low) / (last - first);
  const float zero = first - low / scale;
  const float point = zero < first ? first : zero > last ? last : std::round(zero);
  return {(first - point) * scale, (last - point) * scale, scale};
}

float rounded(float x, const Nudged& n) {
  const float shifted = std::clamp(x, n.low, n.high) - n.low;
  return std::floor(shifted * (1 / n.scale) + 0.5F) * n.scale + n.low;
}

Tensor fake(const NodeDef& node, const Tensor& x, const std::vector<float>& low,
            const std::vector<float>& high) {
  const int64_t bits = node.integer("num_bits", 8);
  need(bits >= 2 && bits <= 16, "num_bits is {}", bits);
  std::vector<float> values = elements<float>(x);
  for (size_t i = 0; i < values.size(); ++i) {
    const size_t channel = i % low.size();
    const bool empty = low[channel] == 0 && high[channel] == 0;
    values[i] =
        empty ? 0 : rounded(values[i], nudged(low[channel], high[channel], bits, node.flag("narrow_range")));
  }
  return tensor_from(values, x.shape, DType::float32);
}

Tensors fake_args(const NodeDef& node, Tensors& in) {
  need_type(in[0], DType::float32, "x");
  return {fake(node, in[0], {static_cast<float>(node.number("min", -6))},
               {static_cast<float>(node.number("max", 6))})};
}

Tensors fake_vars(const NodeDef& node, Tensors& in) {
  for (const Tensor& input : in) need_type(input, DType::float32, "an input");
  const std::vector<float> low = elements<float>(in[1]), high = elements<float>(in[2]);
  const bool channels = node.op.ends_with("PerChannel");
  const int64_t wanted = channels && in[0].shape.rank() > 0 ? in[0].shape.back() : 1;
  need(!low.empty() && static_cast<int64_t>(low.size()) == wanted && low.size() == high.size(),
       "{} and {} limits for {} channels", low.size(), high.size(), wanted);
  return {fake(node, in[0], low, high)};
}

struct Steps {
  double low, high, scale, inverse;
};

// Symmetric steps: the larger side of the range decides.
Steps steps_of(double low, double high, int64_t bits, bool is_signed, bool narrow) {
  const double least = is_signed ? (narrow ? -(std::pow(2, bits - 1) - 1) : -std::pow(2, bits - 1)) : 0;
  const double most = is_signed ? std::pow(2, bits - 1) - 1 : std::pow(2, bits) - 1;
  const double from_low = least * low > 0 ? least / low : HUGE_VAL;
  const double from_high = most * high > 0 ? most / high : HUGE_VAL;
  if (from_low < from_high) return {low, most * low / least, from_low, low / least};
  if (from_high == HUGE_VAL) return {0, 0, 1, 1};
  return {least * high / most, high, from_high, high / most};
}

Tensors quantize_and_dequantize(const NodeDef& node, Tensors& in) {
  const Tensor& x = in[0];
  const bool third = node.op.ends_with("V3"), first = node.op == "QuantizeAndDequantize";
  const int64_t bits = third ? one_int(in.at(3), "num_bits") : node.integer("num_bits", 8);
  const int64_t axis = node.integer("axis", -1);
  need(bits >= 1 && bits < 63, "num_bits is {}", bits);
  const int64_t channels = axis < 0 ? 1 : x.shape[normalize_axis(axis, x.shape.rank())];
  const int64_t inner = axis < 0 ? 1 : x.shape.elements(static_cast<int>(axis) + 1, x.shape.rank());
  std::vector<double> values = to_doubles(x);
  std::vector<double> low(static_cast<size_t>(channels), HUGE_VAL),
      high(static_cast<size_t>(channels), -HUGE_VAL);
  const auto channel_of = [&](size_t i) {
    return axis < 0 ? size_t{0} : i / static_cast<size_t>(inner) % static_cast<size_t>(channels);
  };
  if (node.flag("range_given", third)) {
    const std::vector<double> given_low =
        first ? std::vector<double>{node.number("input_min")} : to_doubles(in.at(1));
    const std::vector<double> given_high =
        first ? std::vector<double>{node.number("input_max")} : to_doubles(in.at(2));
    need(!given_low.empty() && !given_high.empty(), "the range is empty");
    for (size_t c = 0; c < low.size(); ++c) {
      low[c] = given_low[c % given_low.size()];
      high[c] = given_high[c % given_high.size()];
    }
  } else {
    for (size_t i = 0; i < values.size(); ++i) {
      const size_t c = channel_of(i);
      low[c] = std::min(low[c], values[i]);
      high[c] = std::max(high[c], values[i]);
    }
  }
  const bool even = node.text("round_mode", "HALF_TO_EVEN") == "HALF_TO_EVEN";
  for (size_t i = 0; i < values.size(); ++i) {
    const size_t c = channel_of(i);
    const Steps steps =
        steps_of(low[c], high[c], bits, node.flag("signed_input", true), node.flag("narrow_range"));
    double scaled =
        std::clamp(values[i], std::min(steps.low, steps.high), std::max(steps.low, steps.high)) * steps.scale;
    if (x.dtype == DType::float32) scaled = static_cast<float>(scaled);  // where TensorFlow rounds
    values[i] = (even ? std::nearbyint(scaled) : std::floor(scaled + 0.5)) * steps.inverse;
  }
  return {tensor_of_doubles(values, x.shape, x.dtype)};
}

struct Limits {
  double least, most;
};

Limits limits_of(DType dtype) {
  const double bits = static_cast<double>(dtype_size(dtype)) * 8;
  const bool is_signed = dtype == DType::int8 || dtype == DType::int16 || dtype == DType::int32;
  need(dtype_is_integer(dtype), "{} is no quantised type", dtype_name(dtype));
  return is_signed ? Limits{-std::pow(2, bits - 1), std::pow(2, bits - 1) - 1}
                   : Limits{0, std::pow(2, bits) - 1};
}

Tensors dequantize(const NodeDef& node, Tensors& in) {
  const std::string mode = node.text("mode", "MIN_COMBINED");
  const double low = one_double(in[1], "min_range"), high = one_double(in[2], "max_range");
  const Limits limits = limits_of(in[0].dtype);
  std::vector<double> values = to_doubles(in[0]);
  const double least = limits.least + (node.flag("narrow_range") ? 1 : 0);
  for (double& value : values) {
    if (mode == "SCALED") {
      const double scale = std::max(limits.least < 0 ? low / least : 0.0, high / limits.most);
      value *= scale;
    } else if (mode == "MIN_FIRST") {
      value = (value - limits.least) * (high - low) / (limits.most - limits.least) + low;
    } else {
      const double half = limits.least < 0 ? (limits.most - limits.least + 1) / 2 : 0;
      value = (value + half) * (high - low) / (limits.most - limits.least) + low;
    }
  }
  return {tensor_of_doubles(values, in[0].shape, node.dtype("dtype", DType::float32))};
}

Tensors quantize(const NodeDef& node, Tensors& in) {
  const std::string mode = node.text("mode", "MIN_COMBINED");
  const DType dtype = node.dtype("T", DType::uint8);
  const Limits limits = limits_of(dtype);
  double low = std::min(0.0, one_double(in[1], "min_range")), high = one_double(in[2], "max_range");
  const double least_range =
      std::max({1.0, std::abs(low), std::abs(high)}) * node.number("ensure_minimum_range", 0.01);
  high = std::max({high, low + least_range, 0.0});
  std::vector<double> values = to_doubles(in[0]);
  if (mode == "SCALED") {
    const double least = limits.least + (node.flag("narrow_range") ? 1 : 0);
    const double from_low = low * least > 0 ? least / low : HUGE_VAL,
                 from_high = high > 0 ? limits.most / high : HUGE_VAL;
    const double scale = std::min(from_low, from_high);
    low = least / scale;
    high = limits.most / scale;
    const bool even = node.text("round_mode", "HALF_AWAY_FROM_ZERO") == "HALF_TO_EVEN";
    for (double& value : values) {
      value = std::clamp(value, low, high) * scale;
      value = even ? std::nearbyint(value) : std::round(value);
    }
  } else {
    const double scale = (limits.most - limits.least) / (high - low);
    for (double& value : values) {
      if (mode == "MIN_FIRST") {
        value = std::round(value * scale) - std::round(low * scale) + limits.least;
      } else {
        value = (std::clamp(value, low, high) - low) * scale;
        if (limits.least < 0) value -= (limits.most - limits.least + 1) / 2;
        value = std::round(value);
      }
      value = std::clamp(value, limits.least, limits.most);
    }
  }
  return {tensor_of_doubles(values, in[0].shape, dtype), scalar(low), scalar(high)};
}

constexpr ComputeRow kRows[] = {{"FakeQuantWithMinMaxArgs", 1, fake_args},
                                {"FakeQuantWithMinMaxVars", 3, fake_vars},
                                {"FakeQuantWithMinMaxVarsPerChannel", 3, fake_vars},
                                {"QuantizeAndDequantize", 1, quantize_and_dequantize},
                                {"QuantizeAndDequantizeV2", 3, quantize_and_dequantize},
                                {"QuantizeAndDequantizeV3", 4, quantize_and_dequantize},
                                {"QuantizeAndDequantizeV4", 3, quantize_and_dequantize},
                                {"Dequantize", 3, dequantize},
                                {"QuantizeV2", 3, quantize, "output output_min output_max"}};
constexpr auto kNames = names_of(kRows);

Tensors compute(const NodeDef& node, dynamic::Call& call) {
  return run_row(kRows, node, call);
}

size_t output_offset(const NodeDef& node, std::string_view output) {
  return output_of(kRows, node, output);
}

}  // namespace

CORNU_TF_OP(quantize) = {.names = kNames, .output_offset = output_offset, .compute = compute};

}  // namespace cornu::tensorflow
