#include "cornu/error.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "base/fail.h"

namespace cornu {
namespace {

TEST(Error, what_is_the_place_then_the_message) {
  const Error error(ErrorCode::bad_file, "is cut", "a.h5");
  EXPECT_STREQ(error.what(), "a.h5: is cut");
  EXPECT_EQ(error.message(), "is cut");
  EXPECT_EQ(error.where(), "a.h5");
  EXPECT_EQ(error.code(), ErrorCode::bad_file);
  EXPECT_STREQ(Error(ErrorCode::io, "no place").what(), "no place");
}

TEST(Error, an_outer_place_goes_in_front) {
  EXPECT_STREQ(Error(ErrorCode::io, "m", "inner").within("outer").what(), "outer: inner: m");
  EXPECT_STREQ(Error(ErrorCode::io, "m").within("outer").what(), "outer: m");
  EXPECT_EQ(Error(ErrorCode::bad_shape, "m").within("outer").code(), ErrorCode::bad_shape);
}

TEST(Error, codes_are_exit_statuses_that_never_change) {
  EXPECT_EQ(static_cast<int>(ErrorCode::not_found), 2);
  EXPECT_EQ(static_cast<int>(ErrorCode::bad_file), 3);
  EXPECT_EQ(static_cast<int>(ErrorCode::bad_config), 4);
  EXPECT_EQ(static_cast<int>(ErrorCode::bad_shape), 5);
  EXPECT_EQ(static_cast<int>(ErrorCode::unsupported), 6);
  EXPECT_EQ(static_cast<int>(ErrorCode::io), 7);
  EXPECT_EQ(static_cast<int>(ErrorCode::out_of_memory), 8);
  EXPECT_EQ(static_cast<int>(ErrorCode::bad_argument), 9);
  EXPECT_EQ(static_cast<int>(ErrorCode::internal), 10);
}

TEST(Error, every_code_has_a_name_of_its_own) {
  std::set<std::string> names;
  for (int code = 2; code <= 10; ++code) names.insert(error_code_name(static_cast<ErrorCode>(code)));
  EXPECT_EQ(names.size(), 9U);
  EXPECT_EQ(names.count("out_of_memory"), 1U);
}

TEST(Error, fail_formats_its_message_and_keeps_braces_of_the_place) {
  try {
    fail(ErrorCode::bad_config, "layer {x}", "units is {}, at least {} would do", -1, 1);
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "layer {x}: units is -1, at least 1 would do");
  }
}

}  // namespace
}  // namespace cornu
