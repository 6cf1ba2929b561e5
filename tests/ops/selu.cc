#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(op_selu, follows_its_formula) {
  check_op({"selu",
            {},
            {floats({-20, -3.5, -3, -2, -1, -0.75, -0.5, -0.25, 0, 0.125, 0.5, 1, 1.5, 2, 3, 4.25, 20})},
            floats({-1.7580993372236642, -1.7050093409572833, -1.670568728767112, -1.520166468595695,
                    -1.1113307378125628, -0.9276320158350513, -0.6917581878028713, -0.388890197478119, 0,
                    0.13133762341943506, 0.5253504936777402, 1.0507009873554805, 1.5760514810332207,
                    2.101401974710961, 3.1521029620664414, 4.465479196260792, 21.014019747109607})});
}

TEST(op_selu, keeps_nan_and_meets_its_limits_at_infinity) {
  check_op(
      {"selu", {}, {floats({kNan, kInfinity, -kInfinity})}, floats({kNan, kInfinity, -1.7580993408473766})});
}

TEST(op_selu, takes_any_number_of_elements) {
  check_op({"selu", {}, {floats({}, {0, 3})}, floats({}, {0, 3})});
  check_kernels("selu", {}, {random_floats({3, 5, 67}, 1, -6, 6)});
}

TEST(op_selu, integers_are_refused) {
  expect_rejected("selu", {}, {i32_of({2})}, "floating-point");
}

}  // namespace
}  // namespace cornu::test
