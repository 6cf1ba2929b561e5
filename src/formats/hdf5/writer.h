// Writes HDF5 files whose bytes we place ourselves: headers first, then every array at a multiple of 64 bytes.
// Source: docs/formats/hdf5.md, section "What Cornu writes"; docs/design/writing.md says why this is not the library's
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tensor/tensor.h"

namespace cornu::formats {

// Takes the next bytes of a file.
using ByteSink = std::function<void(std::span<const std::byte>)>;

namespace hdf5 {

constexpr uint64_t kDataAlignment = 64;  // a cache line on x86 and arm64

struct NewAttribute {
  std::string name;
  std::vector<std::string> texts;
  bool is_list = false;  // an array of fixed-size strings; else one string of any length
};

// A group or a dataset to be written. Names are looked up by scan: groups have few links.
struct NewObject {
  std::vector<NewAttribute> attributes;
  std::vector<std::pair<std::string, NewObject*>> links;  // of a group
  const Tensor* tensor = nullptr;                         // of a dataset

  void set_text(std::string name, std::string text);
  // An array of strings, split into `name0`, `name1`, ... where it would not fit one attribute, as Keras does.
  // Throws unsupported for a single string that does not fit.
  void set_texts(const std::string& name, const std::vector<std::string>& texts);
};

// One file: fill the tree, then write it. Tensors must live until then; their bytes are read once, in the order of
// insertion, so that a file of any size needs no memory of its own. One thread at a time.
class NewFile {
 public:
  NewFile();
  NewObject& root() { return objects_.front(); }
  // The group at a path below `parent`; made as far as it is missing. Throws bad_argument where a dataset is in the way.
  NewObject& group(NewObject& parent, std::string_view path);
  // A dataset at a path below `parent`, in groups made on the way. Throws bad_argument when the path is taken, unsupported
  // for strings and complex numbers.
  NewObject& dataset(NewObject& parent, std::string_view path, const Tensor& tensor);

  // Writes everything, from the first byte to the last; returns how many bytes that were. Throws what the sink throws.
  uint64_t write(const ByteSink& sink);

 private:
  NewObject& add(NewObject& parent, std::string name);
  std::deque<NewObject> objects_;  // addresses stay; [0] is the root
  std::vector<NewObject*> datasets_;
};

}  // namespace hdf5
}  // namespace cornu::formats
