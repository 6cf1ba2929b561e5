#include "base/crc32c.h"

#include <isa-l/crc.h>

#include <algorithm>

namespace cornu {

uint32_t crc32c(std::span<const std::byte> bytes, uint32_t before) {
  constexpr size_t kStep = size_t{1} << 30;  // ISA-L counts in an int
  uint32_t crc = ~before;
  while (!bytes.empty()) {
    const auto step = bytes.first(std::min(bytes.size(), kStep));
    // ISA-L's interface is not const; it only reads.
    auto* data = reinterpret_cast<unsigned char*>(const_cast<std::byte*>(step.data()));
    crc = crc32_iscsi(data, static_cast<int>(step.size()), crc);
    bytes = bytes.subspan(step.size());
  }
  return ~crc;
}

uint32_t masked_crc(uint32_t crc) {
  constexpr uint32_t kMaskDelta = 0xa282ead8;
  return ((crc >> 15) | (crc << 17)) + kMaskDelta;
}

}  // namespace cornu
