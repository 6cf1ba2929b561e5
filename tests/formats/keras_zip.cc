#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <numeric>

#include "base/json.h"
#include "formats/model_file.h"
#include "formats/zip_archive.h"
#include "support/expect_error.h"
#include "support/make_zip.h"
#include "support/temporary_folder.h"
#include "support/test_data.h"

namespace cornu::formats {
namespace {

namespace fs = std::filesystem;
using test::TemporaryFolder;

// Made by real Keras; tools/golden_keras_zip.py says what is in it.
const fs::path kGolden = test::data_folder() / "golden" / "keras_zip";

// The entries of the golden archive.
struct Parts {
  std::string config;
  std::string metadata;
  std::string weights;
};

Parts golden_parts() {
  ZipArchive archive(map_file(kGolden / "small.keras"));
  const auto text = [&](const char* name) { return archive.text(*archive.find(name), 1 << 20); };
  return {text("config.json"), text("metadata.json"), text("model.weights.h5")};
}

// The four variables of the golden model hold 0, 1, 2, ... one after the other.
void expect_golden_weights(ModelFile file, bool in_place) {
  ASSERT_EQ(file.variables.size(), 4U);
  EXPECT_TRUE(file.layers.empty());
  double next = 0;
  const std::vector<std::pair<std::string, Shape>> expected = {{"layers/dense/vars/0", {3, 4}},
                                                               {"layers/dense/vars/1", {4}},
                                                               {"layers/dense_1/vars/0", {4, 2}},
                                                               {"layers/dense_1/vars/1", {2}}};
  std::sort(file.variables.begin(), file.variables.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  for (size_t i = 0; i < expected.size(); ++i) {
    const auto& [name, tensor] = file.variables[i];
    EXPECT_EQ(name, expected[i].first);
    EXPECT_EQ(tensor.shape, expected[i].second);
    EXPECT_EQ(tensor.in_place, in_place);
    std::vector<double> values(static_cast<size_t>(tensor.shape.elements()));
    std::iota(values.begin(), values.end(), next);
    next += static_cast<double>(values.size());
    EXPECT_EQ(to_doubles(tensor), values) << name;
  }
}

fs::path write_model(const TemporaryFolder& folder, const std::vector<test::ZipItem>& items) {
  const fs::path path = folder.path() / "a.keras";
  test::make_zip(path, items);
  return path;
}

void expect_refused(const fs::path& path, ErrorCode code, std::string_view text) {
  test::expect_error(
      code, [&] { read_model_file(path); }, text);
}

TEST(KerasZip, an_archive_of_keras_is_used_in_place) {
  const ModelFile file = read_model_file(kGolden / "small.keras");
  EXPECT_EQ(file.format, "keras_zip");
  EXPECT_EQ(file.keras_version, "3.15.1");
  EXPECT_EQ(Json::parse(file.config, "config")["class_name"].string(), "Sequential");
  EXPECT_EQ(file.file_bytes, static_cast<int64_t>(fs::file_size(kGolden / "small.keras")));
  expect_golden_weights(file, true);
}

TEST(KerasZip, tensors_outlive_the_model_file) {
  std::vector<NamedTensor> variables = read_model_file(kGolden / "small.keras").variables;
  ModelFile file;
  file.variables = std::move(variables);
  expect_golden_weights(file, true);
}

TEST(KerasZip, the_name_of_the_file_does_not_matter) {
  const TemporaryFolder folder;
  fs::copy_file(kGolden / "small.keras", folder.path() / "model.h5");
  expect_golden_weights(read_model_file(folder.path() / "model.h5"), true);
}

TEST(KerasZip, a_deflated_archive_gives_the_same_from_memory) {
  const TemporaryFolder folder;
  const Parts parts = golden_parts();
  const fs::path path = write_model(folder, {{"metadata.json", parts.metadata, true},
                                             {"config.json", parts.config, true},
                                             {"model.weights.h5", parts.weights, true}});
  const ModelFile file = read_model_file(path);
  EXPECT_EQ(file.config, parts.config);
  expect_golden_weights(file, false);
}

TEST(KerasZip, a_plain_folder_gives_the_same) {
  const TemporaryFolder folder;
  const Parts parts = golden_parts();
  folder.write("config.json", parts.config);
  folder.write("metadata.json", parts.metadata);
  folder.write("model.weights.h5", parts.weights);
  const ModelFile file = read_model_file(folder.path());
  EXPECT_EQ(file.format, "keras_zip");
  EXPECT_EQ(file.config, parts.config);
  EXPECT_EQ(file.keras_version, "3.15.1");
  EXPECT_EQ(file.file_bytes,
            static_cast<int64_t>(parts.config.size() + parts.metadata.size() + parts.weights.size()));
  expect_golden_weights(file, true);
}

TEST(KerasZip, metadata_and_assets_may_be_missing_or_more) {
  const TemporaryFolder folder;
  const Parts parts = golden_parts();
  const ModelFile file = read_model_file(write_model(folder, {{"config.json", parts.config},
                                                              {"model.weights.h5", parts.weights},
                                                              {"assets/", ""},
                                                              {"assets/words.txt", "a b"}}));
  EXPECT_EQ(file.keras_version, "");
  expect_golden_weights(file, true);
}

TEST(KerasZip, a_config_that_was_encoded_twice_is_unwrapped) {
  const TemporaryFolder folder;
  const Parts parts = golden_parts();
  const fs::path path = write_model(folder, {{"config.json", R"( "{\"class_name\": \"Sequential\"}")"},
                                             {"model.weights.h5", parts.weights}});
  EXPECT_EQ(read_model_file(path).config, R"({"class_name": "Sequential"})");
}

TEST(KerasZip, weights_without_a_config_are_read_as_such) {
  const TemporaryFolder folder;
  const ModelFile file = read_model_file(write_model(folder, {{"model.weights.h5", golden_parts().weights}}));
  EXPECT_EQ(file.config, "");
  expect_golden_weights(file, true);
}

TEST(KerasZip, an_index_of_shards_by_itself_gives_all_weights) {
  const ModelFile file = read_model_file(kGolden / "small.weights.json");
  EXPECT_EQ(file.format, "keras_zip");
  EXPECT_EQ(file.config, "");
  expect_golden_weights(file, true);
}

// The index and the shards, named as they are inside of a model.
std::vector<test::ZipItem> sharded_parts(bool deflated) {
  std::vector<test::ZipItem> items = {
      {"config.json", golden_parts().config, deflated},
      {"model.weights.json", test::read_bytes(kGolden / "small.weights.json"), deflated}};
  for (const auto& entry : fs::directory_iterator(kGolden)) {
    if (entry.path().extension() == ".h5")
      items.push_back({entry.path().filename(), test::read_bytes(entry.path()), deflated});
  }
  return items;
}

TEST(KerasZip, shards_may_lie_in_an_archive_or_in_a_folder) {
  const TemporaryFolder folder;
  for (const bool deflated : {false, true}) {
    expect_golden_weights(read_model_file(write_model(folder, sharded_parts(deflated))), !deflated);
  }
  const TemporaryFolder plain;
  for (const test::ZipItem& item : sharded_parts(false)) plain.write(item.name, item.content);
  const ModelFile file = read_model_file(plain.path());
  EXPECT_EQ(file.config, golden_parts().config);
  expect_golden_weights(file, true);
}

TEST(KerasZip, a_missing_shard_is_bad_file_and_named) {
  const TemporaryFolder folder;
  std::vector<test::ZipItem> items = sharded_parts(false);
  items.pop_back();
  expect_refused(write_model(folder, items), ErrorCode::bad_file, "which is not there");
}

TEST(KerasZip, wrong_indexes_of_shards_are_refused) {
  const TemporaryFolder folder;
  const auto expect_index_refused = [&](const std::string& index, ErrorCode code, std::string_view text) {
    std::vector<test::ZipItem> items = sharded_parts(false);
    items[1].content = index;
    expect_refused(write_model(folder, items), code, text);
  };
  expect_index_refused("{", ErrorCode::bad_config, "model.weights.json");
  expect_index_refused("{}", ErrorCode::bad_file, "weight_map");
  expect_index_refused(R"({"weight_map": ["a.h5"]})", ErrorCode::bad_file, "weight_map");
  for (const char* name : {"\"../secret.h5\"", "\"/etc/passwd\"", "\"a/b.h5\"", "\"a\\\\b.h5\"", "\"..\"",
                           "\"\"", "3", "[[\"a\"]]"}) {
    expect_index_refused(std::string(R"({"weight_map": {"/vars": )") + name + "}}", ErrorCode::bad_file,
                         "same folder");
  }
}

TEST(KerasZip, two_shards_with_one_variable_are_bad_file) {
  const TemporaryFolder folder;
  std::vector<test::ZipItem> items = sharded_parts(false);
  items.push_back({"copy.h5", items[2].content});
  items[1].content = R"({"weight_map": {"/a/vars": [")" + items[2].name + R"(", "copy.h5"]}})";
  expect_refused(write_model(folder, items), ErrorCode::bad_file, "which an earlier shard holds too");
}

TEST(KerasZip, archives_without_a_model_are_bad_file) {
  const TemporaryFolder folder;
  expect_refused(write_model(folder, {}), ErrorCode::bad_file, "holds no Keras model");
  expect_refused(write_model(folder, {{"word/document.xml", "x"}}), ErrorCode::bad_file,
                 "holds no Keras model");
  expect_refused(write_model(folder, {{"config.json", "{}"}}), ErrorCode::bad_file, "no weights");
}

TEST(KerasZip, pickled_weights_are_unsupported) {
  const TemporaryFolder folder;
  expect_refused(write_model(folder, {{"config.json", "{}"}, {"model.weights.npz", "x"}}),
                 ErrorCode::unsupported, "pickled");
}

TEST(KerasZip, weights_that_are_no_hdf5_are_bad_file_and_named) {
  const TemporaryFolder folder;
  for (const char* content : {"", "x", "PK\3\4"}) {
    expect_refused(write_model(folder, {{"config.json", "{}"}, {"model.weights.h5", content}}),
                   ErrorCode::bad_file, "a.keras:/model.weights.h5");
  }
}

TEST(KerasZip, a_damaged_config_or_metadata_is_refused) {
  const TemporaryFolder folder;
  const Parts parts = golden_parts();
  const fs::path path =
      write_model(folder, {{"config.json", parts.config}, {"model.weights.h5", parts.weights}});
  std::string bytes = test::read_bytes(path);
  bytes[bytes.find("Sequential")] = 'X';
  std::ofstream(path, std::ios::binary) << bytes;
  expect_refused(path, ErrorCode::bad_file, "a.keras:/config.json: the checksum is wrong");
  expect_refused(
      write_model(folder,
                  {{"metadata.json", "{"}, {"config.json", "{}"}, {"model.weights.h5", parts.weights}}),
      ErrorCode::bad_config, "metadata.json");
}

TEST(KerasZip, a_config_above_256_mb_is_bad_file) {
  const TemporaryFolder folder;
  std::string noise(400000, '\0');  // packs to more than 1/1032 of 256 MB, so it is no bomb
  uint32_t state = 1;
  for (char& c : noise)
    c = static_cast<char>((state = state * 1664525 + 1013904223) >> 24);  // Numerical Recipes, 7.1
  const fs::path path =
      write_model(folder, {{"config.json", noise, true}, {"model.weights.h5", golden_parts().weights}});
  std::string bytes = test::read_bytes(path);
  const uint32_t declared = (uint32_t{256} << 20) + 1;
  std::memcpy(bytes.data() + 22, &declared, sizeof declared);  // in the entry's own header
  std::memcpy(bytes.data() + bytes.find("PK\1\2") + 24, &declared, sizeof declared);
  std::ofstream(path, std::ios::binary) << bytes;
  expect_refused(path, ErrorCode::bad_file, "at most 268435456");
}

TEST(KerasZip, an_archive_cut_anywhere_is_bad_file) {
  const std::string whole = test::read_bytes(kGolden / "small.keras");
  const TemporaryFolder folder;
  for (size_t size = 1; size < whole.size(); size += size < 200 || size + 600 > whole.size() ? 1 : 97) {
    const fs::path path = folder.write("a.keras", std::string_view(whole).substr(0, size));
    expect_refused(path, ErrorCode::bad_file, "a.keras");
  }
}

TEST(KerasZip, any_flipped_byte_does_no_harm) {
  const std::string whole = test::read_bytes(kGolden / "small.keras");
  const TemporaryFolder folder;
  for (size_t at = 0; at < whole.size(); at += 17) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(~damaged[at]);
    const fs::path path = folder.write("a.keras", damaged);
    try {
      for (const NamedTensor& variable : read_model_file(path).variables)
        EXPECT_TRUE(variable.tensor.valid());
    } catch (const Error& error) {
      EXPECT_NE(error.code(), ErrorCode::internal) << at << ": " << error.what();
      EXPECT_NE(error.code(), ErrorCode::out_of_memory) << at << ": " << error.what();
    }
  }
}

}  // namespace
}  // namespace cornu::formats
