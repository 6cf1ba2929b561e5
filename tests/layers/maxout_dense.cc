#include <gtest/gtest.h>

#include "support/layer_run.h"

namespace cornu {
namespace {

TEST(MaxoutDense, takes_the_largest_feature) {
  const auto y = test::run_layer(
      R"({"class_name": "MaxoutDense", "config": {"name": "m", "output_dim": 1, "nb_feature": 2}})",
      {test::floats({1, 2, -3, 1}, {2, 2})},
      {{"W", test::floats({1, 1, -1, 2}, {2, 2, 1})}, {"b", test::floats({0.5, -1}, {2, 1})}});
  // Row (1, 2): 3.5 and 2; row (-3, 1): -1.5 and 4.
  EXPECT_EQ(y[0], (std::vector<double>{3.5, 4}));
}

}  // namespace
}  // namespace cornu
