#include "tensor/pieces.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>

namespace cornu {
namespace {

constexpr size_t kPieceBytes = size_t{4} << 20;  // large against a call's cost, small against a model

void let_go(std::span<const std::byte> bytes) {
  static const auto page = static_cast<uintptr_t>(::sysconf(_SC_PAGESIZE));
  const uintptr_t begin = reinterpret_cast<uintptr_t>(bytes.data()) / page * page;
  const uintptr_t end = reinterpret_cast<uintptr_t>(bytes.data() + bytes.size()) / page * page;
  // A failure costs memory and nothing else.
  if (end > begin) ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
}

}  // namespace

void for_each_piece(const Tensor& tensor, const std::function<void(std::span<const std::byte>)>& write) {
  std::span<const std::byte> rest(tensor.data, static_cast<size_t>(tensor.size_bytes()));
  while (!rest.empty()) {
    const auto piece = rest.first(std::min(rest.size(), kPieceBytes));
    write(piece);
    if (tensor.in_place) let_go(piece);
    rest = rest.subspan(piece.size());
  }
}

}  // namespace cornu
