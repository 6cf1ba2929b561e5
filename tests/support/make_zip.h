// Writes zip archives for tests, also such as no honest program writes.
#pragma once

#include <gtest/gtest.h>
#include <minizip/zip.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace cornu::test {

struct ZipItem {
  std::string name;
  std::string content;
  bool deflated = false;
  uint32_t unix_mode = 0;  // not 0: the archive says it was made on Unix, by a file of this mode
};

inline void make_zip(const std::filesystem::path& path, const std::vector<ZipItem>& items) {
  const zipFile zip = zipOpen64(path.c_str(), APPEND_STATUS_CREATE);
  ASSERT_NE(zip, nullptr) << path;
  for (const ZipItem& item : items) {
    zip_fileinfo info{};
    info.external_fa = static_cast<uLong>(item.unix_mode) << 16;
    const uLong made_by = item.unix_mode != 0 ? 3 << 8 : 0;  // APPNOTE 4.4.2: 3 is Unix
    const int method = item.deflated ? Z_DEFLATED : 0;
    ASSERT_EQ(
        zipOpenNewFileInZip4_64(zip, item.name.c_str(), &info, nullptr, 0, nullptr, 0, nullptr, method, 9, 0,
                                -MAX_WBITS, DEF_MEM_LEVEL, Z_DEFAULT_STRATEGY, nullptr, 0, made_by, 0, 0),
        ZIP_OK);
    ASSERT_EQ(zipWriteInFileInZip(zip, item.content.data(), static_cast<unsigned>(item.content.size())),
              ZIP_OK);
    ASSERT_EQ(zipCloseFileInZip(zip), ZIP_OK);
  }
  ASSERT_EQ(zipClose(zip, nullptr), ZIP_OK);
}

}  // namespace cornu::test
