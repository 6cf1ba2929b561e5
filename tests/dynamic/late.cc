#include "dynamic/late.h"

#include "support/dynamic_run.h"

namespace cornu::dynamic {
namespace {

class Rows final : public LateObject {
 public:
  std::vector<Tensor> compute(Call& call) const override {
    return {scalar(static_cast<double>(call.in[0].shape[0]))};
  }
};

TEST(late, hands_concrete_inputs_to_its_object) {
  ir::Graph graph;
  const ir::Value x = graph.add_input("x", kUntyped, {});
  const ir::Value rows = graph.add_constant(variant_tensor({std::make_shared<Rows>()}));
  graph.add_output("y", test::add_dynamic(graph, "late", {rows, x}, 1)[0]);
  EXPECT_EQ(to_doubles(test::run_dynamic(graph, {new_tensor(DType::float32, {7, 2}).tensor})[0])[0], 7);
}

}  // namespace
}  // namespace cornu::dynamic
