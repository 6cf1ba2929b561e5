// Cell: what one time step of a recurrent network does to one sequence, vectorised. The sums of a gate, a section of z,
// cover its units, filled up to a whole number of vectors.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/epilogue.h"

namespace cornu::kernels {

// The activation of a gate: one of base/epilogue.h, or one that only recurrent layers have.
struct GateFunction {
  enum class Kind {
    activation,
    hard_sigmoid_2,  // clip(0.2 x + 0.5, 0, 1), of Keras 1 and 2
    softsign,        // x / (1 + |x|)
    mish,            // x tanh(softplus(x))
  };
  Kind kind = Kind::activation;
  Activation activation = Activation::none;
  float a = 0, b = 0;  // its parameters

  bool is(Activation wanted) const { return kind == Kind::activation && activation == wanted; }
  // By the name that the recurrent ops use; nothing if there is none.
  static std::optional<GateFunction> named(std::string_view name);
};

// One step of one sequence over the units [begin, end), whole vectors. Every pointer is aligned to a vector.
struct CellStep {
  float* z;         // sums; overwritten
  int64_t section;  // floats from gate to gate
  const float* h;   // the state before
  float* h_next;    // the state after; may be h
  float* c;         // lstm: the cell state, replaced. gru_gates: receives r h
  int64_t begin, end;
  GateFunction activation, recurrent_activation;
};

using CellFn = void (*)(const CellStep& step);

constexpr int kMaxRowVectors = 16;

// The kernels of one instruction set. Gate functions are as accurate as those of kernels/activation.h, except that a sigmoid
// of less than 2^-126 may be anything up to it.
struct CellKernels {
  int lanes;             // floats per vector
  int max_row_vectors;   // at most kMaxRowVectors
  CellFn simple_rnn;     // z: 1 section
  CellFn lstm;           // z: i f g o
  CellFn gru_gates;      // z: z r; both are replaced by the gates, c by r h
  CellFn gru_candidate;  // z: z (a gate already), unused, candidate
  CellFn gru_after;      // z: z r (sums), h . w + bias of the candidate, x of the candidate
  // z[n] += sum over k of h[k] w[k, n] for k in [0, units) and `vectors` (1, 2, 4, 8 or 16, at most max_row_vectors) vectors
  // of n. Rows of w are row_bytes apart and may have any alignment.
  void (*add_products)(const float* h, int64_t units, const std::byte* w, int64_t row_bytes, int vectors,
                       float* z);
  // z = x + bias of `count` floats, zeros up to a whole vector. x and bias may have any alignment, or be null for zeros.
  void (*load)(const std::byte* x, const std::byte* bias, int64_t count, float* z);
};

// The kernels for the best instruction set of this machine. Lives forever.
const CellKernels& cell_kernels();

}  // namespace cornu::kernels
