// Operators: functions of keras.ops and TensorFlow that configs hold as layers. One table maps their names to
// ops; see common_operators.cc. The families are lowered in common_operator_*.cc.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "layers/arithmetic.h"
#include "layers/layer.h"

namespace cornu::layers {

class OperatorCall;

// How one function is lowered. `op` is handed on, so that a family shares a function.
struct Operator {
  std::string_view names;  // spellings in snake case, without namespace, separated by spaces
  std::string_view
      signature;  // parameters in order, separated by spaces; alternative names by "|"; "*" takes the rest,
                  // "**" keyword arguments of other names
  std::vector<Value> (*lower)(OperatorCall& call, std::string_view op);
  std::string_view op;
};

// The operator of a name such as "add", "LogicalAnd" or "math.reduce_mean"; null if there is none.
const Operator* find_operator(std::string_view name);
// "LogicalAnd" -> "logical_and", "math.reduce_mean" -> "reduce_mean".
std::string operator_name(std::string_view name);

// Lowers a call of `name` with the layer's call arguments; with `config_arguments`, keys of the config count
// as keyword arguments (Keras 3). Throws unsupported for an unknown function or an argument that is not
// known.
std::vector<Value> lower_operator(LayerCall& call, std::string_view name, bool config_arguments);
std::vector<Value> lower_operator(LayerCall& call, std::string_view name, const CallArguments& arguments);

// A value of the config as a call's argument: lists become lists, anything else a literal. Throws bad_config
// beyond 100 levels.
Argument literal_argument(LayerCall& call, const Json& json, int depth = 0);

// The arguments of one call by parameter name (the first of its alternatives). Python's None counts as
// absent. All getters throw bad_config with the argument's name when it is missing or of another kind.
class OperatorCall {
 public:
  OperatorCall(LayerCall& layer_call, std::string_view function, std::string_view signature,
               const CallArguments& arguments);

  LayerCall& call;
  GraphBuilder& g;
  std::string name;  // of the function, for messages
  bool keras3;       // Keras 3's rules of types, else TensorFlow's

  bool has(std::string_view parameter) const { return find(parameter) != nullptr; }
  bool is_tensor(std::string_view parameter) const;
  const Argument* find(std::string_view parameter) const;
  const Argument& required(std::string_view parameter) const;
  std::vector<Argument> rest() const { return rest_; }  // what "*" took

  // A tensor, or numbers as a constant: integers int32, others float32, or the type that the file states.
  Value tensor(std::string_view parameter) const;
  // The same; plain numbers take the type they get beside `like`.
  Value tensor_beside(std::string_view parameter, Value like) const;
  // Two operands of one promoted type.
  std::pair<Value, Value> operands(std::string_view a, std::string_view b) const;
  std::vector<Value> tensors(std::string_view parameter) const;  // a list of tensors, or one

  int64_t integer(std::string_view parameter) const;
  int64_t integer(std::string_view parameter, int64_t fallback) const;
  double number(std::string_view parameter) const;
  double number(std::string_view parameter, double fallback) const;
  bool flag(std::string_view parameter, bool fallback) const;
  std::string text(std::string_view parameter, std::string_view fallback) const;
  Ints ints(std::string_view parameter) const;  // a list of integers, or one; also a known tensor
  Ints ints(std::string_view parameter, Ints fallback) const;
  DType dtype(std::string_view parameter, DType fallback) const;
  // An axis of x counted from the front, or in [0, rank] with extra = 1 for new axes.
  int64_t axis(std::string_view parameter, int64_t fallback, int rank) const;
  Ints axes(std::string_view parameter, int rank) const;  // all axes if absent

  // The value of a scalar or list argument that may hold tensors: known sizes, and where unknown ones come
  // from.
  struct Size {
    int64_t size = Shape::kUnknown;
    Value source;  // unknown: the size of axis `axis` of this tensor, if that is known
    int axis = -1;
  };
  std::vector<Size> sizes(std::string_view parameter) const;
  // The argument as an int64 vector, when sizes() is not enough.
  Value size_tensor(std::string_view parameter) const;

  [[noreturn]] void fail_argument(std::string_view parameter, const std::string& expected) const;

 private:
  Value constant_of(const Argument& argument, std::optional<DType> type, std::string_view parameter) const;
  std::vector<std::pair<std::string, Argument>> arguments_;  // by parameter; absent ones are left out
  std::vector<Argument> rest_;
};

// Where the sizes in an integer vector or scalar come from, as far as the graph tells. See
// common_size_trace.cc.
std::optional<std::vector<OperatorCall::Size>> trace_sizes(GraphBuilder& g, Value value);

// The same tensor filled with one value: of x's shape, which need not be known.
Value filled_like(GraphBuilder& g, Value x, double value, DType dtype);

// Families; `op` as said there.
std::span<const Operator> math_operators();  // elementwise
std::span<const Operator> reduction_operators();
std::span<const Operator> shape_operators();
std::span<const Operator> creation_operators();  // tensors of one value, sizes
std::span<const Operator> index_operators();
std::span<const Operator> nn_operators();
std::span<const Operator> linalg_operators();
std::span<const Operator> order_operators();     // order statistics, membership
std::span<const Operator> building_operators();  // ranges, grids, diagonals
std::span<const Operator> vector_operators();    // products and distances of vectors
std::span<const Operator> nan_operators();       // reductions that leave NaN out
std::span<const Operator> loss_operators();
std::span<const Operator> image_operators();
std::span<const Operator> signal_operators();
std::span<const Operator> rearrange_operators();
std::span<const Operator> special_operators();  // bits, special functions
std::span<const Operator> matrix_operators();   // decompositions, systems of equations
std::span<const Operator> scatter_operators();  // elements by places, segments
std::span<const Operator>
picture_operators();  // adjustments of tf.image, losses and windows of tf.nn and tf.signal
std::span<const Operator> patch_operators();  // transposed convolutions, patches, histograms
std::span<const Operator> text_operators();   // tf.strings
std::span<const Operator> warp_operators();   // images seen from elsewhere
// All of them.
std::vector<std::span<const Operator>> operator_families();

}  // namespace cornu::layers
