// Every hostile archive of tests/attacks is refused, each for its own reason. tools/attacks_keras_zip.py
// makes the files.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "formats/model_file.h"
#include "support/expect_error.h"
#include "support/test_data.h"

namespace cornu::formats {
namespace {

namespace fs = std::filesystem;

struct Attack {
  std::string_view name;
  ErrorCode code;
  std::string_view message;  // a part of it
};

constexpr Attack kAttacks[] = {
    {"absolute-name", ErrorCode::bad_file, "\"/etc/passwd\", whose path leads outside"},
    {"content-past-the-end", ErrorCode::bad_file, "the whole archive has"},
    {"cut-directory", ErrorCode::bad_file, "no usable directory"},
    {"directory-past-the-end", ErrorCode::bad_file, "no usable directory"},
    {"divided", ErrorCode::bad_file, "divided over several disks"},
    {"drive-name", ErrorCode::bad_file, "leads outside"},
    {"duplicate-config", ErrorCode::bad_file, "two entries named \"config.json\""},
    {"encrypted", ErrorCode::unsupported, "encrypted"},
    {"header-past-the-end", ErrorCode::bad_file, "contradicts the directory"},
    {"leaves-the-archive", ErrorCode::bad_file, "leads outside"},
    {"metadata-too-deep", ErrorCode::bad_config, "metadata.json"},
    {"no-directory", ErrorCode::bad_file, "no usable directory"},
    {"other-disk", ErrorCode::unsupported, "several disks"},
    {"other-header", ErrorCode::bad_file, "contradicts the directory"},
    {"pickled-weights", ErrorCode::unsupported, "pickled"},
    {"shard-is-index", ErrorCode::bad_file, "model.weights.json"},
    {"shard-outside", ErrorCode::bad_file, "same folder"},
    {"size-bomb", ErrorCode::bad_file, "decompression bomb"},
    {"symbolic-link", ErrorCode::bad_file, "symbolic link"},
    {"terminal-codes-in-name", ErrorCode::bad_file, "\"../\\x1b]0;owned\\x07\\x0a\""},
    {"too-many-entries", ErrorCode::bad_file, "directory is damaged after 3 of 60000"},
    {"unknown-method", ErrorCode::unsupported, "method 98"},
    {"weights-are-text", ErrorCode::bad_file, "model.weights.h5"},
    {"zip64-size-bomb", ErrorCode::bad_file, "is stored, but has 4294967295"},
};

TEST(KerasZipAttacks, each_file_is_refused_for_its_own_reason) {
  for (const Attack& attack : kAttacks) {
    SCOPED_TRACE(attack.name);
    const fs::path path =
        test::data_folder() / "attacks" / ("keras_zip-" + std::string(attack.name) + ".keras");
    ASSERT_TRUE(fs::exists(path));
    test::expect_error(
        attack.code, [&] { read_model_file(path); }, attack.message);
  }
}

TEST(KerasZipAttacks, every_file_has_its_expectation) {
  for (const auto& entry : fs::directory_iterator(test::data_folder() / "attacks")) {
    std::string name = entry.path().stem();
    if (!name.starts_with("keras_zip-")) continue;
    name.erase(0, std::string_view("keras_zip-").size());
    EXPECT_TRUE(std::any_of(std::begin(kAttacks), std::end(kAttacks), [&](const Attack& attack) {
      return attack.name == name;
    })) << name;
  }
}

}  // namespace
}  // namespace cornu::formats
