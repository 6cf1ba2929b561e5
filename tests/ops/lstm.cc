#include "support/op_cases.h"

namespace cornu::test {
namespace {

using Text = std::string;

TEST(op_lstm, gates_are_input_forget_candidate_output) {
  check_op(
      {"lstm",
       {{"activation", Text("tanh")}, {"recurrent_activation", Text("sigmoid")}, {"return_sequences", true}},
       {floats({0.5, -0.5, 1, 0.25, 1, 0.5, -1, 2}, {1, 2, 4}), floats({0.5, -1, 0.25, 1}, {1, 4})},
       floats({0.2481868671776485, -0.2530885691059009}, {1, 2, 1})});
}

TEST(op_lstm, a_kernel_of_another_number_of_gates_is_rejected) {
  const Attrs attrs{{"activation", Text("tanh")}, {"recurrent_activation", Text("sigmoid")}};
  expect_rejected("lstm", attrs, {f32_of({2, 3, 6}), f32_of({2, 6})}, "");
}

}  // namespace
}  // namespace cornu::test
