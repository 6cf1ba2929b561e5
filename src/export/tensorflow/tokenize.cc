// tokenize: texts to rows of tokens, through TensorFlow's ragged representation: all tokens, and where each row begins.
#include "export/tensorflow/lowering.h"

namespace cornu::exporting {
namespace {

// The punctuation of dynamic/tokenize.cc as a set of RE2.
constexpr const char* kPunctuation = "[!\"#$%&()\\*\\+,\\-\\./:;<=>?@\\[\\\\\\]\\^_`{|}~']";

struct Rows {
  Ref values;
  Ref splits;  // int64 [rows + 1]
};

Ref text(TfCall& call, std::string value) {
  return call.constant(string_tensor({std::move(value)}, {}));
}

// 0, 1, ... count, in int64.
Ref numbers(TfCall& call, const Ref& end) {
  const Ref all =
      call.plain("Range", {call.int_scalar(0), end, call.int_scalar(1)}, {{"Tidx", type_of(DType::int32)}});
  return call.cast(all, DType::int32, DType::int64);
}

// Where each row begins, of the rows that values belong to: rising numbers.
Ref splits_of(TfCall& call, const Ref& row_numbers, const Ref& end) {
  const auto row = [&](const Ref& x) {
    return call.typed("ExpandDims", DType::int64, {x, call.int_scalar(0)}, {{"Tdim", type_of(DType::int32)}});
  };
  const Ref y = call.typed("LowerBound", DType::int64, {row(row_numbers), row(numbers(call, end))},
                           {{"out_type", type_of(DType::int64)}});
  return call.typed("Squeeze", DType::int64, {y}, {{"squeeze_dims", Ints{0}}});
}

Rows split(TfCall& call, const Ref& x, const std::string& how) {
  const Ref end = call.int_op("AddV2", call.size_of(x, 0, DType::string), call.int_scalar(1));
  if (how == "whitespace") {
    const Ref parts = call.plain("StringSplitV2", {x, text(call, "")});
    const Ref row_numbers =
        call.typed("StridedSlice", DType::int64,
                   {output_named(parts, "indices"), call.ints({0, 0}), call.ints({0, 1}), call.ints({1, 1})},
                   {{"Index", type_of(DType::int32)},
                    {"begin_mask", int64_t{1}},
                    {"end_mask", int64_t{1}},
                    {"shrink_axis_mask", int64_t{2}}});
    return {parts, splits_of(call, row_numbers, end)};
  }
  if (how == "character") {
    const Ref decoded = call.plain("UnicodeDecode", {x}, {{"input_encoding", std::string("UTF-8")}});
    const Ref count = call.int_op("AddV2", call.size_of(decoded, 0, DType::int32), call.int_scalar(1));
    const Ref encoded = call.plain("UnicodeEncode", {decoded, numbers(call, count)},
                                   {{"output_encoding", std::string("UTF-8")}});
    return {encoded, output_named(decoded, "row_splits")};
  }
  return {x, numbers(call, end)};
}

void lower(TfCall& call) {
  Ref x = call.in(0);
  if (call.attrs.flag("lower")) x = call.plain("StringLower", {x});
  if (call.attrs.flag("strip"))
    x = call.plain("StaticRegexReplace", {x},
                   {{"pattern", std::string(kPunctuation)}, {"rewrite", std::string()}});
  Rows rows = split(call, x, call.attrs.text("split", "whitespace"));
  if (call.attrs.has("ngrams")) {
    const Ref joined = call.plain("StringNGrams", {rows.values, rows.splits},
                                  {{"separator", std::string(" ")},
                                   {"ngram_widths", call.attrs.ints("ngrams")},
                                   {"left_pad", std::string()},
                                   {"right_pad", std::string()},
                                   {"pad_width", int64_t{0}},
                                   {"preserve_short_sequences", false}});
    rows = {joined, output_named(joined, "ngrams_splits")};
  }
  const Ref shape = call.constant(tensor_of_ints(Ints{-1, call.attrs.integer("length", -1)}, {2}));
  call.out(call.typed("RaggedTensorToTensor", DType::string,
                      {shape, rows.values, text(call, ""), rows.splits},
                      {{"Tindex", type_of(DType::int64)},
                       {"Tshape", type_of(DType::int64)},
                       {"num_row_partition_tensors", int64_t{1}},
                       {"row_partition_types", TfTexts{{"ROW_SPLITS"}}}}));
}

}  // namespace

CORNU_TF_LOWERING(tokenize) = {.ops = {"tokenize"}, .lower = lower};

}  // namespace cornu::exporting
