#include <gtest/gtest.h>

#include "support/expect_error.h"
#include "support/graph_run.h"

namespace cornu::ops {
namespace {

std::vector<double> drawn(int64_t seed, int64_t step, int64_t stream, const Shape& shape, int threads = 1) {
  ir::Graph graph;
  ir::GraphBuilder g(graph);
  const ir::Value s = graph.add_input("seed", DType::int64, {2});
  graph.add_output(
      "y", g.op("random_uniform", {s}, {{"shape", Ints(shape.begin(), shape.end())}, {"stream", stream}}));
  return test::run_graph(graph, {tensor_of_ints(std::vector<int64_t>{seed, step}, {2})}, true, threads)[0];
}

TEST(random_uniform, equal_seeds_give_equal_numbers_on_any_number_of_threads) {
  EXPECT_EQ(drawn(7, 3, 1, {301, 211}), drawn(7, 3, 1, {301, 211}, 2));
}

TEST(random_uniform, another_seed_step_or_stream_gives_other_numbers) {
  const auto first = drawn(7, 3, 1, {5});
  EXPECT_NE(first, drawn(8, 3, 1, {5}));
  EXPECT_NE(first, drawn(7, 4, 1, {5}));
  EXPECT_NE(first, drawn(7, 3, 2, {5}));
}

TEST(random_uniform, numbers_are_spread_evenly_over_0_to_1) {
  double sum = 0;
  double squares = 0;
  const auto numbers = drawn(1, 2, 3, {100, 1000});
  for (double x : numbers) {
    EXPECT_GE(x, 0);
    EXPECT_LT(x, 1);
    sum += x;
    squares += x * x;
  }
  EXPECT_NEAR(sum / 1e5, 0.5, 0.005);
  EXPECT_NEAR(squares / 1e5, 1.0 / 3, 0.005);
}

// Random123's test vector for philox4x32 with 10 rounds: counter and key 0 give 6627e8d5 e169c58d bc57ac4c 9b00dbd8.
TEST(random_uniform, seed_0_gives_philox_of_zeros) {
  const auto numbers = drawn(0, 0, 0, {4});
  EXPECT_EQ(numbers[0], static_cast<double>(0x6627e8d5U >> 8) / 0x1p24);
  EXPECT_EQ(numbers[3], static_cast<double>(0x9b00dbd8U >> 8) / 0x1p24);
}

TEST(random_uniform, a_seed_of_another_shape_is_bad_shape) {
  ir::Graph graph;
  ir::GraphBuilder g(graph);
  const ir::Value s = graph.add_input("seed", DType::int64, {3});
  test::expect_error(
      ErrorCode::bad_shape,
      [&] {
        g.op("random_uniform", {s}, {{"shape", Ints{2}}, {"stream", int64_t{0}}});
      },
      "seed");
}

}  // namespace
}  // namespace cornu::ops
