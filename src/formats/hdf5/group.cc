#include "formats/hdf5/group.h"

#include <algorithm>
#include <numeric>

#include "base/fail.h"
#include "base/printable.h"

namespace cornu::formats::hdf5 {
namespace {

bool name_less(const Link& a, const Link& b) {
  return a.name < b.name;
}

std::vector<Link> read_links(const Object& object) {
  std::vector<Link> links;
  for (const Message& message : object.messages()) {
    switch (message.type) {
      case MessageType::symbol_table:
        read_symbol_table(object.image(), message.data, links);
        break;
      case MessageType::link:
        read_link_message(object.image(), message.data, links);
        break;
      case MessageType::link_info:
        read_dense_links(object.image(), message.data, links);
        break;
      default:
        break;
    }
  }
  return links;
}

const char* kind_name(LinkKind kind) {
  if (kind == LinkKind::soft) return "a soft link, which names another path";
  if (kind == LinkKind::external) return "an external link, which names another file";
  return "a user-defined link";
}

}  // namespace

Group::Group(const Image& image, uint64_t address, std::string path)
    : Group(Object(image, address, std::move(path))) {}

Group::Group(Object object) : object_(std::move(object)) {
  if (!object_.is_group()) fail(ErrorCode::bad_file, object_.where(), "the object is not a group");
  links_ = read_links(object_);
  const bool tracked = std::none_of(links_.begin(), links_.end(),
                                    [](const Link& link) { return link.creation_order == kUndefined; });
  if (!tracked) {
    if (!std::is_sorted(links_.begin(), links_.end(), name_less))
      std::sort(links_.begin(), links_.end(), name_less);
    return;
  }
  std::sort(links_.begin(), links_.end(),
            [](const Link& a, const Link& b) { return a.creation_order < b.creation_order; });
  by_name_.resize(links_.size());
  std::iota(by_name_.begin(), by_name_.end(), 0U);
  std::sort(by_name_.begin(), by_name_.end(),
            [this](uint32_t a, uint32_t b) { return name_less(links_[a], links_[b]); });
}

const Link* Group::find(std::string_view name) const {
  size_t low = 0;
  size_t high = links_.size();
  const auto link_at = [this](size_t i) -> const Link& { return links_[by_name_.empty() ? i : by_name_[i]]; };
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (link_at(middle).name < name) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low < links_.size() && link_at(low).name == name ? &link_at(low) : nullptr;
}

Object Group::open(const Link& link) const {
  const std::string name(link.name);
  if (link.kind != LinkKind::hard) {
    fail(ErrorCode::unsupported, object_.where(), "\"{}\" is {}; only data in the file itself is read",
         printable(name), kind_name(link.kind));
  }
  return Object(object_.image(), link.address, object_.path() + "/" + name);
}

}  // namespace cornu::formats::hdf5
