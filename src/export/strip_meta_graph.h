// A MetaGraphDef as its fields where they lie: what else than the graph of nodes a SavedModel holds.
// Source  tensorflow/core/protobuf/{saved_model,meta_graph}.proto, tensorflow/core/framework/variable.proto, 2.21
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "export/proto_fields.h"
#include "export/strip_graph.h"

namespace cornu::exporting {

enum MetaGraphField : uint32_t {
  kInfo = 1,
  kGraph = 2,
  kSaver = 3,
  kCollection = 4,
  kSignature = 5,
  kAsset = 6,
  kObjects = 7
};

class MetaGraphView {
 public:
  // The graph with the tag "serve" and the fewest others, else the first. Throws bad_file.
  MetaGraphView(std::string_view saved_model, std::string where);

  const std::vector<ProtoField>& fields() const { return fields_; }
  std::string_view field(MetaGraphField tag) const { return proto_text(fields_, tag); }
  std::vector<ProtoField> info() const { return proto_fields(field(kInfo), where_); }
  std::vector<std::string> signature_names() const;  // without those that start with "__"

  // Nodes and tensors that signatures and initialisation name.
  std::vector<std::string> roots() const;
  // Nodes that the importer of TensorFlow 1 looks for, of those variables in collections that are among `needed`.
  std::vector<std::string> variable_roots(const GraphView& graph,
                                          const std::set<std::string_view>& needed) const;
  // An entry of the collections as far as it is needed for loading; empty if it is not.
  std::string collection(std::string_view entry, const GraphView& graph,
                         const std::set<std::string_view>& needed) const;

  // AssetFileDefs (tensor_info 1, filename 2), also those that TensorFlow 1 keeps in a collection.
  std::vector<std::string_view> assets() const;
  std::string_view asset_tensor(std::string_view asset) const;

 private:
  void add_tensors(std::string_view info, int depth, std::vector<std::string>& roots) const;
  std::vector<std::string_view> variables_in(std::string_view collection) const;
  std::vector<std::string_view> collected_assets() const;

  std::vector<ProtoField> fields_;
  std::string where_;
};

}  // namespace cornu::exporting
