#include "support/op_cases.h"

namespace cornu::test {
namespace {

// Numbers of tf.strings.to_hash_bucket_fast, TensorFlow 2.21.
TEST(op_hash_bucket, integers_count_as_their_digits) {
  check_op({"hash_bucket",
            {{"buckets", int64_t{1000}}},
            {ints({0, -7, 12345}, {3}, DType::int64)},
            ints({735, 62, 728}, {3}, DType::int64)});
  check_op({"hash_bucket", {{"buckets", int64_t{1}}}, {ints({5, 6})}, ints({0, 0}, {2}, DType::int64)});
}

TEST(op_hash_bucket, floats_and_negative_counts_are_rejected) {
  expect_rejected("hash_bucket", {{"buckets", int64_t{7}}}, {f32_of({3})}, "integers");
  expect_rejected("hash_bucket", {{"buckets", int64_t{-1}}}, {i32_of({3})}, "count");
}

}  // namespace
}  // namespace cornu::test
