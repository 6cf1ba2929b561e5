// LookupTable: from keys to values, for the op lookup_table_find.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "dynamic/dynamic_op.h"

namespace cornu::dynamic {

// Immutable once made. Keys are strings or integers.
class LookupTable : public VariantObject {
 public:
  // The first axis of `values` goes along `keys`, which has one axis. Throws bad_shape (sizes that differ, a key type that
  // no table has), bad_file (a key twice with different values).
  LookupTable(Tensor keys, Tensor values);

  DType key_type() const { return keys_.dtype; }
  const Tensor& keys() const { return keys_; }
  const Tensor& values() const { return values_; }
  int64_t size() const { return keys_.shape.elements(); }
  // The row of a key; -1 if there is none.
  int64_t row(std::string_view key) const;
  int64_t row(int64_t key) const;
  // values[row of each key], or `fallback` where there is none: the shape of `keys` followed by that of a value.
  Tensor find(const Tensor& keys, const Tensor& fallback) const;

 private:
  Tensor keys_;
  Tensor values_;
  std::unordered_map<std::string_view, int64_t> strings_;  // views into keys_
  std::unordered_map<int64_t, int64_t> numbers_;
};

}  // namespace cornu::dynamic
