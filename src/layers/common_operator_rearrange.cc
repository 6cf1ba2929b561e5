// Rearrange: axes of a tensor split, moved and merged by a pattern such as "b (h p) c -> b h (p c)". See operators.h.
// Source: keras/src/ops/einops.py, 3.15
#include <algorithm>
#include <map>

#include "layers/operators.h"

namespace cornu::layers {
namespace {

using Values = std::vector<Value>;
using Group = std::vector<std::string>;  // names of axes that are one axis outside

// "a (b c)" as groups. Throws bad_config for anything but names, spaces and pairs of parentheses.
std::vector<Group> groups_of(OperatorCall& c, std::string_view side) {
  std::vector<Group> groups;
  bool inside = false;
  for (size_t i = 0; i < side.size();) {
    const char letter = side[i];
    if (letter == ' ') {
      ++i;
    } else if (letter == '(' && !inside) {
      inside = true;
      groups.emplace_back();
      ++i;
    } else if (letter == ')' && inside) {
      inside = false;
      ++i;
    } else {
      const size_t end = std::min(side.find_first_of(" ()", i), side.size());
      const std::string name(side.substr(i, end - i));
      const bool good = !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char letter_of) {
        return std::isalnum(letter_of) != 0 || letter_of == '_';
      });
      if (!good) c.fail_argument("pattern", "names of axes, spaces and parentheses around an arrow");
      if (!inside) groups.emplace_back();
      groups.back().push_back(name);
      i = end;
    }
  }
  if (inside) c.fail_argument("pattern", "closed parentheses");
  return groups;
}

// Sizes of all axes of the left side, one of each group inferred; -1 where nothing tells.
std::map<std::string, int64_t> sizes_of(OperatorCall& c, const std::vector<Group>& groups, const Shape& x) {
  std::map<std::string, int64_t> sizes;
  for (size_t i = 0; i < groups.size(); ++i) {
    int64_t rest = x[static_cast<int>(i)];
    std::string open;
    for (const std::string& name : groups[i]) {
      const bool number = std::isdigit(static_cast<unsigned char>(name[0])) != 0;
      const int64_t size = number ? std::stoll(name.substr(0, 9)) : c.has(name) ? c.integer(name) : -1;
      if (!sizes.emplace(name, size).second && !number)
        c.fail_argument("pattern", "each name once on a side");
      if (size < 0) {
        if (!open.empty()) c.fail_argument("pattern", "sizes of all axes of a group but one");
        open = name;
      } else if (size < 1 || (rest != Shape::kUnknown && rest % size != 0)) {
        c.fail_argument("pattern", "sizes that divide those of the tensor");
      } else if (rest != Shape::kUnknown) {
        rest /= size;
      }
    }
    if (!open.empty()) sizes[open] = rest;
  }
  return sizes;
}

Values rearrange(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const Value x = c.tensor("x");
  const std::string pattern = c.text("pattern", "");
  const size_t arrow = pattern.find("->");
  if (arrow == std::string::npos) c.fail_argument("pattern", "two sides with an arrow between them");
  const auto from = groups_of(c, std::string_view(pattern).substr(0, arrow));
  const auto to = groups_of(c, std::string_view(pattern).substr(arrow + 2));
  if (static_cast<int>(from.size()) != g.rank(x))
    c.fail_argument("pattern", "as many axes as the tensor has");
  const auto sizes = sizes_of(c, from, g.shape(x));
  Group names;
  for (const Group& group : from) names.insert(names.end(), group.begin(), group.end());
  Ints split;
  for (const std::string& name : names) split.push_back(sizes.at(name));
  Ints order;
  Ints merged;
  for (const Group& group : to) {
    int64_t size = 1;
    for (const std::string& name : group) {
      const auto found = std::find(names.begin(), names.end(), name);
      if (found == names.end()) c.fail_argument("pattern", "the same names on both sides");
      order.push_back(found - names.begin());
      size = size == -1 || sizes.at(name) == -1 ? -1 : size * sizes.at(name);
    }
    merged.push_back(size);
  }
  if (order.size() != names.size()) c.fail_argument("pattern", "the same names on both sides");
  for (const Ints* dims : {&split, &merged}) {
    if (std::count(dims->begin(), dims->end(), -1) > 1)
      c.fail_argument("x", "a tensor with at most one unknown size");
  }
  return {g.reshape(g.transpose(g.reshape(x, split), order), merged)};
}

constexpr Operator kOperators[] = {{"rearrange", "x|tensor pattern **", rearrange, ""}};

}  // namespace

std::span<const Operator> rearrange_operators() {
  return kOperators;
}

}  // namespace cornu::layers
