#include "formats/arrays.h"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <numeric>

#include "support/expect_error.h"
#include "support/temporary_folder.h"
#include "support/test_data.h"

namespace cornu::formats {
namespace {

namespace fs = std::filesystem;

// Files that NumPy wrote; tools/golden_numpy.py says what is in them.
const fs::path kGolden = test::data_folder() / "golden" / "numpy";

std::map<std::string, Tensor> read_map(const fs::path& path) {
  std::map<std::string, Tensor> arrays;
  for (const NamedTensor& array : read_arrays(path)) arrays[array.name] = array.tensor;
  return arrays;
}

std::vector<std::string> texts(const Tensor& tensor) {
  const auto* values = reinterpret_cast<const std::string*>(tensor.data);
  return {values, values + tensor.shape.elements()};
}

void expect_numbers(const std::map<std::string, Tensor>& arrays) {
  const std::map<std::string, DType> types = {
      {"f2", DType::float16}, {"f4", DType::float32}, {"f8", DType::float64}, {"i1", DType::int8},
      {"i2", DType::int16},   {"i4", DType::int32},   {"i8", DType::int64},   {"u1", DType::uint8},
      {"u2", DType::uint16},  {"u4", DType::uint32},  {"u8", DType::uint64}};
  for (const auto& [name, dtype] : types) {
    const Tensor& tensor = arrays.at(name);
    EXPECT_EQ(tensor.dtype, dtype) << name;
    EXPECT_EQ(tensor.shape, (Shape{2, 3})) << name;
    EXPECT_EQ(to_doubles(tensor), (std::vector<double>{0, 1, 2, 3, 4, 5})) << name;
  }
  const Tensor& complex = arrays.at("c8");
  EXPECT_EQ(complex.dtype, DType::complex64);
  const Tensor parts{DType::float32, {2, 3, 2}, complex.data, complex.owner, false};
  EXPECT_EQ(to_doubles(parts), (std::vector<double>{0, 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0}));
  EXPECT_EQ(arrays.at("c16").dtype, DType::complex128);
  std::vector<int64_t> rising(24);
  std::iota(rising.begin(), rising.end(), 0);
  EXPECT_EQ(arrays.at("fortran").shape, (Shape{2, 3, 4}));
  EXPECT_EQ(to_ints(arrays.at("fortran")), rising);
  EXPECT_EQ(texts(arrays.at("text")), (std::vector<std::string>{"", "größe", "\u5c42", "\U0001f600!"}));
}

void expect_the_rest(const std::map<std::string, Tensor>& arrays) {
  EXPECT_EQ(arrays.size(), 20U);
  EXPECT_EQ(to_ints(arrays.at("b1")), (std::vector<int64_t>{1, 0, 0, 1}));
  EXPECT_EQ(arrays.at("b1").dtype, DType::boolean);
  EXPECT_EQ(arrays.at("scalar").shape, Shape{});
  EXPECT_EQ(to_doubles(arrays.at("scalar")), std::vector<double>{7.5});
  EXPECT_EQ(arrays.at("empty").shape, (Shape{0, 5}));
  EXPECT_EQ(texts(arrays.at("bytes")), (std::vector<std::string>{"", std::string("a\0b", 3), "long one"}));
  EXPECT_EQ(texts(arrays.at("fortran_text")), (std::vector<std::string>{"a", "b", "c", "d"}));
}

TEST(Arrays, a_stored_npz_of_every_type_is_read_in_place) {
  const auto arrays = read_map(kGolden / "stored.npz");
  expect_numbers(arrays);
  expect_the_rest(arrays);
  EXPECT_TRUE(arrays.at("f4").in_place);
  EXPECT_FALSE(arrays.at("fortran").in_place);
}

TEST(Arrays, a_compressed_npz_holds_the_same) {
  const auto arrays = read_map(kGolden / "deflated.npz");
  expect_numbers(arrays);
  expect_the_rest(arrays);
  EXPECT_FALSE(arrays.at("f4").in_place);
}

TEST(Arrays, big_endian_files_hold_the_same_numbers) {
  expect_numbers(read_map(kGolden / "big_endian.npz"));
}

TEST(Arrays, names_come_in_the_archives_order) {
  const auto arrays = read_arrays(kGolden / "stored.npz");
  EXPECT_EQ(arrays.front().name, "f2");
  EXPECT_EQ(arrays.back().name, "fortran_text");
}

TEST(Arrays, an_npz_without_arrays_gives_none) {
  EXPECT_TRUE(read_arrays(kGolden / "none.npz").empty());
}

TEST(Arrays, an_npy_of_each_version_is_named_input_0) {
  for (const char* name : {"float32.npy", "version2.npy", "version3.npy"}) {
    const auto arrays = read_arrays(kGolden / name);
    ASSERT_EQ(arrays.size(), 1U);
    EXPECT_EQ(arrays[0].name, "input_0");
    EXPECT_EQ(to_doubles(arrays[0].tensor), (std::vector<double>{0, 1, 2, 3, 4, 5}));
    EXPECT_TRUE(arrays[0].tensor.in_place);
  }
}

TEST(Arrays, pickles_structures_and_dates_are_unsupported) {
  test::expect_error(
      ErrorCode::unsupported, [] { read_arrays(kGolden / "object.npy"); }, "pickle");
  test::expect_error(
      ErrorCode::unsupported, [] { read_arrays(kGolden / "structure.npy"); }, "structures");
  test::expect_error(
      ErrorCode::unsupported, [] { read_arrays(kGolden / "date.npy"); }, "M8");
}

TEST(Arrays, what_is_no_array_file_is_bad_file) {
  test::expect_error(
      ErrorCode::bad_file, [] { read_arrays(kGolden / "not_an_array.npz"); }, "not_an_array.npz:/readme.txt");
  const test::TemporaryFolder folder;
  const fs::path path = folder.write("a.npy", "\x1b[0m\nhello");
  test::expect_error(
      ErrorCode::bad_file, [&] { read_arrays(path); }, "neither a .npy nor a .npz");
  test::expect_error(ErrorCode::not_found, [&] { read_arrays(folder.path() / "none"); });
  test::expect_error(ErrorCode::io, [&] { read_arrays(folder.path()); });
}

// Reads `content` as a file; any Error is fine, any crash is not.
void read_hostile(const fs::path& path, const std::string& content) {
  std::ofstream(path, std::ios::binary) << content;
  try {
    for (const NamedTensor& array : read_arrays(path)) EXPECT_TRUE(array.tensor.valid());
  } catch (const Error& error) {
    EXPECT_NE(error.code(), ErrorCode::internal) << error.what();
    EXPECT_NE(error.code(), ErrorCode::out_of_memory) << error.what();
  }
}

TEST(Arrays, an_npz_cut_anywhere_is_refused_without_harm) {
  const std::string whole = test::read_bytes(kGolden / "deflated.npz");
  const test::TemporaryFolder folder;
  for (size_t size = 1; size<whole.size(); size += size + 100> whole.size() ? 1 : 5) {
    const fs::path path = folder.write("a.npz", std::string_view(whole).substr(0, size));
    test::expect_error(
        ErrorCode::bad_file, [&] { read_arrays(path); }, "a.npz");
  }
}

TEST(Arrays, any_flipped_byte_of_an_npz_does_no_harm) {
  const test::TemporaryFolder folder;
  for (const char* name : {"stored.npz", "deflated.npz"}) {
    const std::string whole = test::read_bytes(kGolden / name);
    for (size_t at = 0; at < whole.size(); at += 7) {
      std::string damaged = whole;
      damaged[at] = static_cast<char>(~damaged[at]);
      read_hostile(folder.path() / "a.npz", damaged);
    }
  }
}

TEST(Arrays, what_is_written_is_read_again_in_order) {
  const test::TemporaryFolder folder;
  const fs::path path = folder.path() / "out.npz";
  const std::vector<NamedTensor> arrays = {{"output_1", tensor_of(std::array{1.0F, 2.0F}, {2})},
                                           {"output_0", string_tensor({"a", "bc"}, {1, 2})},
                                           {"none", tensor_of({}, {0})}};
  write_npz(path, arrays);
  const auto again = read_arrays(path);
  ASSERT_EQ(again.size(), 3U);
  EXPECT_EQ(again[0].name, "output_1");
  EXPECT_EQ(to_doubles(again[0].tensor), (std::vector<double>{1, 2}));
  EXPECT_EQ(again[1].name, "output_0");
  EXPECT_EQ(texts(again[1].tensor), (std::vector<std::string>{"a", "bc"}));
  EXPECT_EQ(again[2].tensor.shape, Shape{0});
  const std::string first = test::read_bytes(path);
  write_npz(path, arrays);
  EXPECT_EQ(test::read_bytes(path), first) << "equal arrays give equal files";
}

TEST(Arrays, no_arrays_give_an_empty_archive) {
  const test::TemporaryFolder folder;
  write_npz(folder.path() / "out.npz", {});
  EXPECT_TRUE(read_arrays(folder.path() / "out.npz").empty());
}

TEST(Arrays, wrong_names_are_bad_argument_and_nothing_is_written) {
  const test::TemporaryFolder folder;
  const Tensor one = scalar(1);
  for (const std::vector<NamedTensor>& arrays :
       {std::vector<NamedTensor>{{"a", one}, {"a", one}}, {{"", one}}, {{std::string("a\0b", 3), one}}}) {
    test::expect_error(ErrorCode::bad_argument, [&] { write_npz(folder.path() / "out.npz", arrays); });
  }
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(Arrays, a_missing_folder_is_not_found) {
  const test::TemporaryFolder folder;
  test::expect_error(ErrorCode::not_found, [&] { write_npz(folder.path() / "no" / "out.npz", {}); });
}

}  // namespace
}  // namespace cornu::formats
