#include "support/op_cases.h"

namespace cornu::test {
namespace {

TEST(op_attention, weighs_values_by_the_softmax_of_scaled_products) {
  // One head: scores 0 and ln 3 / 2 * 2, so that the second source counts three times.
  check_op({"attention",
            {{"scale", 2.0}},
            {floats({1}, {1, 1, 1, 1}), floats({0, 0.5493061443340549}, {1, 2, 1, 1}),
             floats({1, 2, 5, 6}, {1, 2, 1, 2})},
            floats({4, 5}, {1, 1, 1, 2}),
            1e-6});
}

TEST(op_attention, a_bias_is_added_and_a_condition_hides) {
  check_op({"attention",
            {{"has_bias", true}, {"has_condition", true}, {"low", -1e9}},
            {floats({0, 0}, {1, 1, 2, 1}), floats({1, 1, 1, 1, 1, 1}, {1, 3, 2, 1}),
             floats({1, 10, 2, 20, 3, 30}, {1, 3, 2, 1}), floats({0, 1.0986122886681098, 0}, {3}),
             bools({1, 1, 0, 1, 1, 1}, {1, 2, 1, 3})},
            floats({1.75, 20}, {1, 1, 2, 1}),
            1e-6});
}

TEST(op_attention, sizes_around_tiles_and_vectors_agree_with_the_reference) {
  for (const auto& [batch, target, source, heads, size, value_size] :
       {std::array<int64_t, 6>{1, 1, 1, 1, 1, 1},
        {2, 7, 9, 3, 5, 4},
        {1, 33, 70, 2, 16, 16},
        {3, 64, 64, 1, 32, 8},
        {1, 3, 401, 2, 17, 33}}) {
    const Tensor query = random_floats({batch, target, heads, size}, 1);
    const Tensor key = random_floats({batch, source, heads, size}, 2);
    const Tensor value = random_floats({batch, source, heads, value_size}, 3);
    for (double scale : {0.25, -0.5}) check_kernels("attention", {{"scale", scale}}, {query, key, value});
    const Tensor bias = random_floats({heads, 1, source}, 4);
    std::vector<int64_t> holds;
    for (int64_t i = 0; i < batch * target * source; ++i)
      holds.push_back(i % 5 != 0 || i % source == 0 ? 1 : 0);
    const Tensor condition = bools(holds, {batch, 1, target, source});
    check_kernels("attention", {{"scale", 0.25}, {"low", -1e9}, {"has_bias", true}, {"has_condition", true}},
                  {query, key, value, bias, condition});
  }
}

TEST(op_attention, sizes_that_do_not_fit_are_refused) {
  const TensorType q = f32_of({2, 3, 4, 5});
  expect_rejected("attention", {}, {q, f32_of({2, 6, 4, 7}), f32_of({2, 6, 4, 5})}, "(2, 6, 4, 7)");
  expect_rejected("attention", {}, {q, q, f32_of({2, 4, 4, 5})}, "(2, 4, 4, 5)");
  expect_rejected("attention", {{"has_bias", true}}, {q, q, q, f32_of({2})}, "(2, 4, 3, 3)");
  expect_rejected("attention", {{"has_condition", true}}, {q, q, q, f32_of({3})}, "bool");
  expect_rejected("attention", {}, {q, q, q, q}, "takes 3 inputs");
}

}  // namespace
}  // namespace cornu::test
