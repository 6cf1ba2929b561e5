#include <fmt/format.h>

#include "kernels/broadcast.h"

namespace cornu::kernels {
namespace {

constexpr int64_t kChunk = 16 * 1024;  // elements of a job at least

// The size of a shape along an axis of y; 1 for missing leading axes.
int64_t size_at(const Shape& shape, const Shape& y, int axis) {
  const int own = axis - (y.rank() - shape.rank());
  return own < 0 ? 1 : shape[own];
}

}  // namespace

std::string refuse_broadcast(std::span<const TensorType> in, const Shape& y) {
  if (in.size() > kMaxBroadcastInputs)
    return fmt::format("there are {} inputs, at most {} are handled", in.size(), kMaxBroadcastInputs);
  for (const TensorType& type : in) {
    bool fits = type.shape.rank() <= y.rank();
    for (int axis = 0; fits && axis < y.rank(); axis++) {
      const int64_t size = size_at(type.shape, y, axis);
      fits = size == 1 || size == y[axis];
    }
    if (!fits) return fmt::format("{} does not broadcast to {}", type.shape.to_string(), y.to_string());
  }
  return "";
}

std::vector<BroadcastAxis> merged_axes(std::span<const TensorType> in, const Shape& y) {
  std::vector<BroadcastAxis> axes;
  std::array<int64_t, kMaxBroadcastInputs> next_stride{};
  next_stride.fill(1);
  std::array<bool, kMaxBroadcastInputs> moved{};
  for (int axis = y.rank() - 1; axis >= 0; axis--) {
    if (y[axis] == 1) continue;
    bool merges = !axes.empty();
    BroadcastAxis made{y[axis], {}};
    for (size_t i = 0; i < in.size(); i++) {
      const bool moves = size_at(in[i].shape, y, axis) > 1;
      merges = merges && moves == moved[i];
      made.strides[i] = moves ? next_stride[i] : 0;
      if (moves) next_stride[i] *= y[axis];
      moved[i] = moves;
    }
    if (merges) {
      axes.front().size *= y[axis];
    } else {
      axes.insert(axes.begin(), made);
    }
  }
  if (axes.empty()) axes.emplace_back();
  return axes;
}

BroadcastRuns::BroadcastRuns(std::span<const TensorType> in, const Shape& y) : axes_(merged_axes(in, y)) {
  pieces_ = std::max<int64_t>(1, axes_.back().size / kChunk);
  runs_ = pieces_;
  for (size_t i = 0; i + 1 < axes_.size(); i++) runs_ *= axes_[i].size;
  runs_per_job_ = std::max<int64_t>(1, kChunk / axes_.back().size);
}

BroadcastRuns::Run BroadcastRuns::run_at(int64_t index) const {
  const BroadcastAxis& last = axes_.back();
  const int64_t piece = index % pieces_;
  const int64_t begin = last.size * piece / pieces_;
  Run run{{}, last.strides, index / pieces_ * last.size + begin, last.size * (piece + 1) / pieces_ - begin};
  for (size_t i = 0; i < run.offsets.size(); i++) run.offsets[i] = begin * last.strides[i];
  int64_t rest = index / pieces_;
  for (size_t axis = axes_.size() - 1; axis-- > 0;) {
    const int64_t at = rest % axes_[axis].size;
    rest /= axes_[axis].size;
    for (size_t i = 0; i < run.offsets.size(); i++) run.offsets[i] += at * axes_[axis].strides[i];
  }
  return run;
}

}  // namespace cornu::kernels
