// See tensorflow_node.h. Source: tensorflow/core/framework/{node_def,attr_value}.proto, 2.21
#include "layers/tensorflow_node.h"

#include "formats/proto.h"
#include "formats/tensorflow_types.h"
#include "tensorflow/late.h"
//
#include <protozero/pbf_writer.hpp>

namespace cornu::layers {
namespace {

// Fields of AttrValue, and the map of a NodeDef.
enum Field : protozero::pbf_tag_type { kText = 2, kInteger, kNumber, kFlag, kType, kAttributes = 5 };

std::string value_of(auto&& write) {
  std::string bytes;
  protozero::pbf_writer writer(bytes);
  write(writer);
  return bytes;
}

// What the views of a NodeDef point into.
struct Owned {
  std::string name;
  std::string op;
  std::string bytes;
};

tensorflow::NodeDef node_def(const std::string& layer, std::string_view op,
                             const NodeAttributes& attributes) {
  const auto owned = std::make_shared<Owned>(Owned{layer, std::string(op), attributes.bytes()});
  tensorflow::NodeDef node;
  node.name = owned->name;
  node.op = owned->op;
  node.bytes = owned->bytes;
  node.owner = owned;
  return node;
}

}  // namespace

void NodeAttributes::add(std::string_view name, const std::string& value) {
  std::string entry;
  protozero::pbf_writer pair(entry);
  pair.add_string(1, std::string(name));
  pair.add_message(2, value);
  protozero::pbf_writer(bytes_).add_message(kAttributes, entry);
}

NodeAttributes& NodeAttributes::flag(std::string_view name, bool value) {
  add(name, value_of([&](auto& writer) { writer.add_bool(kFlag, value); }));
  return *this;
}
NodeAttributes& NodeAttributes::integer(std::string_view name, int64_t value) {
  add(name, value_of([&](auto& writer) { writer.add_int64(kInteger, value); }));
  return *this;
}
NodeAttributes& NodeAttributes::number(std::string_view name, double value) {
  add(name, value_of([&](auto& writer) { writer.add_float(kNumber, static_cast<float>(value)); }));
  return *this;
}
NodeAttributes& NodeAttributes::text(std::string_view name, std::string_view value) {
  add(name, value_of([&](auto& writer) { writer.add_bytes(kText, std::string(value)); }));
  return *this;
}
NodeAttributes& NodeAttributes::type(std::string_view name, DType value) {
  add(name, value_of([&](auto& writer) { writer.add_enum(kType, formats::tensorflow_type(value)); }));
  return *this;
}

std::vector<Value> tensorflow_op(GraphBuilder& g, std::string_view op, std::vector<Value> in,
                                 const NodeAttributes& attributes, const std::vector<TensorType>& types) {
  const tensorflow::TfOpDef* def = tensorflow::find_tf_op(op);
  if (def == nullptr || def->import != nullptr)
    fail(ErrorCode::internal, g.graph().layer(), "there is no TensorFlow op {} for layers", op);
  const tensorflow::NodeDef node = node_def(g.graph().layer(), op, attributes);
  tensorflow::OpBuilder builder(g.graph(), tensorflow::constant_folder());
  if (def->lower != nullptr) {
    try {
      tensorflow::NodeCall call(node, in, builder);
      std::vector<Value> out = def->lower(call);
      for (size_t i = 0; i < out.size() && i < types.size(); ++i) {
        if (!builder.typed(out[i])) out[i] = builder.dynamic_op("gate", {out[i]}, {types[i]}).front();
      }
      return out;
    } catch (const tensorflow::NeedsValue&) {
      // Its value is known in the run.
    }
  }
  return tensorflow::add_late(builder, node, def, nullptr, std::move(in),
                              std::vector<dynamic::MaybeType>(types.begin(), types.end()));
}

Value tensorflow_value(GraphBuilder& g, std::string_view op, std::vector<Value> in, const TensorType& type,
                       const NodeAttributes& attributes) {
  return tensorflow_op(g, op, std::move(in), attributes, {type}).front();
}

}  // namespace cornu::layers
