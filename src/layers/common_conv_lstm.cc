// Convolutional LSTMs; see recurrent.h. The input convolutions of all steps are one convolution.
// Source: keras/src/layers/rnn/conv_lstm.py, 3.15; tf_keras/src/layers/rnn/base_conv_lstm.py, 2.21
#include "layers/common_conv.h"
#include "layers/recurrent.h"

namespace cornu::layers {
namespace {

// y and the final states; `call` is the cell's, whose input 0 holds every step of inputs.x as a row.
std::vector<Value> walk_conv_cell(LayerCall& call, int spatial, SequenceInputs inputs,
                                  const SequenceWalk& walk) {
  GraphBuilder& g = call.g;
  const ConvSettings settings = conv_settings(call, spatial);
  const int64_t filters = call.config.integer({"filters", "nb_filter"}, Range{1, INT32_MAX / 4});
  const int64_t channels = channel_count(call, settings.channels_first);
  Shape kernel{std::span<const int64_t>(settings.kernel)};
  Shape recurrent = kernel;
  for (int64_t size : {channels, 4 * filters}) kernel.push_back(size);
  for (int64_t size : {filters, 4 * filters}) recurrent.push_back(size);
  Value x = convolve(g, settings, conv_input(call, settings), call.weight("kernel", kernel), 1);
  const Value recurrent_kernel = call.weight("recurrent_kernel", recurrent);
  if (call.config.flag({"use_bias"}, true)) x = g.op("add", {x, call.weight("bias", {4 * filters})});
  if (!g.shape(x).with(0, 1).is_known()) {
    call.fail(ErrorCode::bad_shape, "{} needs known spatial sizes, received shape {}", call.layer.class_name,
              g.shape(inputs.x).to_string());
  }
  const Value steps = batch_to_steps(g, x, inputs.x);
  if (walk.stateful) {
    Shape state{g.shape(inputs.x)[0]};
    if (settings.channels_first) state.push_back(filters);
    for (int axis = 0; axis < spatial; ++axis) state.push_back(g.shape(steps)[axis + 2]);
    if (!settings.channels_first) state.push_back(filters);
    begin_with_kept(call, inputs, {state, state});
  }
  if (!inputs.states.empty() && inputs.states.size() != 2)
    call.fail(ErrorCode::bad_shape, "{} takes 2 initial states, received {}", call.layer.class_name,
              inputs.states.size());
  std::vector<Value> in{steps, recurrent_kernel};
  for (Value state : inputs.states) {
    if (g.rank(state) != spatial + 2)
      call.fail(ErrorCode::bad_shape, "{} takes initial states of {} axes, received shape {}",
                call.layer.class_name, spatial + 2, g.shape(state).to_string());
    in.push_back(g.cast(settings.channels_first ? channels_to_end(g, state) : state, g.dtype(x)));
  }
  if (inputs.mask.valid()) in.push_back(inputs.mask);
  std::vector<Value> out =
      g.multi_op("conv_lstm", in,
                 {{"activation", recurrent_activation_name(call, {"activation"}, "tanh")},
                  {"recurrent_activation", gate_activation_name(call)},
                  {"has_state", !inputs.states.empty()},
                  {"has_mask", inputs.mask.valid()},
                  {"return_sequences", walk.return_sequences},
                  {"go_backwards", walk.go_backwards},
                  {"zero_output", walk.zero_output}});
  for (Value& y : settings.channels_first ? std::span(out) : std::span<Value>()) {
    y = g.rank(y) == spatial + 2 ? channels_to_front(g, y)
                                 : batch_to_steps(g, channels_to_front(g, steps_to_batch(g, y)), inputs.x);
  }
  if (walk.stateful) keep_states(call, std::span(out).subspan(1));
  return out;
}

// Keys of a layer that are its cell's.
void read_cell_keys(const LayerConfig& config) {
  config.raw({"filters",
              "nb_filter",
              "kernel_size",
              "nb_row",
              "nb_col",
              "strides",
              "subsample",
              "dilation_rate",
              "padding",
              "border_mode",
              "data_format",
              "dim_ordering",
              "activation",
              "recurrent_activation",
              "inner_activation",
              "use_bias",
              "unit_forget_bias",
              "dropout",
              "recurrent_dropout",
              "dropout_W",
              "dropout_U",
              "rank",
              "implementation"});
}

}  // namespace

std::vector<Value> lower_conv_lstm(LayerCall& call, int spatial) {
  const SequenceInputs inputs = sequence_inputs(call);
  const SequenceWalk walk = sequence_walk(call);
  call.expect_rank(spatial + 3);
  const std::string serialized =
      fmt::format(R"({{"class_name":"ConvLSTMCell","config":{}}})", call.config.json().dump());
  LayerInstance& cell = call.child("cell", Json::parse(serialized, call.layer.name));
  LayerCall cell_call = call_of_cell(call, cell);
  cell_call.in = {steps_to_batch(call.g, inputs.x)};
  std::vector<Value> out = walk_conv_cell(cell_call, spatial, inputs, walk);
  read_cell_keys(call.config);
  return sequence_result(call, std::move(out), walk, inputs.mask);
}

std::vector<Value> lower_conv_lstm_cell(LayerCall& call) {
  SequenceInputs inputs = sequence_inputs(call);
  inputs.mask = Value{};
  const int spatial = call.g.rank(inputs.x) - 2;
  if (spatial < 1 || spatial > 3)
    call.fail(ErrorCode::bad_shape, "{} takes an input of 3 to 5 axes, received shape {}",
              call.layer.class_name, call.g.shape(inputs.x).to_string());
  LayerCall step = call_of_cell(call, call.layer);
  step.in = {inputs.x};
  inputs.x = call.g.op("expand_dims", {inputs.x}, {{"axes", Ints{1}}});
  std::vector<Value> out = walk_conv_cell(step, spatial, inputs, {});
  read_cell_keys(call.config);
  return out;
}

}  // namespace cornu::layers
