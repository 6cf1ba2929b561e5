// Join: the outputs of pieces of a batch, put together again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "cornu/tensor.h"

namespace cornu::serve {

// Pieces come in order. Memory for all rows is taken with the first.
class Join {
 public:
  explicit Join(int64_t row_count) : row_count_(row_count) {}

  // The outputs for the next `rows` rows. Throws bad_shape when an output has not these rows, or other sizes than before.
  void add(const std::vector<Array>& piece, int64_t rows);
  int64_t rows() const { return rows_; }  // so far
  std::vector<Array> take();              // once all are there

 private:
  struct Output {
    Array array;
    std::byte* data = nullptr;
    std::vector<std::string> strings;
  };
  int64_t row_count_;
  int64_t rows_ = 0;
  std::vector<Output> outputs_;
};

}  // namespace cornu::serve
