// That TensorFlow loads the result and answers the same is checked by tools/check_written.py.
#include "export/tensorflow_export.h"

#include <gtest/gtest.h>

#include "support/expect_error.h"
#include "support/temporary_folder.h"
#include "tensorflow/saved_model.h"

namespace cornu::exporting {
namespace {

namespace fs = std::filesystem;

import::KerasModel small_model(){return import::import_config(
    R"({"module": "keras", "class_name": "Sequential", "config": {"name": "m", "layers": [
      {"module": "keras.layers", "class_name": "InputLayer", "config": {"batch_shape": [null, 4], "dtype": "float32", "name": "x"}},
      {"module": "keras.layers", "class_name": "Dense", "config": {"name": "d", "units": 2}}]}})",
    {});
}  // namespace

TEST(TensorflowExport, a_saved_model_has_its_parts_and_is_replaced_by_the_next) {
  const test::TemporaryFolder folder;
  const fs::path path = folder.path() / "saved";
  export_saved_model(small_model(), path);
  const std::string first = test::read_bytes(path / "saved_model.pb");
  EXPECT_EQ(first.substr(0, 2), "\x08\x01");  // schema version 1
  EXPECT_NE(first.find("serving_default"), std::string::npos);
  EXPECT_TRUE(fs::is_regular_file(path / "variables" / "variables.index"));
  EXPECT_GE(fs::file_size(path / "variables" / "variables.data-00000-of-00001"), (8U + 2) * 4);
  export_saved_model(small_model(), path);
  EXPECT_EQ(test::read_bytes(path / "saved_model.pb"), first);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()),
            1);  // nothing is left over
}

// TF Serving takes the graph of the tag "serve", runs the saver's restore node with the name of the checkpoint, and then signatures
// by the names of their tensors. Source  tensorflow/cc/saved_model/loader.cc, 2.21
TEST(TensorflowExport, a_saved_model_has_what_a_server_looks_for) {
  const test::TemporaryFolder folder;
  export_saved_model(small_model(), folder.path() / "saved");
  const std::string bytes = test::read_bytes(folder.path() / "saved" / "saved_model.pb");
  const auto graphs = tensorflow::decode_saved_model(bytes, nullptr, "saved");
  ASSERT_EQ(graphs.size(), 1U);
  const tensorflow::MetaGraph& meta = graphs[0];
  EXPECT_EQ(meta.tags, std::vector<std::string>{"serve"});
  const tensorflow::GraphDef graph(meta.graph, nullptr, false, "saved");
  const auto node_of = [&](const std::string& tensor) {
    return graph.nodes().find(std::string_view(tensor).substr(0, tensor.find(':')));
  };
  EXPECT_NE(node_of(meta.checkpoint_tensor), nullptr) << meta.checkpoint_tensor;
  ASSERT_EQ(meta.restore.size(), 1U);
  EXPECT_NE(node_of(meta.restore[0]), nullptr) << meta.restore[0];
  ASSERT_EQ(meta.signatures.size(), 1U);
  const tensorflow::Signature& signature = meta.signatures[0];
  EXPECT_EQ(signature.name, "serving_default");
  EXPECT_EQ(signature.method, "tensorflow/serving/predict");
  ASSERT_EQ(signature.inputs.size(), 1U);
  EXPECT_EQ(signature.inputs[0].name, "x");
  EXPECT_EQ(signature.inputs[0].shape, Shape({Shape::kUnknown, 4}));
  ASSERT_NE(node_of(signature.inputs[0].tensor), nullptr);
  EXPECT_EQ(node_of(signature.inputs[0].tensor)->op, "Placeholder");
  ASSERT_EQ(signature.outputs.size(), 1U);
  EXPECT_NE(node_of(signature.outputs[0].tensor), nullptr);
}

TEST(TensorflowExport, a_folder_that_holds_something_else_stays_as_it_is) {
  const test::TemporaryFolder folder;
  folder.write("other/file", "mine");
  test::expect_error(
      ErrorCode::io, [&] { export_saved_model(small_model(), folder.path() / "other"); },
      "holds no saved_model.pb");
  EXPECT_EQ(test::read_bytes(folder.path() / "other/file"), "mine");
}

TEST(TensorflowExport, a_parent_that_is_not_there_is_not_found) {
  const test::TemporaryFolder folder;
  test::expect_error(
      ErrorCode::not_found, [&] { export_saved_model(small_model(), folder.path() / "no" / "saved"); },
      "saved");
}

}  // namespace cornu::exporting
}  // namespace cornu::exporting
