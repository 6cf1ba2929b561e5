#include "tensor/pieces.h"

#include <gtest/gtest.h>

#include <cstring>
#include <numeric>

#include "support/temporary_folder.h"
#include "tensor/storage.h"

namespace cornu {
namespace {

// The bytes of `tensor` as they come in pieces.
std::string joined(const Tensor& tensor, size_t& pieces) {
  std::string all;
  pieces = 0;
  for_each_piece(tensor, [&](std::span<const std::byte> bytes) {
    all.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    ++pieces;
  });
  return all;
}

TEST(Pieces, a_mapped_tensor_comes_whole_and_can_be_read_again) {
  std::string content(size_t{9} << 20, '\0');
  std::iota(content.begin(), content.end(), '\1');
  const test::TemporaryFolder folder;
  folder.write("weights", content);
  const StoragePtr file = map_file(folder.path() / "weights");
  const auto count = static_cast<int64_t>(content.size()) - 1;
  const Tensor tensor{DType::uint8, {count}, file->bytes().data() + 1, file, true};  // begins within a page
  for (int i = 0; i < 2; ++i) {
    size_t pieces = 0;
    EXPECT_TRUE(joined(tensor, pieces) == content.substr(1));
    EXPECT_EQ(pieces, 3U);
  }
}

TEST(Pieces, an_empty_tensor_has_none) {
  size_t pieces = 0;
  EXPECT_EQ(joined({DType::float32, {0}, nullptr, nullptr, true}, pieces), "");
  EXPECT_EQ(pieces, 0U);
}

}  // namespace
}  // namespace cornu
