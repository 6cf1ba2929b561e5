// What the recurrent layers share; see recurrent.h.
// Source: keras/src/layers/rnn/rnn.py, lstm.py, gru.py, simple_rnn.py, 3.15; recurrent activations default to
// hard_sigmoid before Keras 2.3 and are always written
#include <algorithm>

#include "layers/import_scope.h"
#include "layers/recurrent.h"
#include "ops/recurrent.h"

namespace cornu::layers {
namespace {

Value swap_time_and_batch(GraphBuilder& g, Value x) {
  Ints order{1, 0};
  for (int axis = 2; axis < g.rank(x); ++axis) order.push_back(axis);
  return g.rank(x) < 2 ? x : g.transpose(x, order);
}

// y and the final states of a cell over a sequence. `call` is the cell's: its config and weights.
std::vector<Value> walk_cell(LayerCall& call, const CellKind& kind, SequenceInputs inputs,
                             const SequenceWalk& walk) {
  GraphBuilder& g = call.g;
  const Shape shape = g.shape(inputs.x);
  if (shape.rank() != 3) {
    call.fail(ErrorCode::bad_shape, "{} takes an input of batch, time and channels, received shape {}",
              call.layer.class_name, shape.to_string());
  }
  if (!inputs.states.empty() && inputs.states.size() != static_cast<size_t>(kind.states)) {
    call.fail(ErrorCode::bad_shape, "{} takes {} initial states, received {}", call.layer.class_name,
              kind.states, inputs.states.size());
  }
  const LayerConfig& config = call.config;
  const int64_t units = config.integer({"units", "output_dim"}, Range{1, 2147483647});
  const int64_t width = kind.gates * units;
  if (walk.stateful)
    begin_with_kept(call, inputs, std::vector<Shape>(static_cast<size_t>(kind.states), {shape[0], units}));
  const bool reset_after = kind.op == "gru" && config.flag({"reset_after"}, false);
  Value x = g.op("matmul", {inputs.x, call.weight("kernel", {shape.back(), width})});
  const Value recurrent_kernel = call.weight("recurrent_kernel", {units, width});
  Value recurrent_bias;
  if (config.flag({"use_bias"}, true)) {
    Value bias = call.weight("bias", reset_after ? Shape{2, width} : Shape{width});
    if (reset_after) {
      const auto row = [&](int64_t i) {
        return g.reshape(
            g.op("slice_axis", {bias}, {{"axis", int64_t{0}}, {"begin", i}, {"size", int64_t{1}}}), {width});
      };
      recurrent_bias = row(1);
      bias = row(0);
    }
    x = g.op("add", {x, bias});
  }
  std::vector<Value> in{x, recurrent_kernel};
  if (recurrent_bias.valid()) in.push_back(recurrent_bias);
  for (Value state : inputs.states) in.push_back(g.cast(state, g.dtype(x)));
  if (inputs.mask.valid()) in.push_back(inputs.mask);
  Attrs attrs{{"activation", recurrent_activation_name(call, {"activation"}, "tanh")},
              {"has_bias", recurrent_bias.valid()},
              {"has_state", !inputs.states.empty()},
              {"has_mask", inputs.mask.valid()},
              {"return_sequences", walk.return_sequences},
              {"go_backwards", walk.go_backwards},
              {"zero_output", walk.zero_output}};
  if (kind.gates > 1) {
    attrs.set("recurrent_activation", gate_activation_name(call));
  }
  if (reset_after) attrs.set("reset_after", true);
  // What else a cell writes, without meaning for prediction.
  config.raw({"dropout", "dropout_W", "recurrent_dropout", "dropout_U", "implementation", "consume_less",
              "unit_forget_bias"});
  std::vector<Value> out = g.multi_op(kind.op, in, attrs);
  if (walk.stateful) keep_states(call, std::span(out).subspan(1));
  return out;
}

void expect_all_read(const LayerInstance& cell) {
  const std::vector<std::string> unread = cell.config.unread();
  if (!unread.empty()) {
    throw Error(
        ErrorCode::bad_config,
        fmt::format("{} has an argument that Cornu does not know: {}", cell.class_name, unread.front()),
        cell.name);
  }
}

const CellKind& kind_of(LayerCall& call, const LayerInstance& cell) {
  const CellKind* kind = cell_kind(cell.class_name);
  if (kind == nullptr) {
    call.fail(ErrorCode::unsupported,
              "{} over cells of class {}; SimpleRNNCell, GRUCell and LSTMCell are known",
              call.layer.class_name, cell.class_name);
  }
  return *kind;
}

// Cells on each other: each walks what the one below gave. The states come in the order of the cells.
std::vector<Value> walk_stack(LayerCall& call, LayerInstance& stack, SequenceInputs inputs,
                              const SequenceWalk& walk) {
  LayerCall stack_call = call_of_cell(call, stack);
  const auto cells = stack.config.raw({"cells"}).elements();
  if (cells.empty()) stack.config.fail_value("cells", stack.config.raw({"cells"}), "a list of cells");
  std::vector<Value> given = inputs.states;
  std::vector<Value> out{inputs.x};
  std::vector<Value> states;
  for (size_t i = 0; i < cells.size(); ++i) {
    if (stack.children.size() == i) stack.children.push_back(make_instance(cells[i], &stack, "cells"));
    LayerInstance& cell = *stack.children[i];
    const CellKind& kind = kind_of(call, cell);
    const auto count = static_cast<size_t>(kind.states);
    SequenceInputs part{out[0], inputs.mask, {}};
    if (!given.empty() && given.size() < count)
      call.fail(ErrorCode::bad_shape, "too few initial states for {} cells", cells.size());
    if (!given.empty()) {
      part.states.assign(given.begin(), given.begin() + static_cast<long>(count));
      given.erase(given.begin(), given.begin() + static_cast<long>(count));
    }
    const bool last = i + 1 == cells.size();
    SequenceWalk step = walk;
    step.return_sequences = walk.return_sequences || !last;
    if (i > 0) step.go_backwards = false;  // the first cell has turned the time round already
    if (i > 0 && walk.go_backwards && part.mask.valid())
      part.mask = call.g.op("reverse", {part.mask}, {{"axes", Ints{1}}});
    LayerCall cell_call = call_of_cell(stack_call, cell);
    out = walk_cell(cell_call, kind, part, step);
    states.insert(states.end(), out.begin() + 1, out.end());
    expect_all_read(cell);
  }
  expect_all_read(stack);
  states.insert(states.begin(), out[0]);
  return states;
}

}  // namespace

SequenceInputs sequence_inputs(LayerCall& call) {
  if (call.in.empty())
    call.fail(ErrorCode::bad_shape, "{} takes an input tensor, received none", call.layer.class_name);
  SequenceInputs inputs{call.in[0], call.masks[0], {call.in.begin() + 1, call.in.end()}};
  if (!call.config.flag({"time_major"}, false)) return inputs;
  inputs.x = swap_time_and_batch(call.g, inputs.x);
  if (inputs.mask.valid()) inputs.mask = swap_time_and_batch(call.g, inputs.mask);
  return inputs;
}

std::string recurrent_activation_name(LayerCall& call, Keys keys, std::string_view fallback) {
  Json json = call.config.raw(keys);
  if (json["class_name"].is_string() && json["config"].is_string()) json = json["config"];
  if (json["class_name"].is_string() && json["class_name"].string() == "ReLU") return "relu";
  std::string name(!json.exists()     ? fallback
                   : json.is_null()   ? "linear"
                   : json.is_string() ? json.string()
                                      : "");
  if (const size_t mark = name.rfind('>'); mark != std::string::npos) name = name.substr(mark + 1);
  if (name == "hard_sigmoid" && call.dialect.keras_major < 3) name = "hard_sigmoid_2";
  if (ops::recurrent_function(name) == nullptr) {
    call.config.fail_value(*keys.begin(), json, "an activation of Keras that works element by element");
  }
  return name;
}

std::string gate_activation_name(LayerCall& call) {
  const std::string_view fallback = call.dialect.keras_major >= 3 ? "sigmoid" : "hard_sigmoid";
  return recurrent_activation_name(call, {"recurrent_activation", "inner_activation"}, fallback);
}

SequenceWalk sequence_walk(LayerCall& call) {
  const LayerConfig& config = call.config;
  SequenceWalk walk;
  walk.return_sequences = config.flag({"return_sequences"}, false);
  walk.go_backwards = config.flag({"go_backwards"}, false);
  walk.zero_output = config.flag({"zero_output_for_mask"}, false);
  walk.time_major = config.flag({"time_major"}, false);
  walk.stateful = config.flag({"stateful"}, false);
  config.raw({"unroll", "use_cudnn", "num_constants", "states", "input_spec", "return_runtime"});
  return walk;
}

LayerCall call_of_cell(LayerCall& call, LayerInstance& cell) {
  return {cell,           cell.config,        call.dialect,        call.g, call.in, call.masks,
          call.arguments, call.compute_dtype, call.variable_dtype, {}};
}

void begin_with_kept(LayerCall& cell, SequenceInputs& inputs, const std::vector<Shape>& shapes) {
  ImportScope* scope = ImportScope::current();
  if (scope == nullptr) return;
  std::vector<Value> states;
  for (const ImportScope::State& state : scope->states) {
    if (state.layer == &cell.layer) states.push_back(state.last);
  }
  const bool first_call = states.empty();
  for (const Shape& shape : first_call ? shapes : std::vector<Shape>()) {
    if (!shape.is_known()) {
      cell.fail(ErrorCode::bad_config,
                "a stateful layer keeps a state of shape {}, whose sizes must be known: give the model's "
                "input a batch_shape",
                shape.to_string());
    }
    const Value initial = cell.g.graph().add_input("state", cell.variable_dtype, shape);
    scope->states.push_back({&cell.layer, initial, initial});
    states.push_back(initial);
  }
  if (inputs.states.empty()) inputs.states = std::move(states);
}

void keep_states(LayerCall& cell, std::span<const Value> states) {
  ImportScope* scope = ImportScope::current();
  if (scope == nullptr) return;
  auto given = states.begin();
  for (ImportScope::State& state : scope->states) {
    if (state.layer == &cell.layer && given != states.end())
      state.last = cell.g.cast(*given++, cell.variable_dtype);
  }
}

std::vector<Value> sequence_result(LayerCall& call, std::vector<Value> out, const SequenceWalk& walk,
                                   Value mask) {
  const bool states = call.config.flag({"return_state"}, false);
  if (!states) out.resize(1);
  call.out_masks.assign(out.size(), Value{});
  if (!walk.return_sequences) return out;
  call.out_masks[0] = walk.time_major ? call.masks[0] : mask;
  if (walk.time_major) out[0] = swap_time_and_batch(call.g, out[0]);
  return out;
}

const CellKind* cell_kind(std::string_view class_name) {
  if (class_name == "SimpleRNNCell") return &kSimpleRnnCell;
  if (class_name == "GRUCell") return &kGruCell;
  if (class_name == "LSTMCell") return &kLstmCell;
  return nullptr;
}

std::vector<Value> lower_recurrent(LayerCall& call, std::string_view cell_class) {
  const SequenceInputs inputs = sequence_inputs(call);
  const SequenceWalk walk = sequence_walk(call);
  // Of a key that is there twice the last counts. The layers of CuDNN had these values fixed.
  std::string config = call.config.json().dump();
  if (call.layer.class_name.starts_with("CuDNN")) {
    config.pop_back();
    config += R"(,"activation":"tanh","recurrent_activation":"sigmoid","reset_after":true})";
  }
  const std::string serialized = fmt::format(R"({{"class_name":"{}","config":{}}})", cell_class, config);
  LayerInstance& cell = call.child("cell", Json::parse(serialized, call.layer.name));
  LayerCall cell_call = call_of_cell(call, cell);
  std::vector<Value> out = walk_cell(cell_call, *cell_kind(cell_class), inputs, walk);
  // The layer's own config has the cell's keys.
  call.config.raw({"units", "output_dim", "activation", "recurrent_activation", "inner_activation",
                   "use_bias", "reset_after", "dropout", "dropout_W", "recurrent_dropout", "dropout_U",
                   "implementation", "consume_less", "unit_forget_bias"});
  return sequence_result(call, std::move(out), walk, inputs.mask);
}

std::vector<Value> lower_rnn(LayerCall& call) {
  const SequenceInputs inputs = sequence_inputs(call);
  const SequenceWalk walk = sequence_walk(call);
  LayerInstance& cell = call.child("cell", call.config.raw({"cell"}));
  if (cell.class_name == "StackedRNNCells")
    return sequence_result(call, walk_stack(call, cell, inputs, walk), walk, inputs.mask);
  LayerCall cell_call = call_of_cell(call, cell);
  std::vector<Value> out = walk_cell(cell_call, kind_of(call, cell), inputs, walk);
  expect_all_read(cell);
  return sequence_result(call, std::move(out), walk, inputs.mask);
}

std::vector<Value> lower_cell(LayerCall& call) {
  SequenceInputs inputs = sequence_inputs(call);
  inputs.mask = Value{};
  call.expect_rank(2);
  inputs.x = call.g.op("expand_dims", {inputs.x}, {{"axes", Ints{1}}});
  return walk_cell(call, kind_of(call, call.layer), inputs, {});
}

}  // namespace cornu::layers
