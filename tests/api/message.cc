#include "api/message.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <utility>

#include "support/expect_error.h"

namespace cornu {
namespace {

std::vector<std::byte> written(const std::vector<Array>& arrays) {
  std::vector<std::byte> bytes(message_bytes(arrays));
  write_message(arrays, bytes.data());
  return bytes;
}

TEST(Message, arrays_of_every_kind_come_back) {
  const std::vector<float> numbers = {1.5F, -2, 3, 4, 5, 6};
  const std::vector<int8_t> small = {1, 2, 3};
  const std::vector<std::string> texts = {"", "ab", std::string("a\0b", 3), "ü"};
  const std::vector<Array> arrays = {Array::view(DType::float32, {2, 3}, numbers.data()),
                                     Array::view(DType::int8, {3}, small.data()),
                                     Array::view(DType::string, {2, 2}, texts.data()),
                                     Array::view(DType::float64, {0, 5}, static_cast<double*>(nullptr)),
                                     Array::view(DType::float32, {}, numbers.data())};
  const std::vector<std::byte> bytes = written(arrays);
  const std::vector<Array> again = read_message(bytes);
  ASSERT_EQ(again.size(), arrays.size());
  for (size_t i = 0; i < arrays.size(); ++i) {
    EXPECT_EQ(again[i].dtype, arrays[i].dtype);
    EXPECT_EQ(again[i].shape, arrays[i].shape);
    if (arrays[i].dtype == DType::string || arrays[i].size() == 0) continue;
    EXPECT_EQ(std::memcmp(again[i].data, arrays[i].data, static_cast<size_t>(arrays[i].size_bytes())), 0);
    EXPECT_EQ((again[i].data - bytes.data()) % kMessageAlignment, 0);
  }
  const auto* strings = reinterpret_cast<const std::string*>(again[2].data);
  EXPECT_EQ(std::vector<std::string>(strings, strings + 4), texts);
  EXPECT_EQ(read_message(written({})).size(), 0U);
}

TEST(Message, a_cut_or_changed_message_is_internal_and_never_read_past_its_end) {
  const std::vector<float> numbers(7, 1);
  const std::vector<std::string> texts = {"one", "two"};
  const std::vector<std::byte> bytes = written(
      {Array::view(DType::float32, {7}, numbers.data()), Array::view(DType::string, {2}, texts.data())});
  const auto read_exact = [](std::vector<std::byte> part) {
    std::vector<std::byte> exact(part.begin(), part.end());  // so that a sanitizer sees a read past the end
    exact.shrink_to_fit();
    for (const Array& array : read_message(exact)) (void)own_copy(array);
  };
  for (size_t size = 0; size < bytes.size() - kMessageAlignment; ++size) {
    test::expect_error(ErrorCode::internal, [&] { read_exact({bytes.begin(), bytes.begin() + size}); });
  }
  for (size_t at = 0; at < bytes.size(); ++at) {
    for (const int value : {0x01, 0x80, 0xff}) {
      auto changed = bytes;
      changed[at] ^= static_cast<std::byte>(value);
      try {
        read_exact(std::move(changed));
      } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::internal);
      }
    }
  }
}

TEST(Message, errors_come_back_and_long_ones_are_cut) {
  std::vector<std::byte> memory(200);
  const Error error(ErrorCode::bad_shape, "the input has shape (3)", "image");
  const Error again = read_error(std::span(memory).first(write_error(error, memory)));
  EXPECT_STREQ(again.what(), error.what());
  EXPECT_EQ(again.code(), error.code());
  EXPECT_EQ(again.where(), "image");
  const Error large(ErrorCode::io, std::string(1000, 'm'), std::string(1000, 'w'));
  const Error cut = read_error(std::span(memory).first(write_error(large, memory)));
  EXPECT_EQ(cut.where().size() + cut.message().size(), memory.size() - 16);
  EXPECT_GT(cut.message().size(), 50U);
}

TEST(Message, an_own_copy_outlives_its_source) {
  Array copy;
  {
    const std::vector<float> numbers = {1, 2, 3};
    copy = own_copy(Array::view(DType::float32, {3}, numbers.data()));
  }
  EXPECT_EQ(reinterpret_cast<const float*>(copy.data)[2], 3);
  EXPECT_NE(copy.owner, nullptr);
}

}  // namespace
}  // namespace cornu
