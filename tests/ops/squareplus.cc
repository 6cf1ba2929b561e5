#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

TEST(op_squareplus, follows_its_formula) {
  check_op({"squareplus",
            {},
            {floats({-20, -3.5, -3, -2, -1, -0.75, -0.5, -0.25, 0, 0.125, 0.5, 1, 1.5, 2, 3, 4.25, 20})},
            floats({0.049875621120889946, 0.2655644370746373, 0.30277563773199456, 0.41421356237309515,
                    0.6180339887498949, 0.6930004681646913, 0.7807764064044151, 0.8827822185373186, 1,
                    1.0644512213675874, 1.2807764064044151, 1.618033988749895, 2, 2.414213562373095,
                    3.302775637731995, 4.4735367785069915, 20.04987562112089}),
            1e-12});
  check_op({"squareplus",
            {{"b", 0.25}},
            {floats({-20, -3.5, -3, -2, -1, -0.75, -0.5, -0.25, 0, 0.125, 0.5, 1, 1.5, 2, 3, 4.25, 20})},
            floats({0.003124511871277491, 0.017766952966368876, 0.020690632574554835, 0.030776406404415146,
                    0.05901699437494745, 0.07569390943299864, 0.10355339059327379, 0.15450849718747373, 0.25,
                    0.3201941016011038, 0.6035533905932737, 1.0590169943749475, 1.540569415042095,
                    2.0307764064044154, 3.0206906325745546, 4.264655346077961, 20.003124511871277}),
            1e-12});
}

TEST(op_squareplus, keeps_nan) {
  check_op({"squareplus", {}, {floats({kNan})}, floats({kNan})});
}

TEST(op_squareplus, takes_any_number_of_elements) {
  check_op({"squareplus", {}, {floats({}, {0, 3})}, floats({}, {0, 3})});
  check_kernels("squareplus", {}, {random_floats({3, 5, 67}, 1, -6, 6)});
}

TEST(op_squareplus, integers_are_refused) {
  expect_rejected("squareplus", {}, {i32_of({2})}, "floating-point");
}

}  // namespace
}  // namespace cornu::test
