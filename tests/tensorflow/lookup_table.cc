#include <gtest/gtest.h>

#include "runtime/program.h"
#include "support/make_graph.h"
#include "tensorflow/importer.h"

namespace cornu::tensorflow {
namespace {

using test::graph_node;
using test::int_attr;

constexpr int kString = 7;
constexpr int kInt64 = 9;

// A table from the lines of a vocabulary to their numbers, and what it gives for some words.
std::string words_graph() {
  const int64_t missing = -1;
  return test::make_graph({
      graph_node("table", "HashTableV2", {},
                 {{"key_dtype", test::type_attr(kString)}, {"value_dtype", test::type_attr(kInt64)}}),
      graph_node("file", "Const", {},
                 {{"value", test::tensor_attr(kString, {}, "", {"somewhere/words.txt"})}}),
      graph_node("fill", "InitializeTableFromTextFileV2", {"table", "file"},
                 {{"key_index", int_attr(-2)}, {"value_index", int_attr(-1)}, {"vocab_size", int_attr(-1)}}),
      graph_node("words", "Const", {}, {{"value", test::tensor_attr(kString, {3}, "", {"b", "x", "a"})}}),
      graph_node("default", "Const", {},
                 {{"value",
                   test::tensor_attr(kInt64, {}, std::string(reinterpret_cast<const char*>(&missing), 8))}}),
      graph_node("found", "LookupTableFindV2", {"table", "words", "default"}),
      graph_node("size", "LookupTableSizeV2", {"table"}),
  });
}

std::vector<int64_t> run(const GraphDef& graph, Environment& environment, const std::string& tensor) {
  Request request;
  request.fetches = {{tensor, "y"}};
  auto program = std::make_shared<runtime::Program>(import_graph(graph, environment, request),
                                                    *devices::find_device("cpu"), true, environment.state);
  return to_ints(runtime::Session(program, 1).run({})[0]);
}

TEST(lookup_table, is_filled_from_a_file_of_the_models_assets) {
  const std::string bytes = words_graph();
  const GraphDef graph(bytes, nullptr, false, "graph");
  Environment environment;
  environment.asset = [](std::string_view name) -> std::string_view {
    EXPECT_EQ(name, "somewhere/words.txt");
    return "a\r\nb\nc";
  };
  EXPECT_THROW(run(graph, environment, "found"), Error) << "it is not filled yet";
  Request request;
  request.targets = {"fill"};
  environment.setup = true;
  import_graph(graph, environment, request);
  environment.setup = false;
  EXPECT_EQ(run(graph, environment, "found"), (std::vector<int64_t>{1, -1, 0}));
  EXPECT_EQ(run(graph, environment, "size"), (std::vector<int64_t>{3}));
}

}  // namespace
}  // namespace cornu::tensorflow
