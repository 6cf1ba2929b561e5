// Arguments of operators: binding to parameters and conversion. See operators.h.
#include <fmt/ranges.h>

#include <algorithm>

#include "layers/operators.h"

namespace cornu::layers {
namespace {

constexpr int kMaxDepth = 32;  // of nested lists of numbers: more than any tensor has axes

// Arguments without meaning for the result.
constexpr std::string_view kIgnored[] = {"name",      "validate_indices", "use_cudnn_on_gpu",  "cudnn_on_gpu",
                                         "trainable", "dtype_policy",     "bad_indices_policy"};

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const size_t end = std::min(text.find(separator), text.size());
    if (end > 0) parts.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

bool is_absent(const Argument& argument) {
  return argument.kind == Argument::Kind::literal &&
         (!argument.literal.exists() || argument.literal.is_null());
}

bool is_class(const Json& json, std::string_view name) {
  const Json class_name = json["class_name"];
  return class_name.is_string() && class_name.string() == name;
}

// Numbers of nested lists in row-major order.
struct Numbers {
  Shape shape;
  std::vector<double> values;
  bool all_bool = true;
  bool all_integer = true;
};

bool collect(const Json& json, int depth, Numbers& out);

bool collect_items(size_t count, int depth, Numbers& out, auto&& item) {
  if (depth > kMaxDepth || depth >= Shape::kMaxRank) return false;
  if (out.shape.rank() == depth) out.shape.push_back(static_cast<int64_t>(count));
  if (out.shape[depth] != static_cast<int64_t>(count)) return false;
  for (size_t i = 0; i < count; ++i) {
    if (!item(i)) return false;
  }
  return true;
}

bool collect(const Json& json, int depth, Numbers& out) {
  if (json.is_array()) {
    return collect_items(json.size(), depth, out,
                         [&](size_t i) { return collect(json.at(i), depth + 1, out); });
  }
  if (!json.is_number() && !json.is_bool()) return false;
  if (out.shape.rank() > depth) return false;  // a number where a list was before
  out.values.push_back(json.is_bool() ? static_cast<double>(json.boolean()) : json.number());
  out.all_bool = out.all_bool && json.is_bool();
  out.all_integer =
      out.all_integer && (json.is_integer() && json.dump().find_first_of(".eE") == std::string::npos);
  return true;
}

bool collect(const Argument& argument, int depth, Numbers& out) {
  if (argument.kind == Argument::Kind::literal) return collect(argument.literal, depth, out);
  if (argument.kind != Argument::Kind::list) return false;
  return collect_items(argument.items.size(), depth, out,
                       [&](size_t i) { return collect(argument.items[i], depth + 1, out); });
}

DType natural_type(const Numbers& numbers) {
  if (numbers.all_bool && !numbers.values.empty()) return DType::boolean;
  return numbers.all_integer && !numbers.values.empty() ? DType::int32 : DType::float32;
}

Tensor make_tensor(const Numbers& numbers, DType type) {
  if (type == DType::float32)
    return tensor_of(std::vector<float>(numbers.values.begin(), numbers.values.end()), numbers.shape);
  NewTensor out = new_tensor(type, numbers.shape);
  const int64_t size = dtype_size(type);
  for (size_t i = 0; i < numbers.values.size(); ++i) {
    const Tensor one = scalar(numbers.values[i], type);
    std::copy_n(one.data, size, out.data + static_cast<int64_t>(i) * size);
  }
  return out.tensor;
}

}  // namespace

OperatorCall::OperatorCall(LayerCall& layer_call, std::string_view function, std::string_view signature,
                           const CallArguments& arguments)
    : call(layer_call), g(layer_call.g), name(function), keras3(layer_call.dialect.keras_major >= 3) {
  const std::vector<std::string_view> parameters = split(signature, ' ');
  const auto bind = [&](size_t position, const Argument& argument) {
    if (!is_absent(argument))
      arguments_.emplace_back(std::string(split(parameters[position], '|')[0]), argument);
  };
  const auto star =
      static_cast<size_t>(std::find(parameters.begin(), parameters.end(), "*") - parameters.begin());
  for (size_t i = 0; i < arguments.positional.size(); ++i) {
    if (i < star && i < parameters.size()) {
      bind(i, arguments.positional[i]);
    } else if (star < parameters.size()) {
      rest_.push_back(arguments.positional[i]);
    } else if (!is_absent(arguments.positional[i])) {
      call.fail(ErrorCode::unsupported, "{} takes {} arguments, received {}", name, parameters.size(),
                arguments.positional.size());
    }
  }
  for (const auto& [key, argument] : arguments.keyword) {
    const auto spells = [&key = key](std::string_view parameter) {
      const auto names = split(parameter, '|');
      return std::find(names.begin(), names.end(), key) != names.end();
    };
    const auto found = std::find_if(parameters.begin(), parameters.end(), spells);
    if (found != parameters.end()) {
      bind(static_cast<size_t>(found - parameters.begin()), argument);
    } else if (std::find(parameters.begin(), parameters.end(), "**") != parameters.end()) {
      arguments_.emplace_back(key, argument);
    } else if (!is_absent(argument) &&
               std::find(std::begin(kIgnored), std::end(kIgnored), key) == std::end(kIgnored)) {
      call.fail(ErrorCode::unsupported, "the function {} has an argument '{}' that Cornu does not know", name,
                key);
    }
  }
}

const Argument* OperatorCall::find(std::string_view parameter) const {
  for (const auto& [key, argument] : arguments_) {
    if (key == parameter) return &argument;
  }
  return nullptr;
}

const Argument& OperatorCall::required(std::string_view parameter) const {
  const Argument* found = find(parameter);
  if (found == nullptr)
    call.fail(ErrorCode::bad_config, "the function {} needs an argument '{}'", name, parameter);
  return *found;
}

void OperatorCall::fail_argument(std::string_view parameter, const std::string& expected) const {
  const Argument* found = find(parameter);
  std::string received =
      found != nullptr && found->kind == Argument::Kind::literal ? found->literal.dump() : "a tensor or list";
  if (received.size() > 80) received = received.substr(0, 77) + "...";
  call.fail(ErrorCode::bad_config, "{}: the argument '{}' must be {}, received {}", name, parameter, expected,
            found == nullptr ? "nothing" : received);
}

bool OperatorCall::is_tensor(std::string_view parameter) const {
  const Argument* found = find(parameter);
  return found != nullptr && found->kind == Argument::Kind::tensor;
}

Value OperatorCall::constant_of(const Argument& argument, std::optional<DType> type,
                                std::string_view parameter) const {
  Numbers numbers;
  const Json& literal = argument.literal;
  const bool typed = argument.kind == Argument::Kind::literal &&
                     (is_class(literal, "__tensor__") || is_class(literal, "__numpy__"));
  const bool good = typed ? collect(literal["config"]["value"], 0, numbers) : collect(argument, 0, numbers);
  if (!good) fail_argument(parameter, "a tensor or numbers");
  DType wanted = type.value_or(natural_type(numbers));
  if (typed) {
    const Json stated = literal["config"]["dtype"];
    const auto found = stated.is_string() ? dtype_from_name(stated.string()) : std::nullopt;
    if (!found || *found == DType::string) fail_argument(parameter, "a tensor of numbers");
    wanted = *found;
  }
  return g.constant(make_tensor(numbers, wanted));
}

Value OperatorCall::tensor(std::string_view parameter) const {
  const Argument& argument = required(parameter);
  if (argument.kind == Argument::Kind::tensor) return argument.value;
  if (argument.kind == Argument::Kind::list &&
      std::any_of(argument.items.begin(), argument.items.end(),
                  [](const Argument& item) { return item.kind == Argument::Kind::tensor; })) {
    return size_tensor(parameter);
  }
  return constant_of(argument, std::nullopt, parameter);
}

Value OperatorCall::tensor_beside(std::string_view parameter, Value like) const {
  const Argument& argument = required(parameter);
  if (argument.kind == Argument::Kind::tensor) return argument.value;
  DType type = g.dtype(like);
  Numbers numbers;
  if (keras3 &&
      collect(argument, 0, numbers)) {  // a plain number never makes a type wider, but may make it floating
    const DType natural = natural_type(numbers);
    if (!dtype_is_floating(type) && natural == DType::float32) type = DType::float32;
    if (type == DType::boolean) type = natural;
  }
  return constant_of(argument, type, parameter);
}

std::pair<Value, Value> OperatorCall::operands(std::string_view a, std::string_view b) const {
  Value left;
  Value right;
  if (is_tensor(a) || !is_tensor(b)) {
    left = tensor(a);
    right = tensor_beside(b, left);
  } else {
    right = tensor(b);
    left = tensor_beside(a, right);
  }
  const DType type = result_type(g.dtype(left), g.dtype(right));
  return {g.cast(left, type), g.cast(right, type)};
}

std::vector<Value> OperatorCall::tensors(std::string_view parameter) const {
  const Argument& argument = required(parameter);
  if (argument.kind != Argument::Kind::list) return {tensor(parameter)};
  std::vector<Value> out;
  Value like;
  for (const Argument& item : argument.items) {
    if (item.kind == Argument::Kind::tensor && !like.valid()) like = item.value;
  }
  for (const Argument& item : argument.items) {
    const auto type = like.valid() ? std::optional(g.dtype(like)) : std::nullopt;
    out.push_back(item.kind == Argument::Kind::tensor ? item.value : constant_of(item, type, parameter));
  }
  if (out.empty()) fail_argument(parameter, "a list of tensors");
  DType type = g.dtype(out[0]);
  for (Value value : out) type = result_type(type, g.dtype(value));
  for (Value& value : out) value = g.cast(value, type);
  return out;
}

int64_t OperatorCall::integer(std::string_view parameter) const {
  const Ints values = ints(parameter);
  if (values.size() != 1) fail_argument(parameter, "an integer");
  return values[0];
}

int64_t OperatorCall::integer(std::string_view parameter, int64_t fallback) const {
  return has(parameter) ? integer(parameter) : fallback;
}

double OperatorCall::number(std::string_view parameter) const {
  const Argument& argument = required(parameter);
  if (argument.kind != Argument::Kind::literal || !argument.literal.is_number())
    fail_argument(parameter, "a number");
  return argument.literal.number();
}

double OperatorCall::number(std::string_view parameter, double fallback) const {
  return has(parameter) ? number(parameter) : fallback;
}

bool OperatorCall::flag(std::string_view parameter, bool fallback) const {
  const Argument* found = find(parameter);
  if (found == nullptr) return fallback;
  if (found->kind != Argument::Kind::literal || !found->literal.is_bool())
    fail_argument(parameter, "true or false");
  return found->literal.boolean();
}

std::string OperatorCall::text(std::string_view parameter, std::string_view fallback) const {
  const Argument* found = find(parameter);
  if (found == nullptr) return std::string(fallback);
  if (found->kind != Argument::Kind::literal || !found->literal.is_string())
    fail_argument(parameter, "a string");
  return std::string(found->literal.string());
}

Ints OperatorCall::ints(std::string_view parameter) const {
  const std::vector<Size> traced = sizes(parameter);
  Ints out;
  for (const Size& size : traced) {
    if (size.source.valid()) fail_argument(parameter, "integers that are known when the model is loaded");
    out.push_back(size.size);
  }
  return out;
}

Ints OperatorCall::ints(std::string_view parameter, Ints fallback) const {
  return has(parameter) ? ints(parameter) : std::move(fallback);
}

DType OperatorCall::dtype(std::string_view parameter, DType fallback) const {
  if (!has(parameter)) return fallback;
  const std::string stated = text(parameter, "");
  const auto found = dtype_from_name(stated);
  if (!found) fail_argument(parameter, "the name of a type");
  return *found;
}

int64_t OperatorCall::axis(std::string_view parameter, int64_t fallback, int rank) const {
  const int64_t value = integer(parameter, fallback);
  if (value < -rank || value >= rank)
    fail_argument(parameter, fmt::format("an axis from {} to {}", -rank, rank - 1));
  return value < 0 ? value + rank : value;
}

Ints OperatorCall::axes(std::string_view parameter, int rank) const {
  Ints out = ints(parameter, Ints{});
  if (!has(parameter)) {
    for (int i = 0; i < rank; ++i) out.push_back(i);
  }
  for (int64_t& value : out) {
    if (value < -rank || value >= rank)
      fail_argument(parameter, fmt::format("axes from {} to {}", -rank, rank - 1));
    if (value < 0) value += rank;
  }
  return out;
}

std::vector<OperatorCall::Size> OperatorCall::sizes(std::string_view parameter) const {
  const Argument& argument = required(parameter);
  std::vector<Size> out;
  const auto add = [&](const Argument& item) {
    if (item.kind == Argument::Kind::tensor) {
      const auto traced = trace_sizes(g, item.value);
      if (!traced) fail_argument(parameter, "integers, or sizes of tensors");
      out.insert(out.end(), traced->begin(), traced->end());
    } else if (item.literal.is_null()) {
      out.push_back({Shape::kUnknown, {}, -1});
    } else if (item.literal.is_integer()) {
      out.push_back({item.literal.integer(), {}, -1});
    } else {
      fail_argument(parameter, "an integer or a list of integers");
    }
  };
  const Json& literal = argument.literal;
  if (argument.kind == Argument::Kind::list) {
    for (const Argument& item : argument.items) add(item);
  } else if (argument.kind == Argument::Kind::literal &&
             (is_class(literal, "__tensor__") || is_class(literal, "__numpy__"))) {
    const Json value = literal["config"]["value"];
    if (value.is_integer()) out.push_back({value.integer(), {}, -1});
    for (const Json& item : value.elements()) add({Argument::Kind::literal, {}, {}, item, {}, {}});
  } else if (argument.kind == Argument::Kind::literal && literal.is_array()) {  // a constant of a graph node
    for (const Json& item : literal.elements()) add({Argument::Kind::literal, {}, {}, item, {}, {}});
  } else if (argument.kind == Argument::Kind::dict) {
    fail_argument(parameter, "an integer or a list of integers");
  } else {
    add(argument);
  }
  return out;
}

Value OperatorCall::size_tensor(std::string_view parameter) const {
  const Argument& argument = required(parameter);
  std::vector<Value> parts;
  const auto add = [&](Value value) {
    value = g.cast(value, DType::int64);
    parts.push_back(g.rank(value) == 0 ? g.reshape(value, {1}) : value);
  };
  if (argument.kind == Argument::Kind::list) {
    for (const Argument& item : argument.items) {
      add(item.kind == Argument::Kind::tensor ? item.value : constant_of(item, DType::int64, parameter));
    }
  } else {
    add(argument.kind == Argument::Kind::tensor ? argument.value
                                                : constant_of(argument, DType::int64, parameter));
  }
  return parts.size() == 1 ? parts[0] : g.op("concat", parts, {{"axis", int64_t{0}}});
}

}  // namespace cornu::layers
