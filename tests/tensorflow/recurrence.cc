// Loops of Keras's recurrent layers become the ops that compute them; that the answers stay the same, the Python tests check on
// the same file.
#include "tensorflow/recurrence.h"

#include <gtest/gtest.h>

#include "cornu/model.h"
#include "support/dynamic_run.h"
#include "support/test_data.h"

namespace cornu::tensorflow {
namespace {

TEST(Recurrence, loops_of_keras_2_are_planned_as_recurrent_ops) {
  const std::string text =
      Model::load(test::data_folder() / "golden" / "saved_model" / "recurrent").explain();
  EXPECT_EQ(text.find("while_loop"), text.npos);
  EXPECT_NE(text.find("lstm("), text.npos);
  EXPECT_NE(text.find("gru("), text.npos);
  EXPECT_NE(text.find("arena"), text.npos) << "there is no plan";
}

TEST(Recurrence, other_loops_stay) {
  ir::Graph condition;
  const ir::Value x = condition.add_input("x", DType::float32, {1, 2});
  condition.add_output(
      "", test::add(condition, "reduce_any", {test::add(condition, "cast", {x}, {{"dtype", DType::boolean}})},
                    {{"axes", Ints{0, 1}}, {"keepdims", false}}));
  ir::Graph step;
  step.add_output("", test::add(step, "neg", {step.add_input("x", DType::float32, {1, 2})}));
  ir::Graph graph;
  OpBuilder g(graph, constant_folder());
  const std::vector<Value> variables{graph.add_input("x", DType::float32, {1, 2})};
  const std::vector<Value> captured;
  EXPECT_FALSE(fuse_recurrence(g, {condition, step, variables, captured}));
}

}  // namespace
}  // namespace cornu::tensorflow
