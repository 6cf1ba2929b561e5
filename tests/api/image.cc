#include "api/image.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>

#include "support/expect_error.h"

namespace cornu {
namespace {

TEST(Image, config_and_weights_come_back_aligned_and_outlive_the_descriptor) {
  const std::vector<float> kernel = {1, 2, 3, 4, 5, 6};
  const std::vector<int8_t> small = {7};
  const std::vector<std::string> words = {"a", "bc"};
  const Array weights[] = {
      Array::view(DType::float32, {2, 3}, kernel.data()), Array::view(DType::int8, {1}, small.data()),
      Array::view(DType::string, {2}, words.data()), Array::view(DType::float32, {0}, kernel.data())};
  Image image;
  {
    const Descriptor memory = write_image("the config", weights);
    image = read_image(memory);
  }
  EXPECT_EQ(image.config, "the config");
  ASSERT_EQ(image.weights.size(), 4U);
  for (size_t i = 0; i < 4; ++i) EXPECT_EQ(image.weights[i].shape, weights[i].shape);
  EXPECT_EQ(std::memcmp(image.weights[0].data, kernel.data(), sizeof(float) * 6), 0);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(image.weights[0].data) % 64, 0U);
  EXPECT_EQ(reinterpret_cast<const std::string*>(image.weights[2].data)[1], "bc");
}

TEST(Image, cannot_be_written_to_by_who_opens_it) {
  const Descriptor memory = write_image("", {});
  EXPECT_EQ(
      ::mmap(nullptr, 64, PROT_READ | PROT_WRITE, MAP_SHARED,
             Descriptor(::open(("/proc/self/fd/" + std::to_string(memory.get())).c_str(), O_RDONLY)).get(),
             0),
      MAP_FAILED);
}

TEST(Image, memory_that_holds_no_model_is_an_error) {
  const Descriptor memory(::memfd_create("test", MFD_CLOEXEC));
  test::expect_error(ErrorCode::bad_file, [&] { read_image(memory); });
  ASSERT_EQ(::ftruncate(memory.get(), 100), 0);
  test::expect_error(
      ErrorCode::bad_file, [&] { read_image(memory); }, "holds no model");
}

}  // namespace
}  // namespace cornu
