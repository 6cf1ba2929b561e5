#include "base/attrs.h"

#include <algorithm>

#include "base/fail.h"

namespace cornu {
namespace {

template <class T>
const T& typed(const AttrValue* value, std::string_view name) {
  if (value == nullptr) fail(ErrorCode::internal, "", "an op lacks its attribute '{}'", name);
  const T* item = std::get_if<T>(value);
  if (item == nullptr) fail(ErrorCode::internal, "", "the attribute '{}' of an op has another type", name);
  return *item;
}

}  // namespace

const AttrValue* Attrs::find(std::string_view name) const {
  for (const Item& item : items_) {
    if (item.first == name) return &item.second;
  }
  return nullptr;
}

void Attrs::set(std::string_view name, AttrValue value) {
  for (Item& item : items_) {
    if (item.first == name) {
      item.second = std::move(value);
      return;
    }
  }
  items_.emplace_back(std::string(name), std::move(value));
}

void Attrs::erase(std::string_view name) {
  std::erase_if(items_, [&](const Item& item) { return item.first == name; });
}

int64_t Attrs::integer(std::string_view name) const {
  return typed<int64_t>(find(name), name);
}

int64_t Attrs::integer(std::string_view name, int64_t fallback) const {
  return has(name) ? integer(name) : fallback;
}

double Attrs::number(std::string_view name) const {
  const AttrValue* value = find(name);
  if (value != nullptr && std::holds_alternative<int64_t>(*value))
    return static_cast<double>(std::get<int64_t>(*value));
  return typed<double>(value, name);
}

double Attrs::number(std::string_view name, double fallback) const {
  return has(name) ? number(name) : fallback;
}

bool Attrs::flag(std::string_view name, bool fallback) const {
  return has(name) ? typed<bool>(find(name), name) : fallback;
}

const std::string& Attrs::text(std::string_view name) const {
  return typed<std::string>(find(name), name);
}

std::string Attrs::text(std::string_view name, std::string_view fallback) const {
  return has(name) ? text(name) : std::string(fallback);
}

const Ints& Attrs::ints(std::string_view name) const {
  return typed<Ints>(find(name), name);
}

Ints Attrs::ints(std::string_view name, Ints fallback) const {
  return has(name) ? ints(name) : std::move(fallback);
}

const Floats& Attrs::floats(std::string_view name) const {
  return typed<Floats>(find(name), name);
}

DType Attrs::dtype(std::string_view name) const {
  return typed<DType>(find(name), name);
}

}  // namespace cornu
