#include "cornu/dtype.h"

#include <gtest/gtest.h>

#include <string>

namespace cornu {
namespace {

constexpr DType kLast = DType::string;

TEST(DType, every_name_leads_back_to_its_type) {
  for (int i = 0; i <= static_cast<int>(kLast); ++i) {
    const auto dtype = static_cast<DType>(i);
    EXPECT_EQ(dtype_from_name(dtype_name(dtype)), dtype) << dtype_name(dtype);
    EXPECT_GT(dtype_size(dtype), 0);
  }
}

TEST(DType, sizes_and_names_are_numpys) {
  EXPECT_EQ(dtype_name(DType::boolean), "bool");
  EXPECT_EQ(dtype_size(DType::boolean), 1);
  EXPECT_EQ(dtype_size(DType::bfloat16), 2);
  EXPECT_EQ(dtype_size(DType::complex128), 16);
  EXPECT_EQ(dtype_size(DType::string), static_cast<int64_t>(sizeof(std::string)));
}

TEST(DType, other_spellings_are_known_and_unknown_names_are_nothing) {
  EXPECT_EQ(dtype_from_name("half"), DType::float16);
  EXPECT_EQ(dtype_from_name("double"), DType::float64);
  for (const char* name : {"", "<f4", "FLOAT32", "float320", "resource"})
    EXPECT_FALSE(dtype_from_name(name)) << name;
}

TEST(DType, kinds_are_told_apart) {
  EXPECT_TRUE(dtype_is_floating(DType::bfloat16));
  EXPECT_FALSE(dtype_is_floating(DType::int8));
  EXPECT_FALSE(dtype_is_floating(DType::complex64));
  EXPECT_TRUE(dtype_is_integer(DType::uint64));
  EXPECT_FALSE(dtype_is_integer(DType::boolean));
  EXPECT_FALSE(dtype_is_integer(DType::float16));
}

}  // namespace
}  // namespace cornu
