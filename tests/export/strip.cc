#include "export/strip.h"

#include <gtest/gtest.h>

#include "support/expect_error.h"

namespace cornu::exporting {
namespace {

TEST(Strip, the_training_configuration_goes_and_nothing_else) {
  formats::ModelFile file;
  file.config = R"({"class_name":"Sequential","config":{"name":"m"},"compile_config":{"loss":"mse"}})";
  file.training_config = R"({"loss":"mse"})";
  StripTally tally;
  strip_training(file, tally);
  EXPECT_EQ(file.config, R"({"class_name":"Sequential","config":{"name":"m"}})");
  EXPECT_TRUE(file.training_config.empty());
  EXPECT_EQ(tally.bytes["training"], 14 + 32);
}

TEST(Strip, a_config_without_one_stays_as_it_is_byte_for_byte) {
  formats::ModelFile file;
  file.config = R"({"class_name" : "Sequential" , "config": {"name": "m"}})";
  const std::string before = file.config;
  StripTally tally;
  strip_training(file, tally);
  EXPECT_EQ(tally.bytes["training"], 0);
  EXPECT_EQ(file.config, before);
}

TEST(Strip, a_config_that_is_no_json_is_bad_config) {
  formats::ModelFile file;
  file.config = "{";
  StripTally tally;
  test::expect_error(ErrorCode::bad_config, [&] { strip_training(file, tally); });
}

}  // namespace
}  // namespace cornu::exporting
