#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

TEST(op_avg_pool, takes_windows_as_tensorflow_does) {
  check_op({"avg_pool",
            {{"window", Ints{2}}, {"strides", Ints{1}}, {"auto_pad", std::string("valid")}},
            {floats({0, 1.75, 0.5, -0.0, 0.75, 2, 1.75, -1.25, -1.5, -0.75}, {1, 5, 2})},
            floats({0.25, 0.875, 0.625, 1, 1.25, 0.375, 0.125, -1}, {1, 4, 2}),
            2e-06});
  check_op({"avg_pool",
            {{"window", Ints{3}}, {"strides", Ints{2}}, {"auto_pad", std::string("same")}},
            {floats({-1.5, 1, 1.25, -1.5, -1.75, -0.75, 0.75, 1, -0.25, 0.5}, {1, 5, 2})},
            floats({-0.125, -0.25, 0.0833333358168602, -0.4166666567325592, 0.25, 0.75}, {1, 3, 2}),
            2e-06});
  check_op({"avg_pool",
            {{"window", Ints{2, 2}}, {"strides", Ints{2, 2}}, {"auto_pad", std::string("valid")}},
            {floats({1.75, 1.5, -1.5, 0.75, 1,    1.75,  -0.25, -1.5,  -0.0,  -0.5, -0.5,
                     1.25, 0.5, 0.75, 0.5,  -1.5, -1.75, -0.5,  1.5,   0.5,   1.25, 0.5,
                     1.25, 2,   0.75, 1.5,  2,    1,     1.25,  -1.75, -1.75, 1.75},
                    {1, 4, 4, 2})},
            floats({-0.0625, 0.75, 0.4375, -0.125, 0.625, 0.625, 0.5, 0.625}, {1, 2, 2, 2}),
            2e-06});
  check_op({"avg_pool",
            {{"window", Ints{3, 2}}, {"strides", Ints{2, 2}}, {"auto_pad", std::string("same")}},
            {floats({-1,    -0.75, -1.5, 0.5,  -2, 1.25, -0.75, 1,   1.75,  0.75,
                     -0.25, 0.5,   1.5,  0.75, -1, -2,   1.5,   0.5, -1.75, 0.25},
                    {1, 5, 4, 1})},
            floats({-0.625, -0.1875, 0.6666666865348816, -0.4166666567325592, 1.0625, -1.125}, {1, 3, 2, 1}),
            2e-06});
  check_op({"avg_pool",
            {{"window", Ints{3, 3}}, {"strides", Ints{1, 1}}, {"auto_pad", std::string("same")}},
            {floats({0.25, -0.75, 1.5, -1, -1.5, -0.75, -0.75, 1.5, 0.75, -1.5, -0.5, -1.5, 0.75, 1.5, -1.75,
                     -0.0, -1, -0.75},
                    {2, 3, 3, 1})},
            floats({-0.75, -0.375, -0.375, -0.375, -0.0833333358168602, 0.125, -0.4375, -0.2916666567325592,
                    0, 0.0625, -0.5, -0.5625, -0.125, -0.5277777910232544, -0.6666666865348816, 0.3125,
                    -0.2083333283662796, -0.5},
                   {2, 3, 3, 1}),
            2e-06});
  check_op({"avg_pool",
            {{"window", Ints{2, 2, 2}}, {"strides", Ints{2, 1, 2}}, {"auto_pad", std::string("same")}},
            {floats({1,     2,     -1,    0.25,  -0.75, -1.75, 0.5,   -1.5,  0.75, 1,    -1.5,  0.5,
                     -1.25, 1,     -0.75, 0.75,  0.5,   0.25,  -1.25, 1.25,  -0.5, 1,    -0.0,  -0.25,
                     0.75,  -0.75, 1,     -0.25, 1,     0.75,  1.75,  -0.25, -0.5, 2,    0,     -0.25,
                     0.75,  -1,    1.75,  1,     0.5,   -0.75, 1.25,  1.75,  1.25, 1.75, -1.75, 1},
                    {1, 3, 4, 4, 1})},
            floats({0.21875, -0.25, -0.03125, -0.1875, 0.40625, 0.15625, 0.375, 0.375, 0.3125, 0.625, -0.125,
                    1.4375, 0.6875, 0.5625, 1.5, -0.375},
                   {1, 2, 4, 2, 1}),
            2e-06});
  check_op({"avg_pool",
            {{"window", Ints{2, 2, 2}}, {"strides", Ints{2, 2, 2}}, {"auto_pad", std::string("valid")}},
            {floats({1.5, -0.0, -1.75, 0.25, -1,    -1.75, 1.75, 1.25, 0.5,  1,    0.75, -0.25, -1.5, -0.75,
                     0,   0.25, -0.75, -1.5, -0.75, -1.25, 1.75, -1,   -0.5, 0.25, -1,   -0.0,  0.25},
                    {1, 3, 3, 3, 1})},
            floats({0.03125}, {1, 1, 1, 1, 1}),
            2e-06});
  check_op({"avg_pool",
            {{"window", Ints{1, 1}}, {"strides", Ints{2, 2}}, {"auto_pad", std::string("same")}},
            {floats({-1.75, 1.75,  0.25, -1.5,  2,     -1.25, 1,     -0.0, -1,   -0.5, -0.0,  -0.5, -1,
                     -0.25, -0.25, 0.75, -1.25, -1.75, 1.25,  -1.75, 0.5,  0.25, 2,    -1.25, 1.5},
                    {1, 5, 5, 1})},
            floats({-1.75, 0.25, 2, -0.0, -1, -0.25, 0.5, 2, 1.5}, {1, 3, 3, 1})});
}

TEST(op_avg_pool, explicit_padding_does_not_count) {
  check_op({"avg_pool",
            {{"window", Ints{2}},
             {"strides", Ints{2}},
             {"auto_pad", std::string("explicit")},
             {"padding", Ints{1, 1}}},
            {floats({1, -2, 3, 4}, {1, 4, 1})},
            floats({1, 0.5, 4}, {1, 3, 1})});
}

TEST(op_avg_pool, nan_spreads_to_its_windows) {
  check_op({"avg_pool",
            {{"window", Ints{2}}, {"strides", Ints{2}}},
            {floats({kNan, 1, 2, 3, 5, kNan}, {1, 6, 1})},
            floats({kNan, 2.5, kNan}, {1, 3, 1})});
}

TEST(op_avg_pool, empty_batches_give_empty_results) {
  check_op({"avg_pool", {{"window", Ints{2}}}, {floats({}, {0, 4, 2})}, floats({}, {0, 3, 2})});
}

TEST(op_avg_pool, larger_shapes_agree) {
  check_kernels("avg_pool",
                {{"window", Ints{3, 3}}, {"strides", Ints{2, 2}}, {"auto_pad", std::string("same")}},
                {random_floats({2, 17, 18, 35}, 1)});
  check_kernels("avg_pool", {{"window", Ints{2, 2}}, {"strides", Ints{2, 2}}},
                {random_floats({1, 12, 14, 64}, 2)});
}

TEST(op_avg_pool, what_does_not_fit_is_refused) {
  expect_rejected("avg_pool", {{"window", Ints{2}}}, {f32_of({4, 2})}, "(4, 2)");
  expect_rejected("avg_pool", {{"window", Ints{2, 2}}}, {f32_of({1, 4, 2})}, "window has 2 entries");
  expect_rejected("avg_pool", {{"window", Ints{0}}}, {f32_of({1, 4, 2})}, "window holds 0");
  expect_rejected("avg_pool", {{"window", Ints{5}}}, {f32_of({1, 4, 2})}, "does not fit");
  expect_rejected("avg_pool",
                  {{"window", Ints{2}}, {"auto_pad", std::string("explicit")}, {"padding", Ints{2, 0}}},
                  {f32_of({1, 4, 2})}, "padded by 2, it would hold no element");
  expect_rejected("avg_pool", {{"window", Ints{2}}, {"strides", Ints{-1}}}, {f32_of({1, 4, 2})},
                  "strides holds -1");
  expect_rejected("avg_pool", {{"window", Ints{2}}}, {i32_of({1, 4, 2})}, "floating-point");
}

TEST(op_avg_pool, unknown_sizes_stay) {
  EXPECT_EQ(infer_op("avg_pool",
                     {{"window", Ints{2, 2}}, {"strides", Ints{2, 2}}, {"auto_pad", std::string("same")}},
                     {f32_of({Shape::kUnknown, Shape::kUnknown, 5, 3})}),
            (f32_of({Shape::kUnknown, Shape::kUnknown, 3, 3})));
}

}  // namespace
}  // namespace cornu::test
