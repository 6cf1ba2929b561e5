// Frozen TensorFlow graphs: a GraphDef message with its weights as constants. The message is not decoded here: src/tensorflow
// reads it where it lies.
// Source  docs/formats/graph_def.md; tensorflow/core/framework/graph.proto
#include "formats/model_file.h"
#include "formats/proto.h"

namespace cornu::formats {
namespace {

// Whether the bytes start with a node (field 1) that starts with a name (field 1) of printable text, or with an op
// (field 2): what every writer of GraphDefs gives first. `head` may be cut.
bool starts_like_a_graph(std::string_view head) {
  constexpr char kFieldOne = 0x0A;
  if (head.size() < 4 || head[0] != kFieldOne) return false;
  try {
    const char* at = head.data() + 1;
    const char* end = head.data() + head.size();
    const uint64_t node_bytes = protozero::decode_varint(&at, end);
    if (at == end || *at != kFieldOne || node_bytes < 2) return false;
    ++at;
    const uint64_t name_bytes = protozero::decode_varint(&at, end);
    if (name_bytes == 0 || name_bytes > node_bytes || name_bytes > static_cast<uint64_t>(end - at))
      return false;
    for (const char c : std::string_view(at, name_bytes)) {
      if (c < ' ' || c > '~') return false;
    }
    return true;
  } catch (const protozero::exception&) {
    return false;
  }
}

bool matches(const std::filesystem::path&, bool is_folder, std::span<const std::byte> head) {
  return !is_folder && starts_like_a_graph({reinterpret_cast<const char*>(head.data()), head.size()});
}

ModelFile read(const std::filesystem::path& path) {
  const StoragePtr mapped = map_file(path);
  ModelFile file;
  file.graph = {mapped->bytes(), mapped, true};
  file.file_bytes = static_cast<int64_t>(mapped->bytes().size());
  return file;
}

}  // namespace

extern const FormatDef format_graph_def;
const FormatDef format_graph_def = {"graph_def", "frozen TensorFlow graph (.pb)", matches, read};

}  // namespace cornu::formats
