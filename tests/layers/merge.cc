#include <gtest/gtest.h>

#include <cmath>

#include "support/expect_error.h"
#include "support/layer_run.h"

namespace cornu {
namespace {

std::vector<double> merged(const std::string& mode, const std::string& more = "") {
  return test::run_layer(
      R"({"class_name": "Merge", "config": {"name": "m", "mode": ")" + mode + "\"" + more + "}}",
      {test::floats({1, 2}, {1, 2}), test::floats({3, -4}, {1, 2})})[0];
}

TEST(Merge, each_mode_is_its_formula) {
  using List = std::vector<double>;
  EXPECT_EQ(merged("sum"), (List{4, -2}));
  EXPECT_EQ(merged("mul"), (List{3, -8}));
  EXPECT_EQ(merged("ave"), (List{2, -1}));
  EXPECT_EQ(merged("max"), (List{3, 2}));
  EXPECT_EQ(merged("min"), (List{1, -4}));
  EXPECT_EQ(merged("concat", R"(, "concat_axis": 1)"), (List{1, 2, 3, -4}));
  EXPECT_EQ(merged("dot", R"(, "dot_axes": 1)"), (List{-5}));
  EXPECT_NEAR(merged("cos", R"(, "dot_axes": [[1], [1]])")[0], -5 / std::sqrt(5.0 * 25.0), 1e-6);
}

TEST(Merge, unknown_modes_and_python_functions_are_refused) {
  test::expect_error(
      ErrorCode::bad_config, [] { merged("median"); }, "mode");
  test::expect_error(
      ErrorCode::unsupported, [] { merged("f", R"(, "mode_type": "lambda")"); }, "Python function");
}

}  // namespace
}  // namespace cornu
