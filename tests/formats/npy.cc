#include "formats/npy.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "base/half.h"
#include "formats/npy_header.h"
#include "support/expect_error.h"

namespace cornu::formats {
namespace {

std::string file_of(const std::string& descr, std::vector<int64_t> shape, std::string_view data) {
  return make_npy_header(descr, shape).append(data);
}

Tensor read(const std::string& file) {
  const auto owner = std::make_shared<const std::string>(file);
  return read_npy({std::as_bytes(std::span(*owner)), owner, true}, "a.npy");
}

std::vector<std::string> texts(const Tensor& tensor) {
  const auto* values = reinterpret_cast<const std::string*>(tensor.data);
  return {values, values + tensor.shape.elements()};
}

std::string written(const Tensor& tensor) {
  std::string out;
  write_npy(tensor, [&](std::span<const std::byte> bytes) {
    out.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  });
  EXPECT_EQ(static_cast<int64_t>(out.size()), npy_size_bytes(tensor));
  return out;
}

TEST(Npy, plain_numbers_are_views_that_keep_the_file_alive) {
  const std::string file = file_of("<i2", {2}, std::string_view("\1\0\2\0", 4));
  const auto owner = std::make_shared<const std::string>(file);
  const Tensor tensor = read_npy({std::as_bytes(std::span(*owner)), owner, true}, "a.npy");
  EXPECT_EQ(tensor.data, reinterpret_cast<const std::byte*>(owner->data()) + file.size() - 4);
  EXPECT_TRUE(tensor.in_place);
  EXPECT_EQ(owner.use_count(), 2);
  EXPECT_EQ(to_ints(tensor), (std::vector<int64_t>{1, 2}));
}

TEST(Npy, big_endian_numbers_are_converted_into_a_copy) {
  const Tensor tensor = read(file_of(">i4", {2}, std::string_view("\0\0\0\1\xff\xff\xff\xfe", 8)));
  EXPECT_EQ(to_ints(tensor), (std::vector<int64_t>{1, -2}));
  EXPECT_FALSE(tensor.in_place);
}

TEST(Npy, booleans_other_than_0_and_1_become_1) {
  const Tensor tensor = read(file_of("|b1", {3}, std::string_view("\0\1\7", 3)));
  EXPECT_EQ(to_ints(tensor), (std::vector<int64_t>{0, 1, 1}));
}

TEST(Npy, trailing_nuls_are_no_part_of_strings_but_inner_ones_are) {
  EXPECT_EQ(texts(read(file_of("|S3", {3}, std::string_view("a\0\0a\0b\0\0\0", 9)))),
            (std::vector<std::string>{"a", std::string("a\0b", 3), ""}));
}

TEST(Npy, a_text_with_a_number_that_is_no_character_is_bad_file) {
  for (const std::string_view data : {std::string_view("\0\xd8\0\0", 4), std::string_view("\0\0\x11\0", 4)}) {
    test::expect_error(
        ErrorCode::bad_file, [&] { read(file_of("<U1", {1}, data)); }, "no character");
  }
}

TEST(Npy, less_data_than_the_shape_needs_is_bad_file) {
  for (const char* descr : {"<f4", ">f4", "|S4", "<U1"}) {
    test::expect_error(
        ErrorCode::bad_file, [&] { read(file_of(descr, {2}, "1234567")); }, "does not fit");
  }
  test::expect_error(
      ErrorCode::bad_file, [] { read(file_of("<f4", {int64_t{1} << 40}, "1234")); }, "(1099511627776,)");
  test::expect_error(
      ErrorCode::bad_file, [] { read(file_of("<c16", {int64_t{1} << 59}, "1234")); }, "overflows");
}

TEST(Npy, many_strings_of_no_bytes_are_bad_file) {
  EXPECT_EQ(texts(read(file_of("|S0", {2}, ""))), (std::vector<std::string>{"", ""}));
  test::expect_error(
      ErrorCode::bad_file, [] { read(file_of("|S0", {1000000000000}, "")); }, "does not fit");
  test::expect_error(
      ErrorCode::bad_file, [] { read(file_of("<U0", {1000000000000}, "")); }, "does not fit");
}

TEST(Npy, data_after_the_array_are_ignored_as_numpy_does) {
  EXPECT_EQ(to_ints(read(file_of("|u1", {1}, "\5more"))), std::vector<int64_t>{5});
}

TEST(Npy, types_that_are_no_numbers_or_text_are_unsupported) {
  test::expect_error(
      ErrorCode::unsupported, [] { read(file_of("|O", {1}, "\x80\4K\1.")); }, "pickle");
  for (const char* descr : {"<f16", "<i3", "|V2", "<c32", "|b2", "<M8"}) {
    test::expect_error(
        ErrorCode::unsupported, [&] { read(file_of(descr, {1}, std::string(64, '\0'))); }, "is not read");
  }
  test::expect_error(
      ErrorCode::unsupported, [] { read(file_of("<f4", std::vector<int64_t>(11, 1), "1234")); }, "11 axes");
}

TEST(Npy, what_is_written_is_read_again) {
  const Tensor floats = tensor_of(std::array{1.5F, -2.0F, 3.0F, 0.0F, 5.0F, 6.0F}, {2, 3});
  const Tensor again = read(written(floats));
  EXPECT_EQ(again.shape, floats.shape);
  EXPECT_EQ(to_doubles(again), to_doubles(floats));
  const Tensor strings = string_tensor({"", "abc", "größe"}, {3});
  EXPECT_EQ(texts(read(written(strings))), texts(strings));
  EXPECT_EQ(texts(read(written(string_tensor({""}, {})))), std::vector<std::string>{""});
  const Tensor none = tensor_of({}, {0, 4});
  EXPECT_EQ(read(written(none)).shape, none.shape);
  for (const DType dtype : {DType::int8, DType::uint64, DType::boolean, DType::float16, DType::float64}) {
    const Tensor number = read(written(scalar(1, dtype)));
    EXPECT_EQ(number.dtype, dtype);
    EXPECT_EQ(to_doubles(number), std::vector<double>{1});
  }
}

TEST(Npy, bfloat16_is_written_as_float32) {
  const Tensor again = read(written(scalar(-2.5, DType::bfloat16)));
  EXPECT_EQ(again.dtype, DType::float32);
  EXPECT_EQ(to_doubles(again), std::vector<double>{-2.5});
}

}  // namespace
}  // namespace cornu::formats
