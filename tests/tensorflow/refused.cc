#include <gtest/gtest.h>

#include "support/make_graph.h"
#include "tensorflow/importer.h"

namespace cornu::tensorflow {
namespace {

TEST(refused, ops_that_nobody_needs_do_no_harm) {
  const std::string bytes =
      test::make_graph({test::graph_node("file", "WriteFile"),
                        test::graph_node("x", "Const", {}, {{"value", test::tensor_attr(1, {1}, "1234")}})});
  const GraphDef graph(bytes, nullptr, false, "graph");
  Environment environment;
  Request request;
  request.fetches = {{"x", "x"}};
  EXPECT_EQ(import_graph(graph, environment, request).outputs().size(), 1U);
  request.fetches = {{"file", "y"}};
  EXPECT_THROW(import_graph(graph, environment, request), Error);
}

}  // namespace
}  // namespace cornu::tensorflow
