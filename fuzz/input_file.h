// A fuzzer's input as a file that readers can map: nothing reaches a disk.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

namespace cornu::fuzz {

class InputFile {
 public:
  InputFile(const uint8_t* data, size_t size_bytes) : descriptor_(::memfd_create("fuzz", 0)) {
    complete_ =
        descriptor_ >= 0 && ::write(descriptor_, data, size_bytes) == static_cast<ssize_t>(size_bytes);
  }
  ~InputFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  bool complete() const { return complete_; }
  std::filesystem::path path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

 private:
  int descriptor_;
  bool complete_ = false;
};

}  // namespace cornu::fuzz
