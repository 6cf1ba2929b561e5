#include "support/op_cases.h"

namespace cornu::test {
namespace {

TEST(op_index_lookup, gives_the_position_or_minus_one) {
  check_op({"index_lookup",
            {},
            {ints({5, 7, 9, 5}, {2, 2}, DType::int64), ints({9, 5}, {2}, DType::int64)},
            ints({1, -1, 0, 1}, {2, 2}, DType::int64)});
}

TEST(op_index_lookup, of_equal_keys_the_first_counts) {
  check_op({"index_lookup",
            {},
            {ints({4}, {1}, DType::int64), ints({3, 4, 4}, {3}, DType::int64)},
            ints({1}, {1}, DType::int64)});
}

TEST(op_index_lookup, without_keys_nothing_is_found) {
  check_op({"index_lookup",
            {},
            {ints({4}, {1}, DType::int64), ints({}, {0}, DType::int64)},
            ints({-1}, {1}, DType::int64)});
}

TEST(op_index_lookup, keys_of_another_type_or_rank_are_rejected) {
  expect_rejected("index_lookup", {}, {{DType::int64, {3}}, i32_of({2})}, "row of keys");
  expect_rejected("index_lookup", {}, {{DType::int64, {3}}, {DType::int64, {2, 2}}}, "row of keys");
}

}  // namespace
}  // namespace cornu::test
