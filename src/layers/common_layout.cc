// See common_layout.h.
#include "layers/common_layout.h"

#include <cstring>
#include <numeric>

namespace cornu::layers {
namespace {

constexpr int64_t kMaxAmount = INT32_MAX;

bool take_amount(const Json& value, Ints& out) {
  if (!value.is_integer() || value.integer() < 0 || value.integer() > kMaxAmount) return false;
  out.push_back(value.integer());
  return true;
}

// One axis: an integer for both sides, or a pair.
bool take_axis(const Json& value, Ints& out) {
  if (!value.is_array()) return take_amount(value, out) && take_amount(value, out);
  return value.size() == 2 && take_amount(value.at(0), out) && take_amount(value.at(1), out);
}

bool take_amounts(const Json& value, size_t spatial, Ints& out) {
  if (value.is_object()) {  // Keras 1; a side left out is 0
    static constexpr std::string_view kOne[] = {"left_pad", "right_pad"};
    static constexpr std::string_view kTwo[] = {"top_pad", "bottom_pad", "left_pad", "right_pad"};
    for (std::string_view side :
         spatial == 1 ? std::span<const std::string_view>(kOne) : std::span<const std::string_view>(kTwo)) {
      if (!value[side].exists()) {
        out.push_back(0);
      } else if (!take_amount(value[side], out)) {
        return false;
      }
    }
    return spatial < 3;
  }
  if (!value.is_array()) {
    for (size_t axis = 0; axis < spatial; ++axis) {
      if (!take_axis(value, out)) return false;
    }
    return true;
  }
  if (spatial == 1 && value.size() == 2) return take_axis(value, out);
  if (spatial == 2 && value.size() == 4) {  // Keras 1
    for (const Json& side : value.elements()) {
      if (!take_amount(side, out)) return false;
    }
    return true;
  }
  if (value.size() != spatial) return false;
  for (const Json& axis : value.elements()) {
    if (!take_axis(axis, out)) return false;
  }
  return true;
}

// Appends the numbers below `value` and checks that the nesting is that of `shape` from `axis` on.
bool take_numbers(const Json& value, const Shape& shape, int axis, std::vector<double>& out) {
  if (axis == shape.rank()) {
    if (!value.is_number()) return false;
    out.push_back(value.number());
    return true;
  }
  if (!value.is_array() || static_cast<int64_t>(value.size()) != shape[axis]) return false;
  for (const Json& item : value.elements()) {
    if (!take_numbers(item, shape, axis + 1, out)) return false;
  }
  return true;
}

}  // namespace

Value channels_to_end(GraphBuilder& g, Value x) {
  Ints permutation(static_cast<size_t>(g.rank(x)));
  std::iota(permutation.begin(), permutation.end(), 1);
  permutation.front() = 0;
  permutation.back() = 1;
  for (size_t axis = 1; axis + 1 < permutation.size(); ++axis)
    permutation[axis] = static_cast<int64_t>(axis) + 1;
  return g.transpose(x, permutation);
}

Value channels_to_front(GraphBuilder& g, Value x) {
  const auto last = static_cast<int64_t>(g.rank(x) - 1);
  Ints permutation{0, last};
  for (int64_t axis = 1; axis < last; ++axis) permutation.push_back(axis);
  return g.transpose(x, permutation);
}

Value steps_to_batch(GraphBuilder& g, Value x) {
  const Shape sizes = g.shape(x);
  Ints dims(sizes.begin() + 2, sizes.end());
  const bool known = Shape(dims).is_known();
  dims.insert(dims.begin(), -1);
  if (known) return g.reshape(x, dims);
  const Value tail = g.op("slice_axis", {g.op("shape", {x})},
                          {{"axis", int64_t{0}}, {"begin", int64_t{2}}, {"size", int64_t{-1}}});
  const Value first = g.constant(tensor_of_ints(Ints{-1}, {1}));
  const Value whole = g.op("concat", {first, tail}, {{"axis", int64_t{0}}});
  return g.op("broadcast_to", {g.op("reshape", {x, whole})}, {{"shape", dims}});
}

Value batch_to_steps(GraphBuilder& g, Value y, Value x) {
  const Shape sizes = g.shape(y);
  const int64_t batch = g.shape(x)[0];
  const int64_t time = g.shape(x)[1];
  Ints rest(sizes.begin() + 1, sizes.end());
  const bool rest_known = Shape(rest).is_known();
  if (rest_known && (time != Shape::kUnknown || batch != Shape::kUnknown)) {
    rest.insert(rest.begin(), {batch, time});
    return g.reshape(y, rest);
  }
  const auto part = [&](Value value, int64_t begin, int64_t count) {
    return g.op("slice_axis", {g.op("shape", {value})},
                {{"axis", int64_t{0}}, {"begin", begin}, {"size", count}});
  };
  const Value whole = g.op("concat", {part(x, 0, 2), part(y, 1, -1)}, {{"axis", int64_t{0}}});
  rest.insert(rest.begin(), {-1, -1});
  return g.op("broadcast_to", {g.op("reshape", {y, whole})}, {{"shape", rest}});
}

int64_t channel_count(const LayerCall& call, bool channels_first) {
  const Shape& shape = call.g.shape(call.in[0]);
  const int64_t channels = channels_first ? shape[1] : shape.back();
  if (channels < 1) {
    call.fail(ErrorCode::bad_shape, "{} needs to know its input's channels, axis {} of {}",
              call.layer.class_name, channels_first ? 1 : shape.rank() - 1, shape.to_string());
  }
  return channels;
}

Ints side_amounts(const LayerConfig& config, std::string_view key, int spatial, int64_t fallback) {
  const Json value = config.raw({key});
  if (!value.exists()) return Ints(static_cast<size_t>(2 * spatial), fallback);
  Ints out;
  if (!take_amounts(value, static_cast<size_t>(spatial), out)) {
    config.fail_value(key, value,
                      fmt::format("an integer, or {} per axis for {} {}, each of at least 0",
                                  "one or two integers", spatial, spatial == 1 ? "axis" : "axes"));
  }
  return out;
}

Tensor numbers_of(const LayerConfig& config, std::string_view key, DType dtype) {
  const Json stored = config.raw({key});
  const Json value = stored.is_object() ? stored["config"]["value"] : stored;
  Shape shape;
  for (Json at = value; at.is_array(); at = at.at(0)) {
    if (shape.rank() == Shape::kMaxRank) config.fail_value(key, stored, "numbers in at most 10 nested lists");
    shape.push_back(static_cast<int64_t>(at.size()));
  }
  std::vector<double> numbers;
  if (!take_numbers(value, shape, 0, numbers))
    config.fail_value(key, stored, "a number or lists of numbers of equal length");
  NewTensor out = new_tensor(DType::float64, shape);
  if (!numbers.empty()) std::memcpy(out.data, numbers.data(), numbers.size() * sizeof(double));
  return cast_tensor(out.tensor, dtype);
}

}  // namespace cornu::layers
