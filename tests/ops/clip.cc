#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(op_clip, keeps_numbers_between_its_bounds) {
  check_op({"clip",
            {{"min", -1.0}, {"max", 6.0}},
            {floats({-2, -1, 0.5, 6, 7, kInfinity, kNan})},
            floats({-1, -1, 0.5, 6, 6, 6, kNan})});
  check_op({"clip", {{"min", 0.0}}, {floats({-2, 7})}, floats({0, 7})});
  check_op({"clip", {{"max", 0.0}}, {floats({-2, 7})}, floats({-2, 0})});
}

TEST(op_clip, bounds_of_integers_are_cut_to_their_range) {
  check_op({"clip",
            {{"min", -1.9}, {"max", 1e+30}},
            {ints({-5, 0, 127}, {3}, DType::int8)},
            ints({-1, 0, 127}, {3}, DType::int8)});
  check_op({"clip",
            {{"min", -5.0}, {"max", 300.0}},
            {ints({0, 255}, {2}, DType::uint8)},
            ints({0, 255}, {2}, DType::uint8)});
  check_op(
      {"clip",
       {},
       {ints({std::numeric_limits<int64_t>::min(), std::numeric_limits<int64_t>::max()}, {2}, DType::int64)},
       ints({std::numeric_limits<int64_t>::min(), std::numeric_limits<int64_t>::max()}, {2}, DType::int64)});
}

TEST(op_clip, bools_are_refused) {
  expect_rejected("clip", {}, {{DType::boolean, {2}}}, "real numbers");
}

}  // namespace
}  // namespace cornu::test
