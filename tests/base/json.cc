#include "base/json.h"

#include <gtest/gtest.h>

#include <cmath>

#include "cornu/error.h"

namespace cornu {
namespace {

TEST(Json, pythons_special_numbers_are_numbers_but_not_inside_strings) {
  const Json json =
      Json::parse(R"({"a": NaN, "b": [-Infinity, Infinity, 1], "c": "NaN \" Infinity"})", "text");
  EXPECT_TRUE(std::isnan(json["a"].number()));
  EXPECT_EQ(json["b"].at(0).number(), -INFINITY);
  EXPECT_EQ(json["b"].at(1).number(), INFINITY);
  EXPECT_EQ(json["b"].at(2).integer(), 1);
  EXPECT_EQ(json["c"].string(), "NaN \" Infinity");
}

TEST(Json, the_last_of_repeated_keys_counts) {
  EXPECT_EQ(Json::parse(R"({"a": 1, "a": 2})", "text")["a"].integer(), 2);
}

TEST(Json, a_missing_member_is_missing_all_the_way_down) {
  const Json json = Json::parse("{}", "text");
  EXPECT_FALSE(json["a"]["b"].exists());
  EXPECT_EQ(json["a"].size(), 0U);
}

TEST(Json, a_wrong_type_is_bad_config_and_names_both) {
  try {
    Json::parse(R"({"units": "ten"})", "text")["units"].integer();
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::bad_config);
    EXPECT_STREQ(error.what(), "expected an integer, received \"ten\" (a string)");
  }
}

TEST(Json, broken_text_and_deep_nesting_are_bad_config) {
  for (const std::string& text : {std::string("{"), std::string(), std::string(100000, '[')}) {
    try {
      Json::parse(text, "here");
      FAIL() << text.substr(0, 10);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::bad_config);
      EXPECT_EQ(error.where(), "here");
    }
  }
}

}  // namespace
}  // namespace cornu
