// KeptStates: what the stateful layers of a model keep from one run to the next.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tensor/tensor.h"

namespace cornu {

// Tensors of fixed types and shapes that begin as zeros. Thread safe: values are replaced, never written.
class KeptStates {
 public:
  KeptStates() = default;
  explicit KeptStates(std::vector<Tensor> zeros) : zeros_(std::move(zeros)), now_(zeros_) {}

  bool empty() const { return zeros_.empty(); }
  size_t size() const { return zeros_.size(); }
  const std::vector<Tensor>& zeros() const { return zeros_; }
  // The rows of one run; 0 if there are no states.
  int64_t batch() const { return empty() ? 0 : zeros_[0].shape[0]; }

  std::vector<Tensor> take() const;
  void keep(std::vector<Tensor> states);  // as many as there are, of their types
  // Throws bad_argument for an index that there is not, bad_shape.
  void set(size_t index, const Tensor& value);
  void reset(size_t index);  // to zeros; throws bad_argument likewise

  // Throws bad_shape unless the rows are whole batches, or one batch if all rows are `at_once`. `name`: of the model.
  void check_rows(int64_t rows, bool at_once, const std::string& name) const;

 private:
  void check_index(size_t index) const;

  std::vector<Tensor> zeros_;
  std::vector<Tensor> now_;  // guarded by fork_mutex()
};

}  // namespace cornu
