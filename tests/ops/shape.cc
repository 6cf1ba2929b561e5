#include "support/op_cases.h"

namespace cornu::test {
namespace {

TEST(op_shape, gives_the_sizes) {
  check_op({"shape",
            {},
            {floats({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24},
                    {2, 3, 4})},
            ints({2, 3, 4}, {3}, DType::int64)});
  check_op({"shape", {{"dtype", DType::int32}}, {bools({1, 0, 1, 0, 0, 1}, {2, 3})}, ints({2, 3})});
  check_op({"shape", {}, {floats({1}, {})}, ints({}, {0}, DType::int64)});
}

TEST(op_shape, sizes_are_integers) {
  expect_rejected("shape", {{"dtype", DType::float32}}, {f32_of({2})}, "float32");
}

}  // namespace
}  // namespace cornu::test
