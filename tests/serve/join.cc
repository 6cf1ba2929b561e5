#include "serve/join.h"

#include <gtest/gtest.h>

#include <numeric>
#include <string>

#include "support/expect_error.h"

namespace cornu::serve {
namespace {

TEST(Join, pieces_of_numbers_and_strings_become_one_array_each) {
  std::vector<float> numbers(10);
  std::iota(numbers.begin(), numbers.end(), 0.0F);
  const std::vector<std::string> texts = {"a", "b", "c", "d", "e"};
  Join join(5);
  for (const auto& [begin, rows] : {std::pair{0, 2}, {2, 2}, {4, 1}}) {
    EXPECT_EQ(join.rows(), begin);
    join.add({Array::view(DType::float32, {rows, 2}, numbers.data() + begin * 2),
              Array::view(DType::string, {rows}, texts.data() + begin)},
             rows);
  }
  const std::vector<Array> all = join.take();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].shape, (std::vector<int64_t>{5, 2}));
  const auto* floats = reinterpret_cast<const float*>(all[0].data);
  EXPECT_EQ(std::vector<float>(floats, floats + 10), numbers);
  EXPECT_EQ(all[1].shape, (std::vector<int64_t>{5}));
  const auto* strings = reinterpret_cast<const std::string*>(all[1].data);
  EXPECT_EQ(std::vector<std::string>(strings, strings + 5), texts);
}

TEST(Join, an_output_without_the_rows_is_bad_shape) {
  const std::vector<float> numbers(10);
  Join join(4);
  test::expect_error(
      ErrorCode::bad_shape, [&] { join.add({Array::view(DType::float32, {}, numbers.data())}, 2); },
      "for 2 rows");
}

TEST(Join, pieces_of_other_sizes_are_bad_shape) {
  const std::vector<float> numbers(10);
  Join join(4);
  join.add({Array::view(DType::float32, {2, 3}, numbers.data())}, 2);
  test::expect_error(
      ErrorCode::bad_shape,
      [&] {
        join.add({Array::view(DType::float32, {2, 4}, numbers.data())}, 2);
      },
      "for some rows");
}

}  // namespace
}  // namespace cornu::serve
