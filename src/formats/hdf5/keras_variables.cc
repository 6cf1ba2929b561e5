#include <algorithm>
#include <unordered_set>

#include "base/fail.h"
#include "formats/hdf5/dataset.h"
#include "formats/hdf5/keras_layouts.h"

namespace cornu::formats {
namespace {

using hdf5::Group;
using hdf5::Link;
using hdf5::Object;

constexpr int kMaxDepth = 256;  // groups within groups; Keras nests one or two for each level of sub-models

bool is_numeric(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// "2" before "10": the shorter number is the smaller one, as Keras writes no leading zeros.
bool numeric_less(const Link* a, const Link* b) {
  return a->name.size() != b->name.size() ? a->name.size() < b->name.size() : a->name < b->name;
}

// The links of a group, those with numeric names in numeric order, in the places that numeric names have.
std::vector<const Link*> in_order(const Group& group) {
  std::vector<const Link*> links;
  std::vector<const Link*> numeric;
  for (const Link& link : group.links()) {
    links.push_back(&link);
    if (is_numeric(link.name)) numeric.push_back(&link);
  }
  if (numeric.size() < 2) return links;
  std::sort(numeric.begin(), numeric.end(), numeric_less);
  auto next = numeric.begin();
  for (const Link*& link : links) {
    if (is_numeric(link->name)) link = *next++;
  }
  return links;
}

// Without the leading slash, and with slashes where Keras on Windows wrote back-slashes.
std::string variable_name(std::string_view path) {
  std::string name(path.substr(path.starts_with('/') ? 1 : 0));
  std::replace(name.begin(), name.end(), '\\', '/');
  return name;
}

class VariableReader {
 public:
  explicit VariableReader(ModelFile& out) : out_(out) {}

  void read(const Group& group, int depth) {
    const Object& here = group.object();
    if (depth > kMaxDepth)
      fail(ErrorCode::bad_file, here.where(), "groups are nested deeper than {}", kMaxDepth);
    // Also ends groups that contain themselves.
    if (!seen_.insert(here.address()).second) {
      fail(ErrorCode::bad_file, here.where(),
           "the group is reached twice, by two names or from within itself");
    }
    for (const Link* link : in_order(group)) {
      if (depth == 0 && link->name == "optimizer") continue;
      Object object = group.open(*link);
      if (object.is_dataset()) {
        out_.variables.push_back({variable_name(object.path()), hdf5::read_dataset(object)});
      } else {
        read(Group(std::move(object)), depth + 1);
      }
    }
  }

 private:
  ModelFile& out_;
  std::unordered_set<uint64_t> seen_;  // addresses of groups
};

}  // namespace

void read_keras_variables(const Group& root, ModelFile& out) {
  VariableReader(out).read(root, 0);
}

}  // namespace cornu::formats
