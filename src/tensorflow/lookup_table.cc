// Lookup tables: declared (HashTableV2), filled while the model is set up, and asked for (LookupTableFindV2).
//
// Tables are filled by constants or by a file of the model's assets. A text file's key and value are a column, the whole line
// (-2) or the number of the line (-1).
// Source  tensorflow/core/kernels/lookup_util.cc, 2.21
#include <algorithm>
#include <charconv>

#include "dynamic/lookup_table.h"
#include "tensorflow/importer.h"

namespace cornu::tensorflow {
namespace {

constexpr int64_t kLineNumber = -1;
constexpr int64_t kWholeLine = -2;

std::vector<Operand> declare(ImportCall& call) {
  std::string name = call.def.text("shared_name");
  if (name.empty() || call.def.flag("use_node_name_sharing")) name = call.def.name;
  ResourcePtr& resource = call.environment().resources["table:" + name];
  if (!resource) {
    resource = std::make_shared<Resource>();
    resource->name = name;
    resource->dtype = call.def.dtype("value_dtype");
    resource->key_dtype = call.def.dtype("key_dtype", DType::string);
  }
  return {{{}, resource, false, {}}};
}

const dynamic::LookupTable& table_of(ImportCall& call) {
  const Resource& resource = *call.resource(0);
  const auto* table = dynamic_cast<const dynamic::LookupTable*>(resource.object.get());
  if (table == nullptr) {
    const std::string& why = call.environment().setup_failure;
    call.fail(ErrorCode::unsupported, "table '{}' is never filled{}{}", resource.name,
              why.empty() ? "" : ": ", why);
  }
  return *table;
}

// The part of a line that is a key or a value.
std::string_view field(const ImportCall& call, std::string_view line, int64_t index, char delimiter) {
  if (index == kWholeLine) return line;
  for (int64_t i = 0; i < index; ++i) {
    const size_t at = line.find(delimiter);
    if (at == std::string_view::npos)
      call.fail(ErrorCode::bad_file, "a line has no column {}: '{}'", index, line);
    line.remove_prefix(at + 1);
  }
  return line.substr(0, line.find(delimiter));
}

template <class T>
T number(const ImportCall& call, std::string_view text) {
  T value{};
  const auto [at, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || at != text.data() + text.size())
    call.fail(ErrorCode::bad_file, "'{}' in a vocabulary file is no number", text);
  return value;
}

// The keys or values of a file, `index` telling where in a line they are.
Tensor column(const ImportCall& call, const std::vector<std::string_view>& lines, int64_t index,
              DType dtype) {
  const std::string delimiter = call.def.text("delimiter", "\t");
  const auto count = static_cast<int64_t>(lines.size());
  std::vector<std::string> texts;
  std::vector<int64_t> numbers;
  std::vector<float> reals;
  for (int64_t i = 0; i < count; ++i) {
    if (index == kLineNumber) {
      numbers.push_back(i + call.def.integer("offset"));
      continue;
    }
    const std::string_view text =
        field(call, lines[static_cast<size_t>(i)], index, delimiter.empty() ? '\t' : delimiter[0]);
    if (dtype == DType::string) {
      texts.emplace_back(text);
    } else if (dtype_is_floating(dtype)) {
      reals.push_back(number<float>(call, text));
    } else {
      numbers.push_back(number<int64_t>(call, text));
    }
  }
  if (index == kLineNumber || dtype_is_integer(dtype)) return tensor_of_ints(numbers, {count}, dtype);
  if (dtype == DType::string) return string_tensor(std::move(texts), {count});
  return cast_tensor(tensor_of(reals, {count}), dtype);
}

std::vector<std::string_view> lines_of(std::string_view content, int64_t limit) {
  std::vector<std::string_view> lines;
  while (!content.empty() && (limit < 0 || static_cast<int64_t>(lines.size()) < limit)) {
    const size_t end = content.find('\n');
    std::string_view line = content.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back(line);
    content.remove_prefix(end == std::string_view::npos ? content.size() : end + 1);
  }
  return lines;
}

std::vector<Operand> fill(ImportCall& call) {
  Resource& resource = *call.resource(0);
  if (resource.object) return {};  // filling it again gives the same
  const Tensor* first = call.constant(1);
  if (first == nullptr)
    call.fail(ErrorCode::unsupported, "table '{}' is filled with what is not constant", resource.name);
  if (call.def.op.starts_with("InitializeTableFromTextFile")) {
    if (first->dtype != DType::string || first->shape.elements() != 1 || !call.environment().asset)
      call.fail(ErrorCode::bad_file, "the name of a vocabulary file is a tensor of shape {}",
                first->shape.to_string());
    const auto lines =
        lines_of(call.environment().asset(strings_of(*first)[0]), call.def.integer("vocab_size", -1));
    resource.object = std::make_shared<dynamic::LookupTable>(
        column(call, lines, call.def.integer("key_index"), resource.key_dtype),
        column(call, lines, call.def.integer("value_index"), resource.dtype));
    return {};
  }
  const Tensor* values = call.constant(2);
  if (values == nullptr)
    call.fail(ErrorCode::unsupported, "table '{}' is filled with what is not constant", resource.name);
  Tensor keys = *first;
  keys.shape = {keys.shape.elements()};
  Tensor flat = *values;
  if (flat.shape.rank() == 0) flat.shape = {1};
  resource.object = std::make_shared<dynamic::LookupTable>(keys, flat);
  return {};
}

std::vector<Operand> find(ImportCall& call) {
  const auto& table = table_of(call);
  const Value keys = call.value(1);
  const std::vector<Value> inputs{call.g.object(call.resource(0)->object), keys, call.value(2)};
  const DType dtype = table.values().dtype;
  if (call.g.typed(keys) && table.values().shape.rank() == 1)
    return {{call.g.op("lookup_table_find", inputs, {{"dtype", dtype}}), {}, false, {}}};
  // A value of several numbers, or keys of an unknown rank: the types say nothing before the run.
  return {{call.g.dynamic_op("lookup_table_find_any", inputs, {dynamic::MaybeType()})[0], {}, false, {}}};
}

std::vector<Operand> import(ImportCall& call) {
  const std::string_view op = call.def.op;
  if (op.starts_with("InitializeTable") || op.starts_with("LookupTableImport")) return fill(call);
  if (op.starts_with("LookupTableFind")) return find(call);
  if (op.starts_with("LookupTableSize"))
    return {{call.g.scalar(static_cast<double>(table_of(call).size()), DType::int64), {}, false, {}}};
  if (op.starts_with("LookupTableExport")) {
    const auto& table = table_of(call);
    return {{call.g.constant(table.keys()), {}, false, {}}, {call.g.constant(table.values()), {}, false, {}}};
  }
  return declare(call);
}

constexpr std::string_view kNames[] = {"HashTable",
                                       "HashTableV2",
                                       "MutableHashTable",
                                       "MutableHashTableV2",
                                       "MutableDenseHashTableV2",
                                       "MutableHashTableOfTensorsV2",
                                       "InitializeTable",
                                       "InitializeTableV2",
                                       "InitializeTableFromTextFile",
                                       "InitializeTableFromTextFileV2",
                                       "LookupTableImport",
                                       "LookupTableImportV2",
                                       "LookupTableFind",
                                       "LookupTableFindV2",
                                       "LookupTableSize",
                                       "LookupTableSizeV2",
                                       "LookupTableExport",
                                       "LookupTableExportV2"};
// Exporting gives keys and values; finding and sizing give one output, whatever it is called.
size_t output_offset(const NodeDef& node, std::string_view output) {
  return node.op.starts_with("LookupTableExport") && output == "values" ? 1 : 0;
}

}  // namespace

CORNU_TF_OP(lookup_table) = {.names = kNames, .output_offset = output_offset, .import = import};

}  // namespace cornu::tensorflow
