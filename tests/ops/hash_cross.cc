#include "support/op_cases.h"

namespace cornu::test {
namespace {

// Numbers of tf.sparse.cross_hashed, TensorFlow 2.21.
TEST(op_hash_cross, is_the_hash_of_tensorflow) {
  check_op({"hash_cross",
            {{"buckets", int64_t{1000}}},
            {ints({1, 2, -3}, {3}, DType::int64), ints({4, 5, 6}, {3}, DType::int64)},
            ints({725, 438, 156}, {3}, DType::int64)});
}

TEST(op_hash_cross, shapes_that_differ_are_rejected) {
  expect_rejected("hash_cross", {{"buckets", int64_t{9}}}, {{DType::int64, {3}}, {DType::int64, {4}}},
                  "one shape");
  expect_rejected("hash_cross", {{"buckets", int64_t{9}}}, {f32_of({3}), f32_of({3})}, "int64");
}

}  // namespace
}  // namespace cornu::test
