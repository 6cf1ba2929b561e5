// Names of checkpoints, and damaged ones. What their variables mean: tests/import/bind_checkpoint.cc.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "formats/checkpoint/checkpoint_path.h"
#include "formats/model_file.h"
#include "support/expect_error.h"
#include "support/temporary_folder.h"
#include "support/test_data.h"

namespace cornu::formats {
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

TEST(checkpoint, a_folder_means_its_latest_checkpoint_wherever_it_was_written) {
  EXPECT_EQ(model_path(folder()), folder() / "training.index");
  EXPECT_EQ(read_model_file(folder()).format, "checkpoint");
  const test::TemporaryFolder other;
  std::ofstream(other.path() / "checkpoint") << "all_model_checkpoint_paths: \"training\"\n";
  test::expect_error(
      ErrorCode::bad_file, [&] { model_path(other.path()); }, "names no latest");
}

TEST(checkpoint, a_prefix_that_is_nowhere_is_not_found) {
  test::expect_error(
      ErrorCode::not_found, [] { read_model_file(folder() / "nothing"); }, "nothing");
}

// Every byte of an index and its shard: tests/formats/bundle.cc.
TEST(checkpoint, a_cut_index_and_a_missing_shard_are_errors) {
  const test::TemporaryFolder copy;
  const std::string index = text_of(folder() / "keras3.index");
  std::ofstream(copy.path() / "m.index", std::ios::binary) << index;
  test::expect_error(
      ErrorCode::not_found, [&] { read_model_file(copy.path() / "m"); }, "m.data-00000-of-00001");
  std::ofstream(copy.path() / "m.index", std::ios::binary) << index.substr(0, index.size() - 1);
  test::expect_error(
      ErrorCode::bad_file, [&] { read_model_file(copy.path() / "m"); }, "m.index");
}

}  // namespace
}  // namespace cornu::formats
