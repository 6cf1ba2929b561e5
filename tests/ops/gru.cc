#include "support/op_cases.h"

namespace cornu::test {
namespace {

using Text = std::string;
const Tensor kSteps = floats({0.5, -0.5, 1, 1, 0.5, -1}, {1, 2, 3});
const Tensor kKernel = floats({0.5, -1, 0.25}, {1, 3});
const Tensor kState = floats({0.5}, {1, 1});

TEST(op_gru, the_reset_gate_works_before_the_product) {
  check_op({"gru",
            {{"activation", Text("tanh")},
             {"recurrent_activation", Text("sigmoid")},
             {"return_sequences", true},
             {"reset_after", false},
             {"has_state", true}},
            {kSteps, kKernel, kState},
            floats({0.5883398165816988, 0.30460378839468905}, {1, 2, 1})});
}

TEST(op_gru, the_reset_gate_works_after_the_product_and_its_bias) {
  check_op({"gru",
            {{"activation", Text("tanh")},
             {"recurrent_activation", Text("sigmoid")},
             {"return_sequences", true},
             {"reset_after", true},
             {"has_bias", true},
             {"has_state", true}},
            {kSteps, kKernel, floats({0.1, 0.2, -0.3}), kState},
            floats({0.5712203733135985, 0.2979169143361824}, {1, 2, 1}),
            2e-6});
}

TEST(op_gru, a_kernel_of_another_number_of_gates_is_rejected) {
  const Attrs attrs{{"activation", Text("tanh")}, {"recurrent_activation", Text("sigmoid")}};
  expect_rejected("gru", attrs, {f32_of({2, 3, 8}), f32_of({2, 8})}, "");
}

}  // namespace
}  // namespace cornu::test
