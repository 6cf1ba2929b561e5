#include <cmath>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

TEST(op_searchsorted, counts_the_elements_before) {
  check_op({"searchsorted", {}, {floats({1, 2, 2, 3}), floats({0, 1, 2, 2.5, 4})}, ints({0, 0, 1, 3, 4})});
  check_op({"searchsorted",
            {{"right", true}},
            {floats({1, 2, 2, 3}), floats({0, 1, 2, 2.5, 4})},
            ints({0, 1, 3, 3, 4})});
}

TEST(op_searchsorted, every_row_of_x_has_a_sorted_row) {
  check_op({"searchsorted",
            {{"dtype", DType::int64}},
            {ints({1, 5, 7, 2, 3, 4}, {2, 3}), ints({5, 6, 5, 0}, {2, 2})},
            ints({1, 2, 3, 0}, {2, 2}, DType::int64)});
}

TEST(op_searchsorted, an_empty_row_has_nothing_before) {
  check_op({"searchsorted", {}, {floats({}, {0}), floats({1, 2})}, ints({0, 0})});
}

TEST(op_searchsorted, nan_lies_behind_everything) {
  check_op({"searchsorted", {}, {floats({1, 2}), floats({NAN})}, ints({2})});
  check_op({"searchsorted", {{"right", true}}, {floats({1, 2}), floats({NAN})}, ints({2})});
}

TEST(op_searchsorted, rows_that_do_not_fit_are_rejected) {
  expect_rejected("searchsorted", {}, {f32_of({2, 3}), f32_of({3, 3})}, "sorted row");
  expect_rejected("searchsorted", {}, {f32_of({3}), i32_of({3})}, "one type");
}

}  // namespace
}  // namespace cornu::test
