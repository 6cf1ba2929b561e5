#include "import/keras_model.h"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include "support/expect_error.h"

namespace cornu::import {
namespace {

std::string input(const char* name) {
  return fmt::format(
      R"({{"class_name": "InputLayer", "name": "{0}", "config": {{"name": "{0}", "batch_input_shape": [null, 3], "dtype": "float32"}}, "inbound_nodes": []}})",
      name);
}

std::string layer(const char* class_name, const char* name, const char* config, const char* nodes) {
  return fmt::format(
      R"({{"class_name": "{}", "name": "{}", "config": {{"name": "{}"{}}}, "inbound_nodes": {}}})",
      class_name, name, name, config, nodes);
}

std::string functional(const std::string& layers, const char* outputs) {
  return fmt::format(
      R"({{"class_name": "Functional", "config": {{"name": "m", "layers": [{}], "input_layers": [["x", 0, 0]], "output_layers": {}}}}})",
      layers, outputs);
}

formats::ModelFile file_of(std::string config) {
  formats::ModelFile file;
  file.config = std::move(config);
  file.keras_version = "2.4.0";
  return file;
}

Tensor floats(const Shape& shape) {
  return new_tensor(DType::float32, shape).tensor;
}

KerasModel import_text(const std::string& config) {
  return import_keras(file_of(config), "m.h5");
}

const std::string kDense = layer("Dense", "d", R"(, "units": 2)", R"([[["x", 0, 0, {}]]])");

TEST(ImportKeras, weights_are_matched_by_layer_name) {
  formats::ModelFile file = file_of(functional(input("x") + "," + kDense, R"([["d", 0, 0]])"));
  file.layers = {{"x", {}}, {"d", {{"d/kernel:0", floats({3, 2})}, {"d/bias:0", floats({2})}}}};
  const KerasModel model = import_keras(file, "m.h5");
  EXPECT_EQ(model.weight_bytes.total, 32);
  EXPECT_EQ(model.root->children[1]->weights[0].origin, "d/kernel:0");
  EXPECT_EQ(model.graph.outputs()[0].name, "d");
}

TEST(ImportKeras, weights_go_by_order_when_names_differ) {
  formats::ModelFile file = file_of(functional(input("x") + "," + kDense, R"([["d", 0, 0]])"));
  file.layers = {{"dense_7", {{"dense_7_W", floats({3, 2})}, {"dense_7_b", floats({2})}}}};
  EXPECT_EQ(import_keras(file, "m.h5").root->children[1]->weights[1].origin, "dense_7_b");
}

TEST(ImportKeras, weights_of_keras_3_go_by_class_and_rank) {
  formats::ModelFile file = file_of(functional(
      input("x") + "," + kDense + "," + layer("Dense", "e", R"(, "units": 3)", R"([[["d", 0, 0, {}]]])"),
      R"([["e", 0, 0]])"));
  // Counters 0 and 2, as Keras 2.13 wrote them: the rank counts.
  file.variables = {{"layers/dense_2/vars/0", floats({2, 3})},
                    {"layers/dense_2/vars/1", floats({3})},
                    {"layers/dense/vars/0", floats({3, 2})},
                    {"layers/dense/vars/1", floats({2})}};
  EXPECT_EQ(import_keras(file, "m.keras").root->children[2]->weights[0].origin, "layers/dense_2/vars/0");
}

TEST(ImportKeras, a_weight_of_the_wrong_shape_names_both_shapes) {
  formats::ModelFile file = file_of(functional(input("x") + "," + kDense, R"([["d", 0, 0]])"));
  file.layers = {{"d", {{"d/kernel:0", floats({4, 2})}, {"d/bias:0", floats({2})}}}};
  test::expect_error(
      ErrorCode::bad_shape, [&] { import_keras(file, "m.h5"); },
      "m.h5: d: kernel (d/kernel:0) has shape (4, 2) in the file, the layer needs (3, 2)");
}

TEST(ImportKeras, a_missing_weight_is_bad_file) {
  formats::ModelFile file = file_of(functional(input("x") + "," + kDense, R"([["d", 0, 0]])"));
  file.layers = {{"d", {{"d/kernel:0", floats({3, 2})}}}};
  test::expect_error(
      ErrorCode::bad_file, [&] { import_keras(file, "m.h5"); }, "1 weights for the layer, Dense needs 2");
}

TEST(ImportKeras, an_unknown_layer_is_unsupported_and_named) {
  const std::string config = functional(
      input("x") + "," + layer("MEGNetLayer", "g", "", R"([[["x", 0, 0, {}]]])"), R"([["g", 0, 0]])");
  test::expect_error(
      ErrorCode::unsupported, [&] { import_text(config); }, "MEGNetLayer");
}

TEST(ImportKeras, an_unknown_argument_is_bad_config_and_named) {
  const std::string config =
      functional(input("x") + "," + layer("LeakyReLU", "l", R"(, "slopiness": 2)", R"([[["x", 0, 0, {}]]])"),
                 R"([["l", 0, 0]])");
  test::expect_error(
      ErrorCode::bad_config, [&] { import_text(config); },
      "LeakyReLU has arguments that Cornu does not know: slopiness");
}

TEST(ImportKeras, a_cycle_is_bad_config) {
  const std::string config =
      functional(input("x") + "," + layer("LeakyReLU", "a", "", R"([[["b", 0, 0, {}]]])") + "," +
                     layer("LeakyReLU", "b", "", R"([[["a", 0, 0, {}]]])"),
                 R"([["b", 0, 0]])");
  test::expect_error(
      ErrorCode::bad_config, [&] { import_text(config); }, "cycle");
}

TEST(ImportKeras, references_to_nothing_are_bad_config) {
  const std::string lost = functional(
      input("x") + "," + layer("LeakyReLU", "a", "", R"([[["nowhere", 0, 0, {}]]])"), R"([["a", 0, 0]])");
  test::expect_error(ErrorCode::bad_config, [&] { import_text(lost); });
  const std::string output = functional(input("x"), R"([["x", 0, 3]])");
  test::expect_error(
      ErrorCode::bad_config, [&] { import_text(output); }, "output 3 of layer 'x', which has 1");
  const std::string negative = functional(input("x"), R"([["x", -9, 0]])");
  test::expect_error(ErrorCode::bad_config, [&] { import_text(negative); });
}

TEST(ImportKeras, a_repeated_layer_name_is_bad_config) {
  const std::string config = functional(input("x") + "," + input("x"), R"([["x", 0, 0]])");
  test::expect_error(
      ErrorCode::bad_config, [&] { import_text(config); }, "two layers are named 'x'");
}

TEST(ImportKeras, models_nested_without_end_are_bad_config) {
  std::string config =
      R"({"class_name": "Dense", "config": {"name": "d", "units": 1, "batch_input_shape": [null, 3]}})";
  for (int level = 0; level < 150; ++level)
    config = R"({"class_name": "Sequential", "config": {"name": "s", "layers": [)" + config + "]}}";
  test::expect_error(ErrorCode::bad_config, [&] { import_text(config); });
}

TEST(ImportKeras, a_file_without_config_says_what_would_do) {
  test::expect_error(
      ErrorCode::bad_config, [&] { import_text(""); }, "--config");
  test::expect_error(
      ErrorCode::bad_config, [&] { import_text("{}"); }, "no class_name");
  test::expect_error(ErrorCode::bad_config, [&] { import_text("nonsense"); });
}

TEST(ImportKeras, a_config_encoded_twice_is_read) {
  formats::ModelFile file = file_of("");
  std::string text = functional(input("x"), R"([["x", 0, 0]])");
  std::string encoded = "\"";
  for (char c : text) encoded += c == '"' ? std::string("\\\"") : std::string(1, c);
  EXPECT_EQ(import_keras(file, "m.h5", encoded + "\"").name, "m");
}

}  // namespace
}  // namespace cornu::import
