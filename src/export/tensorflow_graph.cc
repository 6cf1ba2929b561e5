#include "export/tensorflow_graph.h"

#include <algorithm>
#include <cctype>

#include "base/fail.h"
#include "formats/tensorflow_types.h"

namespace cornu::exporting {
namespace {

using protozero::pbf_writer;

struct OutputName {
  std::string_view op;
  std::string_view output;
};
// How an op's first output is called in its definition (tensorflow/core/ops/*.cc); "output" where it is not listed.
constexpr OutputName kOutputs[] = {
    {"AddV2", "z"},
    {"Sub", "z"},
    {"Mul", "z"},
    {"RealDiv", "z"},
    {"TruncateDiv", "z"},
    {"FloorDiv", "z"},
    {"FloorMod", "z"},
    {"Pow", "z"},
    {"Maximum", "z"},
    {"Minimum", "z"},
    {"SquaredDifference", "z"},
    {"Atan2", "z"},
    {"Equal", "z"},
    {"NotEqual", "z"},
    {"Greater", "z"},
    {"GreaterEqual", "z"},
    {"Less", "z"},
    {"LessEqual", "z"},
    {"LogicalAnd", "z"},
    {"LogicalOr", "z"},
    {"LogicalNot", "y"},
    {"Relu", "activations"},
    {"Relu6", "activations"},
    {"LeakyRelu", "activations"},
    {"Elu", "activations"},
    {"Selu", "activations"},
    {"Softplus", "activations"},
    {"Softsign", "activations"},
    {"Softmax", "softmax"},
    {"LogSoftmax", "logsoftmax"},
    {"MatMul", "product"},
    {"Cumsum", "out"},
    {"Cumprod", "out"},
    {"ReadVariableOp", "value"},
    {"TensorListReserve", "handle"},
    {"TensorListSetItem", "output_handle"},
    {"TensorListStack", "tensor"},
    {"TopKV2", "values"},
    {"Invert", "y"},
    {"Fingerprint", "fingerprint"},
    {"SparseCross", "output_values"},
    {"StringSplitV2", "values"},
    {"StringNGrams", "ngrams"},
    {"UnicodeDecode", "char_values"},
    {"RaggedTensorToTensor", "result"},
    {"ScaleAndTranslate", "resized_images"},
    {"ResizeBilinear", "resized_images"},
    {"ResizeBicubic", "resized_images"},
    {"ResizeArea", "resized_images"},
    {"ResizeNearestNeighbor", "resized_images"},
    {"Transpose", "y"},
    {"ZerosLike", "y"},
    {"Cast", "y"},
    {"Exp", "y"},
    {"Expm1", "y"},
    {"Log", "y"},
    {"Log1p", "y"},
    {"Sqrt", "y"},
    {"Rsqrt", "y"},
    {"Reciprocal", "y"},
    {"Erf", "y"},
    {"Sin", "y"},
    {"Cos", "y"},
    {"Tan", "y"},
    {"Asin", "y"},
    {"Acos", "y"},
    {"Atan", "y"},
    {"Sinh", "y"},
    {"Cosh", "y"},
    {"Asinh", "y"},
    {"Acosh", "y"},
    {"Atanh", "y"},
    {"Floor", "y"},
    {"Ceil", "y"},
    {"Round", "y"},
    {"IsNan", "y"},
    {"IsInf", "y"},
    {"IsFinite", "y"},
    {"Neg", "y"},
    {"Abs", "y"},
    {"Sign", "y"},
    {"Square", "y"},
    {"Sigmoid", "y"},
    {"Tanh", "y"},
};

std::string_view output_of(std::string_view op) {
  const auto found =
      std::find_if(std::begin(kOutputs), std::end(kOutputs), [&](const auto& item) { return item.op == op; });
  return found == std::end(kOutputs) ? "output" : found->output;
}

// A message that is written even if it is empty, which a nested pbf_writer would leave out: an empty list and a scalar's
// shape are values.
template <class Fill>
void add_message(pbf_writer& out, int field, Fill&& fill) {
  std::string bytes;
  pbf_writer message(bytes);
  fill(message);
  out.add_message(static_cast<protozero::pbf_tag_type>(field), bytes);
}

// TensorProto: dtype 1, tensor_shape 2, tensor_content 4, string_val 8.
void write_tensor(pbf_writer& out, const Tensor& tensor) {
  out.add_enum(1, formats::tensorflow_type(tensor.dtype));
  add_shape(out, 2, shape_of(tensor.shape));
  if (tensor.dtype == DType::string) {
    const auto* texts = reinterpret_cast<const std::string*>(tensor.data);
    for (int64_t i = 0; i < tensor.shape.elements(); ++i) out.add_bytes(8, texts[i]);
  } else {
    out.add_bytes(4, reinterpret_cast<const char*>(tensor.data), static_cast<size_t>(tensor.size_bytes()));
  }
}

// AttrValue: list 1, s 2, i 3, f 4, b 5, type 6, shape 7, tensor 8, func 10. In a list: s 2, i 3, type 6.
struct WriteAttr {
  pbf_writer& out;

  void operator()(bool value) const { out.add_bool(5, value); }
  void operator()(int64_t value) const { out.add_int64(3, value); }
  void operator()(float value) const { out.add_float(4, value); }
  void operator()(const std::string& value) const { out.add_bytes(2, value); }
  void operator()(const TfType& value) const { out.add_enum(6, value.number); }
  void operator()(const Ints& values) const {
    add_message(out, 1, [&](pbf_writer& list) { list.add_packed_int64(3, values.begin(), values.end()); });
  }
  void operator()(const TfTypes& values) const {
    add_message(out, 1, [&](pbf_writer& list) {
      list.add_packed_enum(6, values.numbers.begin(), values.numbers.end());
    });
  }
  void operator()(const TfTexts& values) const {
    add_message(out, 1, [&](pbf_writer& list) {
      for (const std::string& text : values.texts) list.add_bytes(2, text);
    });
  }
  void operator()(const TfFunctionName& value) const {
    pbf_writer function(out, 10);
    function.add_string(1, value.name);
  }
  void operator()(const TfShape& value) const { add_shape(out, 7, value); }
  void operator()(const Tensor& value) const {
    pbf_writer tensor(out, 8);
    write_tensor(tensor, value);
  }
};

void write_argument(pbf_writer& signature, int field, const TfArgument& argument) {
  pbf_writer out(signature, static_cast<protozero::pbf_tag_type>(field));
  out.add_string(1, argument.name);
  out.add_enum(3, argument.type);
  if (argument.type != kResourceType) return;
  pbf_writer handle(out, 7);  // handle_data: dtype 1, shape 2
  handle.add_enum(1, argument.variable_type);
  add_shape(handle, 2, argument.shape);
}

}  // namespace

TfType type_of(DType dtype) {
  return {formats::tensorflow_type(dtype)};
}

TfShape shape_of(const Shape& shape) {
  return {true, {shape.begin(), shape.end()}};
}

// TensorShapeProto: dim 2 (size 1), unknown_rank 3.
void add_shape(pbf_writer& out, int field, const TfShape& shape) {
  add_message(out, field, [&](pbf_writer& message) {
    for (const int64_t size : shape.dims) {
      pbf_writer dim(message, 2);
      dim.add_int64(1, size);
    }
    if (!shape.known_rank) message.add_bool(3, true);
  });
}

// NodeDef: name 1, op 2, input 3, attr 5 (key 1, value 2).
std::string TfNode::serialized() const {
  std::string bytes;
  pbf_writer out(bytes);
  out.add_string(1, name);
  out.add_string(2, op);
  for (const std::string& input : inputs) out.add_string(3, input);
  for (const auto& [key, value] : attrs) {
    pbf_writer attr(out, 5);
    attr.add_string(1, key);
    pbf_writer content(attr, 2);
    std::visit(WriteAttr{content}, value);
  }
  return bytes;
}

std::string TfFunction::unique(std::string wanted) {
  for (char& c : wanted) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '_' && c != '/' && c != '.' && c != '-')
      c = '_';
  }
  if (wanted.empty() || (std::isalnum(static_cast<unsigned char>(wanted[0])) == 0)) wanted.insert(0, "n");
  const auto [entry, is_new] = names_.emplace(wanted, 0);
  return is_new ? wanted : unique(wanted + "_" + std::to_string(++entry->second));
}

Ref TfFunction::argument(const std::string& name, TfArgument argument) {
  std::string wanted = name;
  for (char& c : wanted)
    c = std::isalnum(static_cast<unsigned char>(c)) != 0 ? static_cast<char>(std::tolower(c)) : '_';
  if (wanted.empty() || std::isalpha(static_cast<unsigned char>(wanted[0])) == 0) wanted.insert(0, "x");
  argument.name = unique(wanted);
  arguments_.push_back(std::move(argument));
  return arguments_.back().name;
}

Ref TfFunction::add(std::string_view op, std::vector<Ref> inputs, TfAttrs attrs, std::string_view wanted) {
  std::string name = unique(wanted.empty() ? std::string(op) : std::string(wanted) + "/" + std::string(op));
  nodes_.push_back({name, std::string(op), std::move(inputs), std::move(attrs)});
  return name + ":" + std::string(output_of(op)) + ":0";
}

Ref TfFunction::constant(Tensor tensor) {
  const TfType type = type_of(tensor.dtype);
  return add("Const", {}, {{"dtype", type}, {"value", std::move(tensor)}});
}

// FunctionDef: signature 1 (OpDef: name 1, input_arg 2, output_arg 3, is_stateful 17), node_def 3, ret 4 (key 1, value 2),
// attr 5 (key 1, value 2), of which _input_shapes is a list of shapes (list 1, shape 7).
std::string TfFunction::serialized() const {
  std::string bytes;
  pbf_writer out(bytes);
  {
    pbf_writer signature(out, 1);
    signature.add_string(1, name_);
    for (const TfArgument& argument : arguments_) write_argument(signature, 2, argument);
    for (const auto& [result, ref] : results_) write_argument(signature, 3, result);
    if (is_stateful) signature.add_bool(17, true);
  }
  for (const TfNode& node : nodes_) out.add_message(3, node.serialized());
  for (const auto& [result, ref] : results_) {
    pbf_writer entry(out, 4);
    entry.add_string(1, result.name);
    entry.add_string(2, ref);
  }
  {
    pbf_writer attr(out, 5);
    attr.add_string(1, "_input_shapes");
    pbf_writer value(attr, 2);
    pbf_writer list(value, 1);
    for (const TfArgument& argument : arguments_)
      add_shape(list, 7, argument.type == kResourceType ? TfShape{} : argument.shape);
  }
  return bytes;
}

Ref output_at(const Ref& ref, int index) {
  return ref.substr(0, ref.rfind(':') + 1) + std::to_string(index);
}

Ref output_named(const Ref& ref, std::string_view name) {
  return ref.substr(0, ref.find(':') + 1) + std::string(name) + ":0";
}

}  // namespace cornu::exporting
