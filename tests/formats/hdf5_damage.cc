// Damaged and hostile HDF5 files: whatever the bytes, the outcome is a model or one typed error.
#include <gtest/gtest.h>

#include <filesystem>
#include <random>

#include "formats/hdf5/file.h"
#include "formats/hdf5/keras_weights.h"
#include "support/expect_error.h"
#include "support/temporary_folder.h"
#include "support/test_data.h"

namespace cornu::formats {
namespace {

namespace fs = std::filesystem;

const fs::path kData = test::data_folder();

ModelFile read(std::string bytes) {
  const auto owner = std::make_shared<const std::string>(std::move(bytes));
  ModelFile file;
  read_keras_weights(hdf5::File::open(std::as_bytes(std::span(*owner)), owner, true, "a.h5"), file);
  return file;
}

// Reads bytes that may be damaged. Returns whether they were refused; any other exception fails the test.
bool is_refused(std::string bytes) {
  try {
    read(std::move(bytes));
    return false;
  } catch (const Error& error) {
    EXPECT_TRUE(error.code() == ErrorCode::bad_file || error.code() == ErrorCode::unsupported)
        << error.what();
    EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos) << error.what();
    return true;
  }
}

std::vector<fs::path> golden_files() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(kData / "golden" / "hdf5")) {
    if (entry.path().extension() == ".h5") files.push_back(entry.path());
  }
  return files;
}

struct Attack {
  const char* name;
  ErrorCode code;
  const char* text;
};

constexpr Attack kAttacks[] = {
    {"a-billion-layers", ErrorCode::bad_file, "is 1000000000; 0 to 65536 would do"},
    {"compound", ErrorCode::unsupported, "holds compound elements"},
    {"config-is-a-number", ErrorCode::bad_file, "@model_config: expected text"},
    {"extensible-array", ErrorCode::unsupported, "indexed by an extensible array"},
    {"external-link", ErrorCode::unsupported, "is an external link, which names another file"},
    {"external-storage", ErrorCode::unsupported, "keeps its data in external files"},
    {"float8", ErrorCode::unsupported, "has elements of type \"float8_e4m3fn\" in 1 bytes"},
    {"group-in-itself", ErrorCode::bad_file, "the group is reached twice"},
    {"huge-chunk", ErrorCode::bad_file, "declares 1 bytes in chunks of 4294967295"},
    {"layer-is-a-dataset", ErrorCode::bad_file, "the object is not a group"},
    {"layer-listed-twice", ErrorCode::bad_file, "the group is listed as two layers"},
    {"layer-not-stored", ErrorCode::bad_file, "the layer \"a\" is listed but not stored"},
    {"no-keras-content", ErrorCode::bad_file, "neither a Keras model"},
    {"opaque", ErrorCode::unsupported, "opaque elements of 3 bytes and no attribute `dtype`"},
    {"shape-beyond-data", ErrorCode::bad_file, "/vars/0: the shape asks for 28000 bytes, 140 are stored"},
    {"shape-bomb-chunks", ErrorCode::bad_file, "more than its"},
    {"shape-bomb-unwritten", ErrorCode::bad_file, "of 4398046511104 bytes but stores none"},
    {"shape-overflow", ErrorCode::bad_file, "overflows"},
    {"soft-link", ErrorCode::unsupported, "\"0\" is a soft link, which names another path"},
    {"soft-link-new-group", ErrorCode::unsupported, "\"0\" is a soft link, which names another path"},
    {"too-many-axes", ErrorCode::unsupported, "the array has 11 axes"},
    {"two-names", ErrorCode::bad_file, "the group is reached twice"},
    {"unknown-filter", ErrorCode::unsupported, "gzip, shuffle, fletcher32 and lzf are supported"},
    {"virtual-dataset", ErrorCode::unsupported, "is a virtual dataset, whose data lies in other files"},
    {"weight-listed-twice", ErrorCode::bad_file, "the weight \"w\" is listed twice"},
    {"weight-not-stored", ErrorCode::bad_file, "the weight \"v\" is listed but not stored"},
};

TEST(Hdf5Damage, every_attack_is_refused_with_its_own_message) {
  for (const Attack& attack : kAttacks) {
    SCOPED_TRACE(attack.name);
    const fs::path path = kData / "attacks" / ("hdf5-" + std::string(attack.name) + ".h5");
    test::expect_error(
        attack.code, [&] { read_model_file(path); }, attack.text);
  }
}

TEST(Hdf5Damage, every_attack_file_is_in_the_list) {
  size_t count = 0;
  for (const auto& entry : fs::directory_iterator(kData / "attacks")) {
    if (entry.path().filename().string().starts_with("hdf5-")) ++count;
  }
  EXPECT_EQ(count, std::size(kAttacks));
}

TEST(Hdf5Damage, a_file_cut_at_any_byte_is_refused) {
  for (const fs::path& path : golden_files()) {
    SCOPED_TRACE(path.filename().string());
    const std::string bytes = test::read_bytes(path);
    for (size_t size = 0; size < bytes.size(); ++size) {
      ASSERT_TRUE(is_refused(bytes.substr(0, size))) << "cut at byte " << size;
    }
  }
}

TEST(Hdf5Damage, a_file_with_any_byte_changed_is_read_or_refused) {
  for (const fs::path& path : golden_files()) {
    SCOPED_TRACE(path.filename().string());
    const std::string bytes = test::read_bytes(path);
    for (size_t i = 0; i < bytes.size(); ++i) {
      if (bytes[i] == 0 && i % 7 != 0) continue;  // most zeros are unused space
      for (const char flip : {'\x01', '\xff'}) {
        std::string changed = bytes;
        changed[i] = static_cast<char>(changed[i] ^ flip);
        is_refused(std::move(changed));
      }
    }
  }
}

TEST(Hdf5Damage, a_file_with_many_bytes_changed_is_read_or_refused) {
  constexpr unsigned kSeed = 20;
  std::mt19937 random(kSeed);
  for (const fs::path& path : golden_files()) {
    SCOPED_TRACE(path.filename().string() + " with seed " + std::to_string(kSeed));
    const std::string bytes = test::read_bytes(path);
    for (int round = 0; round < 100; ++round) {
      std::string changed = bytes;
      for (int k = 0; k < 8; ++k) changed[random() % changed.size()] = static_cast<char>(random());
      is_refused(std::move(changed));
    }
  }
}

}  // namespace
}  // namespace cornu::formats
