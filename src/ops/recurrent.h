// What the recurrent ops (simple_rnn, gru, lstm) share: their inputs, the walk over time with masks,
// activations. Inputs  x [batch, time, gates * units], already multiplied by the input kernel; recurrent
// kernel [units, gates * units];
//         then, as the flags say: has_bias a recurrent bias [gates * units], has_state the initial states
//         [batch, units], has_mask bool [batch, time]
// Outputs y: [batch, time, units] with return_sequences, else the last [batch, units]; then the final states
// [batch, units] Attrs   activation, recurrent_activation: names of recurrent_function; go_backwards: time
// runs from the end, and y is in that
//         order; zero_output: a masked step gives zeros instead of the output before it
// Source  keras/src/backend/tensorflow/rnn.py, 3.15: a masked step keeps the states
#pragma once

#include <string_view>

#include "ops/op.h"

namespace cornu::ops {

using ScalarFunction = double (*)(double);

// An activation with its default arguments: those of keras.activations that work element by element, and
// "hard_sigmoid_2" for clip(0.2 x + 0.5, 0, 1) of Keras 1 and 2. Null for an unknown name.
ScalarFunction recurrent_function(std::string_view name);

// A site as the ops see it.
struct Recurrence {
  int64_t batch = 0;
  int64_t time = 0;
  int64_t units = 0;
  int64_t gates = 0;
  int bias = -1;   // indices of inputs, -1 if absent
  int state = -1;  // the first
  int mask = -1;
  bool go_backwards = false;
  bool zero_output = false;
  bool return_sequences = false;
  ScalarFunction activation = nullptr;
  ScalarFunction recurrent_activation = nullptr;
};
Recurrence read_recurrence(const KernelSite& site, int64_t gates, int states);

// Fills the output types. Throws bad_shape when the sizes do not fit.
void infer_recurrence(ir::InferContext& c, int64_t gates, int states);

// z[j] += sum over k of h[k] * w[k, first + j], for `count` columns of a kernel with `columns`.
template <class T>
void add_product(const T* h, int64_t units, UnalignedArray<T> w, int64_t columns, int64_t first,
                 int64_t count, T* z) {
  for (int64_t k = 0; k < units; ++k) {
    const T factor = h[k];
    const UnalignedArray<T> row = w + (k * columns + first);
    for (int64_t j = 0; j < count; ++j) z[j] += factor * row[j];
  }
}

// Walks every sequence of one call. step(x, w, bias, states, work) replaces the states of one row, `states` being
// `units` numbers each, by those after x (gates * units numbers); the first state is the output. `work` has
// 2 * gates * units numbers.
template <class T, class Step>
void walk_recurrence(const Recurrence& r, int states, const KernelCall& call, Step&& step) {
  const int64_t width = r.gates * r.units;
  const auto x = in_as<T>(call, 0);
  const auto w = in_as<T>(call, 1);
  T* input = reinterpret_cast<T*>(call.scratch);
  T* work = input + width;
  T* state = work + 2 * width;
  T* last = state + states * r.units;  // the output before
  T* y = out_as<T>(call);
  for (int64_t row = 0; row < r.batch; ++row) {
    std::fill(last, last + r.units, T{0});
    for (int64_t i = 0; i < states * r.units; ++i) {
      state[i] = r.state < 0
                     ? T{0}
                     : in_as<T>(call, r.state + static_cast<int>(i / r.units))[row * r.units + i % r.units];
    }
    for (int64_t i = 0; i < r.time; ++i) {
      const int64_t at = row * r.time + (r.go_backwards ? r.time - 1 - i : i);
      const bool counts = r.mask < 0 || load_at<uint8_t>(call.in[r.mask], at) != 0;
      if (counts) {
        for (int64_t j = 0; j < width; ++j) input[j] = x[at * width + j];
        step(input, w, r.bias < 0 ? UnalignedArray<T>{nullptr} : in_as<T>(call, r.bias), state, work);
        std::copy(state, state + r.units, last);
      } else if (r.zero_output) {
        std::fill(last, last + r.units, T{0});
      }
      if (r.return_sequences) std::copy(last, last + r.units, y + (row * r.time + i) * r.units);
    }
    if (!r.return_sequences) std::copy(last, last + r.units, y + row * r.units);
    for (int k = 0; k < states; ++k) {
      std::copy(state + k * r.units, state + (k + 1) * r.units, out_as<T>(call, k + 1) + row * r.units);
    }
  }
}

// The scratch that walk_recurrence wants.
template <class T>
int64_t recurrence_scratch(const Recurrence& r, int states) {
  return (3 * r.gates * r.units + (states + 1) * r.units) * static_cast<int64_t>(sizeof(T));
}

// A kernel that walks every sequence with `step`.
template <class T, class Step>
PreparedKernel prepare_recurrence(const Recurrence& r, int states, Step step) {
  return {[=](const KernelCall& call) { walk_recurrence<T>(r, states, call, step); },
          recurrence_scratch<T>(r, states),
          {}};
}

}  // namespace cornu::ops
