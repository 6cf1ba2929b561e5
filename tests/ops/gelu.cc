#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

TEST(op_gelu, follows_its_formula) {
  check_op({"gelu",
            {},
            {floats({-20, -3.5, -3, -2, -1, -0.75, -0.5, -0.25, 0, 0.125, 0.5, 1, 1.5, 2, 3, 4.25, 20})},
            floats({-5.507248237212624e-88, -0.0008142017766243376, -0.004049694094890288,
                    -0.04550026389635843, -0.15865525393145707, -0.1699705142826512, -0.15426876936299347,
                    -0.10032341857926907, 0, 0.06871727810376412, 0.3457312306370065, 0.8413447460685429,
                    1.399789198096713, 1.9544997361036416, 2.99595030590511, 4.249954573765456, 20}),
            1e-12});
  check_op({"gelu",
            {{"approximate", true}},
            {floats({-20, -3.5, -3, -2, -1, -0.75, -0.5, -0.25, 0, 0.125, 0.5, 1, 1.5, 2, 3, 4.25, 20})},
            floats({-0.0, -0.0006161976553737403, -0.0036373920817729943, -0.04540230591222494,
                    -0.1588080093917233, -0.17003944483437972, -0.15428599017485606, -0.100324649298315, 0,
                    0.06871719862422339, 0.34571400982514394, 0.8411919906082768, 1.3995715769802328,
                    1.954597694087775, 2.996362607918227, 4.2499798579641554, 20}),
            1e-12});
}

TEST(op_gelu, keeps_nan) {
  check_op({"gelu", {}, {floats({kNan})}, floats({kNan})});
}

TEST(op_gelu, takes_any_number_of_elements) {
  check_op({"gelu", {}, {floats({}, {0, 3})}, floats({}, {0, 3})});
  check_kernels("gelu", {}, {random_floats({3, 5, 67}, 1, -6, 6)});
}

TEST(op_gelu, integers_are_refused) {
  expect_rejected("gelu", {}, {i32_of({2})}, "floating-point");
}

}  // namespace
}  // namespace cornu::test
