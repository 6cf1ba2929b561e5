#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

TEST(op_elu, follows_its_formula) {
  check_op({"elu",
            {},
            {floats({-20, -3.5, -3, -2, -1, -0.75, -0.5, -0.25, 0, 0.125, 0.5, 1, 1.5, 2, 3, 4.25, 20})},
            floats({-0.9999999979388464, -0.9698026165776815, -0.950212931632136, -0.8646647167633873,
                    -0.6321205588285577, -0.5276334472589853, -0.3934693402873666, -0.22119921692859512, 0,
                    0.125, 0.5, 1, 1.5, 2, 3, 4.25, 20}),
            1e-12});
  check_op({"elu",
            {{"alpha", 0.5}},
            {floats({-20, -3.5, -3, -2, -1, -0.75, -0.5, -0.25, 0, 0.125, 0.5, 1, 1.5, 2, 3, 4.25, 20})},
            floats({-0.4999999989694232, -0.48490130828884076, -0.475106465816068, -0.43233235838169365,
                    -0.31606027941427883, -0.26381672362949266, -0.1967346701436833, -0.11059960846429756, 0,
                    0.125, 0.5, 1, 1.5, 2, 3, 4.25, 20}),
            1e-12});
}

TEST(op_elu, keeps_nan) {
  check_op({"elu", {}, {floats({kNan})}, floats({kNan})});
}

TEST(op_elu, takes_any_number_of_elements) {
  check_op({"elu", {}, {floats({}, {0, 3})}, floats({}, {0, 3})});
  check_kernels("elu", {}, {random_floats({3, 5, 67}, 1, -6, 6)});
}

TEST(op_elu, integers_are_refused) {
  expect_rejected("elu", {}, {i32_of({2})}, "floating-point");
}

}  // namespace
}  // namespace cornu::test
