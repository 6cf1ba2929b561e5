// Source: tensorflow/core/protobuf/{saved_model,meta_graph}.proto, tensorflow/core/framework/{graph,function,node_def}.proto, 2.21
#include "export/strip_saved_model.h"

#include <algorithm>
#include <cstring>

#include "base/fail.h"
#include "base/output_file.h"
#include "export/strip_graph.h"
#include "export/strip_objects.h"
#include "export/strip_saver.h"
#include "formats/bundle.h"
#include "formats/bundle_writer.h"

#include <protozero/pbf_writer.hpp>

namespace cornu::exporting {
namespace {

namespace fs = std::filesystem;
using protozero::pbf_writer;

constexpr const char* kObjectGraph = "_CHECKPOINTABLE_OBJECT_GRAPH";

// Fields of MetaGraphDef.
enum MetaGraphField : uint32_t {
  kInfo = 1,
  kGraph = 2,
  kSaver = 3,
  kCollection = 4,
  kSignature = 5,
  kAsset = 6,
  kObjects = 7
};

void write_file(const fs::path& path, std::string_view bytes) {
  OutputFile file(path);
  file.write(std::as_bytes(std::span(bytes.data(), bytes.size())));
  file.commit();
}

StoragePtr mapped(const fs::path& path) {
  return fs::exists(path) ? map_file(path) : nullptr;
}

std::string_view text_of(const StoragePtr& storage) {
  if (!storage) return {};
  return {reinterpret_cast<const char*>(storage->bytes().data()), storage->bytes().size()};
}

// The MetaGraphDef with the tag "serve" and the fewest others, else the first.
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

class Stripper {
 public:
  Stripper(const fs::path& source, const fs::path& target, const StripOptions& options, StripTally& tally)
      : source_(source),
        target_(target),
        options_(options),
        tally_(tally),
        where_((source / "saved_model.pb").string()),
        model_(map_file(source / "saved_model.pb")),
        metadata_(mapped(source / "keras_metadata.pb")),
        meta_(serving_graph(text_of(model_), where_)),
        graph_(proto_text(meta_, kGraph), where_),
        cleaner_(options, default_attributes(proto_text(info(), 2), where_), tally) {
    if (fs::exists(source / "variables" / "variables.index"))
      bundle_ = formats::read_bundle(source / "variables" / "variables");
  }

  void run() {
    read_saver();
    if (!proto_text(meta_, kObjects).empty()) strip_object_graph();
    find_roots();
    choose_variables();
    write_file(target_ / "saved_model.pb", saved_model());
    write_variables();
    if (metadata_) write_file(target_ / "keras_metadata.pb", objects_.keras_metadata);
    copy_assets();
    tally_.add("debug", folder_bytes(source_ / "debug"));
  }

 private:
  std::vector<ProtoField> info() const { return proto_fields(proto_text(meta_, kInfo), where_); }

  void read_saver() {
    const auto saver = proto_fields(proto_text(meta_, kSaver), where_);
    saver_ = {std::string(proto_text(saver, 1)), std::string(proto_text(saver, 2)),
              std::string(proto_text(saver, 3))};
    restored_ = saved_variables(graph_, saver_);
  }

  void strip_object_graph() {
    std::string_view checkpoint;
    for (const formats::NamedTensor& tensor : bundle_.tensors) {
      if (tensor.name == kObjectGraph && tensor.tensor.dtype == DType::string &&
          tensor.tensor.shape.rank() == 0)
        checkpoint = *reinterpret_cast<const std::string*>(tensor.tensor.data);
    }
    StripOptions options = options_;
    if (!restored_) options.keep.insert({"variables", "functions"});
    objects_ =
        strip_objects({proto_text(meta_, kObjects), checkpoint, text_of(metadata_), where_}, options, tally_);
    const size_t before = proto_text(meta_, kObjects).size() + checkpoint.size();
    const size_t after = objects_.objects.size() + objects_.checkpoint.size();
    tally_.add("variables", before - std::min(before, after));
  }

  // Tensors of a TensorInfo: name 1, coo_sparse 4 (three names), composite_tensor 5 (components 2).
  void add_tensors(std::string_view info) {
    const auto fields = proto_fields(info, where_);
    const auto add = [&](std::string_view name) {
      if (!name.empty()) roots_.emplace_back(name);
    };
    add(proto_text(fields, 1));
    for (const ProtoField& field : proto_fields(proto_text(fields, 4), where_)) add(field.content);
    for (const std::string_view part : proto_all(proto_fields(proto_text(fields, 5), where_), 2))
      add_tensors(part);
  }

  static bool initialises(std::string_view collection) {
    return collection == "saved_model_main_op" || collection == "legacy_init_op";
  }
  static bool lists_variables(std::string_view collection) { return collection.ends_with("variables"); }

  // The names of nodes in a CollectionDef: node_list 1 (value 1).
  std::vector<std::string_view> names_in(std::string_view collection) const {
    return proto_all(proto_fields(proto_text(proto_fields(collection, where_), 1), where_), 1);
  }
  // Its serialized VariableDefs: bytes_list 2 (value 1).
  std::vector<std::string_view> variables_in(std::string_view collection) const {
    return proto_all(proto_fields(proto_text(proto_fields(collection, where_), 2), where_), 1);
  }

  // What must stay of the main graph: what signatures and initialisation use, constants of objects, and the saver.
  void find_roots() {
    for (const std::string_view entry : proto_all(meta_, kSignature)) {
      const auto signature = proto_fields(map_entry(entry).second, where_);
      for (const uint32_t tag : {1U, 2U}) {
        for (const std::string_view port : proto_all(signature, tag)) add_tensors(map_entry(port).second);
      }
    }
    for (const std::string_view entry : proto_all(meta_, kCollection)) {
      const auto [name, collection] = map_entry(entry);
      if (!initialises(name)) continue;
      for (const std::string_view node : names_in(collection)) roots_.emplace_back(node);
    }
    roots_.insert(roots_.end(), objects_.operations.begin(), objects_.operations.end());
    for (const std::string_view asset : assets()) {
      if (all_assets()) roots_.emplace_back(asset_tensor(asset));
    }
    if (!saver_.filename.empty()) roots_.push_back(saver_.filename);
    if (!restored_) roots_.insert(roots_.end(), {saver_.save, saver_.restore});
    needed_ = graph_.needed_nodes(roots_);
    // Variables in the collections of TensorFlow 1 name nodes that its importer looks for: initializer 2, snapshot 3,
    // initial value 6 of a VariableDef, whose name is field 1.
    for (const std::string_view entry : proto_all(meta_, kCollection)) {
      const auto [name, collection] = map_entry(entry);
      if (!lists_variables(name)) continue;
      for (const std::string_view variable : variables_in(collection)) {
        const auto fields = proto_fields(variable, where_);
        if (!needed_.contains(variable_node(fields))) continue;
        for (const uint32_t tag : {2U, 3U, 6U}) roots_.emplace_back(proto_text(fields, tag));
      }
    }
    needed_ = graph_.needed_nodes(roots_);
  }

  // The node of a VariableDef: the variable's name, or for a resource what its snapshot reads.
  std::string_view variable_node(const std::vector<ProtoField>& fields) const {
    const std::string_view name = node_of(proto_text(fields, 1));
    if (graph_.find(name) != nullptr) return name;
    const NodeView* initializer = graph_.find(node_of(proto_text(fields, 2)));
    return initializer == nullptr || initializer->inputs.empty() ? name : node_of(initializer->inputs[0]);
  }

  // AssetFileDef: tensor_info 1, filename 2.
  std::vector<std::string_view> assets() const { return proto_all(meta_, kAsset); }
  std::string_view asset_tensor(std::string_view asset) const {
    return proto_text(proto_fields(proto_text(proto_fields(asset, where_), 1), where_), 1);
  }
  // Objects name assets by their place in the list, so that it stays whole where there is one.
  bool all_assets() const { return !objects_.assets.empty() || !options_.removes("assets"); }
  bool is_needed(std::string_view asset) const {
    return all_assets() || needed_.contains(node_of(asset_tensor(asset)));
  }

  void choose_variables() {
    if (!restored_) {
      for (const formats::NamedTensor& tensor : bundle_.tensors) keys_.insert(tensor.name);
      return;
    }
    keys_ = objects_.keys;
    const bool all =
        !options_.removes("optimizer") || !options_.removes("duplicates") || !options_.removes("variables");
    // Several handles may name one variable: the saver then gets one of those that are used, and one of its keys.
    std::map<std::string_view, std::string_view> used;
    for (const std::string_view node : needed_) used.emplace(variable_name(graph_, node), node);
    std::map<std::string_view, SavedVariable> kept;
    for (SavedVariable variable : *restored_) {
      const std::string_view name = all ? variable.node : variable_name(graph_, variable.node);
      if (all) needed_.merge(graph_.needed_nodes({std::string(name)}));
      const auto found = used.find(name);
      if (!all && found == used.end()) continue;
      if (!all) variable.node = found->second;
      const auto [place, is_new] = kept.emplace(name, variable);
      if (!is_new && objects_.keys.contains(variable.key)) place->second = variable;
    }
    std::vector<SavedVariable> variables;
    for (auto& [name, variable] : kept) {
      if (!all) variable.key = twin_of(variable.key);
      keys_.insert(variable.key);
      variables.push_back(variable);
    }
    if (saver_.filename.empty()) return;
    TfSaver saver = smaller_saver(graph_, variables, saver_);
    saver_nodes_ = std::move(saver.nodes);
    saver_ = {saver_.filename, saver.save, saver.restore};
  }

  const Tensor* tensor(std::string_view key) const {
    const auto& all = bundle_.tensors;  // by name
    const auto found =
        std::lower_bound(all.begin(), all.end(), key,
                         [](const auto& named, std::string_view wanted) { return named.name < wanted; });
    return found == all.end() || found->name != key ? nullptr : &found->tensor;
  }

  // The key of an object's variable with the same bytes: Keras's export stores for its objects what its graph restores under
  // other names. The key itself if there is none.
  std::string_view twin_of(std::string_view key) const {
    const Tensor* own = tensor(key);
    if (own == nullptr || objects_.keys.contains(key)) return key;
    const auto same = [&](std::string_view other) {
      const Tensor* candidate = tensor(other);
      return candidate != nullptr && same_bytes(*candidate, *own);
    };
    const auto found = std::find_if(objects_.keys.begin(), objects_.keys.end(), same);
    return found == objects_.keys.end() ? key : *found;
  }

  std::string saved_model() {
    std::string bytes;
    pbf_writer out(bytes);
    for (const ProtoField& field : proto_fields(text_of(model_), where_)) {
      if (field.tag != 2) bytes += field.raw;
    }
    out.add_message(2, meta_graph());
    return bytes;
  }

  std::string meta_graph() {
    std::string bytes;
    pbf_writer out(bytes);
    for (const ProtoField& field : meta_) {
      if (field.tag == kInfo) {
        out.add_message(kInfo, written_info());
      } else if (field.tag == kGraph) {
        out.add_message(kGraph, written_graph());
      } else if (field.tag == kSaver) {
        out.add_message(kSaver, written_saver());
      } else if (field.tag == kCollection) {
        if (const std::string collection = written_collection(field.content); !collection.empty())
          out.add_message(kCollection, collection);
      } else if (field.tag == kAsset && !is_needed(field.content)) {
        tally_.add("assets", field.raw.size());
      } else if (field.tag == kObjects) {
        out.add_message(kObjects, objects_.objects);
      } else {
        bytes += field.raw;
      }
    }
    return bytes;
  }

  // MetaInfoDef: stripped_op_list 2, stripped_default_attrs 7.
  std::string written_info() {
    std::string bytes;
    pbf_writer out(bytes);
    const bool strips = options_.removes("defaults");
    for (const ProtoField& field : info()) {
      if (strips && (field.tag == 2 || field.tag == 7)) {
        if (field.tag == 2) tally_.add("defaults", field.raw.size());
      } else {
        bytes += field.raw;
      }
    }
    if (strips) out.add_bool(7, true);
    return bytes;
  }

  // GraphDef: node 1, library 2, versions 4, debug_info 5.
  std::string written_graph() {
    const bool all_nodes = !options_.removes("functions");
    std::string bytes;
    pbf_writer out(bytes);
    for (const NodeView& node : graph_.nodes()) {
      if (all_nodes || needed_.contains(node.name)) {
        out.add_message(1, cleaner_.clean(node));
      } else {
        for (const ProtoField& field : node.fields) tally_.add("functions", field.raw.size());
      }
    }
    for (const TfNode& node : saver_nodes_) out.add_message(1, node.serialized());
    out.add_message(2, written_library());
    for (const ProtoField& field : graph_.fields()) {
      if (field.tag == 5 && options_.removes("debug")) {
        tally_.add("debug", field.raw.size());
      } else if (field.tag > 2) {
        bytes += field.raw;
      }
    }
    return bytes;
  }

  // FunctionDefLibrary: function 1, gradient 2, registered_gradients 3.
  std::string written_library() {
    const auto library = proto_fields(graph_.library(), where_);
    std::vector<std::string_view> called = objects_.functions;
    if (!options_.removes("gradients")) {
      for (const std::string_view gradient : proto_all(library, 2))
        called.push_back(proto_text(proto_fields(gradient, where_), 2));
      for (const std::string_view gradient : proto_all(library, 3))
        called.push_back(proto_text(proto_fields(gradient, where_), 1));
    }
    const auto kept = graph_.needed_functions(needed_, called);
    std::string bytes;
    pbf_writer out(bytes);
    for (const ProtoField& field : library) {
      if (field.tag != 1) {
        if (options_.removes("gradients")) {
          tally_.add("gradients", field.raw.size());
        } else {
          bytes += field.raw;
        }
        continue;
      }
      const auto name =
          proto_text(proto_fields(proto_text(proto_fields(field.content, where_), 1), where_), 1);
      if (options_.removes("functions") && !kept.contains(name)) {
        tally_.add("functions", field.raw.size());
      } else {
        out.add_message(1, written_function(*graph_.function(name)));
      }
    }
    return bytes;
  }

  std::string written_function(const FunctionView& function) {
    std::string bytes;
    pbf_writer out(bytes);
    for (const ProtoField& field : function.fields) {
      if (field.tag != 3) bytes += field.raw;
    }
    for (const NodeView& node : function.nodes) out.add_message(3, cleaner_.clean(node));
    return bytes;
  }

  // SaverDef: names 1 to 3, sharded 5.
  std::string written_saver() const {
    std::string bytes;
    pbf_writer out(bytes);
    const auto fields = proto_fields(proto_text(meta_, kSaver), where_);
    if (!restored_ || saver_.filename.empty()) return std::string(proto_text(meta_, kSaver));
    out.add_string(1, saver_.filename);
    out.add_string(2, saver_.save);
    out.add_string(3, saver_.restore);
    for (const ProtoField& field : fields) {
      if (field.tag > 3 && field.tag != 5) bytes += field.raw;
    }
    return bytes;
  }

  // An entry of the map, with the variables that are left; empty if it goes.
  std::string written_collection(std::string_view entry) {
    const auto [name, collection] = map_entry(entry);
    if (initialises(name) || !options_.removes("functions")) return std::string(entry);
    if (!lists_variables(name) || variables_in(collection).empty()) {
      tally_.add("functions", entry.size());
      return {};
    }
    std::string list;
    pbf_writer values(list);
    for (const std::string_view variable : variables_in(collection)) {
      if (needed_.contains(variable_node(proto_fields(variable, where_)))) {
        values.add_bytes(1, variable.data(), variable.size());
      } else {
        tally_.add("functions", variable.size());
      }
    }
    std::string content;
    pbf_writer(content).add_message(2, list);
    std::string bytes;
    pbf_writer out(bytes);
    out.add_string(1, name.data(), name.size());
    out.add_message(2, content);
    return bytes;
  }

  static bool same_bytes(const Tensor& a, const Tensor& b) {
    return a.dtype == b.dtype && a.shape == b.shape && a.dtype != DType::string &&
           std::memcmp(a.data, b.data, static_cast<size_t>(a.size_bytes())) == 0;
  }

  void write_variables() {
    if (bundle_.tensors.empty()) return;
    fs::create_directory(target_ / "variables");
    std::vector<formats::NamedTensor> kept;
    for (const formats::NamedTensor& tensor : bundle_.tensors) {
      if (tensor.name == kObjectGraph && !objects_.checkpoint.empty()) {
        kept.push_back({tensor.name, string_tensor({objects_.checkpoint}, {})});
      } else if (keys_.contains(tensor.name)) {
        kept.push_back(tensor);
      }
    }
    for (const formats::NamedTensor& tensor : bundle_.tensors) {
      if (keys_.contains(tensor.name) || tensor.name == kObjectGraph || tensor.tensor.dtype == DType::string)
        continue;
      const bool twice = std::any_of(kept.begin(), kept.end(), [&](const auto& other) {
        return same_bytes(other.tensor, tensor.tensor);
      });
      const bool optimizer = tensor.name.find("optimizer") != std::string::npos ||
                             tensor.name.find("OPTIMIZER") != std::string::npos;
      tally_.add(optimizer ? "optimizer"
                 : twice   ? "duplicates"
                           : "variables",
                 static_cast<size_t>(tensor.tensor.size_bytes()));
    }
    formats::write_bundle(target_ / "variables" / "variables", kept);
  }

  static size_t folder_bytes(const fs::path& folder) {
    size_t bytes = 0;
    std::error_code error;
    for (const auto& entry : fs::recursive_directory_iterator(folder, error)) {
      if (entry.is_regular_file()) bytes += entry.file_size();
    }
    return bytes;
  }

  // Files that the graph names. assets.extra is for servers, which name it themselves.
  void copy_assets() {
    std::set<std::string> named;
    for (const std::string_view asset : assets()) {
      if (is_needed(asset))
        named.insert(fs::path(proto_text(proto_fields(asset, where_), 2)).filename().string());
    }
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(source_ / "assets", error)) {
      if (!entry.is_regular_file() || entry.is_symlink()) continue;
      if (!named.contains(entry.path().filename().string()) && options_.removes("assets")) {
        tally_.add("assets", entry.file_size());
        continue;
      }
      fs::create_directory(target_ / "assets");
      fs::copy_file(entry.path(), target_ / "assets" / entry.path().filename());
    }
    if (fs::is_directory(source_ / "assets.extra"))
      fs::copy(source_ / "assets.extra", target_ / "assets.extra",
               fs::copy_options::recursive | fs::copy_options::skip_symlinks);
  }

  const fs::path& source_;
  const fs::path& target_;
  const StripOptions& options_;
  StripTally& tally_;
  const std::string where_;
  StoragePtr model_;
  StoragePtr metadata_;
  std::vector<ProtoField> meta_;
  GraphView graph_;
  NodeCleaner cleaner_;
  formats::Bundle bundle_;
  SaverNames saver_;
  std::optional<std::vector<SavedVariable>> restored_;  // nothing: the saver stays
  StrippedObjects objects_;
  std::vector<std::string> roots_;
  std::set<std::string_view> needed_;
  std::set<std::string_view> keys_;
  std::vector<TfNode> saver_nodes_;
};

}  // namespace

std::vector<std::string> signature_names(const formats::ModelFile& file) {
  const std::string_view model(reinterpret_cast<const char*>(file.graph.bytes.data()),
                               file.graph.bytes.size());
  std::vector<std::string> names;
  for (const std::string_view entry : proto_all(serving_graph(model, "saved_model.pb"), kSignature)) {
    const std::string_view name = map_entry(entry).first;
    if (!name.starts_with("__")) names.emplace_back(name);
  }
  return names;
}

void strip_saved_model(const fs::path& source, const fs::path& target, const StripOptions& options,
                       StripTally& tally) {
  Stripper(source, target, options, tally).run();
}

}  // namespace cornu::exporting
