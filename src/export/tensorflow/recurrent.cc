// simple_rnn, gru, lstm, conv_lstm: a StatelessWhile over time, whose body computes one
// step. Formulas: ops/recurrent.h, ops/lstm.cc, ops/gru.cc, ops/conv_lstm.cc. Loop variables: i,
// count, x by time, outputs (a tensor list), last output, states, then what does not change.
#include <numeric>

#include "export/tensorflow/activations.h"

namespace cornu::exporting {
namespace {

struct Variable {
  const char* name;
  int type;
};

// Nodes of the body in one element type.
struct Body {
  TfCall& call;
  TfFunction& f;
  DType type;
  int64_t units = 0;
  int rank = 2;  // of the states

  Ref op(std::string_view name, std::vector<Ref> inputs, TfAttrs more = {}) const {
    more.insert(more.begin(), {"T", type_of(type)});
    return f.add(name, std::move(inputs), std::move(more));
  }
  Ref ints(const Ints& values) const {
    return f.constant(tensor_of_ints(values, {static_cast<int64_t>(values.size())}, DType::int32));
  }
  // Columns [first, first + count) of gates.
  Ref part(const Ref& x, int64_t first, int64_t count) const {
    Ints begin(static_cast<size_t>(rank), 0);
    Ints size(static_cast<size_t>(rank), -1);
    begin.back() = first * units;
    size.back() = count * units;
    return op("Slice", {x, ints(begin), ints(size)}, {{"Index", type_of(DType::int32)}});
  }
  Ref expanded(const Ref& x, int64_t axis, DType of) const {
    return f.add("ExpandDims", {x, f.constant(tensor_of_ints(Ints{axis}, {}, DType::int32))},
                 {{"T", type_of(of)}, {"Tdim", type_of(DType::int32)}});
  }
  // What a state gives to the gates: its product with the recurrent kernel, or its convolution.
  Ref inner(const Ref& state, const Ref& w) const {
    if (rank == 2) return matmul(state, w);
    const bool line = rank == 3;
    const int axes = line ? 2 : rank - 2;
    const Ref y = op(axes == 3 ? "Conv3D" : "Conv2D",
                     {line ? expanded(state, 1, type) : state, line ? expanded(w, 0, type) : w},
                     {{"strides", Ints(static_cast<size_t>(axes) + 2, 1)},
                      {"padding", std::string("SAME")},
                      {"data_format", std::string(axes == 3 ? "NDHWC" : "NHWC")}});
    return line ? op("Squeeze", {y}, {{"squeeze_dims", Ints{1}}}) : y;
  }
  Ref matmul(const Ref& a, const Ref& b) const {
    return op("MatMul", {a, b}, {{"transpose_a", false}, {"transpose_b", false}});
  }
  Ref add(const Ref& a, const Ref& b) const { return op("AddV2", {a, b}); }
  Ref mul(const Ref& a, const Ref& b) const { return op("Mul", {a, b}); }
  Ref outer(const Ref& x) const { return activation(call, f, call.attrs.text("activation"), x, type, {}); }
  Ref gate(const Ref& x) const {
    return activation(call, f, call.attrs.text("recurrent_activation"), x, type, {});
  }
};

std::vector<Ref> lstm_step(const Body& b, const Ref& x, const Ref& w, const std::vector<Ref>& states) {
  const Ref z = b.add(x, b.inner(states[0], w));
  const Ref c = b.add(b.mul(b.gate(b.part(z, 1, 1)), states[1]),
                      b.mul(b.gate(b.part(z, 0, 1)), b.outer(b.part(z, 2, 1))));
  return {b.mul(b.gate(b.part(z, 3, 1)), b.outer(c)), c};
}

std::vector<Ref> gru_step(const Body& b, const Ref& x, const Ref& w, const Ref& bias,
                          const std::vector<Ref>& states, bool reset_after) {
  const Ref h = states[0];
  Ref zr;
  Ref candidate;
  if (reset_after) {
    Ref inner = b.matmul(h, w);
    if (!bias.empty()) inner = b.add(inner, bias);
    zr = b.gate(b.add(b.part(x, 0, 2), b.part(inner, 0, 2)));
    candidate = b.add(b.part(x, 2, 1), b.mul(b.part(zr, 1, 1), b.part(inner, 2, 1)));
  } else {
    zr = b.gate(b.add(b.part(x, 0, 2), b.matmul(h, b.part(w, 0, 2))));
    candidate = b.add(b.part(x, 2, 1), b.matmul(b.mul(b.part(zr, 1, 1), h), b.part(w, 2, 1)));
  }
  const Ref z = b.part(zr, 0, 1);
  const Ref one = b.f.constant(scalar(1, b.type));
  return {b.add(b.mul(z, h), b.mul(b.op("Sub", {one, z}), b.outer(candidate)))};
}

class Loop {
 public:
  explicit Loop(TfCall& call)
      : call_(call),
        type_(call.dtype()),
        states_(call.node.op->name.ends_with("lstm") ? 2 : 1),
        rank_(call.shape().rank() - 1),
        units_(call.shape(1)[call.shape(1).rank() - 2]),
        bias_(call.attrs.flag("has_bias")),
        mask_(call.attrs.flag("has_mask")) {}

  void run() {
    std::vector<Ref> values = initial_values();
    const int number = formats_type();
    std::vector<Variable> variables{
        {"i", 3}, {"count", 3}, {"x", number}, {"outputs", kVariantType}, {"last", number}};
    for (int k = 0; k < states_; ++k) variables.push_back({"state", number});
    variables.push_back({"kernel", number});
    if (bias_) variables.push_back({"bias", number});
    if (mask_) variables.push_back({"mask", 10});
    TfTypes types;
    for (const Variable& variable : variables) types.numbers.push_back(variable.type);
    const std::string condition = make_condition(variables);
    const std::string body = make_body(variables);
    const Ref loop = call_.plain("StatelessWhile", std::move(values),
                                 {{"T", types},
                                  {"cond", TfFunctionName{condition}},
                                  {"body", TfFunctionName{body}},
                                  {"output_shapes", Ints{}},
                                  {"parallel_iterations", int64_t{32}}});
    finish(loop);
  }

 private:
  int formats_type() const { return type_of(type_).number; }

  std::vector<Ref> initial_values() {
    Ref x = call_.transpose(call_.in(0), time_first(), type_);
    const bool backwards = call_.attrs.flag("go_backwards");
    if (backwards)
      x = call_.typed("ReverseV2", type_, {x, call_.ints({0})}, {{"Tidx", type_of(DType::int32)}});
    const Ref count = call_.size_of(x, 0, type_);
    std::vector<Ref> sizes;
    for (int axis = 1; axis < rank_; ++axis) sizes.push_back(call_.size_of(x, axis, type_));
    sizes.push_back(call_.int_scalar(units_));
    const Ref shape = call_.pack(std::move(sizes));
    const Ref zeros =
        call_.typed("Fill", type_, {shape, call_.scalar(0)}, {{"index_type", type_of(DType::int32)}});
    const Ref list = call_.plain("TensorListReserve", {shape, count},
                                 {{"element_dtype", type_of(type_)}, {"shape_type", type_of(DType::int32)}});
    std::vector<Ref> values{call_.int_scalar(0), count, x, list, zeros};
    size_t next = bias_ ? 3 : 2;
    const bool given = call_.attrs.flag("has_state");
    for (int k = 0; k < states_; ++k) values.push_back(given ? call_.in(next++) : zeros);
    values.push_back(call_.in(1));
    if (bias_) values.push_back(call_.in(2));
    if (mask_) {
      Ref mask = call_.transpose(call_.in(next), {1, 0}, DType::boolean);
      if (backwards)
        mask = call_.typed("ReverseV2", DType::boolean, {mask, call_.ints({0})},
                           {{"Tidx", type_of(DType::int32)}});
      values.push_back(mask);
    }
    return values;
  }

  std::string make_condition(const std::vector<Variable>& variables) {
    TfFunction& f = call_.new_function("while_cond");
    std::vector<Ref> arguments;
    for (const Variable& variable : variables)
      arguments.push_back(f.argument(variable.name, {"", variable.type, {false, {}}, 0}));
    f.result("continues", 10, f.add("Less", {arguments[0], arguments[1]}, {{"T", type_of(DType::int32)}}));
    return f.name();
  }

  std::string make_body(const std::vector<Variable>& variables) {
    TfFunction& f = call_.new_function("while_body");
    std::vector<Ref> v;
    for (const Variable& variable : variables)
      v.push_back(f.argument(variable.name, {"", variable.type, {false, {}}, 0}));
    const Body body{call_, f, type_, units_, rank_};
    const auto at = [&](const Ref& x, DType type) {
      return f.add("GatherV2", {x, v[0], f.constant(tensor_of_ints(Ints{0}, {}, DType::int32))},
                   {{"Tparams", type_of(type)},
                    {"Tindices", type_of(DType::int32)},
                    {"Taxis", type_of(DType::int32)},
                    {"batch_dims", int64_t{0}}});
    };
    const auto first = static_cast<size_t>(5 + states_);
    const std::vector<Ref> states(v.begin() + 5, v.begin() + static_cast<long>(first));
    std::vector<Ref> stepped = step(body, at(v[2], type_), v[first], bias_ ? v[first + 1] : Ref(), states);
    Ref output = stepped[0];
    if (mask_) {
      Ref row = at(v.back(), DType::boolean);
      for (int axis = 1; axis < rank_; ++axis) row = body.expanded(row, axis, DType::boolean);
      const Ref other = call_.attrs.flag("zero_output") ? body.op("ZerosLike", {v[4]}) : v[4];
      output = body.op("SelectV2", {row, output, other});
      for (size_t k = 0; k < stepped.size(); ++k)
        stepped[k] = body.op("SelectV2", {row, stepped[k], states[k]});
    }
    const Ref list = f.add("TensorListSetItem", {v[3], v[0], output},
                           {{"element_dtype", type_of(type_)}, {"resize_if_index_out_of_bounds", false}});
    const Ref next = f.add("AddV2", {v[0], f.constant(tensor_of_ints(Ints{1}, {}, DType::int32))},
                           {{"T", type_of(DType::int32)}});
    std::vector<Ref> out{next, v[1], v[2], list, output};
    out.insert(out.end(), stepped.begin(), stepped.end());
    out.insert(out.end(), v.begin() + static_cast<long>(first), v.end());
    for (size_t i = 0; i < out.size(); ++i) {
      // A result may not be an argument itself.
      const TfType type{variables[i].type};
      const Ref result = i == 3 ? out[i] : f.add("Identity", {out[i]}, {{"T", type}});
      f.result("out_" + std::to_string(i), variables[i].type, result);
    }
    return f.name();
  }

  std::vector<Ref> step(const Body& body, const Ref& x, const Ref& w, const Ref& bias,
                        const std::vector<Ref>& states) {
    const std::string_view op = call_.node.op->name;
    if (states_ == 2) return lstm_step(body, bias.empty() ? x : body.add(x, bias), w, states);
    if (op == "gru") return gru_step(body, x, w, bias, states, call_.attrs.flag("reset_after"));
    const Ref sum = body.add(x, body.matmul(states[0], w));
    return {body.outer(bias.empty() ? sum : body.add(sum, bias))};
  }

  void finish(const Ref& loop) {
    for (int k = 0; k < states_; ++k) call_.out(output_at(loop, 5 + k), static_cast<size_t>(k) + 1);
    if (!call_.attrs.flag("return_sequences")) return call_.out(output_at(loop, 4));
    Ints sizes(static_cast<size_t>(rank_), -1);
    sizes.back() = units_;
    const Ref shape = call_.ints(sizes);
    const Ref all = call_.plain("TensorListStack", {output_at(loop, 3), shape},
                                {{"element_dtype", type_of(type_)}, {"num_elements", int64_t{-1}}});
    call_.out(call_.transpose(all, time_first(), type_));
  }

  // Swaps batch and time of x or y.
  Ints time_first() const {
    Ints order(static_cast<size_t>(rank_) + 1);
    std::iota(order.begin(), order.end(), 0);
    std::swap(order[0], order[1]);
    return order;
  }

  TfCall& call_;
  DType type_;
  int states_;
  int rank_;  // of a state: batch, for conv_lstm space, units
  int64_t units_;
  bool bias_;
  bool mask_;
};

void lower(TfCall& call) {
  Loop(call).run();
}

}  // namespace

CORNU_TF_LOWERING(recurrent) = {.ops = {"simple_rnn", "gru", "lstm", "conv_lstm"}, .lower = lower};

}  // namespace cornu::exporting
