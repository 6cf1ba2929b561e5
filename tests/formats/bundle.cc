#include "formats/bundle.h"

#include <gtest/gtest.h>

#include "cornu/error.h"
#include "support/make_table.h"
#include "support/temporary_folder.h"

namespace cornu::formats {
namespace {

constexpr int kFloat = 1;
constexpr int kString = 7;

class BundleTest : public testing::Test {
 protected:
  void write(const std::string& name, const std::string& bytes) {
    std::ofstream(folder_.path() / name, std::ios::binary) << bytes;
  }
  void write_index(std::vector<std::pair<std::string, std::string>> entries, const std::string& header) {
    entries.insert(entries.begin(), {"", header});
    write("v.index", test::make_table(entries));
  }
  ErrorCode code() {
    try {
      read_bundle(folder_.path() / "v");
    } catch (const Error& error) {
      return error.code();
    }
    return ErrorCode::internal;  // read without an error
  }
  // One tensor "x" of these facts in a shard of 8 bytes.
  ErrorCode code_of(const std::string& entry) {
    write("v.data-00000-of-00001", "12345678");
    write_index({{"x", entry}}, test::bundle_header(1));
    return code();
  }
  test::TemporaryFolder folder_;
};

TEST_F(BundleTest, tensors_are_views_of_the_shards) {
  const float values[] = {1.5F, -2};
  write("v.data-00000-of-00002", "skip" + std::string(reinterpret_cast<const char*>(values), 8));
  std::string strings;
  test::put_varint(strings, 2);
  test::put_varint(strings, 0);
  strings += "crc!ab";
  write("v.data-00001-of-00002", strings);
  write_index({{"empty", test::bundle_entry(kFloat, {0, 3}, 0, 0, 0)},
               {"names", test::bundle_entry(kString, {2}, 1, 0, static_cast<int64_t>(strings.size()))},
               {"x", test::bundle_entry(kFloat, {2}, 0, 4, 8)}},
              test::bundle_header(2));
  const Bundle bundle = read_bundle(folder_.path() / "v");
  ASSERT_EQ(bundle.tensors.size(), 3U);
  EXPECT_EQ(bundle.tensors[0].tensor.shape, Shape({0, 3}));
  EXPECT_EQ(reinterpret_cast<const std::string*>(bundle.tensors[1].tensor.data)[0], "ab");
  EXPECT_EQ(to_doubles(bundle.tensors[2].tensor), (std::vector<double>{1.5, -2}));
  EXPECT_TRUE(bundle.tensors[2].tensor.in_place);
}

TEST_F(BundleTest, an_entry_beyond_its_shard_is_bad_file) {
  EXPECT_EQ(code_of(test::bundle_entry(kFloat, {2}, 0, 0, 8)), ErrorCode::internal) << "this one is right";
  EXPECT_EQ(code_of(test::bundle_entry(kFloat, {2}, 0, 4, 8)), ErrorCode::bad_file);
  EXPECT_EQ(code_of(test::bundle_entry(kFloat, {2}, 0, INT64_MAX, 8)), ErrorCode::bad_file);
  EXPECT_EQ(code_of(test::bundle_entry(kFloat, {2}, 0, -8, 8)), ErrorCode::bad_file);
  EXPECT_EQ(code_of(test::bundle_entry(kFloat, {2}, 1, 0, 8)), ErrorCode::bad_file);
  EXPECT_EQ(code_of(test::bundle_entry(kString, {1000000}, 0, 0, 8)), ErrorCode::bad_file);
}

TEST_F(BundleTest, a_shape_that_does_not_fit_the_bytes_is_bad_file) {
  EXPECT_EQ(code_of(test::bundle_entry(kFloat, {3}, 0, 0, 8)), ErrorCode::bad_file);
  EXPECT_EQ(code_of(test::bundle_entry(kFloat, {-2}, 0, 0, 8)), ErrorCode::bad_file);
  EXPECT_EQ(code_of(test::bundle_entry(kFloat, {INT64_MAX, 3}, 0, 0, 8)), ErrorCode::bad_file);
}

TEST_F(BundleTest, what_is_missing_or_of_another_kind_is_told) {
  EXPECT_EQ(code(), ErrorCode::not_found) << "no index";
  write_index({{"x", test::bundle_entry(kFloat, {2}, 0, 0, 8)}}, test::bundle_header(1));
  EXPECT_EQ(code(), ErrorCode::not_found) << "no shard";
  EXPECT_EQ(code_of(test::bundle_entry(20, {}, 0, 0, 8)), ErrorCode::unsupported) << "a handle";
  write_index({}, test::bundle_header(1, true));
  EXPECT_EQ(code(), ErrorCode::unsupported) << "big-endian";
  write_index({}, test::bundle_header(1 << 30));
  EXPECT_EQ(code(), ErrorCode::bad_file) << "a billion shards";
  write("v.index", "no table");
  EXPECT_EQ(code(), ErrorCode::bad_file);
}

}  // namespace
}  // namespace cornu::formats
