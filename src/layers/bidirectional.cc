// Bidirectional: a recurrent layer run forwards and another run backwards over the same sequence, merged.
// Keras   Bidirectional, all versions
// Config  layer: serialized; backward_layer: serialized, or absent for `layer` with go_backwards turned
// round;
//         merge_mode: concat, sum, mul, ave, or null for both outputs
// Input   x  [batch, time, channels], initial states of both halves      Output  the merged outputs, then all
// states Weights forward_layer, then backward_layer Errors  bad_config for another merge mode; what the layer
// throws Source  keras/src/layers/rnn/bidirectional.py, 3.15
#include "layers/layer.h"

namespace cornu::layers {
namespace {

// The config with a new name, go_backwards, and masked outputs that are zero where the layer returns
// sequences. Of a key that is there twice the last counts.
Json derived(LayerCall& call, const Json& layer, const std::string& prefix, bool turn_round) {
  const Json config = layer["config"];
  if (!layer["class_name"].is_string() || !config.is_object() || config.size() == 0) {
    call.config.fail_value("layer", layer, "a serialized recurrent layer");
  }
  const auto is_true = [&](const char* key) { return config[key].is_bool() && config[key].boolean(); };
  // The quoted name with the prefix inside its quotes stays a JSON string.
  const std::string quoted = config["name"].is_string() ? config["name"].dump() : R"("layer")";
  const std::string name = quoted.starts_with('"' + prefix) ? quoted : '"' + prefix + quoted.substr(1);
  std::string text = config.dump();
  text.pop_back();
  text += fmt::format(R"(,"name":{},"zero_output_for_mask":{},"go_backwards":{}}})", name,
                      is_true("return_sequences"), is_true("go_backwards") != turn_round);
  const Json build = layer["build_config"];
  const std::string outer =
      fmt::format(R"({{"class_name":{},"config":{},"build_config":{}}})", layer["class_name"].dump(), text,
                  build.is_object() ? build.dump() : "null");
  return Json::parse(outer, call.layer.name);
}

Value merge(LayerCall& call, const std::string& mode, Value forward, Value backward) {
  GraphBuilder& g = call.g;
  if (mode == "concat") return g.op("concat", {forward, backward}, {{"axis", int64_t{g.rank(forward) - 1}}});
  if (mode == "mul") return g.op("mul", {forward, backward});
  const Value sum = g.op("add", {forward, backward});
  return mode == "sum" ? sum : g.op("mul", {sum, g.scalar_like(0.5, sum)});
}

std::vector<Value> lower(LayerCall& call) {
  const Json layer = call.config.raw({"layer"});
  const Json given = call.config.raw({"backward_layer"});
  const bool own_backward = given.is_object();
  LayerInstance& forward = call.child("forward_layer", derived(call, layer, "forward_", false));
  // Keras 3 leaves its name to a backward layer that was given.
  const std::string prefix = own_backward && call.dialect.keras_major >= 3 ? "" : "backward_";
  LayerInstance& backward =
      call.child("backward_layer", derived(call, own_backward ? given : layer, prefix, !own_backward));
  const bool concatenates = !call.config.raw({"merge_mode"}).is_null();
  const std::string mode = call.config.choice({"merge_mode"}, "concat", {"concat", "sum", "mul", "ave"});
  if (call.in.empty()) call.fail(ErrorCode::bad_shape, "Bidirectional takes an input tensor, received none");
  const size_t half = (call.in.size() - 1) / 2;
  const std::vector<Value> states(call.in.begin() + 1, call.in.end());
  if (states.size() != 2 * half)
    call.fail(ErrorCode::bad_shape, "Bidirectional takes initial states for both directions, received {}",
              states.size());
  const auto run = [&](LayerInstance& direction, size_t first) {
    std::vector<Value> in{call.in[0]};
    in.insert(in.end(), states.begin() + static_cast<long>(first),
              states.begin() + static_cast<long>(first + half));
    return call.call_child(direction, in, {call.masks[0]});
  };
  const std::vector<Value> ahead = run(forward, 0);
  const std::vector<Value> back = run(backward, half);
  const Json returns = layer["config"]["return_sequences"];
  const bool sequences = returns.is_bool() && returns.boolean();
  const Value last = sequences ? call.g.op("reverse", {back[0]}, {{"axes", Ints{1}}}) : back[0];
  std::vector<Value> out;
  if (concatenates) {
    out = {merge(call, mode, ahead[0], last)};
  } else {
    out = {ahead[0], last};
  }
  call.out_masks.assign(out.size(), sequences ? call.masks[0] : Value{});
  out.insert(out.end(), ahead.begin() + 1, ahead.end());
  out.insert(out.end(), back.begin() + 1, back.end());
  call.out_masks.resize(out.size());
  return out;
}

}  // namespace

CORNU_LAYER(bidirectional) = {.keras_names = {"Bidirectional"}, .lower = lower, .supports_masking = true};

}  // namespace cornu::layers
