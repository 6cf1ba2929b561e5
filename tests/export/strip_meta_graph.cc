// Whole files are in tests/export/strip_saved_model.cc.
#include "export/strip_meta_graph.h"

#include <gtest/gtest.h>

#include "support/expect_error.h"

#include <protozero/pbf_writer.hpp>

namespace cornu::exporting {
namespace {

std::string message(uint32_t tag, const std::string& content) {
  std::string bytes;
  protozero::pbf_writer(bytes).add_bytes(tag, content);
  return bytes;
}

// A SavedModel of one graph with a signature f whose one output is this TensorInfo.
std::string model_of(const std::string& info, const std::string& tag = "serve") {
  const std::string port = message(1, "y") + message(2, info);
  const std::string signature = message(1, "f") + message(2, message(2, port));
  return message(2, message(kInfo, message(4, tag)) + message(kSignature, signature));
}

TEST(StripMetaGraph, roots_are_the_tensors_of_signatures_sparse_ones_too) {
  const std::string bytes = model_of(message(1, "a:0") + message(4, message(1, "b:0") + message(2, "c:0")) +
                                     message(5, message(2, message(1, "d:0"))));
  const MetaGraphView meta(bytes, "m");
  EXPECT_EQ(meta.roots(), (std::vector<std::string>{"a:0", "b:0", "c:0", "d:0"}));
  EXPECT_EQ(meta.signature_names(), (std::vector<std::string>{"f"}));
}

TEST(StripMetaGraph, assets_in_a_collection_of_tensorflow_1_stay) {
  const std::string asset = message(1, message(1, "path:0")) + message(2, "words.txt");
  const std::string entry =
      message(1, "saved_model_assets") + message(2, message(5, message(1, message(2, asset))));
  const std::string graph = message(kInfo, message(4, "serve")) + message(kCollection, entry);
  const std::string bytes = message(2, graph);
  const MetaGraphView meta(bytes, "m");
  EXPECT_EQ(meta.roots(), (std::vector<std::string>{"path:0"}));
  EXPECT_EQ(meta.assets(), (std::vector<std::string_view>{asset}));
  const std::string empty;
  EXPECT_EQ(meta.collection(entry, GraphView(empty, "m"), {}), entry);
}

TEST(StripMetaGraph, the_graph_that_serves_is_taken) {
  const std::string bytes = model_of(message(1, "train:0"), "train") + model_of(message(1, "serve:0"));
  EXPECT_EQ(MetaGraphView(bytes, "m").roots(), (std::vector<std::string>{"serve:0"}));
}

TEST(StripMetaGraph, no_graph_and_tensors_without_end_are_bad_file) {
  test::expect_error(
      ErrorCode::bad_file, [] { MetaGraphView("", "m"); }, "no graph");
  std::string info;
  for (int i = 0; i < 1000; ++i) info = message(5, message(2, info));
  const std::string bytes = model_of(info);
  test::expect_error(
      ErrorCode::bad_file, [&] { MetaGraphView(bytes, "m").roots(); }, "deeply");
}

}  // namespace
}  // namespace cornu::exporting
