#include <numeric>

#include "ops/evaluate.h"
#include "tensorflow/op_builder.h"

namespace cornu::tensorflow {
namespace {

// A result beyond this is left to the passes, which know whether folding it pays.
constexpr int64_t kMaxFoldedElements = 1 << 14;

}  // namespace

std::vector<Value> OpBuilder::add(const ir::OpDef& op, std::vector<Value> inputs, Attrs attrs) {
  ir::Node node{&op, std::move(attrs), std::move(inputs), {}, graph_.layer()};
  if (folder_) {
    if (auto folded = fold(node)) return *std::move(folded);
  }
  return graph_.add_node(op, std::move(node.inputs), std::move(node.attrs));
}

std::vector<Value> OpBuilder::multi_op(std::string_view name, std::vector<Value> inputs, Attrs attrs) {
  const ir::OpDef* op = ir::find_op(name);
  if (op == nullptr) fail(ErrorCode::internal, graph_.layer(), "there is no op named '{}'", name);
  return add(*op, std::move(inputs), std::move(attrs));
}

Value OpBuilder::op(std::string_view name, std::vector<Value> inputs, Attrs attrs) {
  return multi_op(name, std::move(inputs), std::move(attrs)).front();
}

Value OpBuilder::op(std::string_view name, std::initializer_list<Value> inputs, Attrs attrs) {
  return op(name, std::vector<Value>(inputs), std::move(attrs));
}

std::vector<Value> OpBuilder::dynamic_op(std::string_view name, std::vector<Value> inputs,
                                         const std::vector<dynamic::MaybeType>& types, Attrs attrs) {
  attrs.set("types", dynamic::types_attr(types));
  return graph_.add_node(*ir::find_op(name), std::move(inputs), std::move(attrs));
}

Value OpBuilder::cast(Value x, DType to) {
  return dtype(x) == to ? x : op("cast", {x}, {{"dtype", to}});
}

Value OpBuilder::transpose(Value x, const Ints& permutation) {
  Ints identity(permutation.size());
  std::iota(identity.begin(), identity.end(), 0);
  return permutation == identity ? x : op("transpose", {x}, {{"permutation", permutation}});
}

Value OpBuilder::reshape(Value x, const Ints& dims) {
  return op("reshape", {x}, {{"shape", dims}});
}

std::optional<std::vector<Value>> OpBuilder::fold(const ir::Node& node) {
  if (node.op->has_side_effect || node.inputs.empty()) return std::nullopt;
  std::vector<Tensor> inputs;
  for (Value value : node.inputs) {
    if (const Tensor* constant = known(value)) {
      inputs.push_back(*constant);
    } else if (node.op->shape_only && shape(value).is_known()) {
      inputs.push_back({dtype(value), shape(value), nullptr, nullptr, false});
    } else {
      return std::nullopt;
    }
  }
  auto results = folder_(node, std::move(inputs));
  if (!results) return std::nullopt;
  std::vector<Value> values;
  for (Tensor& result : *results) values.push_back(constant(std::move(result)));
  return values;
}

OpBuilder::Folder constant_folder() {
  return [](const ir::Node& node, std::vector<Tensor> inputs) -> std::optional<std::vector<Tensor>> {
    if (node.op->reference == nullptr) return std::nullopt;
    std::vector<TensorType> in;
    std::vector<const Tensor*> constants;
    for (Tensor& input : inputs) {
      if ((input.dtype == DType::string || input.dtype == kVariant) && !node.op->alias) return std::nullopt;
      if (node.op->shape_only && input.data == nullptr)
        input.dtype = DType::float32;  // its bytes do not matter
      in.push_back({input.dtype, input.shape});
      constants.push_back(&input);
    }
    if (!node.op->alias) {
      for (const TensorType& type : ir::infer_types(node, in, constants)) {
        if (!type.shape.is_known() || type.shape.elements() > kMaxFoldedElements) return std::nullopt;
      }
    }
    return ops::evaluate(node, inputs);
  };
}

}  // namespace cornu::tensorflow
