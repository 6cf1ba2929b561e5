#include "formats/optimizer_state.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "formats/model_writer.h"
#include "support/expect_error.h"

namespace cornu::formats {
namespace {

namespace fs = std::filesystem;

ModelFile model_of(bool legacy) {
  ModelFile model;
  model.config = R"({"class_name": "Sequential", "config": []})";
  model.keras_version = "3.15.1";
  const Tensor weight = tensor_of(std::vector<float>{1, 2}, {2});
  if (legacy) {
    model.training_config = R"({"loss": "mse"})";
    model.layers.push_back({"dense", {{"dense/kernel", weight}}});
    model.optimizer = {{"adam/iteration", tensor_of_ints(std::vector<int64_t>{7}, {})}, {"adam/m", weight}};
  } else {
    model.variables.push_back({"layers/dense/vars/0", weight});
    for (int i = 0; i < 12; ++i)
      model.optimizer.push_back(
          {"optimizer/vars/" + std::to_string(i), tensor_of(std::vector<float>{static_cast<float>(i)}, {1})});
  }
  return model;
}

fs::path path_of(const char* name) {
  return fs::path(testing::TempDir()) / name;
}

TEST(optimizer_state, of_a_keras_file_comes_in_the_order_of_numbers) {
  const fs::path path = path_of("state.keras");
  write_keras_file(model_of(false), path);
  const OptimizerState state = read_optimizer_state(path);
  ASSERT_EQ(state.variables.size(), 12U);
  for (size_t i = 0; i < 12; ++i) EXPECT_EQ(to_doubles(state.variables[i].tensor)[0], static_cast<double>(i));
  fs::remove(path);
}

TEST(optimizer_state, of_an_h5_file_comes_as_listed_with_its_training_config) {
  const fs::path path = path_of("state.h5");
  write_hdf5_file(model_of(true), path);
  const OptimizerState state = read_optimizer_state(path);
  ASSERT_EQ(state.variables.size(), 2U);
  EXPECT_EQ(state.variables[0].name, "adam/iteration");
  EXPECT_EQ(to_ints(state.variables[0].tensor)[0], 7);
  EXPECT_EQ(to_doubles(state.variables[1].tensor), (std::vector<double>{1, 2}));
  EXPECT_EQ(state.training_config, R"({"loss": "mse"})");
  fs::remove(path);
}

TEST(optimizer_state, a_file_without_one_has_nothing) {
  const fs::path path = path_of("none.h5");
  ModelFile model = model_of(true);
  model.optimizer.clear();
  write_hdf5_file(model, path);
  EXPECT_TRUE(read_optimizer_state(path).variables.empty());
  fs::remove(path);
  test::expect_error(ErrorCode::not_found, [&] { read_optimizer_state(path); });
}

}  // namespace
}  // namespace cornu::formats
