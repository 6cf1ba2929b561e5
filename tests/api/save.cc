#include "cornu/save.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>

#include "cornu/model.h"
#include "support/expect_error.h"
#include "support/temporary_folder.h"

namespace cornu {
namespace {

namespace fs = std::filesystem;

constexpr const char* kConfig =
    R"({"class_name": "Sequential", "keras_version": "2.15.0", "config": {"name": "m", "layers": [
    {"class_name": "InputLayer", "config": {"batch_input_shape": [null, 2], "dtype": "float32", "name": "x"}},
    {"class_name": "Dense", "config": {"name": "d", "units": 3, "activation": "relu"}}]}})";

const std::vector<float> kKernel = {1, 2, 3, -4, 5, -6};
const std::vector<float> kBias = {0.5F, 0, -0.5F};

std::vector<Array> weights() {
  return {Array::view(DType::float32, {2, 3}, kKernel.data()),
          Array::view(DType::float32, {3}, kBias.data())};
}

std::vector<float> answer(const fs::path& path, const std::string& config = {}) {
  LoadOptions options;
  options.config = config;
  const Model model = Model::load(path, options);
  const float x[] = {1, 2};
  const Array input = Array::view(DType::float32, {1, 2}, x);
  const auto out = model.predict(std::span(&input, 1));
  std::vector<float> values(3);
  std::memcpy(values.data(), out[0].data, sizeof(float) * 3);
  return values;
}

const std::vector<float> kExpected = {0, 12, 0};  // relu([1, 2] kernel + bias)

TEST(Save, every_keras_format_is_read_again_with_the_same_answers) {
  const test::TemporaryFolder folder;
  save_model(kConfig, weights(), folder.path() / "m.keras", SaveFormat::keras);
  save_model(kConfig, weights(), folder.path() / "m.h5", SaveFormat::h5);
  save_model(kConfig, weights(), folder.path() / "m.weights.h5", SaveFormat::weights);
  EXPECT_EQ(answer(folder.path() / "m.keras"), kExpected);
  EXPECT_EQ(answer(folder.path() / "m.h5"), kExpected);
  EXPECT_EQ(answer(folder.path() / "m.weights.h5", kConfig), kExpected);
}

TEST(Save, a_memory_file_is_read_again_through_its_descriptor) {
  const int descriptor = ::memfd_create("model", MFD_CLOEXEC);
  ASSERT_GE(descriptor, 0);
  write_model(kConfig, weights(), descriptor);
  EXPECT_EQ(answer("/proc/self/fd/" + std::to_string(descriptor)), kExpected);
  ::close(descriptor);
}

TEST(Save, a_weight_that_does_not_fit_is_bad_shape_and_nothing_is_written) {
  const test::TemporaryFolder folder;
  std::vector<Array> wrong = weights();
  std::swap(wrong[0], wrong[1]);
  test::expect_error(
      ErrorCode::bad_shape, [&] { save_model(kConfig, wrong, folder.path() / "m.keras", SaveFormat::keras); },
      "kernel");
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(Save, a_closed_descriptor_is_io) {
  test::expect_error(
      ErrorCode::io, [] { write_model(kConfig, weights(), -1); }, "cannot write");
}

}  // namespace
}  // namespace cornu
