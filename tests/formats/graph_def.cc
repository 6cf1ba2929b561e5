#include <gtest/gtest.h>

#include <fstream>

#include "cornu/error.h"
#include "formats/model_file.h"
#include "support/make_graph.h"
#include "support/temporary_folder.h"
#include "tensorflow/importer.h"

namespace cornu {
namespace {

using test::graph_node;
using test::make_graph;

ErrorCode import_code(const std::string& bytes, const std::string& output, std::string* message = nullptr) {
  try {
    const tensorflow::GraphDef parsed(bytes, nullptr, false, "graph");
    tensorflow::Environment environment;
    tensorflow::Request request;
    request.fetches = {{output, output}};
    tensorflow::import_graph(parsed, environment, request);
  } catch (const Error& error) {
    if (message != nullptr) *message = error.what();
    return error.code();
  }
  return ErrorCode::internal;
}

TEST(graph_def, is_known_by_its_first_node) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "model.h5";  // the name does not matter
  std::ofstream(path, std::ios::binary) << make_graph({graph_node("x", "Placeholder")});
  EXPECT_EQ(formats::read_model_file(path).format, "graph_def");
  std::ofstream(path, std::ios::binary) << "no graph at all";
  EXPECT_THROW(formats::read_model_file(path), Error);
}

TEST(graph_def, names_every_missing_op_with_its_count) {
  std::string message;
  const std::string bytes = make_graph({graph_node("a", "Frobnicate"), graph_node("b", "Frobnicate", {"a"}),
                                        graph_node("c", "Twist", {"b"}), graph_node("unneeded", "Other")});
  EXPECT_EQ(import_code(bytes, "c", &message), ErrorCode::unsupported);
  EXPECT_NE(message.find("Frobnicate (2), Twist (1)"), std::string::npos) << message;
  EXPECT_EQ(message.find("Other"), std::string::npos) << message;
}

TEST(graph_def, a_function_that_calls_itself_is_refused) {
  const std::string inner = graph_node("c", "PartitionedCall", {"x"}, {{"f", test::function_attr("loop")}});
  const std::string bytes =
      make_graph({graph_node("a", "Const", {}, {{"value", test::tensor_attr(1, {2}, "12345678")}}),
                  graph_node("b", "PartitionedCall", {"a"}, {{"f", test::function_attr("loop")}})},
                 {test::graph_function("loop", {inner}, "c:output:0")});
  EXPECT_EQ(import_code(bytes, "b"), ErrorCode::unsupported);
}

TEST(graph_def, functions_that_grow_without_end_are_refused) {
  // Each function calls the next one twice: 2^64 nodes; and one call each: 1000 levels.
  for (const auto& [levels, twice] : {std::pair{64, true}, std::pair{1000, false}}) {
    std::vector<std::string> functions;
    for (int i = 0; i < levels; ++i) {
      const auto next = std::pair{std::string("f"), test::function_attr("f" + std::to_string(i + 1))};
      std::vector<std::string> nodes = {graph_node("c", "PartitionedCall", {"x"}, {next})};
      if (twice) nodes.push_back(graph_node("d", "PartitionedCall", {"c:output:0"}, {next}));
      functions.push_back(
          test::graph_function("f" + std::to_string(i), nodes, twice ? "d:output:0" : "c:output:0"));
    }
    functions.push_back(
        test::graph_function("f" + std::to_string(levels), {graph_node("n", "Neg", {"x"})}, "n:y:0"));
    const std::string bytes =
        make_graph({graph_node("a", "Const", {}, {{"value", test::tensor_attr(1, {2}, "12345678")}}),
                    graph_node("b", "PartitionedCall", {"a"}, {{"f", test::function_attr("f0")}})},
                   functions);
    EXPECT_EQ(import_code(bytes, "b"), ErrorCode::unsupported) << levels;
  }
}

TEST(graph_def, ops_that_reach_outside_are_refused_by_name) {
  for (const char* op : {"ReadFile", "WriteFile", "PyFunc", "EagerPyFunc"}) {
    std::string message;
    EXPECT_EQ(import_code(make_graph({graph_node("a", op)}), "a", &message), ErrorCode::unsupported);
    EXPECT_NE(message.find(op), std::string::npos) << message;
  }
}

TEST(graph_def, a_cycle_is_bad_file) {
  EXPECT_EQ(import_code(make_graph({graph_node("a", "Neg", {"b"}), graph_node("b", "Neg", {"a"})}), "a"),
            ErrorCode::bad_file);
}

TEST(graph_def, an_input_or_output_that_is_not_there_is_named) {
  EXPECT_EQ(import_code(make_graph({graph_node("a", "Neg", {"nowhere"})}), "a"), ErrorCode::not_found);
  EXPECT_EQ(import_code(make_graph({graph_node("a", "Neg", {"a:x"})}), "a"), ErrorCode::bad_file);
  EXPECT_EQ(import_code(make_graph({graph_node("a", "NoOp")}), "b"), ErrorCode::not_found);
}

TEST(graph_def, a_constant_must_have_the_bytes_of_its_shape) {
  const auto with = [](const std::vector<int64_t>& sizes, const std::string& content) {
    return import_code(
        make_graph({graph_node("a", "Const", {}, {{"value", test::tensor_attr(1, sizes, content)}})}), "a");
  };
  EXPECT_EQ(with({2}, "12345678"), ErrorCode::internal) << "this one is right";
  EXPECT_EQ(with({3}, "12345678"), ErrorCode::bad_file);
  EXPECT_EQ(with({-1}, "12345678"), ErrorCode::bad_file);
  EXPECT_EQ(with({int64_t{1} << 40}, ""), ErrorCode::bad_file) << "a shape bomb";
  EXPECT_EQ(with({int64_t{1} << 40, int64_t{1} << 40}, ""), ErrorCode::bad_file) << "an overflow";
}

TEST(graph_def, cut_at_every_byte_never_does_harm) {
  const std::string bytes =
      make_graph({graph_node("a", "Const", {}, {{"value", test::tensor_attr(1, {2}, "12345678")}}),
                  graph_node("b", "Neg", {"a"})});
  for (size_t size = 0; size < bytes.size(); ++size) import_code(bytes.substr(0, size), "b");
  for (size_t at = 0; at < bytes.size(); ++at) {
    for (const int bit : {1, 16, 128}) {
      std::string flipped = bytes;
      flipped[at] = static_cast<char>(flipped[at] ^ bit);
      import_code(flipped, "b");
    }
  }
}

}  // namespace
}  // namespace cornu
