// einsum: sums of products of elements, with indices named by letters: "ab,bc->ac" is the matrix product.
// Inputs  up to 8, one floating-point type
// Attrs   equation  letters for the axes of each input, separated by ","; after "->" those of the result.
// "..." stands for any
//         further axes, which broadcast. Without "->" the result has the "..." and the letters that occur
//         once, sorted. A letter twice in one input takes the diagonal. An axis of size 1 stretches.
// Errors  bad_shape: an equation that is malformed or does not fit the inputs
// Source  numpy.einsum
#include <cctype>
#include <string>

#include "ops/op.h"

namespace cornu::ops {
namespace {

constexpr size_t kMaxInputs = 8;

// Labels are letters, and the digits '0'... for the axes that "..." stands for, counted from the right.
struct Equation {
  std::vector<std::string> inputs;
  std::string output;
};

[[noreturn]] void refuse_equation(const std::string& text, const char* why) {
  fail(ErrorCode::bad_shape, "", "the equation '{}' of einsum {}", text, why);
}

std::string ellipsis_labels(int count) {
  std::string labels;
  for (int i = count - 1; i >= 0; --i) labels += static_cast<char>('0' + i);
  return labels;
}

// One term with its "..." replaced by `ellipsis` labels.
std::string expand_term(const std::string& text, std::string term, int ellipsis) {
  const size_t dots = term.find("...");
  if (dots != std::string::npos) term.replace(dots, 3, ellipsis_labels(ellipsis));
  for (size_t i = 0; i < term.size(); ++i) {
    const bool is_dots = dots != std::string::npos && i >= dots && i < dots + static_cast<size_t>(ellipsis);
    if (!is_dots && std::isalpha(static_cast<unsigned char>(term[i])) == 0)
      refuse_equation(text, "may hold letters, '...', ',' and '->' only");
  }
  return term;
}

std::string implicit_output(const std::vector<std::string>& inputs, int ellipsis) {
  std::string all;
  for (const std::string& labels : inputs) all += labels;
  std::string once;
  for (char label : all) {
    if (std::isalpha(static_cast<unsigned char>(label)) != 0 &&
        std::count(all.begin(), all.end(), label) == 1)
      once += label;
  }
  std::sort(once.begin(), once.end());
  return ellipsis_labels(ellipsis) + once;
}

Equation parse(const std::string& given, std::span<const TensorType> in) {
  std::string text;
  std::copy_if(given.begin(), given.end(), std::back_inserter(text),
               [](char letter) { return letter != ' '; });
  const size_t arrow = text.find("->");
  std::string left = text.substr(0, arrow) + ",";
  Equation equation;
  int widest = 0;
  for (const TensorType& type : in) {
    const size_t comma = left.find(',');
    if (comma == std::string::npos) refuse_equation(given, "has fewer terms than there are inputs");
    const std::string term = left.substr(0, comma);
    left.erase(0, comma + 1);
    const bool has_dots = term.find("...") != std::string::npos;
    const int ellipsis = type.shape.rank() - static_cast<int>(term.size()) + (has_dots ? 3 : 0);
    if (ellipsis < 0 || (ellipsis > 0 && !has_dots))
      refuse_equation(given, "does not name the axes of the inputs");
    equation.inputs.push_back(expand_term(given, term, ellipsis));
    widest = std::max(widest, ellipsis);
  }
  if (!left.empty()) refuse_equation(given, "has more terms than there are inputs");
  equation.output = arrow == std::string::npos ? implicit_output(equation.inputs, widest)
                                               : expand_term(given, text.substr(arrow + 2), widest);
  for (char label : equation.output) {
    if (std::count(equation.output.begin(), equation.output.end(), label) > 1)
      refuse_equation(given, "names an axis of the result twice");
  }
  return equation;
}

// The size of every label: labels in the order of the result first, then those that are summed.
struct Sizes {
  std::string labels;
  Shape output, summed;
};

int64_t size_of_label(char label, const Equation& equation, std::span<const TensorType> in) {
  int64_t size = 1;
  bool is_named = false;
  for (size_t input = 0; input < in.size(); ++input) {
    for (size_t axis = 0; axis < equation.inputs[input].size(); ++axis) {
      if (equation.inputs[input][axis] != label) continue;
      is_named = true;
      size = broadcast_shapes({size}, {in[input].shape[static_cast<int>(axis)]})[0];
    }
  }
  if (!is_named) fail(ErrorCode::bad_shape, "", "einsum's result has an axis '{}' that no input has", label);
  return size;
}

Sizes sizes_of(const Equation& equation, std::span<const TensorType> in) {
  Sizes sizes;
  for (char label : equation.output) {
    sizes.labels += label;
    sizes.output.push_back(size_of_label(label, equation, in));
  }
  for (const std::string& labels : equation.inputs) {
    for (char label : labels) {
      if (sizes.labels.find(label) != std::string::npos) continue;
      sizes.labels += label;
      sizes.summed.push_back(size_of_label(label, equation, in));
    }
  }
  return sizes;
}

void infer(ir::InferContext& c) {
  require_floats(c);
  if (c.in.size() > kMaxInputs)
    fail(ErrorCode::bad_shape, "", "einsum takes up to {} inputs, received {}", kMaxInputs, c.in.size());
  const Sizes sizes = sizes_of(parse(c.attrs.text("equation"), c.in), c.in);
  sizes.output.elements();  // throws if that overflows
  sizes.summed.elements();
  c.result(c.in[0].dtype, sizes.output);
}

using AllStrides = std::array<Strides, kMaxInputs>;

// The strides of every input along the labels [first, first + count).
AllStrides strides_along(const Equation& equation, const Sizes& sizes, std::span<const TensorType> in,
                         int first, int count) {
  AllStrides all{};
  for (size_t input = 0; input < in.size(); ++input) {
    const Strides own = strides_of(in[input].shape);
    for (size_t axis = 0; axis < equation.inputs[input].size(); ++axis) {
      const int at = static_cast<int>(sizes.labels.find(equation.inputs[input][axis])) - first;
      if (at < 0 || at >= count || in[input].shape[static_cast<int>(axis)] == 1) continue;
      all[input][static_cast<size_t>(at)] += own[axis];
    }
  }
  return all;
}

struct Plan {
  Shape output, summed;
  AllStrides outer, inner;  // along the labels of the result and along the summed ones
  size_t count;
};

template <size_t N>
std::array<Strides, N> first_strides(const AllStrides& all) {
  std::array<Strides, N> some;
  std::copy_n(all.begin(), N, some.begin());
  return some;
}

// For up to N inputs; those beyond `count` have strides 0 and are not read.
template <class T, size_t N>
void run(const Plan& plan, const KernelCall& call) {
  const auto outer = first_strides<N>(plan.outer);
  const auto inner = first_strides<N>(plan.inner);
  for_each_offsets<N>(plan.output, outer, [&](int64_t i, const std::array<int64_t, N>& base) {
    double sum = 0;
    for_each_offsets<N>(plan.summed, inner, [&](int64_t, const std::array<int64_t, N>& at) {
      double product = 1;
      for (size_t k = 0; k < plan.count; ++k) {
        product *= static_cast<double>(in_as<T>(call, static_cast<int>(k))[base[k] + at[k]]);
      }
      sum += product;
    });
    out_as<T>(call)[i] = static_cast<T>(sum);
  });
}

PreparedKernel reference(const KernelSite& site) {
  const Equation equation = parse(site.attrs.text("equation"), site.in);
  const Sizes sizes = sizes_of(equation, site.in);
  const int kept = sizes.output.rank();
  const Plan plan = {sizes.output, sizes.summed, strides_along(equation, sizes, site.in, 0, kept),
                     strides_along(equation, sizes, site.in, kept, sizes.summed.rank()), site.in.size()};
  return with_float_type(site.out[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    const bool is_pair = plan.count <= 2;
    return PreparedKernel{[plan, is_pair](const KernelCall& call) {
                            is_pair ? run<T, 2>(plan, call) : run<T, kMaxInputs>(plan, call);
                          },
                          0,
                          {}};
  });
}

}  // namespace

CORNU_OP(einsum) = {.name = "einsum", .max_inputs = -1, .infer = infer, .reference = reference};

}  // namespace cornu::ops
