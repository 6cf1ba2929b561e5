#include "support/op_cases.h"

namespace cornu::test {
namespace {

TEST(op_cumsum, adds_up_along_an_axis) {
  check_op({"cumsum",
            {{"axis", int64_t{1}}},
            {floats({0.125, 1.75, -1, 1.25, 0.75, 0.875}, {2, 3})},
            floats({0.125, 1.875, 0.875, 1.25, 2, 2.875}, {2, 3})});
  check_op({"cumsum",
            {{"axis", int64_t{0}}, {"exclusive", true}, {"reverse", true}},
            {floats({0.125, 1.75, -1, 1.25, 0.75, 0.875}, {2, 3})},
            floats({1.25, 0.75, 0.875, 0, 0, 0}, {2, 3})});
  check_op({"cumsum",
            {{"axis", int64_t{0}}, {"exclusive", true}, {"reverse", false}},
            {floats({0.125, 1.75, -1, 1.25, 0.75, 0.875}, {2, 3})},
            floats({0, 0, 0, 0.125, 1.75, -1}, {2, 3})});
  check_op({"cumsum",
            {{"axis", int64_t{1}}, {"exclusive", false}, {"reverse", true}},
            {floats({0.125, 1.75, -1, 1.25, 0.75, 0.875}, {2, 3})},
            floats({0.875, 0.75, -1, 2.875, 1.625, 0.875}, {2, 3})});
  check_op({"cumsum",
            {{"axis", int64_t{1}}, {"exclusive", false}, {"reverse", false}},
            {floats({0.125, 1.75, -1, 1.25, 0.75, 0.875}, {2, 3})},
            floats({0.125, 1.875, 0.875, 1.25, 2, 2.875}, {2, 3})});
  check_op({"cumsum",
            {{"axis", int64_t{0}}},
            {ints({200, 100}, {2}, DType::uint8)},
            ints({200, 44}, {2}, DType::uint8)});
  check_op({"cumsum", {{"axis", int64_t{0}}}, {floats({}, {0, 2})}, floats({}, {0, 2})});
}

TEST(op_cumsum, what_does_not_fit_is_refused) {
  expect_rejected("cumsum", {{"axis", int64_t{2}}}, {f32_of({2, 3})}, "is 2");
  expect_rejected("cumsum", {{"axis", int64_t{0}}}, {{DType::boolean, {2}}}, "real numbers");
}

}  // namespace
}  // namespace cornu::test
