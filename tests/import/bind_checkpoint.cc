#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "cornu/model.h"
#include "formats/arrays.h"
#include "import/keras_model.h"
#include "support/expect_error.h"
#include "support/test_data.h"
#include "tensor/variant.h"

namespace cornu {
namespace {

namespace fs = std::filesystem;

fs::path folder() {
  return test::data_folder() / "golden" / "checkpoint";
}

std::string text_of(const fs::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

Model load(const fs::path& path, const std::string& config) {
  LoadOptions options;
  options.config = config;
  return Model::load(path, options);
}

// {"class_name": "Sequential", ...} of these layers on inputs of (batch, 4, 3).
std::string sequential(const std::string& layers) {
  return R"({"class_name": "Sequential", "config": {"name": "s", "layers": [{"class_name": "InputLayer", "config":
    {"batch_input_shape": [null, 4, 3], "dtype": "float32", "name": "x"}}, )" +
         layers + R"(]}, "keras_version": "2.15.0", "backend": "tensorflow"})";
}

class Checkpoint : public testing::TestWithParam<const char*> {};

TEST_P(Checkpoint, answers_as_keras_does_with_weights_in_place) {
  const std::string name = GetParam();
  const Model model = load(folder() / name, text_of(folder() / (name + ".json")));
  const auto arrays = formats::read_arrays(folder() / (name + ".npz"));
  const Tensor& x = arrays[0].tensor;
  const Tensor& wanted = arrays[1].tensor;
  const std::vector<Array> answers =
      model.predict(std::vector<Array>{Array::view(x.dtype, {2, 4, 3}, x.data)});
  ASSERT_EQ(answers.size(), 1U);
  for (int64_t i = 0; i < wanted.shape.elements(); ++i)
    EXPECT_NEAR(reinterpret_cast<const float*>(answers[0].data)[i],
                reinterpret_cast<const float*>(wanted.data)[i], 1e-6)
        << i;
  EXPECT_EQ(model.info().weights_in_place_bytes, model.info().weights_bytes);
  EXPECT_EQ(model.info().format, "checkpoint");
}

INSTANTIATE_TEST_SUITE_P(Golden, Checkpoint, testing::Values("objects", "training", "keras3", "names"));

TEST(bind_checkpoint, a_weight_without_a_variable_is_named) {
  const std::string dense = sequential(R"({"class_name": "Dense", "config": {"name": "d", "units": 2}})");
  test::expect_error(
      ErrorCode::bad_file, [&] { load(folder() / "objects", dense); }, "'layer_with_weights-0/kernel'");
  test::expect_error(
      ErrorCode::bad_file, [&] { load(folder() / "names", dense); }, "kernel");
}

TEST(bind_checkpoint, variables_that_no_layer_has_are_named) {
  const std::string both =
      R"({"class_name": "Bidirectional", "config": {"name": "both", "layer": {"class_name": "LSTM",
    "config": {"name": "cells", "units": 2, "return_sequences": true, "use_bias": BIAS}}}})";
  const auto with = [&](const char* bias) {
    std::string text = both;
    return sequential(text.replace(text.find("BIAS"), 4, bias));
  };
  test::expect_error(
      ErrorCode::bad_file, [&] { load(folder() / "objects", with("true")); },
      "'layer_with_weights-1' is one too many");
  test::expect_error(
      ErrorCode::bad_file, [&] { load(folder() / "objects", with("false")); },
      "'layer_with_weights-0/forward_layer/cell/bias'");
}

TEST(bind_checkpoint, a_layer_too_many_is_named) {
  const std::string config = text_of(folder() / "keras3.json");
  const size_t last = config.rfind(R"({"module": "keras.layers")");
  std::string more = config;
  more.insert(last, R"({"class_name": "Dense", "config": {"name": "more", "units": 2}}, )");
  test::expect_error(
      ErrorCode::bad_file, [&] { load(folder() / "keras3", more); }, "the model needs 5");
}

TEST(bind_checkpoint, a_damaged_graph_of_objects_is_an_error_or_other_numbers) {
  formats::ModelFile file = formats::read_model_file(folder() / "keras3");
  const std::string config = text_of(folder() / "keras3.json");
  auto graph = std::find_if(file.variables.begin(), file.variables.end(), [](const auto& variable) {
    return variable.name == "_CHECKPOINTABLE_OBJECT_GRAPH";
  });
  ASSERT_NE(graph, file.variables.end());
  const std::string whole = strings_of(graph->tensor)[0];
  const auto import_with = [&](std::string bytes) {
    graph->tensor = string_tensor({std::move(bytes)}, {});
    import::import_keras(file, "m", config);
  };
  import_with(whole);
  for (size_t i = 0; i < whole.size(); ++i) {
    EXPECT_THROW(import_with(whole.substr(0, i)), Error) << i;
    std::string changed = whole;
    changed[i] = static_cast<char>(changed[i] ^ 0x15);
    try {
      import_with(changed);
    } catch (const Error&) {
    }
  }
}

}  // namespace
}  // namespace cornu
