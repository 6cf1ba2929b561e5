#include "support/op_cases.h"

namespace cornu::test {
namespace {

TEST(op_cumprod, multiplies_up_along_an_axis) {
  check_op({"cumprod",
            {{"axis", int64_t{1}}},
            {floats({-1, -1.25, 0.25, -1.875, 0.375, -1.375}, {2, 3})},
            floats({-1, 1.25, 0.3125, -1.875, -0.703125, 0.966796875}, {2, 3})});
  check_op({"cumprod",
            {},
            {floats({-1, -1.25, 0.25, -1.875, 0.375, -1.375}, {2, 3})},
            floats({-1, -1.25, 0.25, 1.875, -0.46875, -0.34375}, {2, 3})});
  check_op({"cumprod",
            {{"axis", int64_t{0}}, {"exclusive", true}, {"reverse", true}},
            {floats({-1, -1.25, 0.25, -1.875, 0.375, -1.375}, {2, 3})},
            floats({-1.875, 0.375, -1.375, 1, 1, 1}, {2, 3})});
  check_op({"cumprod",
            {{"axis", int64_t{0}}, {"exclusive", true}, {"reverse", false}},
            {floats({-1, -1.25, 0.25, -1.875, 0.375, -1.375}, {2, 3})},
            floats({1, 1, 1, -1, -1.25, 0.25}, {2, 3})});
  check_op({"cumprod",
            {{"axis", int64_t{1}}, {"exclusive", false}, {"reverse", true}},
            {floats({-1, -1.25, 0.25, -1.875, 0.375, -1.375}, {2, 3})},
            floats({0.3125, -0.3125, 0.25, 0.966796875, -0.515625, -1.375}, {2, 3})});
  check_op({"cumprod",
            {{"axis", int64_t{1}}, {"exclusive", false}, {"reverse", false}},
            {floats({-1, -1.25, 0.25, -1.875, 0.375, -1.375}, {2, 3})},
            floats({-1, 1.25, 0.3125, -1.875, -0.703125, 0.966796875}, {2, 3})});
  check_op({"cumprod",
            {{"axis", int64_t{0}}},
            {ints({200, 100}, {2}, DType::uint8)},
            ints({200, 32}, {2}, DType::uint8)});
  check_op({"cumprod", {{"axis", int64_t{0}}}, {floats({}, {0, 2})}, floats({}, {0, 2})});
}

TEST(op_cumprod, what_does_not_fit_is_refused) {
  expect_rejected("cumprod", {{"axis", int64_t{2}}}, {f32_of({2, 3})}, "is 2");
  expect_rejected("cumprod", {{"axis", int64_t{0}}}, {{DType::boolean, {2}}}, "real numbers");
}

}  // namespace
}  // namespace cornu::test
