#include "api/identity.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstring>
#include <filesystem>

#include "cornu/model.h"
#include "support/expect_error.h"
#include "support/temporary_folder.h"
#include "support/test_data.h"

namespace cornu {
namespace {

namespace fs = std::filesystem;

fs::path digits(const test::TemporaryFolder& folder) {
  const fs::path path = folder.path() / "digits.keras";
  fs::copy_file(test::digits_folder() / "digits.keras", path, fs::copy_options::overwrite_existing);
  return path;
}

TEST(Handle, is_short_and_gives_the_model_back) {
  const test::TemporaryFolder folder;
  const Model model = Model::load(digits(folder));
  EXPECT_LE(model.handle().size(), 512U);
  const Model again = Model::attach(model.handle());
  EXPECT_EQ(again.info().name, model.info().name);
  EXPECT_EQ(again.handle(), model.handle());
  const std::vector<float> image(64, 0.5F);
  const Array input = Array::view(DType::float32, {1, 8, 8, 1}, image.data());
  const auto a = model.predict(std::span(&input, 1));
  const auto b = again.predict(std::span(&input, 1));
  EXPECT_EQ(std::memcmp(a[0].data, b[0].data, static_cast<size_t>(a[0].size_bytes())), 0);
}

TEST(Handle, of_a_replaced_changed_or_deleted_file_is_refused) {
  const test::TemporaryFolder folder;
  const fs::path path = digits(folder);
  const std::string handle = Model::load(path).handle();
  fs::last_write_time(path, fs::last_write_time(path) + std::chrono::seconds(2));
  test::expect_error(
      ErrorCode::bad_file, [&] { Model::attach(handle); }, "replaced or changed");
  fs::remove(path);
  test::expect_error(ErrorCode::not_found, [&] { Model::attach(handle); });
}

TEST(Handle, text_that_is_none_is_bad_argument) {
  for (const std::string text : {"", "cornu-handle-1\n", "nonsense\nmore\n", "cornu-handle-1\nx\n",
                                 "cornu-handle-1\n1\n1\n1\n1\n1\n1\n99\nshort"}) {
    test::expect_error(ErrorCode::bad_argument, [&] { Model::attach(text); });
  }
}

}  // namespace
}  // namespace cornu
