// Every file of tests/golden/hdf5 against its description in cases.json; see tools/make_hdf5_cases.py.
#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>

#include "base/json.h"
#include "formats/hdf5/file.h"
#include "formats/hdf5/keras_weights.h"
#include "support/expect_error.h"
#include "support/temporary_folder.h"
#include "support/test_data.h"

namespace cornu::formats {
namespace {

const std::filesystem::path kFolder = test::data_folder() / "golden" / "hdf5";

// Expects a tensor to be [name, dtype, shape, first value or null, in place].
void expect_weight(const NamedTensor& weight, const Json& expected) {
  SCOPED_TRACE(weight.name);
  const Tensor& tensor = weight.tensor;
  EXPECT_EQ(weight.name, expected.at(0).string());
  EXPECT_EQ(dtype_name(tensor.dtype), expected.at(1).string());
  Shape shape;
  for (const Json& size : expected.at(2).elements()) shape.push_back(size.integer());
  ASSERT_EQ(tensor.shape, shape) << tensor.shape.to_string();
  EXPECT_EQ(tensor.in_place, expected.at(4).boolean());
  if (expected.at(3).is_null()) {
    const auto* texts = reinterpret_cast<const std::string*>(tensor.data);
    for (int64_t i = 0; i < shape.elements(); ++i) EXPECT_EQ(texts[i], "s" + std::to_string(i));
    return;
  }
  const std::vector<double> values = to_doubles(tensor);
  for (size_t i = 0; i < values.size(); ++i) {
    ASSERT_EQ(values[i], expected.at(3).number() + static_cast<double>(i)) << "element " << i;
  }
}

void expect_weights(const std::vector<NamedTensor>& weights, const Json& expected) {
  ASSERT_EQ(weights.size(), expected.size());
  for (size_t i = 0; i < weights.size(); ++i) expect_weight(weights[i], expected.at(i));
}

void expect_content(const ModelFile& file, const Json& expected) {
  const auto text = [&](const char* key) {
    return expected[key].exists() ? expected[key].string() : std::string_view{};
  };
  EXPECT_EQ(file.config, text("config"));
  EXPECT_EQ(file.training_config, text("training_config"));
  EXPECT_EQ(file.keras_version, text("keras_version"));
  EXPECT_EQ(file.backend, text("backend"));
  expect_weights(file.variables, expected["variables"]);
  ASSERT_EQ(file.layers.size(), expected["layers"].size());
  for (size_t i = 0; i < file.layers.size(); ++i) {
    SCOPED_TRACE(file.layers[i].layer);
    EXPECT_EQ(file.layers[i].layer, expected["layers"].at(i).at(0).string());
    expect_weights(file.layers[i].weights, expected["layers"].at(i).at(1));
  }
}

Json cases() {
  return Json::parse(test::read_bytes(kFolder / "cases.json"), "cases.json");
}

TEST(Hdf5, every_golden_file_gives_what_its_description_says) {
  const Json all = cases();
  ASSERT_GT(all.size(), 10U);
  for (const auto& [name, expected] : all.members()) {
    SCOPED_TRACE(std::string(name));
    const ModelFile file = read_model_file(kFolder / name);
    EXPECT_EQ(file.format, "hdf5");
    EXPECT_EQ(file.file_bytes, static_cast<int64_t>(std::filesystem::file_size(kFolder / name)));
    expect_content(file, expected);
  }
}

TEST(Hdf5, every_golden_file_has_a_description) {
  const Json all = cases();
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    const std::string name = entry.path().filename().string();
    EXPECT_TRUE(name == "cases.json" || all[name].exists()) << name;
  }
}

TEST(Hdf5, a_file_inside_another_at_an_odd_offset_reads_the_same) {
  for (const auto& [name, expected] : cases().members()) {
    SCOPED_TRACE(std::string(name));
    const std::string content = test::read_bytes(kFolder / name);
    const auto owner = std::make_shared<const std::string>("abc" + content + "trailing bytes");
    const auto bytes = std::as_bytes(std::span(*owner)).subspan(3, content.size());
    ModelFile file;
    read_keras_weights(hdf5::File::open(bytes, owner, true, "inner.h5"), file);
    expect_content(file, expected);
  }
}

TEST(Hdf5, tensors_keep_the_bytes_alive_and_say_what_the_caller_said_of_them) {
  auto owner = std::make_shared<const std::string>(test::read_bytes(kFolder / "user_block.h5"));
  const auto bytes = std::as_bytes(std::span(*owner));
  ModelFile file;
  read_keras_weights(hdf5::File::open(bytes, owner, false, "inner.h5"), file);
  ASSERT_EQ(file.variables.size(), 1U);
  EXPECT_FALSE(file.variables[0].tensor.in_place);
  EXPECT_EQ(owner.use_count(), 2);
  EXPECT_GE(file.variables[0].tensor.data, bytes.data());
  EXPECT_LT(file.variables[0].tensor.data, bytes.data() + bytes.size());
}

TEST(Hdf5, a_user_block_that_was_cut_off_or_added_later_does_not_matter) {
  const std::string content = test::read_bytes(kFolder / "user_block.h5");
  for (const std::string& moved : {content.substr(512), std::string(1024, ' ') + content.substr(512)}) {
    const auto owner = std::make_shared<const std::string>(moved);
    ModelFile file;
    read_keras_weights(hdf5::File::open(std::as_bytes(std::span(*owner)), owner, true, "a.h5"), file);
    EXPECT_EQ(to_doubles(file.variables.at(0).tensor), (std::vector<double>{7, 8, 9, 10, 11, 12}));
  }
}

TEST(Hdf5, the_signature_is_looked_for_at_0_and_at_powers_of_two_from_512) {
  const std::string signature("\x89HDF\r\n\x1a\n");
  const auto has = [&](size_t offset) {
    const std::string head = std::string(offset, ' ') + signature;
    return hdf5::has_signature(std::as_bytes(std::span(head)));
  };
  for (size_t offset : {0, 512, 1024, 2048}) EXPECT_TRUE(has(offset)) << offset;
  for (size_t offset : {1, 8, 256, 511, 513, 1536}) EXPECT_FALSE(has(offset)) << offset;
  EXPECT_FALSE(hdf5::has_signature({}));
}

TEST(Hdf5, bytes_without_a_signature_are_a_bad_file) {
  const std::string bytes(2000, 'x');
  test::expect_error(
      ErrorCode::bad_file, [&] { hdf5::File::open(std::as_bytes(std::span(bytes)), nullptr, true, "a.h5"); },
      "a.h5: no HDF5 signature");
}

}  // namespace
}  // namespace cornu::formats
