#include "layers/operators.h"

#include <gtest/gtest.h>

#include <set>

namespace cornu::layers {
namespace {

constexpr std::span<const Operator> (*kFamilies[])() = {
    math_operators,  reduction_operators, shape_operators, creation_operators,
    index_operators, nn_operators,        linalg_operators};

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
  for (const auto family : kFamilies) {
    for (const Operator& entry : family()) {
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

}  // namespace
}  // namespace cornu::layers
