#include "support/op_cases.h"

namespace cornu::test {
namespace {

using Text = std::string;
const Tensor kSteps = floats({0.5, -1, 2}, {1, 3, 1});
const Tensor kKernel = floats({0.5}, {1, 1});

TEST(op_simple_rnn, each_step_adds_the_state_before) {
  check_op({"simple_rnn",
            {{"activation", Text("tanh")}, {"return_sequences", true}},
            {kSteps, kKernel},
            floats({0.46211715726000974, -0.6463134841204403, 0.9324506966320307}, {1, 3, 1})});
}

TEST(op_simple_rnn, a_masked_step_repeats_the_output_and_keeps_the_state) {
  check_op({"simple_rnn",
            {{"activation", Text("tanh")}, {"return_sequences", true}, {"has_mask", true}},
            {kSteps, kKernel, bools({1, 0, 1}, {1, 3})},
            floats({0.46211715726000974, 0.46211715726000974, 0.9771873901534078}, {1, 3, 1})});
}

TEST(op_simple_rnn, runs_from_the_end_and_from_a_given_state) {
  check_op({"simple_rnn",
            {{"activation", Text("tanh")}, {"go_backwards", true}, {"has_state", true}},
            {kSteps, kKernel, floats({0.25}, {1, 1})},
            floats({0.2575171055897836}, {1, 1})});
}

TEST(op_simple_rnn, sizes_that_do_not_fit_are_rejected) {
  const Attrs attrs{{"activation", Text("tanh")}};
  expect_rejected("simple_rnn", attrs, {f32_of({2, 3, 4}), f32_of({3, 3})}, "");
  expect_rejected("simple_rnn", attrs, {f32_of({2, 3}), f32_of({3, 3})}, "");
}

}  // namespace
}  // namespace cornu::test
