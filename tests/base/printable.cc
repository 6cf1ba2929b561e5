#include "base/printable.h"

#include <gtest/gtest.h>

namespace cornu {
namespace {

TEST(Printable, plain_text_and_letters_of_all_languages_stay) {
  EXPECT_EQ(printable("conv1/kernel:0"), "conv1/kernel:0");
  EXPECT_EQ(printable("größe \u5c42 \U0001f600"), "größe \u5c42 \U0001f600");
  EXPECT_EQ(printable(""), "");
}

TEST(Printable, controls_and_separators_are_escaped) {
  EXPECT_EQ(printable("a\nb\x1b[31m\x7f"), "a\\x0ab\\x1b[31m\\x7f");
  EXPECT_EQ(printable(std::string_view("\0x", 2)), "\\x00x");
  EXPECT_EQ(printable("\u009b\u2028"), "\\xc2\\x9b\\xe2\\x80\\xa8");
  EXPECT_EQ(printable("a\\x00"), "a\\\\x00") << "an escape cannot be forged";
}

TEST(Printable, bytes_that_are_no_utf8_are_escaped) {
  EXPECT_EQ(printable("\xff\xc3"), "\\xff\\xc3");
  EXPECT_EQ(printable("\xc0\x80"), "\\xc0\\x80") << "overlong";
  EXPECT_EQ(printable("\xed\xa0\x80"), "\\xed\\xa0\\x80") << "surrogate";
  EXPECT_EQ(printable("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80") << "above U+10FFFF";
  EXPECT_EQ(printable("\xe5\xb1"), "\\xe5\\xb1") << "cut";
}

TEST(Printable, long_text_is_cut_between_characters) {
  EXPECT_EQ(printable("abcdef", 6), "abcdef");
  EXPECT_EQ(printable("abcdefg", 6), "abcdef...");
  EXPECT_EQ(printable("abc\u5c42\u5c42", 7), "abc\u5c42...");
}

}  // namespace
}  // namespace cornu
