// Storage: who owns bytes that tensors view. Kept alive by shared_ptr; immutable once others can see it.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

namespace cornu {

enum class StorageKind { mapped_file, shared_segment, heap };

class Storage {
 public:
  virtual ~Storage() = default;
  Storage(const Storage&) = delete;
  Storage& operator=(const Storage&) = delete;

  std::span<const std::byte> bytes() const { return bytes_; }
  StorageKind kind() const { return kind_; }
  // The path of a mapped file; a label such as "heap" else. For messages.
  const std::string& name() const { return name_; }

 protected:
  Storage(StorageKind kind, std::string name) : kind_(kind), name_(std::move(name)) {}
  std::span<const std::byte> bytes_;

 private:
  StorageKind kind_;
  std::string name_;
};

using StoragePtr = std::shared_ptr<const Storage>;

// Maps a whole regular file read-only and shared; nothing is read. Throws not_found, io (a directory, no
// permission), and bad_file for an empty file or one whose size changes while it is mapped.
StoragePtr map_file(const std::filesystem::path& path);

// Writable 64-byte aligned memory, zeroed by the system. Throws out_of_memory.
class HeapStorage : public Storage {
 public:
  explicit HeapStorage(size_t size_bytes);
  ~HeapStorage() override;
  std::byte* data() { return data_; }

 private:
  std::byte* data_;
};

// Anonymous shared memory (memfd): writable until it is published, mappable by other processes through its
// descriptor.
class SharedStorage : public Storage {
 public:
  SharedStorage(std::string name, size_t size_bytes);  // throws out_of_memory, io
  ~SharedStorage() override;
  std::byte* data() { return data_; }
  int descriptor() const { return descriptor_; }

 private:
  std::byte* data_ = nullptr;
  int descriptor_ = -1;
};

}  // namespace cornu
