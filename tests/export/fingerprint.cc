#include "export/fingerprint.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "support/expect_error.h"
#include "support/test_data.h"

namespace cornu::exporting {
namespace {

std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

std::string fingerprint_of_golden(const std::string& name) {
  const auto folder = test::data_folder() / "golden" / "saved_model" / name;
  return fingerprint_of(bytes_of(folder / "saved_model.pb"),
                        bytes_of(folder / "variables" / "variables.index"), name);
}

// What CreateFingerprintDef of TensorFlow 2.21 says of these folders.
TEST(fingerprint, has_the_hashes_that_tensorflow_computes) {
  EXPECT_EQ(singleprint(fingerprint_of_golden("sequential"), ""),
            "17539952892637059959/17645861468807286888/13361799223085552561/18210775390133543503");
  EXPECT_EQ(singleprint(fingerprint_of_golden("several"), ""),
            "9868940921627729115/9551915082698544252/4686380803602752371/15749130998951672482");
}

TEST(fingerprint, a_cut_model_is_bad_file) {
  const auto folder = test::data_folder() / "golden" / "saved_model" / "several";
  const std::string model = bytes_of(folder / "saved_model.pb");
  for (size_t size = 1; size < model.size(); size += 997)
    test::expect_error(
        ErrorCode::bad_file, [&] { fingerprint_of(model.substr(0, size), "", "m"); }, "m");
  test::expect_error(
      ErrorCode::bad_file, [&] { fingerprint_of("", "", "m"); }, "no graph");
  test::expect_error(
      ErrorCode::bad_file, [&] { singleprint("\x08", "m"); }, "m");
}

}  // namespace
}  // namespace cornu::exporting
