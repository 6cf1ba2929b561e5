#include "layers/operators.h"

#include <gtest/gtest.h>

#include <set>

#include "support/expect_error.h"
#include "support/layer_run.h"

namespace cornu::layers {
namespace {

TEST(operators, names_of_all_versions_become_one) {
  EXPECT_EQ(operator_name("LogicalAnd"), "logical_and");
  EXPECT_EQ(operator_name("math.reduce_mean"), "reduce_mean");
  EXPECT_EQ(operator_name("__operators__.add"), "add");
  EXPECT_EQ(operator_name("compat.v1.gather"), "gather");
  EXPECT_EQ(operator_name("RMSNorm"), "rms_norm");
  EXPECT_EQ(operator_name("BatchMatMulV2"), "batch_mat_mul_v2");
  EXPECT_EQ(operator_name("Log1p"), "log1p");
  EXPECT_EQ(operator_name("ReLU"), "re_lu");
  EXPECT_EQ(operator_name(""), "");
}

TEST(operators, no_name_stands_in_the_table_twice) {
  std::set<std::string_view> seen;
  for (const auto& family : operator_families()) {
    for (const Operator& entry : family) {
      EXPECT_NE(entry.lower, nullptr) << entry.names;
      std::string_view names = entry.names;
      while (!names.empty()) {
        const size_t end = std::min(names.find(' '), names.size());
        EXPECT_TRUE(seen.insert(names.substr(0, end)).second) << names.substr(0, end);
        EXPECT_EQ(find_operator(names.substr(0, end)), &entry);
        names.remove_prefix(std::min(end + 1, names.size()));
      }
    }
  }
  EXPECT_GT(seen.size(), 200U);
}

TEST(operators, unknown_functions_are_found_nowhere) {
  EXPECT_EQ(find_operator("math.no_such_function"), nullptr);
  EXPECT_EQ(find_operator(""), nullptr);
  EXPECT_EQ(find_operator("."), nullptr);
}

TEST(operators, rearrange_splits_moves_and_merges_axes) {
  const std::string layer =
      R"({"module": "keras.src.ops.einops", "class_name": "Rearrange", "config": {"name": "r"}})";
  const auto run = [&](const char* pattern) {
    return test::run_layer(layer, {test::floats({1, 2, 3, 4, 5, 6, 7, 8}, {1, 4, 2})}, {}, 3,
                           {{"pattern", pattern}, {"p", "2"}});
  };
  EXPECT_EQ(run(R"x("b (h p) c -> b p (h c)")x"),
            (std::vector<std::vector<double>>{{1, 2, 5, 6, 3, 4, 7, 8}}));
  for (const char* bad : {R"("b h c")", R"("b (h p c -> b h")", R"("b (h p) c -> b h c")", R"("b h -> b h")"})
    test::expect_error(
        ErrorCode::bad_config, [&] { run(bad); }, "pattern");
}

TEST(operators, l2_normalize_without_an_axis_takes_all_in_tensorflow_and_the_last_in_keras_3) {
  const std::vector<Tensor> x{test::floats({3, 0, 0, 4}, {2, 2})};
  const char* lambda =
      R"({"class_name": "TFOpLambda", "config": {"name": "n", "function": "math.l2_normalize"}})";
  const std::vector<double> all = test::run_layer(lambda, x, {}, 2, {}).at(0);
  EXPECT_NEAR(all.at(0), 0.6, 1e-6);
  EXPECT_NEAR(all.at(3), 0.8, 1e-6);
  const char* keras = R"({"module": "keras.src.ops.nn", "class_name": "Normalize", "config": {"name": "n"}})";
  EXPECT_NEAR(test::run_layer(keras, x, {}, 3, {}).at(0).at(3), 1.0, 1e-6);
}

}  // namespace
}  // namespace cornu::layers
