// Group: an object that names other objects.
// Source: docs/formats/hdf5.md, sections "Old groups" and "New groups"
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/hdf5/link.h"
#include "formats/hdf5/object.h"

namespace cornu::formats::hdf5 {

// Borrows the image (the File must live). Immutable; const methods from any thread.
class Group {
 public:
  // Reads the header and all links. Throws bad_file if the object is no group or is damaged, unsupported.
  Group(const Image& image, uint64_t address, std::string path);
  explicit Group(Object object);

  const Object& object() const { return object_; }
  // In creation order where the file tracks it, else by name (bytewise), as h5py lists them.
  const std::vector<Link>& links() const { return links_; }
  // The link of that name; null if there is none. Logarithmic.
  const Link* find(std::string_view name) const;
  // The object behind a link of this group. Throws unsupported for a soft, external or user-defined link.
  Object open(const Link& link) const;

 private:
  Object object_;
  std::vector<Link> links_;
  std::vector<uint32_t> by_name_;  // indices of links_; empty while links_ itself is sorted by name
};

}  // namespace cornu::formats::hdf5
