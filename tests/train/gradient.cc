// Every gradient of the table against finite differences in float64.
#include "train/gradient.h"

#include <gtest/gtest.h>

#include <set>

#include "support/expect_error.h"
#include "support/graph_run.h"

namespace cornu::train {
namespace {

struct Input {
  Shape shape;
  double low = -1.9, high = 2.1;  // of its numbers, which differ from each other
  DType dtype = DType::float64;
};

struct Case {
  std::string op;
  std::vector<Input> inputs;
  Attrs attrs;
};

const Input kPositive{{3, 5}, 0.2, 2.3};
const Input kSmall{{3, 5}, -0.85, 0.9};
const Input kAny{{3, 5}};

std::vector<Case> unary_cases() {
  std::vector<Case> cases;
  for (const char* op :
       {"identity",    "neg",         "relu",         "elu",         "celu",           "selu",
        "sigmoid",     "log_sigmoid", "tanh",         "silu",        "gelu",           "mish",
        "softplus",    "softsign",    "hard_sigmoid", "hard_silu",   "hard_tanh",      "tanh_shrink",
        "soft_shrink", "hard_shrink", "squareplus",   "sparse_plus", "sparse_sigmoid", "exp",
        "expm1",       "square",      "abs",          "erf",         "erfc",           "sin",
        "cos",         "atan",        "sinh",         "cosh",        "asinh"})
    cases.push_back({op, {kAny}, {}});
  for (const char* op : {"log", "log1p", "sqrt", "rsqrt", "reciprocal"})
    cases.push_back({op, {kPositive}, {}});
  for (const char* op : {"tan", "asin", "acos", "atanh"}) cases.push_back({op, {kSmall}, {}});
  cases.push_back({"acosh", {{{3, 5}, 1.2, 3}}, {}});
  cases.push_back({"leaky_relu", {kAny}, {{"slope", 0.3}}});
  cases.push_back({"gelu", {kAny}, {{"approximate", true}}});
  cases.push_back({"elu", {kAny}, {{"alpha", 0.5}}});
  cases.push_back({"clip", {kAny}, {{"min", -0.55}, {"max", 1.05}}});
  cases.push_back({"clip", {kAny}, {{"max", 1.05}}});
  cases.push_back({"cast", {kAny}, {{"dtype", DType::float64}}});
  return cases;
}

std::vector<Case> binary_cases() {
  std::vector<Case> cases;
  const Input row{{5}, 0.31, 1.7};
  const Input column{{3, 1}, 0.33, 1.9};
  for (const char* op : {"add", "sub", "mul", "div", "squared_difference", "maximum", "minimum", "atan2"}) {
    cases.push_back({op, {kAny, row}, {}});
    cases.push_back({op, {column, kAny}, {}});
  }
  cases.push_back({"pow", {kPositive, row}, {}});
  cases.push_back({"pow", {column, kAny}, {}});
  cases.push_back({"mod", {{{3, 5}, 0.1, 4.9}, column}, {}});
  cases.push_back({"select", {{{3, 1}, 0, 1, DType::boolean}, kAny, row}, {}});
  return cases;
}

std::vector<Case> shape_cases() {
  const Input cube{{2, 3, 4}};
  return {
      {"reshape", {cube}, {{"shape", Ints{4, 6}}}},
      {"expand_dims", {cube}, {{"axes", Ints{1, -1}}}},
      {"squeeze", {{{2, 1, 3}}}, {{"axes", Ints{1}}}},
      {"transpose", {cube}, {{"permutation", Ints{2, 0, 1}}}},
      {"concat", {cube, {{2, 1, 4}}, {{2, 2, 4}}}, {{"axis", int64_t{1}}}},
      {"slice_axis", {cube}, {{"axis", int64_t{2}}, {"begin", int64_t{1}}, {"size", int64_t{2}}}},
      {"slice_axis", {cube}, {{"axis", int64_t{-1}}, {"begin", int64_t{1}}, {"size", int64_t{-1}}}},
      {"strided_slice", {{{5, 7}}}, {{"begin", Ints{1, 5}}, {"end", Ints{5, 0}}, {"strides", Ints{2, -2}}}},
      {"strided_slice",
       {{{5, 7, 2}}},
       {{"begin", Ints{0, -2, 0}},
        {"end", Ints{0, 0, 0}},
        {"strides", Ints{1, 1, 3}},
        {"begin_absent", Ints{0, 0, 1}},
        {"end_absent", Ints{0, 0, 1}},
        {"new_axis", Ints{1, 0, 0}},
        {"drop_axis", Ints{0, 1, 0}}}},
      {"strided_slice",
       {{{4, 6}}},
       {{"begin", Ints{-1}}, {"end", Ints{0}}, {"strides", Ints{-1}}, {"end_absent", Ints{1}}}},
      {"pad", {{{2, 3}}}, {{"padding", Ints{1, 0, 2, 1}}}},
      {"pad", {{{3, 4}}}, {{"padding", Ints{2, 1, 0, 3}}, {"mode", std::string("reflect")}}},
      {"pad", {{{3, 4}}}, {{"padding", Ints{2, 1, 0, 3}}, {"mode", std::string("symmetric")}}},
      {"broadcast_to", {{{3, 1}}}, {{"shape", Ints{2, 3, 4}}}},
      {"tile", {{{2, 3}}}, {{"multiples", Ints{3, 2}}}},
      {"repeat", {cube}, {{"axis", int64_t{1}}, {"repeats", int64_t{2}}}},
      {"reverse", {cube}, {{"axes", Ints{0, 2}}}},
      {"gather", {{{4, 3}}, {{2, 2}, 0, 3, DType::int64}}, {}},
      {"gather",
       {{{2, 4, 3}}, {{2, 3}, 0, 3, DType::int64}},
       {{"axis", int64_t{1}}, {"batch_dims", int64_t{1}}}},
      {"gather", {{{2, 4, 3}}, {{5}, 0, 2, DType::int64}}, {{"axis", int64_t{2}}}},
  };
}

std::vector<Case> reduction_cases() {
  const Input cube{{2, 3, 4}};
  std::vector<Case> cases;
  for (const char* op : {"reduce_sum", "reduce_mean", "reduce_max", "reduce_min", "reduce_prod"}) {
    cases.push_back({op, {cube}, {{"axes", Ints{1}}}});
    cases.push_back({op, {cube}, {{"axes", Ints{0, -1}}, {"keepdims", true}}});
    cases.push_back({op, {{{2, 3}}}, {}});
  }
  for (const char* op : {"cumsum", "cumprod"}) {
    cases.push_back({op, {cube}, {{"axis", int64_t{1}}}});
    cases.push_back({op, {cube}, {{"axis", int64_t{2}}, {"exclusive", true}, {"reverse", true}}});
  }
  for (const char* op : {"softmax", "log_softmax"}) {
    cases.push_back({op, {cube}, {}});
    cases.push_back({op, {cube}, {{"axis", int64_t{1}}}});
  }
  cases.push_back({"batch_norm", {cube, {{4}}, {{4}}}, {{"epsilon", 0.01}}});
  const Attrs norm{{"axes", Ints{1, 2}}, {"epsilon", 0.01}, {"has_gamma", true}, {"has_beta", true}};
  cases.push_back({"layer_norm", {cube, {{3, 4}}, {{4}}}, norm});
  cases.push_back({"layer_norm", {cube}, {{"axes", Ints{-1}}, {"epsilon", 0.01}}});
  return cases;
}

std::vector<Case> matrix_cases() {
  const auto with = [](bool a, bool b) { return Attrs{{"transpose_a", a}, {"transpose_b", b}}; };
  return {
      {"matmul", {{{3, 4}}, {{4, 2}}}, {}},
      {"matmul", {{{4, 3}}, {{2, 4}}}, with(true, true)},
      {"matmul", {{{4, 3}}, {{4, 2}}}, with(true, false)},
      {"matmul", {{{2, 3, 4}}, {{4, 5}}}, {}},
      {"matmul", {{{2, 3, 4}}, {{5, 4}}}, with(false, true)},
      {"matmul", {{{2, 3, 4}}, {{2, 4, 5}}}, {}},
      {"matmul", {{{2, 2, 4, 3}}, {{2, 1, 5, 4}}}, with(true, true)},
  };
}

std::vector<Case> window_cases() {
  const auto with = [](Ints strides, Ints dilations, const char* pad, int64_t groups) {
    return Attrs{{"strides", std::move(strides)},
                 {"dilations", std::move(dilations)},
                 {"auto_pad", std::string(pad)},
                 {"groups", groups}};
  };
  const Input image{{2, 5, 4, 3}};
  const Attrs fixed{{"strides", Ints{2, 1}}, {"padding", Ints{1, 0, 2, 1}}};
  const auto pool = [](Ints window, Ints strides, const char* pad) {
    return Attrs{
        {"window", std::move(window)}, {"strides", std::move(strides)}, {"auto_pad", std::string(pad)}};
  };
  std::vector<Case> cases = {
      {"conv", {{{2, 7, 3}}, {{3, 3, 4}}}, with({2}, {1}, "same", 1)},
      {"conv", {{{2, 7, 3}}, {{2, 3, 4}}}, with({1}, {2}, "valid", 1)},
      {"conv", {image, {{3, 2, 3, 4}}}, with({2, 3}, {1, 1}, "same", 1)},
      {"conv", {image, {{1, 1, 3, 4}}}, with({2, 2}, {1, 1}, "valid", 1)},
      {"conv", {image, {{3, 2, 3, 2}}}, fixed},
      {"conv", {image, {{1, 1, 3, 4}}}, with({2, 3}, {1, 1}, "same", 1)},
      {"conv", {image, {{3, 3, 3, 2}}}, with({1, 1}, {2, 1}, "same", 1)},
      {"conv", {{{2, 5, 4, 4}}, {{2, 2, 2, 6}}}, with({1, 1}, {1, 1}, "same", 2)},
      {"conv", {image, {{3, 3, 1, 3}}}, with({1, 1}, {1, 1}, "same", 3)},
      {"conv", {image, {{3, 2, 1, 6}}}, with({2, 2}, {1, 1}, "same", 3)},
      {"conv", {image, {{2, 2, 1, 3}}}, with({3, 2}, {1, 1}, "valid", 3)},
      {"conv", {image, {{2, 2, 1, 3}}}, with({1, 1}, {2, 2}, "same", 3)},
      {"conv", {{{1, 3, 4, 3, 2}}, {{2, 2, 2, 2, 3}}}, with({1, 2, 1}, {1, 1, 1}, "same", 1)},
      {"conv_transpose", {{{2, 3, 2, 3}}, {{3, 2, 4, 3}}}, with({2, 1}, {1, 1}, "same", 1)},
      {"conv_transpose", {{{2, 3, 3}}, {{2, 4, 3}}}, with({3}, {1}, "valid", 1)},
  };
  for (const char* method : {"nearest", "bilinear", "bicubic", "area"}) {
    const Attrs how{{"size", Ints{7, 2}}, {"method", std::string(method)}};
    cases.push_back({"resize", {{{2, 3, 4, 2}}}, how});
  }
  cases.push_back({"resize", {{{2, 3, 2}}}, {{"factors", Ints{2}}, {"method", std::string("bilinear")}}});
  for (const char* op : {"max_pool", "avg_pool"}) {
    cases.push_back({op, {{{2, 7, 3}}}, pool({3}, {2}, "same")});
    cases.push_back({op, {image}, pool({2, 2}, {2, 2}, "valid")});
    cases.push_back({op, {image}, pool({3, 2}, {1, 1}, "same")});
  }
  return cases;
}

std::vector<Case> recurrent_cases() {
  std::vector<Case> cases;
  const auto add = [&](const std::string& cell, int64_t gates, int states, Attrs attrs) {
    const int64_t width = 2 * gates;
    attrs.set("activation", attrs.text("activation", "tanh"));
    Case c{cell, {{{3, 4, width}, -1, 1}, {{2, width}, -0.9, 1}}, attrs};
    if (attrs.flag("has_bias")) c.inputs.push_back({{width}, -0.5, 0.6});
    for (int i = 0; attrs.flag("has_state") && i < states; ++i) c.inputs.push_back({{3, 2}, -0.8, 0.9});
    if (attrs.flag("has_mask")) c.inputs.push_back({{3, 4}, 0, 1, DType::boolean});
    cases.push_back(std::move(c));
  };
  const std::tuple<const char*, int64_t, int> cells[] = {{"simple_rnn", 1, 1}, {"gru", 3, 1}, {"lstm", 4, 2}};
  for (const auto& [cell, gates, states] : cells) {
    add(cell, gates, states, {});
    add(cell, gates, states, {{"return_sequences", true}, {"has_state", true}, {"has_mask", true}});
    add(cell, gates, states,
        {{"return_sequences", true}, {"has_mask", true}, {"zero_output", true}, {"go_backwards", true}});
    add(cell, gates, states,
        {{"activation", std::string("softsign")}, {"recurrent_activation", std::string("hard_sigmoid")}});
  }
  add("gru", 3, 1, {{"reset_after", true}, {"has_bias", true}, {"has_mask", true}});
  add("gru", 3, 1, {{"reset_after", true}, {"return_sequences", true}});
  return cases;
}

std::vector<Case> all_cases() {
  std::vector<Case> cases;
  for (auto part : {unary_cases(), binary_cases(), shape_cases(), reduction_cases(), matrix_cases(),
                    window_cases(), recurrent_cases()})
    cases.insert(cases.end(), part.begin(), part.end());
  return cases;
}

// Numbers that differ from each other, and by more than the step of the differences.
std::vector<double> numbers_of(const Input& input, size_t seed) {
  const auto count = static_cast<size_t>(input.shape.elements());
  std::vector<double> values(count);
  for (size_t i = 0; i < count; ++i) {
    const double place = static_cast<double>((i * 7 + seed * 3 + 5) % (count + 3)) + 0.37;
    values[i] = input.low + (input.high - input.low) * place / (static_cast<double>(count) + 3.5);
    if (input.dtype != DType::float64) values[i] = std::round(values[i]);
  }
  return values;
}

Tensor tensor_of_numbers(const std::vector<double>& values, const Input& input) {
  NewTensor made = new_tensor(DType::float64, input.shape);
  std::copy(values.begin(), values.end(), reinterpret_cast<double*>(made.data));
  return cast_tensor(made.tensor, input.dtype);
}

// sum(y * weights), where the weights differ from element to element.
Value weighed(ir::GraphBuilder& g, const std::vector<Value>& ys) {
  Value total;
  for (Value y : ys) {
    if (!dtype_is_floating(g.dtype(y))) continue;
    const Input weights{g.shape(y), 0.5, 1.5};
    const Value w = g.constant(tensor_of_numbers(numbers_of(weights, 1), weights));
    const Value sum = g.op("reduce_sum", {g.op("mul", {y, w})});
    total = total.valid() ? g.op("add", {total, sum}) : sum;
  }
  return total;
}

class Gradient : public testing::TestWithParam<Case> {};

TEST_P(Gradient, equals_finite_differences) {
  const Case& c = GetParam();
  ir::Graph graph;
  ir::GraphBuilder g(graph);
  std::vector<std::vector<double>> numbers;
  std::vector<Value> x, wrt;
  for (size_t i = 0; i < c.inputs.size(); ++i) {
    numbers.push_back(numbers_of(c.inputs[i], i));
    x.push_back(graph.add_input("x", c.inputs[i].dtype, c.inputs[i].shape));
    if (c.inputs[i].dtype == DType::float64) wrt.push_back(x.back());
  }
  const Value total = weighed(g, g.multi_op(c.op, x, c.attrs));
  graph.add_output("total", total);
  for (Value d : gradients(g, total, wrt)) graph.add_output("d", d);
  ir::verify(graph);
  const auto inputs = [&] {
    std::vector<Tensor> tensors;
    for (size_t i = 0; i < numbers.size(); ++i) tensors.push_back(tensor_of_numbers(numbers[i], c.inputs[i]));
    return tensors;
  };
  const auto got = test::run_graph(graph, inputs());
  size_t k = 0;
  for (size_t i = 0; i < numbers.size(); ++i) {
    if (c.inputs[i].dtype != DType::float64) continue;
    ++k;
    for (size_t at = 0; at < numbers[i].size(); ++at) {
      constexpr double kStep = 1e-5;
      const double here = numbers[i][at];
      numbers[i][at] = here + kStep;
      const double up = test::run_graph(graph, inputs())[0][0];
      numbers[i][at] = here - kStep;
      const double down = test::run_graph(graph, inputs())[0][0];
      numbers[i][at] = here;
      EXPECT_NEAR(got[k][at], (up - down) / (2 * kStep), 1e-6 * std::max(1.0, std::abs(got[k][at])))
          << c.op << ", input " << i << ", element " << at;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(ops, Gradient, testing::ValuesIn(all_cases()),
                         [](const auto& info) { return info.param.op + "_" + std::to_string(info.index); });

// sparsemax: exact only for the threshold that Keras does not compute.
TEST(gradients, every_op_of_the_table_has_a_case) {
  std::set<std::string> tested{"sparsemax"};
  for (const Case& c : all_cases()) tested.insert(c.op);
  for (const GradientDef& def : all_gradients()) {
    if (def.fn != nullptr) EXPECT_TRUE(tested.contains(std::string(def.op))) << def.op;
  }
}

TEST(gradients, ops_without_a_gradient_are_named_all_at_once) {
  ir::Graph graph;
  ir::GraphBuilder g(graph);
  const Value x = graph.add_input("x", DType::float32, {4});
  const Value sorted = g.op("round_float8", {x});
  const Value total = g.op("reduce_sum", {g.op("reduce_sum", {g.op("round_float8", {sorted})})});
  const Value wrt[] = {x};
  test::expect_error(
      ErrorCode::unsupported, [&] { gradients(g, total, wrt); }, "round_float8");
}

TEST(gradients, what_the_result_does_not_depend_on_gets_zeros) {
  ir::Graph graph;
  ir::GraphBuilder g(graph);
  const Value x = graph.add_input("x", DType::float32, {2});
  const Value y = graph.add_input("y", DType::float32, {3});
  const Value wrt[] = {x, y};
  const std::vector<Value> d = gradients(g, g.op("reduce_sum", {g.op("floor", {x})}), wrt);
  for (Value value : d) graph.add_output("d", value);
  const auto got = test::run_graph(graph, {test::ramp({2}), test::ramp({3})});
  EXPECT_EQ(got[0], (std::vector<double>{0, 0}));
  EXPECT_EQ(got[1], (std::vector<double>{0, 0, 0}));
}

}  // namespace
}  // namespace cornu::train
