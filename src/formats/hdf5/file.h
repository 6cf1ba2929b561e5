// File: an HDF5 file read where it lies, in a mapped file or in an entry of a mapped archive.
// Source: docs/formats/hdf5.md
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace cornu::formats::hdf5 {

class Group;
struct Image;

// A handle; copying shares the image. Immutable: any thread may use it. Objects taken from it (Group, Object)
// borrow it and must not outlive the last copy; tensors may, they keep `owner` alive.
class File {
 public:
  // Reads the superblock.
  //   bytes     the whole file, at any address; nothing is copied
  //   owner     keeps `bytes` alive; every tensor gets a share
  //   in_place  what Tensor::in_place shall say of tensors that view `bytes`
  //   where     how errors name the file, for example "model.keras:model.weights.h5"
  // Throws bad_file if there is no superblock or the file is cut, unsupported for versions and sizes never
  // seen.
  static File open(std::span<const std::byte> bytes, std::shared_ptr<const void> owner, bool in_place,
                   std::string where);

  Group root() const;  // throws bad_file, unsupported
  const std::string& where() const;

 private:
  explicit File(std::shared_ptr<const Image> image) : image_(std::move(image)) {}
  std::shared_ptr<const Image> image_;
};

// Whether an HDF5 signature stands at offset 0, 512, 1024, 2048, ... of the first bytes of a file.
bool has_signature(std::span<const std::byte> head);

}  // namespace cornu::formats::hdf5
