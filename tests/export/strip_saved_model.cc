// The SavedModels of tests/golden/strip (tools/make_strip_cases.py). That TensorFlow loads the results and gives the same bits is
// checked by tools/check_stripped.py.
#include "export/strip_saved_model.h"

#include <gtest/gtest.h>

#include <cstring>
#include <map>

#include "cornu/model.h"
#include "formats/arrays.h"
#include "formats/bundle.h"
#include "support/expect_error.h"
#include "support/temporary_folder.h"
#include "support/test_data.h"

namespace cornu::exporting {
namespace {

namespace fs = std::filesystem;

const fs::path kFolder = test::data_folder() / "golden" / "strip";

struct Stripped {
  test::TemporaryFolder folder;
  StripTally tally;

  explicit Stripped(const std::string& name, const StripOptions& options = {}) {
    strip_saved_model(kFolder / name, folder.path(), options, tally);
  }
  std::vector<std::string> keys() const {
    std::vector<std::string> names;
    for (const auto& tensor : formats::read_bundle(folder.path() / "variables" / "variables").tensors)
      names.push_back(tensor.name);
    return names;
  }
  bool holds(const std::string& text) const {
    return test::read_bytes(folder.path() / "saved_model.pb").find(text) != std::string::npos;
  }
};

std::vector<Array> answers(const fs::path& model, const std::string& name) {
  const Model loaded = Model::load(model);
  std::map<std::string, Tensor> stored;
  for (const auto& [key, tensor] : formats::read_arrays(kFolder / (name + ".npz"))) stored[key] = tensor;
  std::vector<Array> inputs;
  for (const PortInfo& port : loaded.inputs()) {
    const Tensor& x = stored.at(port.name);
    inputs.push_back({x.dtype, {x.shape.begin(), x.shape.end()}, x.data, x.owner});
  }
  return loaded.predict(inputs);
}

class StripSavedModel : public testing::TestWithParam<const char*> {};

TEST_P(StripSavedModel, answers_stay_the_same_to_the_bit_and_stripping_again_finds_nothing) {
  const std::string name = GetParam();
  const Stripped once(name);
  const auto before = answers(kFolder / name, name);
  const auto after = answers(once.folder.path(), name);
  ASSERT_EQ(before.size(), after.size());
  for (size_t i = 0; i < before.size(); ++i) {
    ASSERT_EQ(before[i].shape, after[i].shape);
    EXPECT_EQ(std::memcmp(before[i].data, after[i].data, static_cast<size_t>(before[i].size_bytes())), 0)
        << i;
  }
  EXPECT_LT(fs::file_size(once.folder.path() / "saved_model.pb"),
            fs::file_size(kFolder / name / "saved_model.pb") / 2 + 4000);
  const test::TemporaryFolder again;
  StripTally tally;
  strip_saved_model(once.folder.path(), again.path(), {}, tally);
  EXPECT_EQ(
      tally.bytes["optimizer"] + tally.bytes["duplicates"] + tally.bytes["defaults"] + tally.bytes["debug"],
      0);
}

INSTANTIATE_TEST_SUITE_P(Folders, StripSavedModel,
                         testing::Values("keras3_export", "tf_keras_save", "module", "session"));

TEST(StripSavedModel, keras_export_keeps_each_variable_once) {
  const Stripped stripped("keras3_export");
  EXPECT_EQ(stripped.keys().size(), 4U + 1);
  EXPECT_GT(stripped.tally.bytes.at("duplicates"), 0);
  EXPECT_TRUE(stripped.holds("serving_default"));
  EXPECT_TRUE(stripped.holds("serve"));  // what TFSMLayer calls
}

TEST(StripSavedModel, training_goes_and_the_layers_of_keras_stay) {
  const Stripped stripped("tf_keras_save");
  EXPECT_EQ(stripped.keys(),
            (std::vector<std::string>{"_CHECKPOINTABLE_OBJECT_GRAPH",
                                      "layer_with_weights-0/bias/.ATTRIBUTES/VARIABLE_VALUE",
                                      "layer_with_weights-0/kernel/.ATTRIBUTES/VARIABLE_VALUE",
                                      "layer_with_weights-1/bias/.ATTRIBUTES/VARIABLE_VALUE",
                                      "layer_with_weights-1/kernel/.ATTRIBUTES/VARIABLE_VALUE"}));
  const std::string metadata = test::read_bytes(stripped.folder.path() / "keras_metadata.pb");
  EXPECT_EQ(metadata.find("training_config"), std::string::npos);
  EXPECT_NE(metadata.find("layer_with_weights-1"), std::string::npos);
  EXPECT_GT(stripped.tally.bytes.at("optimizer"), 0);
  EXPECT_FALSE(stripped.holds("call_and_return_all_conditional_losses"));
  EXPECT_TRUE(stripped.holds("non_trainable_variables"));  // the order of weights
}

TEST(StripSavedModel, tables_and_their_assets_stay_and_unused_variables_go) {
  const Stripped stripped("module");
  EXPECT_EQ(stripped.keys(),
            (std::vector<std::string>{"_CHECKPOINTABLE_OBJECT_GRAPH", "scale/.ATTRIBUTES/VARIABLE_VALUE"}));
  EXPECT_TRUE(fs::exists(stripped.folder.path() / "assets" / "module.txt"));
  EXPECT_GT(stripped.tally.bytes.at("gradients"), 0);
}

TEST(StripSavedModel, an_asset_that_nothing_names_goes) {
  const test::TemporaryFolder source;
  fs::copy(kFolder / "module", source.path(), fs::copy_options::recursive);
  source.write("assets/left.txt", "nobody reads this");
  const test::TemporaryFolder target;
  StripTally tally;
  strip_saved_model(source.path(), target.path(), {}, tally);
  EXPECT_EQ(tally.bytes.at("assets"), 17);
  EXPECT_FALSE(fs::exists(target.path() / "assets" / "left.txt"));
}

TEST(StripSavedModel, what_is_to_be_kept_is_kept) {
  const Stripped stripped(
      "keras3_export", {{"functions", "variables", "gradients", "debug", "devices", "defaults", "assets"}});
  EXPECT_GT(stripped.keys().size(), 8U);
  EXPECT_TRUE(stripped.holds("traced_save"));
}

TEST(StripSavedModel, a_graph_that_is_cut_is_bad_file) {
  const std::string bytes = test::read_bytes(kFolder / "session" / "saved_model.pb");
  for (size_t size = 1; size < bytes.size(); size += bytes.size() / 40) {
    const test::TemporaryFolder source;
    source.write("saved_model.pb", bytes.substr(0, size));
    const test::TemporaryFolder target;
    StripTally tally;
    test::expect_error(ErrorCode::bad_file,
                       [&] { strip_saved_model(source.path(), target.path(), {}, tally); });
  }
}

}  // namespace
}  // namespace cornu::exporting
