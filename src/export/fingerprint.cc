#include "export/fingerprint.h"

#include <farmhash.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <span>

#include "base/output_file.h"
#include "export/proto_fields.h"
#include "tensor/storage.h"
#include "tensorflow/hashes.h"

// After formats/proto.h, which says what its views are.
#include <protozero/pbf_writer.hpp>

namespace cornu::exporting {
namespace {

using protozero::pbf_writer;
using tensorflow::joined_hash;

constexpr int64_t kVersion = 4;  // of the way to make it, in TensorFlow 2.21

uint64_t hash(std::string_view bytes) {
  return util::Fingerprint64(bytes.data(), bytes.size());
}

// The number that a function's name ends in, behind its last underscore.
std::optional<int64_t> number_of(std::string_view function) {
  const std::string_view digits = function.substr(function.rfind('_') + 1);
  int64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

std::string_view without_number(std::string_view function) {
  return number_of(function) ? function.substr(0, function.rfind('_') + 1) : function;
}

std::string message(uint32_t tag, std::string_view content) {
  std::string bytes;
  pbf_writer(bytes).add_bytes(tag, content.data(), content.size());
  return bytes;
}

class Regular {
 public:
  explicit Regular(const std::string& where) : where_(where) {}

  // A GraphDef without library and versions, its nodes without what differs from one writing to the next.
  std::string graph(std::string_view bytes) const {
    std::string nodes, rest;
    for (const ProtoField& field : proto_fields(bytes, where_)) {
      if (field.tag == 1) {
        nodes += message(1, node(field.content));
      } else if (field.tag != 2 && field.tag != 4) {
        rest += field.raw;
      }
    }
    return nodes + message(2, {}) + rest + message(4, {});
  }

 private:
  std::string node(std::string_view bytes) const {
    const auto fields = proto_fields(bytes, where_);
    const std::string_view op = proto_text(fields, 2);
    const bool call = op == "PartitionedCall" || op == "StatefulPartitionedCall";
    bool text = false;
    for (const ProtoField& field : fields) {
      if (field.tag != 5 || op != "Const") continue;
      const auto entry = proto_fields(field.content, where_);
      constexpr int64_t kString = 7;
      if (proto_text(entry, 1) == "dtype")
        text = proto_number(proto_fields(proto_text(entry, 2), where_), 6) == kString;
    }
    std::string out;
    for (const ProtoField& field : fields) {
      const bool changes = field.tag == 5 && (call || text);
      out += changes ? message(5, attribute(field.content, call)) : std::string(field.raw);
    }
    return out;
  }

  // Of a call or a constant string: the function's name without its number, no config_proto, no value.
  std::string attribute(std::string_view bytes, bool call) const {
    const auto entry = proto_fields(bytes, where_);
    const std::string_view key = proto_text(entry, 1), value = proto_text(entry, 2);
    std::string changed(value);
    if (call && key == "f") {
      changed.clear();
      for (const ProtoField& field : proto_fields(value, where_))
        changed += field.tag == 10 ? message(10, function(field.content)) : std::string(field.raw);
    } else if (call && key == "config_proto") {
      changed = message(2, {});
    } else if (!call && key == "value") {
      changed.clear();
    }
    return message(1, key) + message(2, changed);
  }

  std::string function(std::string_view bytes) const {
    std::string out;
    for (const ProtoField& field : proto_fields(bytes, where_))
      out += field.tag == 1 ? message(1, without_number(field.content)) : std::string(field.raw);
    return out;
  }

  const std::string& where_;
};

// Entries of a map field by key.
std::map<std::string_view, std::string_view> entries(const std::vector<ProtoField>& fields, uint32_t tag,
                                                     const std::string& where) {
  std::map<std::string_view, std::string_view> found;
  for (const std::string_view entry : proto_all(fields, tag)) {
    const auto [key, value] = read_proto(entry, where, [&](const auto&) { return map_entry(entry); });
    found[key] = value;
  }
  return found;
}

// Zero where a function's name ends in no number, as TensorFlow then has none either.
uint64_t hash_objects(std::string_view objects, const std::string& where) {
  std::map<int64_t, std::pair<std::string_view, std::string_view>> functions;
  for (const auto& function : entries(proto_fields(objects, where), 2, where)) {
    const auto number = number_of(function.first);
    if (!number) return 0;
    functions.emplace(*number, function);
  }
  uint64_t result = 0;
  for (const auto& [number, function] : functions)
    result = joined_hash(joined_hash(result, hash(without_number(function.first))), hash(function.second));
  return result;
}

}  // namespace

std::string fingerprint_of(std::string_view model, std::string_view index, const std::string& where) {
  const auto graphs = proto_all(proto_fields(model, where), 2);
  if (graphs.empty()) fail(ErrorCode::bad_file, where, "the SavedModel has no graph");
  const auto fields = proto_fields(graphs[0], where);
  constexpr uint32_t kGraph = 2, kSignatures = 5, kObjects = 7;
  uint64_t signatures = 0;
  for (const auto& [name, signature] : entries(fields, kSignatures, where))
    signatures = joined_hash(joined_hash(signatures, hash(name)), hash(signature));
  const uint64_t hashes[] = {hash(model), hash(Regular(where).graph(proto_text(fields, kGraph))), signatures,
                             hash_objects(proto_text(fields, kObjects), where),
                             index.empty() ? 0 : hash(index)};
  std::string bytes, version;
  pbf_writer out(bytes);
  uint32_t tag = 0;
  for (const uint64_t value : hashes) {
    ++tag;
    if (value != 0) out.add_uint64(tag, value);
  }
  pbf_writer(version).add_int64(1, kVersion);
  out.add_message(6, version);
  out.add_string(7, fmt::format("{}{}", hashes[0], hashes[4]));
  return bytes;
}

void write_fingerprint(const std::filesystem::path& folder) {
  const auto text_of = [](const StoragePtr& file) {
    return std::string_view(reinterpret_cast<const char*>(file->bytes().data()), file->bytes().size());
  };
  const StoragePtr model = map_file(folder / "saved_model.pb");
  const std::filesystem::path path = folder / "variables" / "variables.index";
  const StoragePtr index = std::filesystem::exists(path) ? map_file(path) : nullptr;
  const std::string bytes = fingerprint_of(text_of(model), index ? text_of(index) : std::string_view(),
                                           (folder / "saved_model.pb").string());
  OutputFile file(folder / "fingerprint.pb");
  file.write(std::as_bytes(std::span(bytes)));
  file.commit();
}

std::string singleprint(std::string_view fingerprint, const std::string& where) {
  const auto fields = proto_fields(fingerprint, where);
  const auto part = [&](uint32_t tag) { return static_cast<uint64_t>(proto_number(fields, tag)); };
  return fmt::format("{}/{}/{}/{}", part(2), part(3), part(4), part(5));
}

}  // namespace cornu::exporting
