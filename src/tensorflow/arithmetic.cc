// Ops that are a few IR ops: Select, AddN, Div, DivNoNan, Xlogy, L2Loss, LinSpace, losses on logits, Cumsum, OneHot, Einsum
// and the like.
// Source  tensorflow/core/ops/{math_ops,nn_ops,array_ops}.cc, 2.21
#include <algorithm>
#include <array>
#include <numeric>

#include "tensorflow/op_def.h"

namespace cornu::tensorflow {
namespace {

using Lower = std::vector<Value> (*)(NodeCall& call);
using Values = std::vector<Value>;

Value zero_like(NodeCall& call, Value x) {
  return call.g.scalar_like(0, x);
}

// The condition of Select is a scalar, a vector that chooses rows, or has the shape of the values.
Values select(NodeCall& call) {
  Value condition = call.in.at(0);
  const int rank = call.rank(1);
  if (call.rank(0) == 1 && rank > 1) {
    Ints axes(static_cast<size_t>(rank - 1));
    std::iota(axes.begin(), axes.end(), 1);
    condition = call.g.op("expand_dims", {condition}, {{"axes", axes}});
  }
  return {call.g.op("select", {condition, call.in.at(1), call.in.at(2)})};
}

Values add_n(NodeCall& call) {
  Value sum = call.in.at(0);
  for (size_t i = 1; i < call.in.size(); ++i) sum = call.g.op("add", {sum, call.in[i]});
  return {sum};
}

Values div(NodeCall& call) {
  return {call.g.op("div", {call.in.at(0), call.in.at(1)})};
}

// f(x, y), but 0 where `guard` is 0.
Value guarded(NodeCall& call, Value guard, Value y) {
  const Value zero = zero_like(call, guard);
  return call.g.op("select", {call.g.op("equal", {guard, zero}), zero, y});
}

Values div_no_nan(NodeCall& call) {
  return {guarded(call, call.in.at(1), div(call)[0])};
}

Values mul_no_nan(NodeCall& call) {
  return {guarded(call, call.in.at(1), call.g.op("mul", {call.in.at(0), call.in.at(1)}))};
}

Values xlogy(NodeCall& call) {
  const Value log = call.g.op(call.def.op == "Xlogy" ? "log" : "log1p", {call.in.at(1)});
  return {guarded(call, call.in.at(0), call.g.op("mul", {call.in.at(0), log}))};
}

Values xdivy(NodeCall& call) {
  return {guarded(call, call.in.at(0), div(call)[0])};
}

Values l2_loss(NodeCall& call) {
  const Value sum = call.g.op("reduce_sum", {call.g.op("square", {call.in.at(0)})});
  return {call.g.op("mul", {sum, call.g.scalar_like(0.5, sum)})};
}

Values lin_space(NodeCall& call) {
  const double start = call.number(0);
  const double stop = call.number(1);
  const int64_t count = call.integer(2);
  if (count < 1 || count > (int64_t{1} << 28))
    call.fail(ErrorCode::bad_shape, "{} steps are asked for", count);
  NewTensor out = new_tensor(DType::float64, {count});
  auto* values = reinterpret_cast<double*>(out.data);
  for (int64_t i = 0; i < count; ++i) {
    const double share = count == 1 ? 0 : static_cast<double>(i) / static_cast<double>(count - 1);
    values[i] = i == count - 1 && count > 1 ? stop : start + (stop - start) * share;
  }
  return {call.g.constant(cast_tensor(out.tensor, call.dtype(0)))};
}

Values cumulate(NodeCall& call) {
  return {call.g.op(call.def.op == "Cumsum" ? "cumsum" : "cumprod", {call.in.at(0)},
                    {{"axis", call.integer(1)},
                     {"exclusive", call.def.flag("exclusive")},
                     {"reverse", call.def.flag("reverse")}})};
}

Values reverse(NodeCall& call) {
  Ints axes;
  if (call.def.op == "ReverseV2") {
    axes = call.ints(1);
  } else {
    const Tensor& flags = call.value(1);
    if (flags.dtype != DType::boolean) call.fail(ErrorCode::bad_shape, "the axes are no flags");
    for (int64_t i = 0; i < flags.shape.elements(); ++i) {
      if (flags.data[i] != std::byte{0}) axes.push_back(i);
    }
  }
  if (axes.empty()) return {call.in.at(0)};
  return {call.g.op("reverse", {call.in.at(0)}, {{"axes", axes}})};
}

Values one_hot(NodeCall& call) {
  const DType dtype = call.dtype(2);
  if (dtype == DType::string) call.fail(ErrorCode::unsupported, "strings are chosen");
  const Value hot = call.g.op(
      "one_hot", {call.in.at(0)},
      {{"depth", call.integer(1)}, {"dtype", DType::boolean}, {"axis", call.def.integer("axis", -1)}});
  return {call.g.op("select", {hot, call.in.at(2), call.in.at(3)})};
}

Values einsum(NodeCall& call) {
  return {call.g.op("einsum", call.in, {{"equation", call.def.text("equation")}})};
}

Values parallel_concat(NodeCall& call) {
  return {call.g.op("concat", call.in, {{"axis", int64_t{0}}})};
}

// Loss and gradient of each row.
Values cross_entropy(NodeCall& call, Value labels) {
  const Value log = call.g.op("log_softmax", {call.in.at(0)});
  const Value loss =
      call.g.op("neg", {call.g.op("reduce_sum", {call.g.op("mul", {labels, log})}, {{"axes", Ints{-1}}})});
  return {loss, call.g.op("sub", {call.g.op("softmax", {call.in.at(0)}), labels})};
}

Values softmax_loss(NodeCall& call) {
  return cross_entropy(call, call.in.at(1));
}

Values sparse_softmax_loss(NodeCall& call) {
  const int64_t classes = call.shape(0).back();
  if (classes == Shape::kUnknown) throw NeedsValue{0};
  return cross_entropy(call,
                       call.g.op("one_hot", {call.in.at(1)}, {{"depth", classes}, {"dtype", call.dtype(0)}}));
}

// x with the sizes of its axes replaced by `block` x `block` pixels of fewer channels, or the other way round.
Values depth_space(NodeCall& call) {
  const bool first = call.def.text("data_format", "NHWC") == "NCHW";
  const int64_t block = call.def.integer("block_size");
  Value x = call.in.at(0);
  if (call.rank(0) != 4 || block < 1)
    call.fail(ErrorCode::bad_shape, "x has {} axes, block_size is {}", call.rank(0), block);
  if (first) x = call.g.transpose(x, {0, 2, 3, 1});
  const Shape shape = call.g.shape(x);
  if (!shape.is_known()) {
    for (int axis = 1; axis < 4; ++axis) {
      if (shape[axis] == Shape::kUnknown) throw NeedsValue{0};
    }
  }
  const int64_t h = shape[1], w = shape[2], c = shape[3];
  const bool to_space = call.def.op == "DepthToSpace";
  if (to_space ? c % (block * block) != 0 : (h % block != 0 || w % block != 0))
    call.fail(ErrorCode::bad_shape, "blocks of {} do not fit {}", block, shape.to_string());
  const Ints split = to_space ? Ints{-1, h, w, block, block, c / (block * block)}
                              : Ints{-1, h / block, block, w / block, block, c};
  const Ints joint = to_space ? Ints{-1, h * block, w * block, c / (block * block)}
                              : Ints{-1, h / block, w / block, c * block * block};
  if (shape[0] == 0) call.fail(ErrorCode::unsupported, "the batch is empty");
  x = call.g.transpose(call.g.reshape(x, split), {0, 1, 3, 2, 4, 5});
  x = call.g.reshape(x, joint);
  return {first ? call.g.transpose(x, {0, 3, 1, 2}) : x};
}

struct Blocks {
  Ints sizes;
  Ints edges;  // two for each block: paddings or crops
};

Blocks blocks_of(NodeCall& call) {
  Blocks blocks;
  if (call.in.size() == 3) {
    blocks.sizes = call.ints(1);
    blocks.edges = call.ints(2);
  } else {  // the first version has one size for two axes
    blocks.sizes.assign(2, call.def.integer("block_size"));
    blocks.edges = call.ints(1);
  }
  if (blocks.edges.size() != 2 * blocks.sizes.size() ||
      static_cast<int>(blocks.sizes.size()) >= call.rank(0) ||
      std::any_of(blocks.sizes.begin(), blocks.sizes.end(), [](int64_t size) { return size < 1; }))
    call.fail(ErrorCode::bad_shape, "{} blocks and {} edges do not fit {} axes", blocks.sizes.size(),
              blocks.edges.size(), call.rank(0));
  return blocks;
}

int64_t size_of(NodeCall& call, Value x, int axis) {
  const int64_t size = call.g.shape(x)[axis];
  if (size == Shape::kUnknown) throw NeedsValue{0};
  return size;
}

Values space_to_batch(NodeCall& call) {
  const auto [sizes, edges] = blocks_of(call);
  const int count = static_cast<int>(sizes.size());
  Ints padding(static_cast<size_t>(call.rank(0)) * 2, 0);
  std::copy(edges.begin(), edges.end(), padding.begin() + 2);
  Value x = call.g.op("pad", {call.in[0]}, {{"padding", padding}});
  const int rank = call.g.rank(x);
  Ints split{-1}, order, joint{-1};
  for (int i = 0; i < count; ++i) {
    const int64_t block = sizes[static_cast<size_t>(i)];
    const int64_t size = size_of(call, x, i + 1);
    if (size % block != 0) call.fail(ErrorCode::bad_shape, "{} elements are no multiple of {}", size, block);
    split.insert(split.end(), {size / block, block});
    order.push_back(2 * i + 2);
    joint.push_back(size / block);
  }
  order.push_back(0);
  for (int i = 0; i < count; ++i) order.push_back(2 * i + 1);
  for (int axis = count + 1; axis < rank; ++axis) {
    split.push_back(size_of(call, x, axis));
    joint.push_back(split.back());
    order.push_back(axis + count);
  }
  x = call.g.transpose(call.g.reshape(x, split), order);
  return {call.g.reshape(x, joint)};
}

Values batch_to_space(NodeCall& call) {
  const auto [sizes, edges] = blocks_of(call);
  const int count = static_cast<int>(sizes.size());
  Value x = call.in[0];
  const int rank = call.rank(0);
  Ints split(sizes), order{count}, joint{-1};
  split.push_back(-1);
  for (int i = 0; i < count; ++i) {
    split.push_back(size_of(call, x, i + 1));
    order.insert(order.end(), {count + 1 + i, i});
    joint.push_back(split.back() * sizes[static_cast<size_t>(i)]);
  }
  for (int axis = count + 1; axis < rank; ++axis) {
    split.push_back(size_of(call, x, axis));
    joint.push_back(split.back());
    order.push_back(axis + count);
  }
  x = call.g.reshape(call.g.transpose(call.g.reshape(x, split), order), joint);
  for (int i = 0; i < count; ++i) {
    const int64_t low = edges[static_cast<size_t>(2 * i)];
    const int64_t size = joint[static_cast<size_t>(i + 1)] - low - edges[static_cast<size_t>(2 * i + 1)];
    if (low < 0 || size < 0) call.fail(ErrorCode::bad_shape, "crops leave {} elements", size);
    if (size != joint[static_cast<size_t>(i + 1)])
      x = call.g.op("slice_axis", {x}, {{"axis", int64_t{i + 1}}, {"begin", low}, {"size", size}});
  }
  return {x};
}

// Gradients of elementwise ops, as TensorFlow's kernels take them: (y or x, dy), or (dy, x).
Values unary_gradient(NodeCall& call) {
  const std::string_view op = call.def.op;
  const Value a = call.in.at(0);
  const Value b = call.in.at(1);
  auto& g = call.g;
  const auto number = [&](double value) { return g.scalar_like(value, a); };
  const auto mul = [&](Value x, Value y) { return g.op("mul", {x, y}); };
  const auto one_minus = [&](Value x) { return g.op("sub", {number(1), x}); };
  if (op == "SigmoidGrad") return {mul(b, mul(a, one_minus(a)))};
  if (op == "TanhGrad") return {mul(b, one_minus(g.op("square", {a})))};
  if (op == "SqrtGrad") return {g.op("div", {mul(b, number(0.5)), a})};
  if (op == "RsqrtGrad") return {mul(mul(b, number(-0.5)), mul(a, g.op("square", {a})))};
  if (op == "ReciprocalGrad" || op == "InvGrad") return {g.op("neg", {mul(b, g.op("square", {a}))})};
  if (op == "SoftplusGrad") return {mul(a, g.op("sigmoid", {b}))};
  const Value zero = number(0);
  const Value positive = g.op("greater", {b, zero});
  if (op == "ReluGrad") return {g.op("select", {positive, a, zero})};
  if (op == "Relu6Grad")
    return {g.op("select", {g.op("logical_and", {positive, g.op("less", {b, number(6)})}), a, zero})};
  if (op == "LeakyReluGrad")
    return {g.op("select", {positive, a, mul(a, number(call.def.number("alpha", 0.2)))})};
  const Value negative = g.op("less", {b, zero});
  if (op == "EluGrad") return {g.op("select", {negative, mul(a, g.op("add", {b, number(1)})), a})};
  if (op == "SoftsignGrad")
    return {g.op("div", {a, g.op("square", {g.op("add", {g.op("abs", {b}), number(1)})})})};
  // SeluGrad: scale 1.0507009873554805, scale * alpha 1.7580993408473768 (Klambauer et al., 2017).
  return {g.op("select", {negative, mul(a, g.op("add", {b, number(1.7580993408473768)})),
                          mul(a, number(1.0507009873554805))})};
}

Values bias_add_gradient(NodeCall& call) {
  Ints axes;
  const bool first = call.def.text("data_format", "NHWC").starts_with("NC");
  for (int axis = 0; axis < call.rank(0); ++axis) {
    if (axis != (first ? 1 : call.rank(0) - 1)) axes.push_back(axis);
  }
  return {call.g.op("reduce_sum", {call.in.at(0)}, {{"axes", axes}})};
}

Ints shape_input(NodeCall& call, size_t i) {
  return call.ints(i);
}

Shape broadcast_inputs(NodeCall& call, const Ints& a, const Ints& b) {
  for (int64_t size : a) {
    if (size < 0) call.fail(ErrorCode::bad_shape, "a size is {}", size);
  }
  return broadcast_shapes(Shape(a), Shape(b));
}

Value vector_of(NodeCall& call, const Ints& values) {
  return call.g.constant(tensor_of_ints(values, {static_cast<int64_t>(values.size())}, call.dtype(0)));
}

Values broadcast_args(NodeCall& call) {
  const Shape shape = broadcast_inputs(call, shape_input(call, 0), shape_input(call, 1));
  return {vector_of(call, Ints(shape.begin(), shape.end()))};
}

// The axes of the broadcast result along which the gradient of each side is summed.
Values broadcast_gradient_args(NodeCall& call) {
  const Ints sides[2] = {shape_input(call, 0), shape_input(call, 1)};
  const Shape shape = broadcast_inputs(call, sides[0], sides[1]);
  Values out;
  for (const Ints& side : sides) {
    Ints axes;
    const int missing = shape.rank() - static_cast<int>(side.size());
    for (int axis = 0; axis < shape.rank(); ++axis) {
      const bool is_one = axis < missing || side[static_cast<size_t>(axis - missing)] == 1;
      // TensorFlow also sums along axes where both sides are 1.
      if (is_one) axes.push_back(axis);
    }
    if (sides[0] == sides[1]) axes.clear();
    out.push_back(vector_of(call, axes));
  }
  return out;
}

struct Row {
  std::string_view name;
  Lower lower;
};
constexpr Row kRows[] = {{"Select", select},
                         {"AddN", add_n},
                         {"AccumulateNV2", add_n},
                         {"Div", div},
                         {"TruncateDiv", div},
                         {"DivNoNan", div_no_nan},
                         {"MulNoNan", mul_no_nan},
                         {"Xlogy", xlogy},
                         {"Xlog1py", xlogy},
                         {"Xdivy", xdivy},
                         {"L2Loss", l2_loss},
                         {"LinSpace", lin_space},
                         {"Cumsum", cumulate},
                         {"Cumprod", cumulate},
                         {"ReverseV2", reverse},
                         {"Reverse", reverse},
                         {"OneHot", one_hot},
                         {"Einsum", einsum},
                         {"ParallelConcat", parallel_concat},
                         {"SoftmaxCrossEntropyWithLogits", softmax_loss},
                         {"SparseSoftmaxCrossEntropyWithLogits", sparse_softmax_loss},
                         {"DepthToSpace", depth_space},
                         {"SpaceToDepth", depth_space},
                         {"SpaceToBatchND", space_to_batch},
                         {"SpaceToBatch", space_to_batch},
                         {"BatchToSpaceND", batch_to_space},
                         {"BatchToSpace", batch_to_space},
                         {"SigmoidGrad", unary_gradient},
                         {"TanhGrad", unary_gradient},
                         {"SqrtGrad", unary_gradient},
                         {"RsqrtGrad", unary_gradient},
                         {"ReciprocalGrad", unary_gradient},
                         {"InvGrad", unary_gradient},
                         {"SoftplusGrad", unary_gradient},
                         {"ReluGrad", unary_gradient},
                         {"Relu6Grad", unary_gradient},
                         {"LeakyReluGrad", unary_gradient},
                         {"EluGrad", unary_gradient},
                         {"SeluGrad", unary_gradient},
                         {"SoftsignGrad", unary_gradient},
                         {"BiasAddGrad", bias_add_gradient},
                         {"BroadcastArgs", broadcast_args},
                         {"BroadcastGradientArgs", broadcast_gradient_args}};

constexpr auto kNames = [] {
  std::array<std::string_view, std::size(kRows)> names{};
  for (size_t i = 0; i < names.size(); ++i) names[i] = kRows[i].name;
  return names;
}();

std::vector<Value> lower(NodeCall& call) {
  const Row* row =
      std::find_if(std::begin(kRows), std::end(kRows), [&](const Row& r) { return r.name == call.def.op; });
  return row->lower(call);
}

size_t output_offset(const NodeDef&, std::string_view output) {
  return output == "backprop" || output == "r1" ? 1 : 0;
}

}  // namespace

CORNU_TF_OP(arithmetic) = {.names = kNames, .output_offset = output_offset, .lower = lower};

}  // namespace cornu::tensorflow
