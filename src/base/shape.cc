#include "base/shape.h"

#include <algorithm>

#include "base/fail.h"

namespace cornu {

Shape::Shape(std::span<const int64_t> dims) {
  for (int64_t dim : dims) push_back(dim);
}

void Shape::push_back(int64_t dim) {
  if (rank_ == kMaxRank)
    fail(ErrorCode::bad_shape, "", "a tensor has more than {} axes, Cornu takes at most that", kMaxRank);
  dims_[static_cast<size_t>(rank_++)] = dim;
}

Shape Shape::with(int axis, int64_t dim) const {
  Shape copy = *this;
  copy[axis] = dim;
  return copy;
}

bool Shape::is_known() const {
  return std::find(begin(), end(), kUnknown) == end();
}

int64_t Shape::elements() const {
  return elements(0, rank_);
}

int64_t Shape::elements(int first, int last) const {
  int64_t product = 1;
  bool unknown = false;
  for (int axis = first; axis < last; ++axis) {
    const int64_t dim = (*this)[axis];
    if (dim == kUnknown) {
      unknown = true;
    } else if (__builtin_mul_overflow(product, dim, &product)) {
      fail(ErrorCode::bad_shape, "", "shape {} has more elements than 64 bits can count", to_string());
    }
  }
  return unknown ? kUnknown : product;
}

bool Shape::operator==(const Shape& other) const {
  return rank_ == other.rank_ && std::equal(begin(), end(), other.begin());
}

std::string Shape::to_string() const {
  std::string text = "(";
  for (int axis = 0; axis < rank_; ++axis) {
    if (axis > 0) text += ", ";
    text += (*this)[axis] == kUnknown ? "None" : std::to_string((*this)[axis]);
  }
  if (rank_ == 1) text += ",";
  return text + ")";
}

int normalize_axis(int64_t axis, int rank, const char* what) {
  if (axis < -rank || axis >= rank) {
    fail(ErrorCode::bad_shape, "", "{} is {}, but the tensor has {} axes", what, axis, rank);
  }
  return static_cast<int>(axis < 0 ? axis + rank : axis);
}

Shape broadcast_shapes(const Shape& a, const Shape& b) {
  const int rank = std::max(a.rank(), b.rank());
  Shape out;
  for (int axis = 0; axis < rank; ++axis) {
    const int axis_a = axis - (rank - a.rank());
    const int axis_b = axis - (rank - b.rank());
    const int64_t da = axis_a < 0 ? 1 : a[axis_a];
    const int64_t db = axis_b < 0 ? 1 : b[axis_b];
    if (da == db || db == 1) {
      out.push_back(da);
    } else if (da == 1) {
      out.push_back(db);
    } else if (da == Shape::kUnknown || db == Shape::kUnknown) {
      out.push_back(std::max(da, db));
    } else {
      fail(ErrorCode::bad_shape, "", "shapes {} and {} do not broadcast", a.to_string(), b.to_string());
    }
  }
  return out;
}

}  // namespace cornu
