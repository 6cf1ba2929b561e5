#include "import/saved_keras.h"

#include <gtest/gtest.h>

#include "cornu/error.h"
#include "import/keras_model.h"
#include "support/test_data.h"

namespace cornu::import {
namespace {

std::optional<formats::ModelFile> part_of(const std::string& name) {
  const auto folder = test::data_folder() / "golden" / "saved_model" / name;
  return keras_part(formats::read_model_file(folder), folder.string());
}

TEST(saved_keras, a_model_of_keras_2_is_a_legacy_file_with_weights_in_place) {
  const auto part = part_of("sequential");
  ASSERT_TRUE(part);
  std::vector<std::string> names;
  for (const formats::LayerWeights& layer : part->layers) {
    for (const auto& [name, tensor] : layer.weights) {
      names.push_back(layer.layer + ":" + name);
      EXPECT_TRUE(tensor.in_place) << name;
    }
  }
  EXPECT_EQ(names, (std::vector<std::string>{"conv:conv/kernel:0", "conv:conv/bias:0", "norm:norm/gamma:0",
                                             "norm:norm/beta:0", "norm:norm/moving_mean:0",
                                             "norm:norm/moving_variance:0", "dense:dense/kernel:0",
                                             "dense:dense/bias:0"}));
  const KerasModel model = import_keras(*part, "sequential");
  EXPECT_EQ(model.class_name, "Sequential");
  EXPECT_EQ(model.weight_bytes.in_place, model.weight_bytes.total);
}

TEST(saved_keras, models_without_a_keras_config_of_layers_have_none) {
  EXPECT_FALSE(part_of("subclassed"));
  EXPECT_FALSE(part_of("twice"));
  EXPECT_FALSE(part_of("endless"));
}

TEST(saved_keras, a_damaged_config_is_an_error) {
  const auto folder = test::data_folder() / "golden" / "saved_model" / "sequential";
  formats::ModelFile file = formats::read_model_file(folder);
  file.side_files[0].path = folder / "io.npz";
  EXPECT_THROW(keras_part(file, folder.string()), Error);
}

}  // namespace
}  // namespace cornu::import
