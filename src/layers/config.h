// LayerConfig: checked access to a layer's JSON config that remembers which keys were read.
#pragma once

#include <initializer_list>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "base/attrs.h"
#include "base/json.h"
#include "base/shape.h"

namespace cornu::layers {

using Keys = std::initializer_list<std::string_view>;  // spellings of one argument, newest Keras first

struct Range {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
};
inline Range at_least(double low) {
  return {low, std::numeric_limits<double>::infinity()};
}

// Every getter takes the spellings of one argument; the first that is present counts. `fallback` is used when
// none is present (or, where said, null). All throw bad_config with where = "layer: key", the value received
// and what would do. Not thread safe; lives while a model is imported.
class LayerConfig {
 public:
  LayerConfig(Json json, std::string layer) : json_(std::move(json)), layer_(std::move(layer)) {}

  const std::string& layer() const { return layer_; }
  const Json& json() const { return json_; }

  Json raw(Keys keys) const;  // missing if absent; marks the key as read
  bool has(Keys keys) const { return raw(keys).exists(); }
  bool is_set(Keys keys) const;                        // present and not null
  bool flag(Keys keys, bool fallback) const;           // also 0 and 1; null means fallback
  int64_t integer(Keys keys, Range range = {}) const;  // required
  int64_t integer(Keys keys, int64_t fallback, Range range = {}) const;
  double number(Keys keys, Range range = {}) const;  // required
  double number(Keys keys, double fallback, Range range = {}) const;
  std::string text(Keys keys, std::string_view fallback) const;  // null means fallback
  // One of `choices`; bad_config lists them otherwise.
  std::string choice(Keys keys, std::string_view fallback,
                     std::initializer_list<std::string_view> choices) const;
  Ints ints(Keys keys) const;  // a list of integers, or one integer; required
  Ints ints(Keys keys, Ints fallback) const;
  // `count` positive sizes of spatial axes: one integer for all, or a list of `count`; null means fallback
  // for all.
  Ints spatial(Keys keys, int count, int64_t fallback, int64_t low = 1) const;
  // Sizes of a shape: integers or null (Shape::kUnknown).
  Shape shape(Keys keys) const;

  // `axis` counted from the front; bad_config unless it is one of `rank` axes.
  int64_t checked_axis(std::string_view key, int64_t axis, int rank) const;

  // data_format / dim_ordering: true for channels_first, th. Absent, null, "default": channels_last.
  bool channels_first() const;

  // Keys never read and not known to be without meaning for prediction (initializers, regularizers, names,
  // ...).
  std::vector<std::string> unread() const;

  [[noreturn]] void fail_value(std::string_view key, const Json& value, const std::string& expected) const;

 private:
  std::string_view present(Keys keys) const;  // the key that is there, or empty
  Json json_;
  std::string layer_;
  mutable std::vector<std::string_view> read_;
};

}  // namespace cornu::layers
