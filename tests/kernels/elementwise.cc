#include "kernels/elementwise.h"

#include <gtest/gtest.h>

#include "kernels/kernel_runner.h"
#include "support/op_cases.h"

namespace cornu::kernels {

extern const KernelDef kernel_elementwise;

namespace {

using test::random_floats;
using Text = std::string;

TEST(elementwise_kernel, every_way_to_broadcast_agrees_with_the_reference) {
  const Attrs attrs = {{"program", Text("mul x0 x1; relu t0; add t1 x2; tanh t2; sub t3 t1")}};
  const std::vector<std::vector<Shape>> shapes = {{{2, 5, 7, 19}, {2, 5, 7, 19}, {2, 5, 7, 19}},
                                                  {{2, 5, 7, 19}, {19}, {1}},
                                                  {{2, 5, 7, 19}, {2, 1, 1, 19}, {5, 1, 19}},
                                                  {{2, 5, 7, 1}, {19}, {2, 5, 7, 19}},
                                                  {{900, 3}, {3}, {900, 1}},
                                                  {{3, 400, 5}, {3, 1, 5}, {5}},
                                                  {{3, 40000}, {}, {40000}},
                                                  {{40001}, {1}, {40001}},
                                                  {{3, 1}, {1, 300}, {}},
                                                  {{}, {}, {}}};
  for (int64_t target : kernel_targets()) {
    const ForcedTarget forced(target);
    for (const auto& given : shapes) {
      SCOPED_TRACE(testing::Message()
                   << given[0].to_string() << given[1].to_string() << given[2].to_string());
      std::vector<Tensor> inputs;
      for (const Shape& shape : given)
        inputs.push_back(random_floats(shape, static_cast<unsigned>(inputs.size())));
      test::check_kernels("elementwise", attrs, inputs);
    }
  }
}

TEST(elementwise_kernel, many_results_at_once_have_registers_of_their_own) {
  const Attrs attrs = {{"program", Text("neg x0; square x0; exp t0; add t1 t2; mul t3 t0; leaky_relu t4; "
                                        "maximum t5 t1; minimum t6 t2; div t7 "
                                        "x1; squared_difference t8 x0")},
                       {"5_slope", 0.3}};
  test::check_kernels("elementwise", attrs, {random_floats({37, 129}, 1), random_floats({129}, 2, 1, 2)});
}

TEST(elementwise_kernel, an_op_without_a_fast_form_and_other_types_are_refused) {
  const TensorType x = {DType::float32, {4}};
  EXPECT_EQ(refusal_of(kernel_elementwise, {x}, x, {{"program", Text("sin x0")}}), "sin has no fast form");
  const TensorType wide = {DType::float64, {4}};
  EXPECT_EQ(refusal_of(kernel_elementwise, {wide}, wide, {{"program", Text("neg x0")}}),
            "input 0 is float64, only float32 is handled");
}

}  // namespace
}  // namespace cornu::kernels
