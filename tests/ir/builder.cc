#include "ir/builder.h"

#include <gtest/gtest.h>

#include "support/expect_error.h"

namespace cornu::ir {
namespace {

TEST(GraphBuilder, shorthands_that_change_nothing_add_nothing) {
  Graph graph;
  GraphBuilder g(graph);
  const Value x = graph.add_input("x", DType::float32, {2, 3});
  EXPECT_EQ(g.cast(x, DType::float32), x);
  EXPECT_EQ(g.transpose(x, {0, 1}), x);
  EXPECT_TRUE(graph.nodes().empty());
}

TEST(GraphBuilder, an_unknown_op_is_an_internal_error_that_names_it) {
  Graph graph;
  GraphBuilder g(graph);
  const Value x = graph.add_input("x", DType::float32, {2, 3});
  test::expect_error(
      ErrorCode::internal, [&] { g.op("no_such_op", {x}); }, "no_such_op");
}

TEST(GraphBuilder, a_scalar_takes_the_type_it_is_like) {
  Graph graph;
  GraphBuilder g(graph);
  const Value x = graph.add_input("x", DType::float16, {2, 3});
  const Value half = g.scalar_like(0.5, x);
  EXPECT_EQ(g.dtype(half), DType::float16);
  EXPECT_EQ(to_doubles(*graph.constant(half)), std::vector<double>{0.5});
}

}  // namespace
}  // namespace cornu::ir
