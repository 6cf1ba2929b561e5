#include "tensor/tensor.h"

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <memory>
#include <string>

#include "support/expect_error.h"

namespace cornu {
namespace {

constexpr DType kNumbers[] = {DType::float32, DType::float64, DType::float16, DType::bfloat16, DType::int8,
                              DType::int16,   DType::int32,   DType::int64,   DType::uint8,    DType::uint16,
                              DType::uint32,  DType::uint64,  DType::boolean};

TEST(Tensor, a_new_one_is_zeroed_and_filled_through_its_pointer) {
  const NewTensor fresh = new_tensor(DType::int32, {2, 2});
  EXPECT_EQ(to_ints(fresh.tensor), (std::vector<int64_t>{0, 0, 0, 0}));
  fresh.data[4] = std::byte{9};
  EXPECT_EQ(to_ints(fresh.tensor), (std::vector<int64_t>{0, 9, 0, 0}));
  EXPECT_EQ(fresh.tensor.size_bytes(), 16);
  EXPECT_TRUE(fresh.tensor.valid());
}

TEST(Tensor, one_without_elements_is_valid_without_bytes) {
  EXPECT_TRUE(new_tensor(DType::float32, {0, 3}).tensor.valid());
  EXPECT_TRUE((Tensor{DType::float32, {0}, nullptr, nullptr, false}).valid());
  EXPECT_FALSE((Tensor{DType::float32, {1}, nullptr, nullptr, false}).valid());
  EXPECT_TRUE(to_doubles(tensor_of({}, {0})).empty());
}

TEST(Tensor, a_copy_shares_the_bytes_and_keeps_them_alive) {
  Tensor copy;
  {
    const Tensor tensor = tensor_of(std::array{1.0F, 2.0F}, {2});
    copy = tensor;
    EXPECT_EQ(copy.data, tensor.data);
  }
  EXPECT_EQ(to_doubles(copy), (std::vector<double>{1, 2}));
}

TEST(Tensor, every_numeric_type_holds_one) {
  for (const DType dtype : kNumbers) {
    EXPECT_EQ(to_doubles(scalar(1, dtype)), std::vector<double>{1}) << dtype_name(dtype);
    EXPECT_EQ(to_ints(scalar(1, dtype)), std::vector<int64_t>{1}) << dtype_name(dtype);
    EXPECT_EQ(scalar(1, dtype).shape, Shape{});
  }
}

TEST(Tensor, int64_numbers_are_exact_where_double_is_not) {
  const int64_t large = (int64_t{1} << 53) + 1;
  EXPECT_EQ(to_ints(tensor_of_ints(std::array{large, -large}, {2})), (std::vector<int64_t>{large, -large}));
}

TEST(Tensor, integers_may_be_stored_as_other_types) {
  EXPECT_EQ(to_ints(tensor_of_ints(std::array<int64_t, 2>{-3, 7}, {2}, DType::int8)),
            (std::vector<int64_t>{-3, 7}));
  EXPECT_EQ(to_doubles(tensor_of_ints(std::array<int64_t, 1>{5}, {1}, DType::bfloat16)),
            std::vector<double>{5});
}

TEST(Tensor, bytes_may_lie_at_any_address) {
  const auto bytes = std::make_shared<std::array<std::byte, 9>>();
  const float one = 1;
  std::memcpy(bytes->data() + 1, &one, sizeof one);
  const Tensor tensor{DType::float32, {2}, bytes->data() + 1, bytes, false};
  EXPECT_EQ(to_doubles(tensor), (std::vector<double>{1, 0}));
}

TEST(Tensor, strings_are_shared_objects) {
  const Tensor tensor = string_tensor({"a", "long enough not to be stored inside of the object"}, {2});
  const Tensor copy = tensor;
  const auto* values = reinterpret_cast<const std::string*>(copy.data);
  EXPECT_EQ(values[0], "a");
  EXPECT_EQ(values[1].size(), 49U);
}

TEST(Tensor, strings_have_no_numbers) {
  test::expect_error(
      ErrorCode::bad_shape, [] { to_doubles(string_tensor({"1"}, {1})); }, "string");
  test::expect_error(
      ErrorCode::bad_shape, [] { scalar(1, DType::complex64); }, "complex64");
}

TEST(CastTensor, converts_between_types_and_shares_when_there_is_nothing_to_do) {
  const Tensor floats = tensor_of(std::array{1.75F, -2.0F}, {2});
  EXPECT_EQ(cast_tensor(floats, DType::float32).data, floats.data);
  const Tensor ints = cast_tensor(floats, DType::int32);
  EXPECT_EQ(ints.dtype, DType::int32);
  EXPECT_EQ(to_ints(ints), (std::vector<int64_t>{1, -2}));
  EXPECT_EQ(to_ints(cast_tensor(floats, DType::boolean)), (std::vector<int64_t>{1, 1}));
}

}  // namespace
}  // namespace cornu
