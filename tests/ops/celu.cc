#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

TEST(op_celu, follows_its_formula) {
  check_op({"celu",
            {},
            {floats({-20, -3.5, -3, -2, -1, -0.75, -0.5, -0.25, 0, 0.125, 0.5, 1, 1.5, 2, 3, 4.25, 20})},
            floats({-0.9999999979388464, -0.9698026165776815, -0.950212931632136, -0.8646647167633873,
                    -0.6321205588285577, -0.5276334472589853, -0.3934693402873666, -0.22119921692859512, 0,
                    0.125, 0.5, 1, 1.5, 2, 3, 4.25, 20}),
            1e-12});
  check_op({"celu",
            {{"alpha", 2.0}},
            {floats({-20, -3.5, -3, -2, -1, -0.75, -0.5, -0.25, 0, 0.125, 0.5, 1, 1.5, 2, 3, 4.25, 20})},
            floats({-1.999909200140475, -1.6524521130991097, -1.5537396797031404, -1.2642411176571153,
                    -0.7869386805747332, -0.6254214424180556, -0.44239843385719024, -0.2350061948308092, 0,
                    0.125, 0.5, 1, 1.5, 2, 3, 4.25, 20}),
            1e-12});
}

TEST(op_celu, keeps_nan) {
  check_op({"celu", {}, {floats({kNan})}, floats({kNan})});
}

TEST(op_celu, takes_any_number_of_elements) {
  check_op({"celu", {}, {floats({}, {0, 3})}, floats({}, {0, 3})});
  check_kernels("celu", {}, {random_floats({3, 5, 67}, 1, -6, 6)});
}

TEST(op_celu, integers_are_refused) {
  expect_rejected("celu", {}, {i32_of({2})}, "floating-point");
}

}  // namespace
}  // namespace cornu::test
