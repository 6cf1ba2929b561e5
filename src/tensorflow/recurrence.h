// Loops that are a recurrent layer of Keras -> the op that computes it.
#pragma once

#include <optional>
#include <vector>

#include "tensorflow/importer.h"

namespace cornu::tensorflow {

// A loop whose bodies take its variables, then what they capture.
struct Loop {
  const ir::Graph& condition;
  const ir::Graph& step;
  const std::vector<Value>& variables;  // their first values
  const std::vector<Value>& captured;
};

// The last values of the variables, if the loop is an LSTM, a GRU with reset_after or a SimpleRNN over a sequence of known
// length: it walks a list that a tensor was taken apart into, and fills a list, step by step. Nothing if it is another loop.
// Source  keras/src/backend/tensorflow/rnn.py, 3.15; keras/backend.py (rnn), 2.15
std::optional<std::vector<Value>> fuse_recurrence(OpBuilder& g, const Loop& loop);

}  // namespace cornu::tensorflow
