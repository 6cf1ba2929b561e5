#include "base/crc32c.h"

#include <gtest/gtest.h>

#include <string_view>

namespace cornu {
namespace {

uint32_t crc_of(std::string_view text, uint32_t before = 0) {
  return crc32c(std::as_bytes(std::span(text)), before);
}

// Test vectors of RFC 3720, B.4.
TEST(crc32c, gives_the_checksums_of_the_standard) {
  EXPECT_EQ(crc_of("123456789"), 0xe3069283U);
  EXPECT_EQ(crc_of(std::string(32, '\0')), 0x8a9136aaU);
  EXPECT_EQ(crc_of(std::string(32, '\xff')), 0x62a8ab43U);
  EXPECT_EQ(crc_of(""), 0U);
}

TEST(crc32c, goes_on_where_the_bytes_before_ended) {
  EXPECT_EQ(crc_of("6789", crc_of("12345")), crc_of("123456789"));
}

TEST(masked_crc, differs_from_the_checksum_and_depends_on_it) {
  EXPECT_NE(masked_crc(1), 1U);
  EXPECT_NE(masked_crc(1), masked_crc(2));
}

}  // namespace
}  // namespace cornu
