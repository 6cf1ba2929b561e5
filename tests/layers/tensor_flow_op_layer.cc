#include <gtest/gtest.h>

#include "support/expect_error.h"
#include "support/layer_run.h"

namespace cornu {
namespace {

std::vector<double> node(const std::string& op, const std::string& attr, const std::string& constants) {
  return test::run_layer(
      R"({"class_name": "TensorFlowOpLayer", "config": {"name": "n", "node_def": {"name": "n", "op": ")" +
          op + R"(", "input": ["a", "b"], "attr": )" + attr + R"(}, "constants": )" + constants + "}}",
      {test::floats({1, 2, 3, 4}, {2, 2})}, {}, 2)[0];
}

TEST(TensorFlowOpLayer, constants_take_their_places_among_the_inputs) {
  EXPECT_EQ(node("Sub", R"({"T": {"type": "DT_FLOAT"}})", R"({"1": 1.0})"),
            (std::vector<double>{0, 1, 2, 3}));
  EXPECT_EQ(node("Sub", R"({"T": {"type": "DT_FLOAT"}})", R"({"0": 1.0})"),
            (std::vector<double>{0, -1, -2, -3}));
}

TEST(TensorFlowOpLayer, attributes_reach_the_op) {
  EXPECT_EQ(node("Sum", R"({"keep_dims": {"b": true}})", R"({"1": 1})"), (std::vector<double>{3, 7}));
}

TEST(TensorFlowOpLayer, an_unknown_op_is_unsupported_and_named) {
  test::expect_error(
      ErrorCode::unsupported, [] { node("PyFunc", "{}", "{}"); }, "PyFunc");
}

}  // namespace
}  // namespace cornu
