#include "export/json_tree.h"

#include <gtest/gtest.h>

#include "support/expect_error.h"

namespace cornu::exporting {
namespace {

TEST(JsonTree, a_config_comes_back_as_it_was) {
  const char* text = R"({"b":[1,2.5,-3,1e-07,true,null,"\u00e9"],"a":{"c":{}}})";
  EXPECT_EQ(to_text(to_tree(Json::parse(text, "t"))), text);
}

TEST(JsonTree, whole_numbers_with_a_fraction_stay_numbers_with_a_fraction) {
  EXPECT_EQ(to_text(to_tree(Json::parse("[1.0, 1]", "t"))), "[1.0,1]");
}

TEST(JsonTree, numbers_that_json_lacks_are_unsupported) {
  test::expect_error(
      ErrorCode::unsupported, [] { to_tree(Json::parse("[NaN]", "t")); }, "JSON cannot express");
}

}  // namespace
}  // namespace cornu::exporting
