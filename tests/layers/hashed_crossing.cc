#include <gtest/gtest.h>

#include "support/expect_error.h"
#include "support/layer_run.h"

namespace cornu {
namespace {

using Numbers = std::vector<std::vector<double>>;

Tensor column(const Ints& values) {
  return tensor_of_ints(values, {static_cast<int64_t>(values.size()), 1});
}

std::string crossing(const std::string& rest) {
  return R"({"class_name": "HashedCrossing", "config": {"name": "cross", )" + rest + "}}";
}

// Numbers of tf.sparse.cross_hashed, TensorFlow 2.21.
TEST(HashedCrossing, bins_are_those_of_tensorflow) {
  EXPECT_EQ(test::run_layer(crossing(R"("num_bins": 1000)"), {column({1, 2, -3}), column({4, 5, 6})}, {}, 3),
            (Numbers{{725, 438, 156}}));
}

TEST(HashedCrossing, one_hot_codes_have_a_one_at_the_bin) {
  const Numbers codes = test::run_layer(crossing(R"("num_bins": 1000, "output_mode": "one_hot")"),
                                        {column({1}), column({4})}, {}, 3);
  ASSERT_EQ(codes.at(0).size(), 1000U);
  EXPECT_EQ(codes[0][725], 1);
}

TEST(HashedCrossing, hostile_settings_are_refused) {
  const auto run = [](const std::string& rest) {
    return [rest] { test::run_layer(crossing(rest), {column({1}), column({4})}, {}, 3); };
  };
  test::expect_error(ErrorCode::bad_config, run(R"("num_bins": 0)"), "num_bins");
  test::expect_error(ErrorCode::bad_config, run(R"("num_bins": 9, "output_mode": "count")"), "output_mode");
  test::expect_error(ErrorCode::unsupported, run(R"("num_bins": 9, "sparse": true)"), "sparse");
}

}  // namespace
}  // namespace cornu
