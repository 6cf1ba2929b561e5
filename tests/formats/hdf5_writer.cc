// The HDF5 writer against our reader. Real h5py and Keras read its files in tools/check_written.py.
#include "formats/hdf5/writer.h"

#include <gtest/gtest.h>

#include <cstring>
#include <numeric>

#include "formats/hdf5/attribute.h"
#include "formats/hdf5/dataset.h"
#include "formats/hdf5/file.h"
#include "formats/hdf5/group.h"
#include "formats/model_writer.h"
#include "support/expect_error.h"
#include "support/temporary_folder.h"

namespace cornu::formats {
namespace {

using hdf5::NewFile;

std::vector<std::byte> bytes_of(NewFile& file) {
  std::vector<std::byte> bytes;
  file.write([&](std::span<const std::byte> part) { bytes.insert(bytes.end(), part.begin(), part.end()); });
  return bytes;
}

hdf5::File opened(const std::vector<std::byte>& bytes) {
  return hdf5::File::open(bytes, nullptr, true, "made.h5");
}

Tensor dataset_at(const hdf5::Group& group, std::string_view name) {
  const hdf5::Link* link = group.find(name);
  EXPECT_NE(link, nullptr) << name;
  return hdf5::read_dataset(group.open(*link));
}

TEST(Hdf5Writer, every_type_comes_back_from_a_multiple_of_64) {
  const DType types[] = {DType::float32, DType::float64, DType::float16, DType::bfloat16, DType::int8,
                         DType::int16,   DType::int32,   DType::int64,   DType::uint8,    DType::uint16,
                         DType::uint32,  DType::uint64,  DType::boolean};
  std::vector<Tensor> tensors;
  for (const DType type : types) {
    NewTensor tensor = new_tensor(type, {3, 5});
    for (int64_t i = 0; i < tensor.tensor.size_bytes(); ++i)
      tensor.data[i] = static_cast<std::byte>(type == DType::boolean ? i % 2 : 37 * i + 1);
    tensors.push_back(tensor.tensor);
  }
  NewFile file;
  for (const Tensor& tensor : tensors) file.dataset(file.root(), dtype_name(tensor.dtype), tensor);
  const std::vector<std::byte> bytes = bytes_of(file);
  const hdf5::File opened_file = opened(bytes);
  const hdf5::Group root = opened_file.root();
  for (const Tensor& tensor : tensors) {
    const Tensor back = dataset_at(root, dtype_name(tensor.dtype));
    EXPECT_EQ(back.dtype, tensor.dtype);
    EXPECT_EQ(back.shape, tensor.shape);
    EXPECT_TRUE(back.in_place);
    EXPECT_EQ((back.data - bytes.data()) % 64, 0);
    EXPECT_EQ(std::memcmp(back.data, tensor.data, static_cast<size_t>(tensor.size_bytes())), 0);
  }
}

TEST(Hdf5Writer, scalars_and_arrays_without_elements_come_back) {
  const Tensor one = scalar(2.5);
  const Tensor none = new_tensor(DType::int64, {4, 0}).tensor;
  NewFile file;
  file.dataset(file.root(), "one", one);
  file.dataset(file.root(), "none", none);
  const std::vector<std::byte> bytes = bytes_of(file);
  const hdf5::File opened_file = opened(bytes);
  const hdf5::Group root = opened_file.root();
  EXPECT_EQ(to_doubles(dataset_at(root, "one")), std::vector<double>{2.5});
  EXPECT_EQ(dataset_at(root, "none").shape, (Shape{4, 0}));
}

TEST(Hdf5Writer, long_texts_and_long_lists_of_names_come_back) {
  const std::string text(200000, 't');  // longer than an attribute
  std::vector<std::string> names;
  for (int i = 0; i < 3000; ++i) names.push_back("layer_with_a_rather_long_name_" + std::to_string(i));
  NewFile file;
  file.root().set_text("model_config", text);
  file.root().set_texts("layer_names", names);
  file.root().set_texts("weight_names", {});
  const std::vector<std::byte> bytes = bytes_of(file);
  const hdf5::File opened_file = opened(bytes);
  const hdf5::Group root = opened_file.root();
  EXPECT_EQ(hdf5::find_attribute(root.object(), "model_config")->text(), text);
  const auto back = hdf5::find_texts(root.object(), "layer_names");
  ASSERT_TRUE(back);
  EXPECT_EQ(std::vector<std::string>(back->begin(), back->end()), names);
  EXPECT_TRUE(hdf5::find_texts(root.object(), "weight_names")->empty());
}

TEST(Hdf5Writer, thousands_of_links_in_a_group_come_back) {
  const Tensor one = scalar(1);
  NewFile file;
  for (int i = 0; i < 2000; ++i) file.dataset(file.root(), "a/" + std::to_string(i) + "/vars/0", one);
  const std::vector<std::byte> bytes = bytes_of(file);
  ModelFile read;
  const test::TemporaryFolder folder;
  const auto path = folder.write("a.h5", {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  EXPECT_EQ(read_model_file(path).variables.size(), 2000U);
}

TEST(Hdf5Writer, names_that_collide_are_bad_argument) {
  const Tensor one = scalar(1);
  NewFile file;
  file.dataset(file.root(), "a/b", one);
  test::expect_error(
      ErrorCode::bad_argument, [&] { file.dataset(file.root(), "a/b", one); }, "taken");
  test::expect_error(
      ErrorCode::bad_argument, [&] { file.dataset(file.root(), "a/b/c", one); }, "cannot be a group");
}

TEST(Hdf5Writer, strings_and_complex_numbers_are_unsupported) {
  const Tensor text = string_tensor({"a"}, {});
  NewFile file;
  test::expect_error(
      ErrorCode::unsupported, [&] { file.dataset(file.root(), "a", text); }, "string");
}

TEST(Hdf5Writer, a_name_too_long_for_an_attribute_is_unsupported) {
  NewFile file;
  test::expect_error(
      ErrorCode::unsupported, [&] { file.root().set_texts("layer_names", {std::string(70000, 'n')}); },
      "does not fit");
}

ModelFile small_model() {
  ModelFile model;
  model.config = R"({"class_name": "Sequential", "config": {"name": "m", "layers": []}})";
  model.keras_version = "3.15.1";
  model.backend = "tensorflow";
  model.layers = {{"a/b", {{"a/b/kernel", scalar(1)}, {"a/b/bias", scalar(2)}}}, {"empty", {}}};
  model.variables = {{"layers/dense/vars/0", scalar(3)}};
  return model;
}

TEST(ModelWriter, a_full_model_in_hdf5_comes_back) {
  const test::TemporaryFolder folder;
  ModelFile model = small_model();
  model.training_config = R"({"loss": "mse"})";
  model.optimizer = {{"adam/iteration", scalar(7)}};
  write_hdf5_file(model, folder.path() / "m.h5");
  const ModelFile back = read_model_file(folder.path() / "m.h5");
  EXPECT_EQ(back.config, model.config);
  EXPECT_EQ(back.training_config, model.training_config);
  EXPECT_EQ(back.keras_version, "3.15.1");
  EXPECT_EQ(back.backend, "tensorflow");
  ASSERT_EQ(back.layers.size(), 2U);
  EXPECT_EQ(back.layers[0].layer, "a/b");
  EXPECT_EQ(back.layers[0].weights[1].name, "a/b/bias");
  EXPECT_EQ(to_doubles(back.layers[0].weights[1].tensor)[0], 2);
  EXPECT_TRUE(back.layers[1].weights.empty());
}

TEST(ModelWriter, a_keras_archive_comes_back_with_its_arrays_in_place) {
  const test::TemporaryFolder folder;
  const ModelFile model = small_model();
  write_keras_file(model, folder.path() / "m.keras");
  const ModelFile back = read_model_file(folder.path() / "m.keras");
  EXPECT_EQ(back.format, "keras_zip");
  EXPECT_EQ(back.config, model.config);
  ASSERT_EQ(back.variables.size(), 1U);
  EXPECT_EQ(back.variables[0].name, "layers/dense/vars/0");
  EXPECT_TRUE(back.variables[0].tensor.in_place);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(back.variables[0].tensor.data) % 64, 0U);
}

TEST(ModelWriter, a_folder_that_is_not_there_is_not_found_and_nothing_is_left) {
  const test::TemporaryFolder folder;
  test::expect_error(
      ErrorCode::not_found, [&] { write_keras_file(small_model(), folder.path() / "no/m.keras"); },
      "m.keras");
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

}  // namespace
}  // namespace cornu::formats
