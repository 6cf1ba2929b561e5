// Attrs: the named constants of an op ("strides" = [2, 2]). Small, ordered, compared by value.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "cornu/dtype.h"

namespace cornu {

using Ints = std::vector<int64_t>;
using Floats = std::vector<double>;
using AttrValue = std::variant<bool, int64_t, double, std::string, Ints, Floats, DType>;

// Getters throw `internal` when a required attribute is missing or of another type: builders of graphs are
// our own code.
class Attrs {
 public:
  using Item = std::pair<std::string, AttrValue>;

  Attrs() = default;
  Attrs(std::initializer_list<Item> items) : items_(items) {}

  bool has(std::string_view name) const { return find(name) != nullptr; }
  void set(std::string_view name, AttrValue value);
  void erase(std::string_view name);

  int64_t integer(std::string_view name) const;
  int64_t integer(std::string_view name, int64_t fallback) const;
  double number(std::string_view name) const;  // an integer is taken as well
  double number(std::string_view name, double fallback) const;
  bool flag(std::string_view name, bool fallback = false) const;
  const std::string& text(std::string_view name) const;
  std::string text(std::string_view name, std::string_view fallback) const;
  const Ints& ints(std::string_view name) const;
  Ints ints(std::string_view name, Ints fallback) const;
  const Floats& floats(std::string_view name) const;
  DType dtype(std::string_view name) const;

  const std::vector<Item>& items() const { return items_; }
  bool operator==(const Attrs& other) const = default;

 private:
  const AttrValue* find(std::string_view name) const;
  std::vector<Item> items_;  // in order of insertion; ops have few attributes, so a scan beats a map
};

}  // namespace cornu
