// EinsumDense: y = activation(einsum(equation, x, kernel) + bias).
// Keras   EinsumDense (2.3 on)
// Config  equation: "[x],[kernel]->[y]" in letters; x and y may both start or both end with "..."
//         output_shape: sizes of y without the batch and the axes of "..."; null where x says it
//         bias_axes: letters of y
// Weights kernel: the sizes of its letters in y, else in x; bias: from the first bias letter of y on, 1 where
// not one Errors  bad_config for an equation of another form or letters that do not fit the shapes; bad_shape
// for unknown sizes Source  keras/src/layers/core/einsum_dense.py, 3.15
#include <algorithm>
#include <string>

#include "layers/quantized.h"

namespace cornu::layers {
namespace {

// The equation with a letter per axis: "..." is spelled out.
struct Equation {
  std::string x;
  std::string kernel;
  std::string y;
  int elided = 0;        // axes that "..." stands for
  bool leading = false;  // "..." comes first
};

[[noreturn]] void fail_equation(LayerCall& call, const std::string& expected) {
  call.config.fail_value("equation", call.config.raw({"equation"}), expected);
}

bool is_letters(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); });
}

std::string spelled_out(std::string_view text, const std::string& fill) {
  const size_t dots = text.find("...");
  if (dots == std::string_view::npos) return std::string(text);
  return std::string(text.substr(0, dots)) + fill + std::string(text.substr(dots + 3));
}

Equation parse(LayerCall& call, int rank) {
  const std::string text = call.config.text({"equation"}, "");
  const size_t comma = text.find(',');
  const size_t arrow = text.find("->");
  constexpr auto kForm = "an equation such as 'abc,cd->abd', '...x,xy->...y' or 'ab...,bc->ac...'";
  if (comma == std::string::npos || arrow == std::string::npos || arrow < comma) fail_equation(call, kForm);
  Equation equation{text.substr(0, comma), text.substr(comma + 1, arrow - comma - 1), text.substr(arrow + 2),
                    0, false};
  const bool dots_x = equation.x.find("...") != std::string::npos;
  equation.leading = equation.x.starts_with("...");
  const bool trailing = equation.x.ends_with("...");
  if (dots_x && !(equation.leading ? equation.y.starts_with("...") : trailing && equation.y.ends_with("...")))
    fail_equation(call, kForm);
  const int letters = static_cast<int>(equation.x.size()) - (dots_x ? 3 : 0);
  equation.elided = dots_x ? rank - letters : 0;
  if (letters < 1 || equation.elided < 0 || (!dots_x && letters != rank)) {
    fail_equation(call, fmt::format("an equation for an input of {} axes", rank));
  }
  std::string fill;
  for (char c = 'A'; static_cast<int>(fill.size()) < equation.elided && c <= 'Z'; ++c) {
    if (text.find(c) == std::string::npos) fill += c;
  }
  equation.x = spelled_out(equation.x, fill);
  equation.y = spelled_out(equation.y, fill);
  if (!is_letters(equation.x + equation.kernel + equation.y) || equation.kernel.empty() || equation.y.empty())
    fail_equation(call, kForm);
  return equation;
}

// Sizes of y: the batch of x, the given ones, and those of x where "..." stands.
Ints output_sizes(LayerCall& call, const Equation& equation, const Shape& x) {
  Ints sizes{x[0]};
  const auto elided = static_cast<size_t>(equation.elided);
  if (equation.leading) sizes.insert(sizes.end(), x.begin() + 1, x.begin() + std::max(equation.elided, 1));
  const Json given = call.config.raw({"output_shape"});
  if (given.is_integer()) {
    sizes.push_back(call.config.integer({"output_shape"}, at_least(1)));
  } else {
    for (int64_t size : call.config.shape({"output_shape"})) sizes.push_back(size);
  }
  if (!equation.leading) sizes.insert(sizes.end(), x.end() - static_cast<long>(elided), x.end());
  if (sizes.size() != equation.y.size()) {
    call.config.fail_value("output_shape", given,
                           fmt::format("sizes for the output '{}' of the equation", equation.y));
  }
  for (size_t i = 0; i < sizes.size(); ++i) {
    const size_t in_x = equation.x.find(equation.y[i]);
    if (in_x != std::string::npos && sizes[i] == Shape::kUnknown) sizes[i] = x[static_cast<int>(in_x)];
    if (in_x == std::string::npos && equation.kernel.find(equation.y[i]) == std::string::npos) {
      fail_equation(
          call, fmt::format("an equation whose output letter '{}' is in the input or kernel", equation.y[i]));
    }
  }
  return sizes;
}

Shape kernel_shape(LayerCall& call, const Equation& equation, const Shape& x, const Ints& sizes) {
  Shape shape;
  for (char letter : equation.kernel) {
    const size_t in_y = equation.y.find(letter);
    const size_t in_x = equation.x.find(letter);
    if (in_y == std::string::npos && in_x == std::string::npos) {
      fail_equation(call,
                    fmt::format("an equation whose kernel letter '{}' is in the input or output", letter));
    }
    shape.push_back(in_y != std::string::npos ? sizes[in_y] : x[static_cast<int>(in_x)]);
  }
  return shape;
}

Shape bias_shape(LayerCall& call, const Equation& equation, const Ints& sizes, const std::string& axes) {
  const size_t begin = equation.leading ? static_cast<size_t>(equation.elided) : 0;
  const size_t end = equation.y.size() - (equation.leading ? 0 : static_cast<size_t>(equation.elided));
  size_t first = end;
  for (char letter : axes) {
    const size_t at = equation.y.find(letter, begin);
    if (at == std::string::npos || at >= end) {
      call.config.fail_value(
          "bias_axes", call.config.raw({"bias_axes"}),
          fmt::format("letters of the output '{}'", equation.y.substr(begin, end - begin)));
    }
    first = std::min(first, at);
  }
  Shape shape;
  for (size_t i = first; i < equation.y.size(); ++i) {
    shape.push_back(i < end && axes.find(equation.y[i]) != std::string::npos ? sizes[i] : 1);
  }
  return shape;
}

// How many letters x and kernel contract if that is a plain matrix product: the last of x are the first of
// kernel, and y is what is left of both in order. 0 if it is not.
size_t contracted_letters(const Equation& equation) {
  for (size_t count = 1; count <= std::min(equation.x.size() - 1, equation.kernel.size()); ++count) {
    const std::string kept = equation.x.substr(0, equation.x.size() - count);
    if (equation.x.substr(kept.size()) != equation.kernel.substr(0, count)) continue;
    const std::string made = equation.kernel.substr(count);
    const bool apart = kept.find_first_of(equation.kernel) == std::string::npos;
    if (apart && !made.empty() && equation.y == kept + made) return count;
  }
  return 0;
}

Value product(LayerCall& call, const Equation& equation, Value x, Value kernel, const Shape& kernel_sizes) {
  GraphBuilder& g = call.g;
  const size_t count = contracted_letters(equation);
  if (count == 0)
    return g.op("einsum", {x, kernel},
                {{"equation", equation.x + "," + equation.kernel + "->" + equation.y}});
  const auto split = static_cast<int>(count);
  const int64_t inner = kernel_sizes.elements(0, split);
  const int64_t outer = kernel_sizes.elements(split, kernel_sizes.rank());
  Ints flat(equation.x.size() - count, 0);
  Ints full = flat;
  flat.push_back(inner);
  full.insert(full.end(), kernel_sizes.begin() + split, kernel_sizes.end());
  if (count > 1) x = g.reshape(x, flat);
  if (kernel_sizes.rank() != 2) kernel = g.reshape(kernel, {inner, outer});
  const Value y = g.op("matmul", {x, kernel});
  return kernel_sizes.rank() - split == 1 ? y : g.reshape(y, full);
}

// The scales of x, of size 1 along the contracted axes, among the axes of y.
Value aligned(GraphBuilder& g, const Equation& equation, Value scale) {
  std::string letters;
  Ints gone;
  for (size_t i = 0; i < equation.x.size(); ++i) {
    const bool kept = equation.y.find(equation.x[i]) != std::string::npos;
    if (kept) letters += equation.x[i];
    if (!kept) gone.push_back(static_cast<int64_t>(i));
  }
  Ints order;
  Ints added;
  for (size_t i = 0; i < equation.y.size(); ++i) {
    const size_t at = letters.find(equation.y[i]);
    if (at == std::string::npos) added.push_back(static_cast<int64_t>(i));
    if (at != std::string::npos) order.push_back(static_cast<int64_t>(at));
  }
  if (!gone.empty()) scale = g.op("squeeze", {scale}, {{"axes", gone}});
  scale = g.transpose(scale, order);
  return added.empty() ? scale : g.op("expand_dims", {scale}, {{"axes", added}});
}

// Rows of the kernel as a matrix. GPTQ and AWQ look at sizes instead of letters.
int64_t kernel_rows(const Equation& equation, const Shape& kernel, const std::string& mode) {
  int64_t rows = 1;
  if (mode == "gptq" || mode == "awq") {
    const int64_t largest = *std::max_element(kernel.begin(), kernel.end());
    return kernel.rank() != 3 || kernel[0] == largest ? kernel[0] : kernel[0] * kernel[1];
  }
  for (size_t i = 0; i < equation.kernel.size(); ++i) {
    if (equation.y.find(equation.kernel[i]) == std::string::npos) rows *= kernel[static_cast<int>(i)];
  }
  return rows;
}

KernelUse kernel_use(LayerCall& call, const Equation& equation, const Shape& kernel, const Ints& sizes) {
  KernelUse use;
  use.kernel = kernel;
  use.rows = kernel_rows(equation, kernel, dtype_policy(call.layer).mode);
  for (size_t i = 0; i < equation.y.size(); ++i)
    use.scale.push_back(equation.kernel.find(equation.y[i]) == std::string::npos ? 1 : sizes[i]);
  for (size_t i = 0; i < equation.x.size(); ++i) {
    if (equation.y.find(equation.x[i]) == std::string::npos)
      use.contracted.push_back(static_cast<int64_t>(i));
  }
  use.product = [&call, equation](Value x, Value values) {
    return product(call, equation, x, values, call.g.shape(values));
  };
  use.align = [&call, equation](Value scale) { return aligned(call.g, equation, scale); };
  use.dequantize_first = true;
  use.zero_name = "zero_point";
  return use;
}

std::vector<Value> lower(LayerCall& call) {
  call.expect_inputs(1);
  const Shape x = call.g.shape(call.in[0]);
  if (x.rank() < 1)
    call.fail(ErrorCode::bad_shape, "EinsumDense takes an input with a batch axis, received a scalar");
  call.config.raw({"gptq_unpacked_column_size"});
  const Equation equation = parse(call, x.rank());
  const Ints sizes = output_sizes(call, equation, x);
  const KernelUse use = kernel_use(call, equation, kernel_shape(call, equation, x, sizes), sizes);
  std::optional<Shape> bias;
  if (const std::string axes = call.config.text({"bias_axes"}, ""); !axes.empty())
    bias = bias_shape(call, equation, sizes, axes);
  return {call.activate(product_with_kernel(call, call.in[0], use, bias))};
}

}  // namespace

CORNU_LAYER(einsum_dense) = {
    .keras_names = {"EinsumDense"}, .lower = lower, .from_legacy = quantized_from_legacy};

}  // namespace cornu::layers
