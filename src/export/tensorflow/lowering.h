// How ops of the IR become TensorFlow ops: TfLowering, one per file of this folder, for a family of ops.
#pragma once

#include <array>
#include <deque>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/fail.h"
#include "export/tensorflow_graph.h"
#include "ir/graph.h"

namespace cornu::exporting {

// A size of a shape that is made at run time: a number, or the size of an axis of a tensor.
struct Dim {
  int64_t size = -1;  // -1: inferred, once in a shape
  Ref of;  // with this tensor, of the type of the call's input 0, set: its size along `axis`, times `factor` plus `offset`
  int axis = 0;
  int64_t factor = 1;
  int64_t offset = 0;
};

// What a lowering sees of one node, and how it writes. References live during the call.
class TfCall {
 public:
  TfCall(const ir::Graph& graph, const ir::Node& lowered, TfFunction& function,
         std::deque<TfFunction>& library, std::map<int32_t, Ref>& refs)
      : node(lowered),
        attrs(lowered.attrs),
        graph_(graph),
        function_(function),
        library_(library),
        refs_(refs) {}

  const ir::Node& node;
  const Attrs& attrs;

  const Ref& in(size_t i) const { return refs_.at(node.inputs[i].id); }
  size_t inputs() const { return node.inputs.size(); }
  const Shape& shape(size_t i = 0) const { return graph_.type(node.inputs[i]).shape; }
  DType dtype(size_t i = 0) const { return graph_.type(node.inputs[i]).dtype; }
  const Shape& out_shape(size_t i = 0) const { return graph_.type(node.outputs[i]).shape; }
  // The shape of output 0 if input 0 had this shape.
  Shape out_shape_for(const Shape& x) const;
  DType out_dtype(size_t i = 0) const { return graph_.type(node.outputs[i]).dtype; }
  // The value of an input that is the same in every call; throws unsupported, with this name of it, if it is not.
  const Tensor& constant_in(size_t i, std::string_view what) const {
    const Tensor* tensor = graph_.constant(node.inputs[i]);
    if (tensor == nullptr) fail("{} that are computed cannot be written for TensorFlow", what);
    return *tensor;
  }
  void out(const Ref& ref, size_t i = 0) { refs_[node.outputs[i].id] = ref; }

  // A node whose attribute T is the type of input 0.
  Ref op(std::string_view name, std::vector<Ref> inputs, TfAttrs more = {}) {
    return typed(name, dtype(), std::move(inputs), std::move(more));
  }
  Ref typed(std::string_view name, DType type, std::vector<Ref> inputs, TfAttrs more = {});
  // A node without T.
  Ref plain(std::string_view name, std::vector<Ref> inputs, TfAttrs attributes = {});
  Ref constant(Tensor tensor) { return function_.constant(std::move(tensor)); }
  Ref scalar(double value, DType type) { return constant(cornu::scalar(value, type)); }
  Ref scalar(double value) { return scalar(value, dtype()); }
  Ref ints(const Ints& values);   // int32 [n]
  Ref int_scalar(int64_t value);  // int32 []
  // int32 []: the size of x along an axis, as it is at run time.
  Ref size_of(const Ref& x, int64_t axis, DType type);
  // int32 [n]: a constant where all sizes are numbers, else put together at run time.
  Ref shape_of(const std::vector<Dim>& dims);
  // int32 [rank]: the shape of x at run time; and y in that shape.
  Ref shape_at_run(const Ref& x, DType type);
  Ref reshape_like(const Ref& y, DType type, const Ref& x, DType x_type);
  Ref reshape(const Ref& x, const std::vector<Dim>& dims, DType type);
  Ref transpose(const Ref& x, const Ints& permutation, DType type);
  Ref cast(const Ref& x, DType from, DType to);
  // int32 scalars and rows.
  Ref int_op(std::string_view name, const Ref& a, const Ref& b) { return typed(name, DType::int32, {a, b}); }
  Ref pack(std::vector<Ref> scalars);
  Ref gather(const Ref& x, DType type, const Ref& indices, DType index_type, int64_t axis,
             int64_t batch_dims = 0);

  TfFunction& function() { return function_; }
  // A further function of the library; the name is made unique.
  TfFunction& new_function(const std::string& wanted);

  // Throws unsupported with where = the layer that the node comes from.
  template <class... Args>
  [[noreturn]] void fail(fmt::format_string<Args...> format, Args&&... args) const {
    throw Error(ErrorCode::unsupported, fmt::format(format, std::forward<Args>(args)...), node.layer);
  }

 private:
  const ir::Graph& graph_;
  TfFunction& function_;
  std::deque<TfFunction>& library_;
  std::map<int32_t, Ref>& refs_;
};

struct TfLowering {
  std::array<std::string_view, 56> ops{};  // names of IR ops, the rest empty; the table has each once
  void (*lower)(TfCall& call) = nullptr;
};

// The lowering of an op; null if there is none.
const TfLowering* find_lowering(std::string_view op);

// Axes of the attribute "axes" counted from the front; all of them if it is absent.
Ints axes_from_front(const Attrs& attrs, int rank);

}  // namespace cornu::exporting

// Opens the one definition of a file: CORNU_TF_LOWERING(resize) = {.ops = {"resize"}, .lower = lower};
#define CORNU_TF_LOWERING(unit)               \
  extern const TfLowering tf_lowering_##unit; \
  const TfLowering tf_lowering_##unit
