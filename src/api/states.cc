#include "api/states.h"

#include <mutex>

#include "base/fail.h"
#include "base/fork_mutex.h"

namespace cornu {

void KeptStates::check_index(size_t index) const {
  if (index < size()) return;
  fail(ErrorCode::bad_argument, "states", "the model keeps {} states, there is no number {}", size(), index);
}

std::vector<Tensor> KeptStates::take() const {
  if (empty()) return {};
  const std::lock_guard lock(fork_mutex());
  return now_;
}

void KeptStates::keep(std::vector<Tensor> states) {
  if (empty()) return;
  const std::lock_guard lock(fork_mutex());
  now_.swap(states);  // what was kept is freed without the lock
}

void KeptStates::set(size_t index, const Tensor& value) {
  check_index(index);
  if (!(value.shape == zeros_[index].shape)) {
    fail(ErrorCode::bad_shape, "states", "the state has shape {}, received {}",
         zeros_[index].shape.to_string(), value.shape.to_string());
  }
  NewTensor copy = new_tensor(zeros_[index].dtype, value.shape);
  const Tensor cast = cast_tensor(value, copy.tensor.dtype);
  std::copy(cast.data, cast.data + cast.size_bytes(), copy.data);
  const std::lock_guard lock(fork_mutex());
  std::swap(now_[index], copy.tensor);
}

void KeptStates::reset(size_t index) {
  check_index(index);
  const std::lock_guard lock(fork_mutex());
  now_[index] = zeros_[index];
}

void KeptStates::check_rows(int64_t rows, bool at_once, const std::string& name) const {
  if (empty() || batch() == 0) return;
  if (at_once ? rows == batch() : rows > 0 && rows % batch() == 0) return;
  fail(ErrorCode::bad_shape, name, "the model keeps states for {} rows, so it takes {}{} rows; received {}",
       batch(), at_once ? "" : "a multiple of ", batch(), rows);
}

}  // namespace cornu
