#include "runtime/dynamic.h"

#include "support/dynamic_run.h"

namespace cornu::runtime {
namespace {

TEST(DynamicRun, ops_that_only_move_elements_move_strings) {
  ir::Graph graph;
  const ir::Value x = graph.add_input("x", DType::string, {Shape::kUnknown, 2});
  const ir::Value turned = test::add(graph, "transpose", {x}, {{"permutation", Ints{1, 0}}});
  const ir::Value joined = test::add(graph, "concat", {turned, turned}, {{"axis", int64_t{1}}});
  graph.add_output("y", test::add(graph, "reshape", {joined}, {{"shape", Ints{-1}}}));
  const std::vector<Tensor> out = test::run_dynamic(graph, {string_tensor({"a", "b", "c", "d"}, {2, 2})});
  const auto got = strings_of(out[0]);
  EXPECT_EQ(std::vector<std::string>(got.begin(), got.end()),
            (std::vector<std::string>{"a", "c", "a", "c", "b", "d", "b", "d"}));
}

TEST(DynamicRun, ops_that_compute_refuse_strings) {
  ir::Graph graph;
  const ir::Value x = graph.add_input("x", DType::string, {2});
  EXPECT_THROW(test::add(graph, "neg", {x}), Error);
}

TEST(is_dynamic, is_true_for_strings_and_for_ops_without_a_kernel_only) {
  ir::Graph graph;
  const ir::Value x = graph.add_input("x", dynamic::kUntyped, {});
  graph.add_output("y", test::add_dynamic(graph, "gate", {x}, 1)[0]);
  EXPECT_TRUE(is_dynamic(graph));
  ir::Graph strings;
  strings.add_output("y", strings.add_input("x", DType::string, {2}));
  EXPECT_TRUE(is_dynamic(strings));
  ir::Graph plain;
  plain.add_output("y", test::add(plain, "neg", {plain.add_input("x", DType::float32, {2})}));
  EXPECT_FALSE(is_dynamic(plain));
}

TEST(DynamicRun, a_body_within_too_many_bodies_is_refused) {
  ir::Graph inner;
  inner.add_output("", inner.add_input("x", DType::float32, {}));
  for (int level = 0; level < 10; ++level) {
    ir::Graph outer;
    const ir::Value x = outer.add_input("x", DType::float32, {});
    const ir::Value zero = outer.add_constant(scalar(0, DType::int32));
    const auto out = test::add_dynamic(outer, "branch", {test::object(outer, inner), zero, x}, 1,
                                       {{"bodies", int64_t{1}}});
    outer.add_output("", out[0]);
    inner = outer;
  }
  RunLimits limits;
  limits.depth = 8;
  EXPECT_THROW(test::run_dynamic(inner, {scalar(1)}, nullptr, limits), Error);
  EXPECT_EQ(to_doubles(test::run_dynamic(inner, {scalar(1)})[0])[0], 1);
}

}  // namespace
}  // namespace cornu::runtime
