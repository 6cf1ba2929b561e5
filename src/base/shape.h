// Shape: the sizes of a tensor's axes; a value type without heap memory.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>

namespace cornu {

// Up to kMaxRank axes. A size of kUnknown (-1) is known only when the model runs, for example the batch.
class Shape {
 public:
  static constexpr int kMaxRank =
      10;  // Keras layers reach 6; TensorFlow's einsum and gather lowerings reach 10
  static constexpr int64_t kUnknown = -1;

  Shape() = default;  // a scalar
  Shape(std::initializer_list<int64_t> dims) : Shape(std::span<const int64_t>(dims.begin(), dims.size())) {}
  explicit Shape(std::span<const int64_t> dims);  // throws bad_shape above kMaxRank

  int rank() const { return rank_; }
  int64_t operator[](int axis) const { return dims_[static_cast<size_t>(axis)]; }
  int64_t& operator[](int axis) { return dims_[static_cast<size_t>(axis)]; }
  int64_t back() const { return dims_[static_cast<size_t>(rank_ - 1)]; }
  const int64_t* begin() const { return dims_.data(); }
  const int64_t* end() const { return dims_.data() + rank_; }
  std::span<const int64_t> dims() const { return {dims_.data(), static_cast<size_t>(rank_)}; }

  void push_back(int64_t dim);                  // throws bad_shape above kMaxRank
  Shape with(int axis, int64_t dim) const;      // a copy with one size replaced
  bool is_known() const;                        // no size is kUnknown
  int64_t elements() const;                     // product of all sizes; kUnknown if one is unknown
  int64_t elements(int first, int last) const;  // product of sizes [first, last)
  bool operator==(const Shape& other) const;
  std::string to_string() const;  // "(None, 3, 3)" as Keras prints it

 private:
  std::array<int64_t, kMaxRank> dims_{};
  int rank_ = 0;
};

// Axis counted from the front, for axis in [-rank, rank). Throws bad_shape otherwise; `what` names the
// argument.
int normalize_axis(int64_t axis, int rank, const char* what = "axis");

// NumPy's broadcasting of two shapes; an unknown size against n > 1 gives n. Throws bad_shape if they do not
// fit.
Shape broadcast_shapes(const Shape& a, const Shape& b);

}  // namespace cornu
