// See common_embedding.h. Source: keras/src/layers/core/embedding.py and reversible_embedding.py, 3.15
#include "layers/common_embedding.h"

namespace cornu::layers {
namespace {

int64_t groups_of(int64_t size, int64_t group) {
  return group < 1 ? 1 : (size + group - 1) / group;
}

// What the table's variables are, made on the first call.
struct Table {
  DtypePolicy policy;
  int64_t words = 0;
  int64_t channels = 0;
  Value rows;  // (words, channels), or as int4 two channels a byte
  Value scale, zero, groups;
  std::optional<LoraAdapters> lora;

  bool grouped() const { return policy.mode == "int4" && policy.group > 0; }
};

Table table_of(LayerCall& call) {
  constexpr Range kSize{1, 2147483647};
  call.config.raw({"dropout", "sparse"});  // Keras 1 drops whole words while training
  Table table;
  table.policy = dtype_policy(call.layer);
  table.words = call.config.integer({"input_dim"}, kSize);
  table.channels = call.config.integer({"output_dim"}, kSize);
  const std::string& mode = table.policy.mode;
  if (!mode.empty() && mode != "int8" && mode != "int4")
    call.fail(ErrorCode::bad_config, "{} is quantised as int8 or int4, received {}", call.layer.class_name,
              mode);
  const bool packed = mode == "int4";
  const Shape shape{table.words, packed ? (table.channels + 1) / 2 : table.channels};
  table.rows = mode.empty() ? call.variable("embeddings", shape)
                            : typed_variable(call, "embeddings", shape, false, DType::int8);
  if (!mode.empty()) {
    const Shape groups{table.words, groups_of(table.channels, table.policy.group)};
    table.scale = call.weight("embeddings_scale", table.grouped() ? groups : Shape{table.words}, false);
    if (table.grouped()) {
      table.zero = typed_variable(call, "embeddings_zero", groups, false, DType::int8);
      table.groups = typed_variable(call, "g_idx", {table.channels}, false, DType::float32);
    }
  }
  if (packed) table.rows = unpacked_int4(call.g, table.rows, table.channels, 1, true);
  table.lora = lora_adapters(call, "embeddings", {table.words, table.channels});
  return table;
}

Value rows_of(GraphBuilder& g, Value table, Value ids) {
  return g.op("gather", {table, ids}, {{"axis", int64_t{0}}});
}

Value divided(GraphBuilder& g, Value rows, Value scale, int64_t axis) {
  return g.op("div", {g.cast(rows, g.dtype(scale)), g.op("expand_dims", {scale}, {{"axes", Ints{axis}}})});
}

// The whole table as numbers: for logits.
Value whole_table(GraphBuilder& g, const Table& table) {
  if (!table.lora) return table.rows;
  Value change = g.op("matmul", {table.lora->a, table.lora->b});
  change = g.op("mul", {change, g.scalar_like(table.lora->factor, change)});
  return g.cast(g.op("add", {g.cast(table.rows, DType::float32), change}), g.dtype(table.rows));
}

// Logits of a quantised table, transposed or of its own (channels, words).
Value quantized_logits(LayerCall& call, const Table& table, const Table& back, bool tied) {
  GraphBuilder& g = call.g;
  Value x = g.cast(call.in[0], call.compute_dtype);
  const auto quantizer = inputs_quantizer(call, true);
  Value scale = back.scale;
  Value x_scale;
  if (quantizer) std::tie(x, x_scale) = quantized(g, *quantizer, x, {-1});
  Value kernel = tied ? g.transpose(back.rows, {1, 0}) : back.rows;
  if (!table.grouped()) {
    const Value y = g.op("matmul", {x, g.cast(kernel, g.dtype(x))});
    return g.op("div", {y, x_scale.valid() ? g.op("mul", {x_scale, scale}) : scale});
  }
  const Value zero = tied ? g.transpose(back.zero, {1, 0}) : back.zero;
  kernel = dequantized(g, kernel, tied ? g.transpose(scale, {1, 0}) : scale, zero, table.groups, 0);
  const Value y = g.op("matmul", {x, g.cast(kernel, g.dtype(x))});
  return x_scale.valid() ? g.op("div", {y, x_scale}) : y;
}

// The table of the way back, if it has one of its own.
Table reverse_table(LayerCall& call, const Table& table) {
  Table back = table;
  const std::string& mode = table.policy.mode;
  const int64_t rows = mode == "int4" ? (table.channels + 1) / 2 : table.channels;
  const Shape shape{rows, table.words};
  back.rows = mode.empty() ? call.variable("reverse_embeddings", shape)
                           : typed_variable(call, "reverse_embeddings", shape, false, DType::int8);
  if (mode.empty()) return back;
  const Shape groups{groups_of(table.channels, table.policy.group), table.words};
  back.scale = call.weight("reverse_embeddings_scale", table.grouped() ? groups : Shape{table.words}, false);
  if (table.grouped()) back.zero = call.weight("reverse_embeddings_zero", groups, false);
  if (mode == "int4") back.rows = unpacked_int4(call.g, back.rows, table.channels, 0, true);
  return back;
}

}  // namespace

std::vector<Value> lower_embedding(LayerCall& call) {
  GraphBuilder& g = call.g;
  const Table table = table_of(call);
  Value ids = call.in[0];
  if (g.dtype(ids) != DType::int32 && g.dtype(ids) != DType::int64) ids = g.cast(ids, DType::int32);
  if (call.config.flag({"mask_zero"}, false)) {
    call.out_masks = {g.op("not_equal", {call.in[0], g.scalar_like(0.0, call.in[0])})};
  }
  Value rows = rows_of(g, table.rows, ids);
  if (table.grouped()) {
    const int last = g.rank(rows) - 1;
    rows =
        dequantized(g, rows, rows_of(g, table.scale, ids), rows_of(g, table.zero, ids), table.groups, last);
  } else if (table.scale.valid()) {
    rows = divided(g, rows, rows_of(g, table.scale, ids), -1);
  }
  if (table.lora) {
    Value change = g.op("matmul", {rows_of(g, table.lora->a, ids), table.lora->b});
    change = g.op("mul", {change, g.scalar_like(table.lora->factor, change)});
    rows = g.op("add", {g.cast(rows, DType::float32), change});
  }
  return {g.cast(rows, dtype_is_floating(call.compute_dtype) ? call.compute_dtype : call.variable_dtype)};
}

ReverseEmbedding reverse_embedding(LayerCall& call, bool tied) {
  const Table table = table_of(call);
  const Table back = tied ? table : reverse_table(call, table);
  if (table.policy.mode.empty()) return {tied ? whole_table(call.g, table) : back.rows, {}, table.channels};
  return {
      {}, [&call, table, back, tied] { return quantized_logits(call, table, back, tied); }, table.channels};
}

}  // namespace cornu::layers
