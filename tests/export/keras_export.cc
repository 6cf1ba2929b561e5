// Every golden model of every Keras generation, written in both formats of today's Keras and read again, answers the same.
#include "export/keras_export.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "cornu/model.h"
#include "export/keras_config.h"
#include "formats/arrays.h"
#include "formats/model_writer.h"
#include "support/expect_error.h"
#include "support/temporary_folder.h"
#include "support/test_data.h"

namespace cornu::exporting {
namespace {

namespace fs = std::filesystem;
const fs::path kFolder = test::data_folder() / "golden" / "layers";

std::vector<Array> inputs_of(const Model& model, const fs::path& answers) {
  std::vector<Array> inputs;
  const auto arrays = formats::read_arrays(answers);
  for (size_t i = 0; i < model.inputs().size(); ++i) {
    for (const formats::NamedTensor& array : arrays) {
      if (array.name != "input_" + std::to_string(i)) continue;
      const Tensor& t = array.tensor;
      inputs.push_back({t.dtype, {t.shape.begin(), t.shape.end()}, t.data, t.owner});
    }
  }
  return inputs;
}

// Largest |a - b| / max|b| over all outputs. 1.2 times a weight is rounded, hence not always 0.
double difference(const std::vector<Array>& a, const std::vector<Array>& b) {
  double worst = 0;
  for (size_t i = 0; i < b.size(); ++i) {
    if (b[i].dtype == DType::string) continue;
    const auto values = [](const Array& array) {
      return to_doubles({array.dtype, Shape(array.shape), array.data, array.owner, false});
    };
    const std::vector<double> left = values(a[i]);
    const std::vector<double> right = values(b[i]);
    double scale = 1e-6;
    double largest = 0;
    for (size_t k = 0; k < right.size(); ++k) {
      if (std::isfinite(right[k])) scale = std::max(scale, std::abs(right[k]));
      if (left[k] != right[k] && !(std::isnan(left[k]) && std::isnan(right[k])))
        largest = std::max(largest, std::abs(left[k] - right[k]));
    }
    worst = std::max(worst, largest / scale);
  }
  return worst;
}

std::vector<fs::path> goldens() {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(kFolder)) {
    const std::string ending = entry.path().extension().string();
    if (ending == ".keras" || ending == ".h5") found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::string test_name(const testing::TestParamInfo<fs::path>& info) {
  std::string name = info.param.filename().string();
  std::replace_if(
      name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

class Written : public testing::TestWithParam<fs::path> {};

TEST_P(Written, answers_the_same_or_says_what_keras_3_lacks) {
  const fs::path path = GetParam();
  const formats::ModelFile source = formats::read_model_file(path);
  const import::KerasModel keras = import::import_keras(source, path.string());
  const Model before = Model::load(path);
  const auto inputs = inputs_of(before, fs::path(path).replace_extension(".npz"));
  ASSERT_EQ(inputs.size(), before.inputs().size());
  const auto expected = before.predict(inputs);
  const double tolerance = keras.dialect.keras_major < 3 ? 1e-6 : 0;
  const test::TemporaryFolder folder;
  for (const KerasLayout layout : {KerasLayout::keras, KerasLayout::hdf5}) {
    try {
      const formats::ModelFile file = keras_file(keras, source.config, layout);
      const fs::path target = folder.path() / (layout == KerasLayout::keras ? "m.keras" : "m.h5");
      layout == KerasLayout::keras ? formats::write_keras_file(file, target)
                                   : formats::write_hdf5_file(file, target);
      const Model after = Model::load(target);
      EXPECT_EQ(after.info().weights_in_place_bytes, after.info().weights_bytes);
      EXPECT_EQ(after.info().keras_version, kKerasVersion);
      EXPECT_LE(difference(after.predict(inputs), expected), tolerance) << target;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::unsupported) << error.what();
      EXPECT_NE(error.message().find("Keras 3"), std::string::npos) << error.what();
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Goldens, Written, testing::ValuesIn(goldens()), test_name);

layers::Dialect keras2() {
  return {2, "2.4.0", "tensorflow"};
}

Tree rewritten(const char* layer) {
  return todays_layer(Json::parse(layer, "test"), keras2());
}

TEST(TodaysConfig, arguments_that_are_gone_are_left_out_and_renamed_ones_get_their_new_names) {
  const Tree layer = rewritten(
      R"({"class_name": "LeakyReLU", "config": {"name": "a/b", "alpha": 0.5, "batch_input_shape": [null, 2]}})");
  EXPECT_EQ(layer["module"], "keras.layers");
  EXPECT_EQ(layer["config"], Tree::parse(R"({"name": "a_b", "negative_slope": 0.5})"));
}

TEST(TodaysConfig, absent_arguments_of_old_recurrent_layers_keep_their_old_meaning) {
  const Tree layer = rewritten(R"({"class_name": "GRU", "config": {"name": "g", "units": 2}})");
  EXPECT_EQ(layer["config"]["reset_after"], false);
  EXPECT_EQ(layer["config"]["recurrent_activation"], "hard_sigmoid");
}

TEST(TodaysConfig, initializers_keep_what_todays_classes_take) {
  const Tree layer = rewritten(
      R"({"class_name": "Dense", "config": {"units": 1, "kernel_initializer":
          {"class_name": "GlorotUniform", "config": {"seed": 3, "dtype": "float32"}}}})");
  EXPECT_EQ(layer["config"]["kernel_initializer"]["config"], Tree::parse(R"({"seed": 3})"));
}

TEST(TodaysConfig, a_hard_sigmoid_of_its_own_becomes_a_scaling_and_a_clip) {
  const Tree layer =
      rewritten(R"({"class_name": "Activation", "config": {"name": "h", "activation": "hard_sigmoid"}})");
  EXPECT_EQ(layer["class_name"], "Sequential");
  EXPECT_EQ(layer["config"]["layers"].size(), 2U);
}

TEST(Hdf5Config, dtypes_and_initializers_are_spelt_as_keras_2_reads_them) {
  const Tree todays = to_tree(Json::parse(
      R"({"class_name": "Sequential", "module": "keras", "config": {"name": "m", "layers": [{"class_name": "Dense", "module": "keras.layers", "config": {"name": "d", "units": 1,
      "dtype": {"module": "keras", "class_name": "DTypePolicy", "config": {"name": "float32"}, "registered_name": null},
      "kernel_initializer": {"module": "keras.initializers", "class_name": "GlorotUniform", "config": {"seed": null, "input_axes": null, "output_axes": [1]}}}}]}})",
      "config"));
  const Tree config = hdf5_config(todays)["config"]["layers"][0]["config"];
  EXPECT_EQ(config["dtype"], "float32");
  EXPECT_EQ(config["kernel_initializer"]["config"], Tree::parse(R"({"seed": null, "output_axes": [1]})"));
}

TEST(TodaysConfig, a_layer_that_keras_3_lacks_is_unsupported_by_name) {
  test::expect_error(
      ErrorCode::unsupported,
      [] { rewritten(R"({"class_name": "LocallyConnected2D", "config": {"name": "lc"}})"); },
      "lc: Keras 3 has no layer LocallyConnected2D");
  test::expect_error(
      ErrorCode::unsupported, [] { rewritten(R"({"class_name": "Lambda", "config": {"name": "f"}})"); },
      "Python code");
}

}  // namespace
}  // namespace cornu::exporting
