// Cast -> cast. float8_e4m3fn, which no tensor here has, is kept in the type that it was made of, rounded: only casts make it and
// take it.
#include <limits>

#include "formats/proto.h"
#include "tensorflow/complex.h"
#include "tensorflow/late.h"

namespace cornu::tensorflow {
namespace {

constexpr int64_t kFloat8 = 25;         // DT_FLOAT8_E4M3FN
constexpr double kLargestFloat8 = 448;  // beyond it there is only NaN

bool is_float8(const NodeDef& node, std::string_view attr) {
  protozero::pbf_reader reader(node.bytes);
  while (reader.next(5)) {
    const auto [name, value] = map_entry(view_of(reader));
    protozero::pbf_reader inner(value);
    if (name == attr && inner.next(6)) return varint_of(inner) == kFloat8;
  }
  return false;
}

Value rounded(OpBuilder& g, Value x) {
  const Value y = g.op("round_float8", {x});
  const Value beyond = g.op("greater", {g.op("abs", {y}), g.scalar_like(kLargestFloat8, y)});
  return g.op("select", {beyond, g.scalar_like(std::numeric_limits<double>::quiet_NaN(), y), y});
}

std::vector<Value> lower(NodeCall& call) {
  const Value x = call.in.at(0);
  if (is_float8(call.def, "DstT"))
    return {rounded(call.g, dtype_is_floating(call.dtype(0)) ? x : call.g.cast(x, DType::float32))};
  const DType to = call.def.dtype("DstT");
  if (to != call.dtype(0) && (is_complex(to) || is_complex(call.dtype(0))))
    return add_late(call.g, call.def, &complex_cast(), nullptr, call.in, 1);
  return {call.g.cast(x, to)};
}

constexpr std::string_view kNames[] = {"Cast"};

}  // namespace

CORNU_TF_OP(cast) = {.names = kNames, .lower = lower};

}  // namespace cornu::tensorflow
