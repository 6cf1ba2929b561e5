#include "export/strip_graph.h"

#include <gtest/gtest.h>

#include "export/tensorflow_graph.h"

namespace cornu::exporting {
namespace {

// a -> b -> c calls f, d alone; the function f calls g, h is alone.
std::string graph_def() {
  std::string bytes;
  protozero::pbf_writer out(bytes);
  out.add_message(1, TfNode{"a", "Placeholder", {}, {}}.serialized());
  out.add_message(1, TfNode{"b", "Identity", {"a:0"}, {}}.serialized());
  out.add_message(1, TfNode{"c", "PartitionedCall", {"b"}, {{"f", TfFunctionName{"f"}}}}.serialized());
  out.add_message(1, TfNode{"d", "NoOp", {"^c"}, {}}.serialized());
  TfFunction f("f");
  f.add("g", {});
  std::string library;
  protozero::pbf_writer functions(library);
  for (const TfFunction& function : {f, TfFunction("g"), TfFunction("h")})
    functions.add_message(1, function.serialized());
  out.add_message(2, library);
  return bytes;
}

TEST(StripGraph, what_roots_need_is_found_through_inputs_and_calls) {
  const std::string bytes = graph_def();
  const GraphView graph(bytes, "m");
  const auto nodes = graph.needed_nodes({"c:0", "not there"});
  EXPECT_EQ(nodes, (std::set<std::string_view>{"a", "b", "c"}));
  EXPECT_EQ(graph.needed_functions(nodes, {}), (std::set<std::string_view>{"f", "g"}));
  EXPECT_EQ(graph.needed_functions({}, {"h"}), (std::set<std::string_view>{"h"}));
  EXPECT_EQ(graph.needed_nodes({"^d"}).size(), 4U);
}

TEST(StripGraph, inputs_name_nodes_and_outputs) {
  EXPECT_EQ(node_of("^x/y"), "x/y");
  EXPECT_EQ(node_of("x:output:3"), "x");
  EXPECT_EQ(output_index("x:output:3"), 3);
  EXPECT_EQ(output_index("x"), 0);
}

TEST(StripGraph, cleaning_takes_what_the_options_say_and_counts_it) {
  TfNode node{"n", "Conv2D", {"x"}, {{"explicit_paddings", Ints{}}, {"T", TfType{1}}}};
  std::string bytes = node.serialized();
  protozero::pbf_writer(bytes).add_string(4, "/device:CPU:0");
  std::string empty_list;
  protozero::pbf_writer(empty_list).add_message(1, std::string());
  const std::map<std::string, std::string_view, std::less<>> defaults = {
      {"Conv2D/explicit_paddings", empty_list}};
  StripTally tally;
  const StripOptions all;
  const NodeView view = node_view(bytes, "m");
  node.attrs.erase(node.attrs.begin());
  EXPECT_EQ(NodeCleaner(all, defaults, tally).clean(view), node.serialized());
  EXPECT_EQ(tally.bytes["devices"], 15);
  EXPECT_GT(tally.bytes["defaults"], 17);
  const StripOptions none{{"devices", "defaults"}};
  EXPECT_EQ(NodeCleaner(none, defaults, tally).clean(view), bytes);
}

}  // namespace
}  // namespace cornu::exporting
