// Elementwise functions of keras.ops and TensorFlow. See operators.h.
// Source: keras/src/ops/numpy.py and math.py, 3.15; the tf.math functions of TensorFlow 2.21
#include <cmath>
#include <numbers>

#include "layers/operators.h"
#include "layers/tensorflow_node.h"

namespace cornu::layers {
namespace {

using Values = std::vector<Value>;

Value floating(OperatorCall& c, std::string_view parameter) {
  const Value x = c.tensor(parameter);
  return c.g.cast(x, float_type(c.g.dtype(x)));
}

Value boolean(OperatorCall& c, std::string_view parameter) {
  return c.g.cast(c.tensor(parameter), DType::boolean);
}

Value scaled(GraphBuilder& g, Value x, double factor) {
  return g.op("mul", {x, g.scalar_like(factor, x)});
}

Values float_unary(OperatorCall& c, std::string_view op) {
  return {c.g.op(op, {floating(c, "x")})};
}
Values any_unary(OperatorCall& c, std::string_view op) {
  return {c.g.op(op, {c.tensor("x")})};
}
Values pass_on(OperatorCall& c, std::string_view) {
  return {c.tensor("x")};
}

Values arithmetic(OperatorCall& c, std::string_view op) {
  const auto [a, b] = c.operands("x", "y");
  return {c.g.op(op, {a, b})};
}

// True division: integers become float32 in Keras 3; TensorFlow makes float64 of int32 and int64.
std::pair<Value, Value> float_operands(OperatorCall& c) {
  auto [a, b] = c.operands("x", "y");
  const DType type = c.g.dtype(a);
  DType wanted = float_type(type);
  if (!c.keras3 && (type == DType::int32 || type == DType::int64)) wanted = DType::float64;
  return {c.g.cast(a, wanted), c.g.cast(b, wanted)};
}

Values float_arithmetic(OperatorCall& c, std::string_view op) {
  const auto [a, b] = float_operands(c);
  return {c.g.op(op, {a, b})};
}

// 0 where the divisor is 0.
Values divide_no_nan(OperatorCall& c, std::string_view) {
  const auto [a, b] = float_operands(c);
  const Value zero = c.g.scalar_like(0, b);
  return {c.g.op("select", {c.g.op("equal", {b, zero}), zero, c.g.op("div", {a, b})})};
}

Values multiply_no_nan(OperatorCall& c, std::string_view) {
  const auto [a, b] = c.operands("x", "y");
  const Value zero = c.g.scalar_like(0, b);
  return {c.g.op("select", {c.g.op("equal", {b, zero}), zero, c.g.op("mul", {a, b})})};
}

Values logical(OperatorCall& c, std::string_view op) {
  return {c.g.op(op, {boolean(c, "x"), boolean(c, "y")})};
}
Values logical_not(OperatorCall& c, std::string_view op) {
  return {c.g.op(op, {boolean(c, "x")})};
}

Values add_n(OperatorCall& c, std::string_view) {
  const Values in = c.tensors("x");
  Value sum = in[0];
  for (size_t i = 1; i < in.size(); ++i) sum = c.g.op("add", {sum, in[i]});
  return {sum};
}

Values log_base(OperatorCall& c, std::string_view op) {
  const double base = op == "2" ? std::numbers::ln2 : std::numbers::ln10;
  const Value y = c.g.op("log", {floating(c, "x")});
  return {c.g.op("div", {y, c.g.scalar_like(base, y)})};
}

Values exp2(OperatorCall& c, std::string_view) {
  const Value x = floating(c, "x");
  return {c.g.op("pow", {c.g.scalar_like(2, x), x})};
}

Values degrees(OperatorCall& c, std::string_view op) {
  return {
      scaled(c.g, floating(c, "x"), op == "to_radians" ? std::numbers::pi / 180 : 180 / std::numbers::pi)};
}

Values hypot(OperatorCall& c, std::string_view) {
  const auto [a, b] = float_operands(c);
  return {c.g.op("sqrt", {c.g.op("add", {c.g.op("square", {a}), c.g.op("square", {b})})})};
}

// log(exp(a) + exp(b)) without overflow.
Values logaddexp(OperatorCall& c, std::string_view) {
  const auto [a, b] = float_operands(c);
  const Value gap = c.g.op("neg", {c.g.op("abs", {c.g.op("sub", {a, b})})});
  return {c.g.op("add", {c.g.op("maximum", {a, b}), c.g.op("log1p", {c.g.op("exp", {gap})})})};
}

Value truncated(GraphBuilder& g, Value x) {
  if (!dtype_is_floating(g.dtype(x))) return x;
  const Value below = g.op("less", {x, g.scalar_like(0, x)});
  return g.op("select", {below, g.op("ceil", {x}), g.op("floor", {x})});
}

Values trunc(OperatorCall& c, std::string_view) {
  return {truncated(c.g, c.tensor("x"))};
}

// Remainder with the sign of the dividend.
Values fmod(OperatorCall& c, std::string_view) {
  const auto [a, b] = float_operands(c);
  return {c.g.op("sub", {a, c.g.op("mul", {truncated(c.g, c.g.op("div", {a, b})), b})})};
}

Values rounding(OperatorCall& c, std::string_view op) {
  const Value x = c.tensor("x");
  if (!dtype_is_floating(c.g.dtype(x))) return {op == "round" || !c.keras3 ? x : c.g.cast(x, DType::float32)};
  const int64_t decimals = c.integer("decimals", 0);
  if (decimals == 0) return {c.g.op(op, {x})};
  const double factor = std::pow(10.0, static_cast<double>(decimals));
  return {scaled(c.g, c.g.op(op, {scaled(c.g, x, factor)}), 1 / factor)};
}

Values infinite_with_sign(OperatorCall& c, std::string_view op) {
  const Value x = floating(c, "x");
  const Value zero = c.g.scalar_like(0, x);
  return {c.g.op("logical_and", {c.g.op("is_inf", {x}), c.g.op(op, {x, zero})})};
}

// |a - b| <= atol + rtol |b|; infinities of equal sign are close.
Values isclose(OperatorCall& c, std::string_view) {
  const auto [a, b] = float_operands(c);
  GraphBuilder& g = c.g;
  const Value bound = g.op(
      "add", {scaled(g, g.op("abs", {b}), c.number("rtol", 1e-5)), g.scalar_like(c.number("atol", 1e-8), b)});
  const Value near = g.op("less_equal", {g.op("abs", {g.op("sub", {a, b})}), bound});
  const Value finite = g.op("is_finite", {b});
  Value close = g.op("logical_or", {g.op("logical_and", {near, finite}), g.op("equal", {a, b})});
  if (!c.flag("equal_nan", false)) return {close};
  return {g.op("logical_or", {close, g.op("logical_and", {g.op("is_nan", {a}), g.op("is_nan", {b})})})};
}

Values nan_to_num(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  Value x = c.tensor("x");
  if (!dtype_is_floating(g.dtype(x))) return {x};
  const double largest = g.dtype(x) == DType::float16   ? 65504.0
                         : g.dtype(x) == DType::float64 ? 1.7976931348623157e308
                                                        : 3.4028234663852886e38;
  const Value zero = g.scalar_like(0, x);
  const Value infinite = g.op("is_inf", {x});
  const auto replace = [&](Value where, double value) {
    return g.op("select", {where, g.scalar_like(value, x), x});
  };
  const Value above = g.op("logical_and", {infinite, g.op("greater", {x, zero})});
  const Value below = g.op("logical_and", {infinite, g.op("less", {x, zero})});
  x = replace(g.op("is_nan", {x}), c.number("nan", 0));
  x = replace(above, c.number("posinf", largest));
  return {replace(below, c.number("neginf", -largest))};
}

// 0 below 0, the second argument at 0, 1 above.
Values heaviside(OperatorCall& c, std::string_view) {
  const auto [x, at_zero] = float_operands(c);
  const Value zero = c.g.scalar_like(0, x);
  const Value step = c.g.cast(c.g.op("greater", {x, zero}), c.g.dtype(x));
  return {c.g.op("select", {c.g.op("equal", {x, zero}), at_zero, step})};
}

Values clip(OperatorCall& c, std::string_view) {
  Value x = c.tensor("x");
  if (c.g.dtype(x) == DType::boolean) x = c.g.cast(x, DType::int32);
  if (!c.is_tensor("min") && !c.is_tensor("max") && dtype_is_floating(c.g.dtype(x))) {
    const bool plain =
        c.required("min").kind == Argument::Kind::literal && c.find("min")->literal.is_number() &&
        c.required("max").kind == Argument::Kind::literal && c.find("max")->literal.is_number();
    if (plain) return {c.g.op("clip", {x}, {{"min", c.number("min")}, {"max", c.number("max")}})};
  }
  x = binary(c.g, "maximum", x, c.tensor_beside("min", x));
  return {binary(c.g, "minimum", x, c.tensor_beside("max", x))};
}

bool is_complex(DType dtype) {
  return dtype == DType::complex64 || dtype == DType::complex128;
}

// The length or the real part of complex numbers.
Values complex_part(OperatorCall& c, Value x, std::string_view op) {
  const DType part = c.g.dtype(x) == DType::complex64 ? DType::float32 : DType::float64;
  return {tensorflow_value(c.g, op, {x}, {part, c.g.shape(x)}, NodeAttributes().type("Tout", part))};
}

Values absolute(OperatorCall& c, std::string_view op) {
  const Value x = c.tensor("x");
  return is_complex(c.g.dtype(x)) ? complex_part(c, x, "ComplexAbs") : any_unary(c, op);
}

Values real(OperatorCall& c, std::string_view) {
  const Value x = c.tensor("x");
  return is_complex(c.g.dtype(x)) ? complex_part(c, x, "Real") : Values{x};
}

Values cast(OperatorCall& c, std::string_view op) {
  const Value x = c.tensor("x");
  const DType to = op.empty() ? c.dtype("dtype", c.g.dtype(x)) : *dtype_from_name(op);
  if ((is_complex(to) || is_complex(c.g.dtype(x))) && to != c.g.dtype(x))
    return {tensorflow_value(c.g, "Cast", {x}, {to, c.g.shape(x)}, NodeAttributes().type("DstT", to))};
  return {c.g.cast(x, to)};
}

Values where(OperatorCall& c, std::string_view) {
  const Value condition = boolean(c, "condition");
  if (!c.has("x") || !c.has("y"))
    return {
        tensorflow_value(c.g, "Where", {condition}, {DType::int64, {Shape::kUnknown, c.g.rank(condition)}})};
  const auto [a, b] = c.operands("x", "y");
  return {c.g.op("select", {condition, a, b})};
}

// sin(pi x) / (pi x), 1 at 0.
Values sinc(OperatorCall& c, std::string_view) {
  const Value x = scaled(c.g, floating(c, "x"), std::numbers::pi);
  const Value zero = c.g.scalar_like(0, x);
  const Value one = c.g.scalar_like(1, x);
  return {c.g.op("select", {c.g.op("equal", {x, zero}), one, c.g.op("div", {c.g.op("sin", {x}), x})})};
}

Values cbrt(OperatorCall& c, std::string_view) {
  const Value x = floating(c, "x");
  const Value size = c.g.op("pow", {c.g.op("abs", {x}), c.g.scalar_like(1.0 / 3.0, x)});
  return {c.g.op("mul", {c.g.op("sign", {x}), size})};
}

// Which of two is taken when one is NaN: the other.
Values ignoring_nan(OperatorCall& c, std::string_view op) {
  const auto [a, b] = c.operands("x", "y");
  if (!dtype_is_floating(c.g.dtype(a))) return {c.g.op(op, {a, b})};
  const Value both = c.g.op(op, {a, b});
  return {c.g.op("select", {c.g.op("is_nan", {a}), b, c.g.op("select", {c.g.op("is_nan", {b}), a, both})})};
}

// log2(2^a + 2^b) without overflow.
Values logaddexp2(OperatorCall& c, std::string_view) {
  const auto [a, b] = float_operands(c);
  const Value gap = c.g.op("neg", {c.g.op("abs", {c.g.op("sub", {a, b})})});
  const Value power = c.g.op("pow", {c.g.scalar_like(2, gap), gap});
  return {c.g.op("add",
                 {c.g.op("maximum", {a, b}), scaled(c.g, c.g.op("log1p", {power}), 1 / std::numbers::ln2)})};
}

// a 2^b
Values ldexp(OperatorCall& c, std::string_view) {
  const auto [a, b] = float_operands(c);
  return {c.g.op("mul", {a, c.g.op("pow", {c.g.scalar_like(2, b), b})})};
}

// Also true for -0.
Values signbit(OperatorCall& c, std::string_view) {
  const Value x = c.tensor("x");
  const Value below = c.g.op("less", {x, c.g.scalar_like(0, x)});
  if (!dtype_is_floating(c.g.dtype(x))) return {below};
  const Value inverse = c.g.op("reciprocal", {x});
  return {c.g.op("logical_or", {below, c.g.op("less", {inverse, c.g.scalar_like(0, x)})})};
}

Values isreal(OperatorCall& c, std::string_view) {
  return {filled_like(c.g, c.tensor("x"), 1, DType::boolean)};
}

Values erfc(OperatorCall& c, std::string_view) {
  const Value y = c.g.op("erf", {floating(c, "x")});
  return {c.g.op("sub", {c.g.scalar_like(1, y), y})};
}

Values all_close(OperatorCall& c, std::string_view op) {
  return {c.g.op("reduce_all", {isclose(c, op)[0]}, {{"keepdims", false}})};
}

constexpr std::string_view kOne = "x|input|features|tensor|inputs|a|logits|variable";
constexpr std::string_view kTwo = "x|x1|a|input|tensor y|x2|b|other";

constexpr Operator kOperators[] = {
    {"real", kOne, real, ""},
    {"identity copy stop_gradient convert_to_tensor ensure_shape",
     "x|input|tensor|variable|value shape|dtype sparse ragged", pass_on, ""},
    {"abs absolute", kOne, absolute, "abs"},
    {"negative neg", kOne, any_unary, "neg"},
    {"sign", kOne, any_unary, "sign"},
    {"square", kOne, any_unary, "square"},
    {"fabs", kOne, float_unary, "abs"},
    {"exp", kOne, float_unary, "exp"},
    {"expm1", kOne, float_unary, "expm1"},
    {"log", kOne, float_unary, "log"},
    {"log1p", kOne, float_unary, "log1p"},
    {"sqrt", kOne, float_unary, "sqrt"},
    {"rsqrt", kOne, float_unary, "rsqrt"},
    {"reciprocal", kOne, float_unary, "reciprocal"},
    {"erf", kOne, float_unary, "erf"},
    {"sin", kOne, float_unary, "sin"},
    {"cos", kOne, float_unary, "cos"},
    {"tan", kOne, float_unary, "tan"},
    {"arcsin asin", kOne, float_unary, "asin"},
    {"arccos acos", kOne, float_unary, "acos"},
    {"arctan atan", kOne, float_unary, "atan"},
    {"sinh", kOne, float_unary, "sinh"},
    {"cosh", kOne, float_unary, "cosh"},
    {"tanh", kOne, float_unary, "tanh"},
    {"arcsinh asinh", kOne, float_unary, "asinh"},
    {"arccosh acosh", kOne, float_unary, "acosh"},
    {"arctanh atanh", kOne, float_unary, "atanh"},
    {"isnan is_nan", kOne, float_unary, "is_nan"},
    {"isinf is_inf", kOne, float_unary, "is_inf"},
    {"isfinite is_finite", kOne, float_unary, "is_finite"},
    {"isposinf", kOne, infinite_with_sign, "greater"},
    {"isneginf", kOne, infinite_with_sign, "less"},
    {"floor", kOne, rounding, "floor"},
    {"ceil", kOne, rounding, "ceil"},
    {"round rint", "x|input decimals", rounding, "round"},
    {"trunc fix", kOne, trunc, ""},
    {"log2", kOne, log_base, "2"},
    {"log10", kOne, log_base, "10"},
    {"exp2", kOne, exp2, ""},
    {"deg2rad", kOne, degrees, "to_radians"},
    {"rad2deg", kOne, degrees, "to_degrees"},
    {"sinc", kOne, sinc, ""},
    {"cbrt", kOne, cbrt, ""},
    {"nan_to_num", "x nan posinf neginf", nan_to_num, ""},
    {"add add_v2", kTwo, arithmetic, "add"},
    {"subtract sub", kTwo, arithmetic, "sub"},
    {"multiply mul scalar_mul", "x|x1|a|scalar y|x2|b", arithmetic, "mul"},
    {"maximum", kTwo, arithmetic, "maximum"},
    {"minimum", kTwo, arithmetic, "minimum"},
    {"fmax", kTwo, ignoring_nan, "maximum"},
    {"fmin", kTwo, ignoring_nan, "minimum"},
    {"mod floormod floor_mod", kTwo, arithmetic, "mod"},
    {"floor_divide floordiv floor_div", kTwo, arithmetic, "floor_div"},
    {"power pow", "x|x1 y|x2|a", arithmetic, "pow"},
    {"squared_difference", kTwo, arithmetic, "squared_difference"},
    {"divide true_divide truediv div real_div", kTwo, float_arithmetic, "div"},
    {"arctan2", "x|x1 y|x2", float_arithmetic, "atan2"},
    {"divide_no_nan div_no_nan", kTwo, divide_no_nan, ""},
    {"multiply_no_nan mul_no_nan", kTwo, multiply_no_nan, ""},
    {"fmod truncatemod", kTwo, fmod, ""},
    {"hypot", kTwo, hypot, ""},
    {"logaddexp", kTwo, logaddexp, ""},
    {"heaviside", kTwo, heaviside, ""},
    {"isclose", "x|x1 y|x2 rtol atol equal_nan", isclose, ""},
    {"all_close allclose", "x|x1 y|x2 rtol atol equal_nan", all_close, ""},
    {"logaddexp2", kTwo, logaddexp2, ""},
    {"ldexp", kTwo, ldexp, ""},
    {"signbit", kOne, signbit, ""},
    {"isreal", kOne, isreal, ""},
    {"erfc", kOne, erfc, ""},
    {"equal eq", kTwo, arithmetic, "equal"},
    {"not_equal ne", kTwo, arithmetic, "not_equal"},
    {"greater", kTwo, arithmetic, "greater"},
    {"greater_equal", kTwo, arithmetic, "greater_equal"},
    {"less", kTwo, arithmetic, "less"},
    {"less_equal", kTwo, arithmetic, "less_equal"},
    {"logical_and", kTwo, logical, "logical_and"},
    {"logical_or", kTwo, logical, "logical_or"},
    {"logical_xor", kTwo, logical, "logical_xor"},
    {"logical_not", kOne, logical_not, "logical_not"},
    {"add_n accumulate_n", "x|inputs", add_n, ""},
    {"clip clip_by_value",
     "x|t|a min|x_min|clip_value_min|min_value|a_min max|x_max|clip_value_max|max_value|a_max", clip, ""},
    {"cast saturate_cast", "x|value dtype", cast, ""},
    {"to_float", kOne, cast, "float32"},
    {"to_double", kOne, cast, "float64"},
    {"to_int32", kOne, cast, "int32"},
    {"to_int64", kOne, cast, "int64"},
    {"where where_v2 select_v2", "condition x|x1|t y|x2|e", where, ""},
};

}  // namespace

std::span<const Operator> math_operators() {
  return kOperators;
}

}  // namespace cornu::layers
