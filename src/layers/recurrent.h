// What the recurrent layers (SimpleRNN, GRU, LSTM, RNN over their cells) share. See common_recurrent.cc.
#pragma once

#include "layers/layer.h"

namespace cornu::layers {

// A kind of cell; weights kernel (channels, gates * units), recurrent_kernel (units, gates * units), bias.
struct CellKind {
  std::string_view op;  // that walks a sequence: ops/recurrent.h
  int64_t gates;
  int states;
};
inline constexpr CellKind kSimpleRnnCell{"simple_rnn", 1, 1};
inline constexpr CellKind kGruCell{"gru", 3, 1};
inline constexpr CellKind kLstmCell{"lstm", 4, 2};

// The tensors of a call by their part in it.
struct SequenceInputs {
  Value x;
  Value mask;  // [batch, time], or invalid
  std::vector<Value> states;
};
SequenceInputs sequence_inputs(LayerCall& call);

// How a sequence is walked, as the config says.
struct SequenceWalk {
  bool return_sequences = false;
  bool go_backwards = false;
  bool zero_output = false;  // of a masked step
  bool stateful = false;     // begins where the run before ended
  bool time_major = false;   // tf.keras: x and y have time before the batch; sequence_inputs() turns it round
};
SequenceWalk sequence_walk(LayerCall& call);

// The name of an activation for the recurrent ops; bad_config if they lack it.
std::string recurrent_activation_name(LayerCall& call, Keys keys, std::string_view fallback);
// "sigmoid", which was hard_sigmoid before Keras 2.3; files of those versions always state it.
std::string gate_activation_name(LayerCall& call);

// The call of a cell that computes with its layer's types; `in` are the layer's inputs.
LayerCall call_of_cell(LayerCall& call, LayerInstance& cell);

// Makes a stateful cell begin with the states that its call before left, in this run or the last, unless states are given.
// `shapes`: of its states. Throws bad_config for an unknown size.
void begin_with_kept(LayerCall& cell, SequenceInputs& inputs, const std::vector<Shape>& shapes);
// What the run leaves for the next.
void keep_states(LayerCall& cell, std::span<const Value> states);

// What the layer gives of `out` (y and the final states), and the mask of y.
std::vector<Value> sequence_result(LayerCall& call, std::vector<Value> out, const SequenceWalk& walk,
                                   Value mask);

// The kind of a cell's class ("LSTMCell"); null for another class.
const CellKind* cell_kind(std::string_view class_name);

// Lowers a layer whose config is its cell's config too: the weights belong to a child named like the layer,
// at the attribute "cell", as Keras 3 stores them.
//   call  in: x [batch, time, channels], then the initial states; out: y, and the states with return_state
std::vector<Value> lower_recurrent(LayerCall& call, std::string_view cell_class);

// Lowers RNN: the cell, or the stacked cells, are serialized in the config.
std::vector<Value> lower_rnn(LayerCall& call);

// Lowers a cell that is called as a layer: one step.
//   call  in: x [batch, channels], then the states; out: y and the new states
std::vector<Value> lower_cell(LayerCall& call);

// Lowers ConvLSTM1D, 2D, 3D, by the number of spatial axes; and ConvLSTMCell, called as a layer: one step.
std::vector<Value> lower_conv_lstm(LayerCall& call, int spatial);
std::vector<Value> lower_conv_lstm_cell(LayerCall& call);

// Weights of Keras 1 (an array for each gate) and of CuDNN layers (transposed gates, two biases) as today's.
void recurrent_from_legacy(LegacyWeights& weights);

}  // namespace cornu::layers
