#include "passes/pass.h"
#include "support/graph_run.h"

namespace cornu::passes {
extern const PassDef pass_lower_einsum;
extern const PassDef pass_dead_code;
namespace {

using test::ramp;

void lower(ir::Graph& graph) {
  pass_lower_einsum.run(graph);
  pass_dead_code.run(graph);
}

ir::Graph lowered(const std::string& equation, const Shape& a, const Shape& b, bool unknown_batch = true) {
  ir::Graph graph;
  ir::GraphBuilder g(graph);
  const ir::Value x = graph.add_input("x", DType::float32, unknown_batch ? a.with(0, Shape::kUnknown) : a);
  const ir::Value y = graph.add_input("y", DType::float32, b);
  graph.add_output("z", g.op("einsum", {x, y}, {{"equation", equation}}));
  SCOPED_TRACE(equation);
  return test::expect_equal_answers(graph, lower, {ramp(a), ramp(b, 0.125F)});
}

TEST(LowerEinsum, a_matrix_product_needs_nothing_else) {
  for (const char* equation : {"ab,bc->ac", "ab,cb->ac"}) {
    const bool turned = std::string(equation) == "ab,cb->ac";
    EXPECT_EQ(lowered(equation, {2, 3}, turned ? Shape{5, 3} : Shape{3, 5}).nodes().size(), 1U);
  }
  EXPECT_EQ(lowered("abc,abd->acd", {2, 3, 4}, {2, 3, 5}).nodes().size(), 1U);
}

TEST(LowerEinsum, the_factors_change_places_where_that_saves_a_transpose) {
  const ir::Graph after = lowered("ab,cb->ca", {2, 3}, {5, 3});
  EXPECT_EQ(test::count_ops(after, "transpose"), 0);
  EXPECT_EQ(after.nodes().size(), 1U);
}

TEST(LowerEinsum, the_equations_of_dense_and_attention_layers_become_products) {
  struct Case {
    const char* equation;
    Shape a, b;
  };
  for (const Case& c :
       {Case{"abc,cde->abde", {2, 3, 4}, {4, 5, 6}}, Case{"abcd,cde->abe", {2, 3, 4, 5}, {4, 5, 6}},
        Case{"aecd,abcd->acbe", {2, 3, 4, 5}, {2, 6, 4, 5}},
        Case{"acbe,aecd->abcd", {2, 3, 4, 5}, {2, 5, 3, 6}}, Case{"bpk,pkf->bpf", {2, 3, 4}, {3, 4, 5}},
        Case{"ab,b->a", {2, 3}, {3}}, Case{"abc,c->ab", {2, 3, 4}, {4}}}) {
    const ir::Graph after = lowered(c.equation, c.a, c.b);
    EXPECT_EQ(test::count_ops(after, "einsum"), 0) << c.equation;
    EXPECT_EQ(test::count_ops(after, "matmul"), 1) << c.equation;
  }
}

TEST(LowerEinsum, what_is_no_product_stays) {
  EXPECT_EQ(test::count_ops(lowered("ab,ab->ab", {2, 3}, {2, 3}), "einsum"), 1);
  EXPECT_EQ(test::count_ops(lowered("aab,bc->ac", {2, 2, 3}, {3, 5}, false), "einsum"), 1);
  EXPECT_EQ(test::count_ops(lowered("abc,bd->ad", {2, 3, 4}, {3, 5}), "einsum"), 1);
  EXPECT_EQ(test::count_ops(lowered("ab,bc->ac", {2, 1}, {3, 5}), "einsum"), 1);
  EXPECT_EQ(test::count_ops(lowered("abc,cd->ad", {2, 3, 4}, {4, 5}), "einsum"), 1);
}

}  // namespace
}  // namespace cornu::passes
