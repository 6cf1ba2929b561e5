// Functions of keras.ops and TensorFlow that build tensors out of others: ranges, grids, diagonals. See operators.h.
// Source: keras/src/ops/numpy.py and einops.py, 3.15
#include <algorithm>
#include <cmath>

#include "layers/operators.h"
#include "layers/tensorflow_node.h"

namespace cornu::layers {
namespace {

using Values = std::vector<Value>;

constexpr int64_t kMaxLength = 1 << 24;  // of ranges that are made when the model is loaded

Value row_of(GraphBuilder& g, const std::vector<double>& numbers, DType type) {
  NewTensor out = new_tensor(DType::float64, {static_cast<int64_t>(numbers.size())});
  std::copy(numbers.begin(), numbers.end(), reinterpret_cast<double*>(out.data));
  return g.constant(cast_tensor(out.tensor, type));
}

// A number that is known when the model is loaded.
double known_number(OperatorCall& c, std::string_view parameter) {
  const Argument& argument = c.required(parameter);
  if (argument.kind == Argument::Kind::literal && argument.literal.is_number())
    return argument.literal.number();
  const Tensor* known = c.g.graph().constant(c.tensor(parameter));
  if (known == nullptr || known->shape.elements() != 1)
    c.fail_argument(parameter, "a number that is known when the model is loaded");
  return to_doubles(*known)[0];
}

bool is_whole(OperatorCall& c, std::string_view parameter) {
  const Argument* argument = c.find(parameter);
  if (argument == nullptr) return true;
  if (argument->kind != Argument::Kind::literal) return dtype_is_integer(c.g.dtype(c.tensor(parameter)));
  return argument->literal.is_integer() && argument->literal.dump().find_first_of(".eE") == std::string::npos;
}

// A range whose ends are known in the run.
Values computed_range(OperatorCall& c) {
  GraphBuilder& g = c.g;
  Value start = c.has("stop") ? c.tensor("start") : g.scalar(0, DType::int32);
  Value limit = c.tensor(c.has("stop") ? "stop" : "start");
  Value step = c.has("step") ? c.tensor("step") : g.scalar(1, DType::int32);
  DType type = result_type(result_type(g.dtype(start), g.dtype(limit)), g.dtype(step));
  type = c.dtype("dtype", type);
  for (Value* end : {&start, &limit, &step}) *end = g.reshape(g.cast(*end, type), {});
  return {tensorflow_value(g, "Range", {start, limit, step}, {type, {Shape::kUnknown}})};
}

// start, start + step, ... below stop. The end may be a size that is only known while running.
Values arange(OperatorCall& c, std::string_view) {
  const auto computed = [&](std::string_view parameter) {
    return c.is_tensor(parameter) && c.g.graph().constant(c.tensor(parameter)) == nullptr;
  };
  if (computed("start") || computed("stop") || computed("step")) return computed_range(c);
  GraphBuilder& g = c.g;
  const bool one = !c.has("stop");
  const std::string_view end = one ? "start" : "stop";
  const bool whole = is_whole(c, "start") && is_whole(c, "stop") && is_whole(c, "step");
  const DType type = c.dtype("dtype", whole ? DType::int32 : DType::float32);
  const double step = c.has("step") ? known_number(c, "step") : 1;
  const double start = one ? 0 : known_number(c, "start");
  if (c.is_tensor(end)) {
    const auto traced = trace_sizes(g, c.tensor(end));
    if (traced && traced->size() == 1 && traced->front().source.valid() && start == 0 && step == 1)
      return {g.cast(positions_along(g, traced->front().source, traced->front().axis), type)};
  }
  const double length = std::ceil((known_number(c, end) - start) / step);
  if (!(length <= static_cast<double>(kMaxLength)))
    c.fail_argument(end, "an end that is not too far from the start");
  std::vector<double> numbers;
  for (int64_t i = 0; static_cast<double>(i) < length; ++i)
    numbers.push_back(start + static_cast<double>(i) * step);
  return {row_of(g, numbers, type)};
}

// `num` numbers from start to stop; "log" and "geom" as exponents or factors.
Values linspace(OperatorCall& c, std::string_view op) {
  GraphBuilder& g = c.g;
  const int64_t count = c.integer("num", 50);
  if (count < 0 || count > kMaxLength)
    c.fail_argument("num", fmt::format("a count from 0 to {}", kMaxLength));
  const double start = known_number(c, "start");
  const double stop = known_number(c, "stop");
  const bool endpoint = c.flag("endpoint", true);
  const double base = op == "log" ? c.number("base", 10) : 0;
  if (op == "geom" && !(start * stop > 0)) c.fail_argument("start", "a number of the sign of the end, not 0");
  const double parts =
      static_cast<double>(endpoint ? std::max<int64_t>(count - 1, 1) : std::max<int64_t>(count, 1));
  std::vector<double> numbers;
  for (int64_t i = 0; i < count; ++i) {
    const double t = static_cast<double>(i) / parts;
    const double linear = start + t * (stop - start);
    numbers.push_back(op == "log"    ? std::pow(base, linear)
                      : op == "geom" ? start * std::pow(stop / start, t)
                                     : linear);
  }
  return {row_of(g, numbers, c.dtype("dtype", DType::float32))};
}

Values array(OperatorCall& c, std::string_view) {
  const Value x = c.tensor("x");
  return {c.g.cast(x, c.dtype("dtype", c.g.dtype(x)))};
}

// Coordinates of a grid; "xy" swaps the first two axes.
Values meshgrid(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  Values rows;
  for (const Argument& operand : c.rest()) {
    CallArguments one;
    one.positional.push_back(operand);
    rows.push_back(g.reshape(OperatorCall(c.call, c.name, "x", one).tensor("x"), {-1}));
  }
  const bool swaps = c.text("indexing", "xy") == "xy" && rows.size() > 1;
  const auto axis_of = [&](size_t i) { return swaps && i < 2 ? 1 - i : i; };
  Values along;
  for (size_t i = 0; i < rows.size(); ++i) {
    Ints dims(rows.size(), 1);
    dims[axis_of(i)] = -1;
    along.push_back(g.reshape(rows[i], dims));
  }
  Values out;
  for (size_t i = 0; i < along.size(); ++i) {
    Value y = along[i];
    for (size_t k = 0; k < along.size(); ++k) {
      if (k == i) continue;
      const Value all = g.op("equal", {along[k], along[k]});  // true or not: only its size counts
      y = g.op("select", {all, y, y});
    }
    out.push_back(y);
  }
  return out;
}

// A matrix with the row x on its diagonal k, or the diagonal k of a matrix.
Values diag(OperatorCall& c, std::string_view op) {
  GraphBuilder& g = c.g;
  Value x = c.tensor("x");
  const int64_t k = c.integer("k", 0);
  if (g.rank(x) == 2 && op != "flat") {
    CallArguments arguments;
    arguments.positional.push_back({Argument::Kind::tensor, x, {}, {}, {}, {}});
    arguments.keyword.emplace_back("offset",
                                   literal_argument(c.call, Json::parse(std::to_string(k), c.name)));
    return lower_operator(c.call, "diagonal", arguments);
  }
  if (op == "flat") x = g.reshape(x, {-1});
  const int64_t size = g.rank(x) == 1 ? g.shape(x)[0] : -1;
  if (size < 0 || std::abs(k) > 65536 || size > 65536) c.fail_argument("x", "a row of known size");
  const int64_t side = size + std::abs(k);
  Ints columns;
  for (int64_t row = 0; row < side; ++row) columns.push_back(row + k);
  const Value hot = g.op("one_hot", {g.constant(tensor_of_ints(columns, {side}))},
                         {{"depth", side}, {"dtype", DType::boolean}});
  const Value padded =
      g.op("pad", {x}, {{"padding", Ints{k < 0 ? -k : 0, k > 0 ? k : 0}}, {"mode", std::string("constant")}});
  return {g.op("select", {hot, g.reshape(padded, {side, 1}), g.scalar_like(0, x)})};
}

// Quarter turns of the plane of two axes.
Values rot90(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  Value x = c.tensor("x");
  const int rank = g.rank(x);
  const Ints axes = c.has("axes") ? c.axes("axes", rank) : Ints{0, 1};
  if (axes.size() != 2 || axes[0] == axes[1] || rank < 2) c.fail_argument("axes", "two axes");
  const int64_t turns = ((c.integer("k", 1) % 4) + 4) % 4;
  Ints order;
  for (int axis = 0; axis < rank; ++axis) order.push_back(axis);
  std::swap(order[static_cast<size_t>(axes[0])], order[static_cast<size_t>(axes[1])]);
  const auto flip = [&](Value y, int64_t axis) { return g.op("reverse", {y}, {{"axes", Ints{axis}}}); };
  if (turns == 0) return {x};
  if (turns == 2) return {flip(flip(x, axes[0]), axes[1])};
  return {turns == 1 ? g.transpose(flip(x, axes[1]), order) : flip(g.transpose(x, order), axes[1])};
}

// Powers of a row, falling or rising, as columns.
Values vander(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const Value x = c.tensor("x");
  const int64_t count = c.integer("count", g.rank(x) == 1 ? g.shape(x)[0] : -1);
  if (g.rank(x) != 1 || count < 0 || count > 4096)
    c.fail_argument("x", "a row, with a known count of powers");
  std::vector<double> powers;
  for (int64_t i = 0; i < count; ++i)
    powers.push_back(static_cast<double>(c.flag("increasing", false) ? i : count - 1 - i));
  const Value exponents = row_of(g, powers, g.dtype(x));
  return {g.op("pow", {g.reshape(x, {-1, 1}), g.reshape(exponents, {1, -1})})};
}

constexpr std::string_view kRange = "start stop num endpoint dtype axis base retstep";

constexpr Operator kOperators[] = {
    {"arange range", "start stop|limit step|delta dtype sparse", arange, ""},
    {"linspace lin_space", kRange, linspace, ""},
    {"logspace", kRange, linspace, "log"},
    {"geomspace", kRange, linspace, "geom"},
    {"array", "x dtype", array, ""},
    {"meshgrid", "* indexing", meshgrid, ""},
    {"diag", "x k", diag, ""},
    {"diagflat", "x k", diag, "flat"},
    {"rot90", "x|array k axes", rot90, ""},
    {"vander", "x count|N increasing", vander, ""},
};

}  // namespace

std::span<const Operator> building_operators() {
  return kOperators;
}

}  // namespace cornu::layers
