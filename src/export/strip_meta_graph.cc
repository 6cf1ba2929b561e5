#include "export/strip_meta_graph.h"

#include <algorithm>

#include "base/fail.h"

#include <protozero/pbf_writer.hpp>

namespace cornu::exporting {
namespace {

constexpr int kDeepest = 32;  // of composite tensors, which hold one or two levels

std::vector<ProtoField> serving_graph(std::string_view model, const std::string& where) {
  std::string_view best;
  size_t fewest = 0;
  for (const std::string_view graph : proto_all(proto_fields(model, where), 2)) {
    const auto tags = proto_all(proto_fields(proto_text(proto_fields(graph, where), kInfo), where), 4);
    const bool serves = std::find(tags.begin(), tags.end(), "serve") != tags.end();
    if (best.empty() || (serves && (fewest == 0 || tags.size() < fewest))) {
      best = graph;
      fewest = serves ? tags.size() : 0;
    }
  }
  if (best.empty()) fail(ErrorCode::bad_file, where, "the file holds no graph");
  return proto_fields(best, where);
}

bool initialises(std::string_view collection) {
  return collection == "saved_model_main_op" || collection == "legacy_init_op";
}

constexpr std::string_view kAssets = "saved_model_assets";

bool lists_variables(std::string_view collection) {
  return collection.ends_with("variables");
}

// The node of a VariableDef: the variable's name 1, or for a resource the one that its initializer 2 assigns.
std::string_view variable_node(const GraphView& graph, const std::vector<ProtoField>& fields) {
  const std::string_view name = node_of(proto_text(fields, 1));
  if (graph.find(name) != nullptr) return name;
  const NodeView* initializer = graph.find(node_of(proto_text(fields, 2)));
  return initializer == nullptr || initializer->inputs.empty() ? name : node_of(initializer->inputs[0]);
}

}  // namespace

MetaGraphView::MetaGraphView(std::string_view saved_model, std::string where)
    : fields_(serving_graph(saved_model, where)), where_(std::move(where)) {}

std::vector<std::string> MetaGraphView::signature_names() const {
  std::vector<std::string> names;
  for (const std::string_view entry : proto_all(fields_, kSignature)) {
    const std::string_view name = map_entry(entry).first;
    if (!name.starts_with("__")) names.emplace_back(name);
  }
  return names;
}

// Tensors of a TensorInfo: name 1, coo_sparse 4 (three names), composite_tensor 5 (components 2).
void MetaGraphView::add_tensors(std::string_view info, int depth, std::vector<std::string>& roots) const {
  if (depth == kDeepest) fail(ErrorCode::bad_file, where_, "tensors of a signature are nested too deeply");
  const auto fields = proto_fields(info, where_);
  if (const std::string_view name = proto_text(fields, 1); !name.empty()) roots.emplace_back(name);
  for (const ProtoField& field : proto_fields(proto_text(fields, 4), where_))
    roots.emplace_back(field.content);
  for (const std::string_view part : proto_all(proto_fields(proto_text(fields, 5), where_), 2))
    add_tensors(part, depth + 1, roots);
}

// The serialized VariableDefs of a CollectionDef: bytes_list 2 (value 1).
std::vector<std::string_view> MetaGraphView::variables_in(std::string_view collection) const {
  return proto_all(proto_fields(proto_text(proto_fields(collection, where_), 2), where_), 1);
}

// Of a CollectionDef: any_list 5 (value 1, an Any: value 2).
std::vector<std::string_view> MetaGraphView::collected_assets() const {
  std::vector<std::string_view> assets;
  for (const std::string_view entry : proto_all(fields_, kCollection)) {
    const auto [name, collection] = map_entry(entry);
    if (name != kAssets) continue;
    const auto list = proto_fields(proto_text(proto_fields(collection, where_), 5), where_);
    for (const std::string_view any : proto_all(list, 1))
      assets.push_back(proto_text(proto_fields(any, where_), 2));
  }
  return assets;
}

std::vector<std::string_view> MetaGraphView::assets() const {
  std::vector<std::string_view> assets = proto_all(fields_, kAsset);
  const auto collected = collected_assets();
  assets.insert(assets.end(), collected.begin(), collected.end());
  return assets;
}

std::vector<std::string> MetaGraphView::roots() const {
  std::vector<std::string> roots;
  for (const std::string_view asset : collected_assets()) roots.emplace_back(asset_tensor(asset));
  for (const std::string_view entry : proto_all(fields_, kSignature)) {
    const auto signature = proto_fields(map_entry(entry).second, where_);
    for (const uint32_t tag : {1U, 2U}) {
      for (const std::string_view port : proto_all(signature, tag))
        add_tensors(map_entry(port).second, 0, roots);
    }
  }
  for (const std::string_view entry : proto_all(fields_, kCollection)) {
    const auto [name, collection] = map_entry(entry);
    if (!initialises(name)) continue;
    // node_list 1 (value 1)
    for (const std::string_view node :
         proto_all(proto_fields(proto_text(proto_fields(collection, where_), 1), where_), 1))
      roots.emplace_back(node);
  }
  return roots;
}

std::vector<std::string> MetaGraphView::variable_roots(const GraphView& graph,
                                                       const std::set<std::string_view>& needed) const {
  std::vector<std::string> roots;
  for (const std::string_view entry : proto_all(fields_, kCollection)) {
    const auto [name, collection] = map_entry(entry);
    if (!lists_variables(name)) continue;
    for (const std::string_view variable : variables_in(collection)) {
      const auto fields = proto_fields(variable, where_);
      if (!needed.contains(variable_node(graph, fields))) continue;
      for (const uint32_t tag : {2U, 3U, 6U})  // initializer, snapshot, initial value
        roots.emplace_back(proto_text(fields, tag));
    }
  }
  return roots;
}

std::string MetaGraphView::collection(std::string_view entry, const GraphView& graph,
                                      const std::set<std::string_view>& needed) const {
  const auto [name, collection] = map_entry(entry);
  if (initialises(name) || name == kAssets) return std::string(entry);
  if (!lists_variables(name)) return {};
  std::string list;
  protozero::pbf_writer values(list);
  for (const std::string_view variable : variables_in(collection)) {
    if (needed.contains(variable_node(graph, proto_fields(variable, where_))))
      values.add_bytes(1, variable.data(), variable.size());
  }
  if (list.empty()) return {};
  std::string content;
  protozero::pbf_writer(content).add_message(2, list);
  std::string bytes;
  protozero::pbf_writer out(bytes);
  out.add_string(1, name.data(), name.size());
  out.add_message(2, content);
  return bytes;
}

std::string_view MetaGraphView::asset_tensor(std::string_view asset) const {
  return proto_text(proto_fields(proto_text(proto_fields(asset, where_), 1), where_), 1);
}

}  // namespace cornu::exporting
