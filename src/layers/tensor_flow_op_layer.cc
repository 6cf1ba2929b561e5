// TensorFlowOpLayer: one node of a TensorFlow graph in a functional model.
// Keras   TensorFlowOpLayer (tf.keras 1.13 to 2.3)
// Config  node_def: {"op", "attr"}, or its JSON text; constants: {"1": value}, the inputs that are no tensors
// of the model Errors  unsupported for an op that the table lacks; bad_config for a malformed node Source
// tensorflow/python/keras/engine/base_layer.py, class TensorFlowOpLayer, 2.3
#include <charconv>
#include <map>

#include "layers/operators.h"

namespace cornu::layers {
namespace {

// Attributes that matter, and the parameter of the function they are.
struct Attribute {
  std::string_view attr;
  std::string_view parameter;
};
constexpr Attribute kAttributes[] = {
    {"keep_dims", "keepdims"},
    {"squeeze_dims", "axis"},
    {"axis", "axis"},
    {"transpose_a", "transpose_a"},
    {"transpose_b", "transpose_b"},
    {"adj_x", "adj_x"},
    {"adj_y", "adj_y"},
    {"strides", "strides"},
    {"ksize", "ksize"},
    {"padding", "padding"},
    {"data_format", "data_format"},
    {"dilations", "dilations"},
    {"alpha", "alpha"},
    {"block_size", "block_size"},
    {"align_corners", "align_corners"},
    {"half_pixel_centers", "half_pixel_centers"},
    {"num", "num"},
    {"batch_dims", "batch_dims"},
    {"exclusive", "exclusive"},
    {"reverse", "reverse"},
};

// {"b": true}, {"i": "3"}, {"f": 0.2}, {"s": "U0FNRQ=="}, {"list": {"i": ["1", "2"]}} as JSON of the plain
// value.
std::string plain_text(const Json& attr) {
  if (attr["b"].is_bool()) return attr["b"].dump();
  if (attr["f"].is_number()) return attr["f"].dump();
  const auto integer = [](const Json& value) {
    return value.is_string() ? std::string(value.string()) : value.dump();
  };
  if (attr["i"].exists()) return integer(attr["i"]);
  if (!attr["list"].exists()) return {};
  std::string text = "[";
  for (const Json& item : attr["list"]["i"].elements()) text += (text.size() > 1 ? "," : "") + integer(item);
  return text + "]";
}

// A byte string is base64 in this JSON; the few that occur are known.
std::string_view decoded(std::string_view base64) {
  if (base64 == "U0FNRQ==") return "\"SAME\"";
  if (base64 == "VkFMSUQ=") return "\"VALID\"";
  if (base64 == "TkhXQw==") return "\"NHWC\"";
  if (base64 == "TkNIVw==") return "\"NCHW\"";
  return "null";
}

Argument literal(const std::string& text, const std::string& where) {
  return {Argument::Kind::literal, {}, {}, Json::parse(text, where), {}, {}};
}

// Tensors of the call and constants, in the order of the node's inputs.
std::vector<Argument> inputs_of(LayerCall& call) {
  std::map<int64_t, Argument> constants;
  for (const auto& [key, value] : call.config.raw({"constants"}).members()) {
    int64_t position = -1;
    const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), position);
    if (error != std::errc() || end != key.data() + key.size() || position < 0) {
      call.config.fail_value("constants", value, "positions of inputs as keys");
    }
    constants[position] = literal_argument(call, value);
  }
  std::vector<Argument> inputs;
  size_t next = 0;
  while (next < call.in.size() || !constants.empty()) {
    const auto constant = constants.find(static_cast<int64_t>(inputs.size()));
    if (constant != constants.end()) {
      inputs.push_back(std::move(constant->second));
      constants.erase(constant);
    } else if (next < call.in.size()) {
      inputs.push_back({Argument::Kind::tensor, call.in[next], {}, {}, {}, {}});
      ++next;
    } else {
      call.config.fail_value("constants", call.config.raw({"constants"}),
                             "constants for the inputs that are left");
    }
  }
  return inputs;
}

// Ops whose inputs come in another order or form than the function's arguments.
void arrange(LayerCall& call, std::string_view op, std::vector<Argument>& inputs) {
  const auto gather_list = [&](size_t count) {
    Argument list;
    list.kind = Argument::Kind::list;
    list.items.assign(inputs.begin(), inputs.begin() + static_cast<long>(count));
    inputs.erase(inputs.begin(), inputs.begin() + static_cast<long>(count));
    inputs.insert(inputs.begin(), std::move(list));
  };
  if (inputs.empty()) call.fail(ErrorCode::bad_config, "the node {} has no inputs", op);
  if (op == "ConcatV2") gather_list(inputs.size() - 1);
  if (op == "Pack" || op == "AddN") gather_list(inputs.size());
  if (op == "Split" && inputs.size() == 2) {  // axis, value; the count is an attribute
    std::swap(inputs[0], inputs[1]);
    inputs.insert(inputs.begin() + 1, {Argument{}, Argument{}});
  }
  if (op == "GatherV2" && inputs.size() == 3) inputs.insert(inputs.begin() + 2, {Argument{}, Argument{}});
  if (op == "SplitV" && inputs.size() == 3) inputs.insert(inputs.begin() + 1, Argument{});
}

// Bit `position` of an attribute of StridedSlice.
bool mask_bit(const Json& attrs, const char* name, size_t position) {
  const Json value = attrs[name]["i"];
  int64_t mask = value.is_integer() ? value.integer() : 0;
  if (value.is_string())
    std::from_chars(value.string().data(), value.string().data() + value.string().size(), mask);
  return position < 63 && (mask >> position & 1) != 0;
}

// StridedSlice's begin, end, strides and masks as a Python key.
Argument slice_key(LayerCall& call, const std::vector<Argument>& inputs, const Json& attrs) {
  Ints parts[3];
  if (inputs.size() != 4)
    call.fail(ErrorCode::bad_config, "a node StridedSlice takes 4 inputs, received {}", inputs.size());
  for (size_t i = 0; i < 3; ++i) {
    CallArguments one;
    one.positional.push_back(inputs[i + 1]);
    parts[i] = OperatorCall(call, "StridedSlice", "index", one).ints("index");
  }
  if (parts[1].size() != parts[0].size() || parts[2].size() != parts[0].size())
    call.fail(ErrorCode::bad_config, "a node StridedSlice has bounds of different lengths");
  std::string text = "[";
  for (size_t i = 0; i < parts[0].size(); ++i) {
    const auto edge = [&](const char* mask, int64_t value) {
      return mask_bit(attrs, mask, i) ? std::string("null") : std::to_string(value);
    };
    if (i > 0) text += ",";
    if (mask_bit(attrs, "ellipsis_mask", i)) {
      text += R"({"class_name":"__ellipsis__","config":{}})";
    } else if (mask_bit(attrs, "new_axis_mask", i)) {
      text += "null";
    } else if (mask_bit(attrs, "shrink_axis_mask", i)) {
      text += std::to_string(parts[0][i]);
    } else {
      text += fmt::format(R"({{"class_name":"__slice__","config":{{"start":{},"stop":{},"step":{}}}}})",
                          edge("begin_mask", parts[0][i]), edge("end_mask", parts[1][i]), parts[2][i]);
    }
  }
  Argument key;
  key.kind = Argument::Kind::list;
  for (const Json& item : Json::parse(text + "]", call.layer.name).elements())
    key.items.push_back({Argument::Kind::literal, {}, {}, item, {}, {}});
  return key;
}

void add_attributes(LayerCall& call, std::string_view op, const Json& attrs, CallArguments& arguments) {
  const std::string& where = call.layer.name;
  for (const Attribute& known : kAttributes) {
    const Json attr = attrs[known.attr];
    if (!attr.exists()) continue;
    const std::string text =
        attr["s"].is_string() ? std::string(decoded(attr["s"].string())) : plain_text(attr);
    if (text.empty() || text == "[]") continue;
    arguments.keyword.emplace_back(std::string(known.parameter), literal(text, where));
  }
  if (op == "Cast" && attrs["DstT"]["type"].is_string()) {
    constexpr std::pair<std::string_view, std::string_view> kTypes[] = {
        {"DT_FLOAT", "\"float32\""}, {"DT_HALF", "\"float16\""},     {"DT_DOUBLE", "\"float64\""},
        {"DT_INT32", "\"int32\""},   {"DT_INT64", "\"int64\""},      {"DT_BOOL", "\"bool\""},
        {"DT_UINT8", "\"uint8\""},   {"DT_BFLOAT16", "\"bfloat16\""}};
    for (const auto& [type, name] : kTypes) {
      if (attrs["DstT"]["type"].string() == type)
        arguments.keyword.emplace_back("dtype", literal(std::string(name), where));
    }
  }
  if (op == "Split") {
    arguments.keyword.emplace_back("num_or_size_splits", literal(plain_text(attrs["num_split"]), where));
  }
}

std::vector<Value> lower(LayerCall& call) {
  Json node = call.config.raw({"node_def"});
  if (node.is_string()) node = Json::parse(node.string(), call.layer.name + ": node_def");
  const Json op_json = node["op"];
  if (!op_json.is_string()) call.config.fail_value("node_def", node, "a node with an op");
  const std::string op(op_json.string());
  CallArguments arguments;
  std::vector<Argument> inputs = inputs_of(call);
  if (op == "StridedSlice") {
    arguments.positional = {inputs.empty() ? Argument{} : inputs[0], slice_key(call, inputs, node["attr"])};
    return lower_operator(call, "get_item", arguments);
  }
  arrange(call, op, inputs);
  arguments.positional = std::move(inputs);
  add_attributes(call, op, node["attr"], arguments);
  return lower_operator(call, op == "ConcatV2" ? "concat" : op == "Select" ? "where" : op, arguments);
}

}  // namespace

CORNU_LAYER(tensor_flow_op_layer) = {.keras_names = {"TensorFlowOpLayer"}, .lower = lower, .autocast = false};

}  // namespace cornu::layers
