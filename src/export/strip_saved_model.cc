// Source: tensorflow/core/protobuf/{saved_model,meta_graph}.proto, tensorflow/core/framework/{graph,function,node_def}.proto, 2.21
#include "export/strip_saved_model.h"

#include <algorithm>
#include <cstring>

#include "base/fail.h"
#include "base/output_file.h"
#include "export/fingerprint.h"
#include "export/strip_graph.h"
#include "export/strip_meta_graph.h"
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
        meta_(text_of(model_), where_),
        graph_(meta_.field(kGraph), where_),
        cleaner_(options, default_attributes(proto_text(meta_.info(), 2), where_), tally) {
    if (fs::exists(source / "variables" / "variables.index"))
      bundle_ = formats::read_bundle(source / "variables" / "variables");
  }

  void run() {
    read_saver();
    if (!meta_.field(kObjects).empty()) strip_object_graph();
    find_roots();
    choose_variables();
    write_file(target_ / "saved_model.pb", saved_model());
    write_variables();
    if (metadata_) write_file(target_ / "keras_metadata.pb", objects_.keras_metadata);
    copy_assets();
    write_fingerprint(target_);
    tally_.add("debug", folder_bytes(source_ / "debug"));
  }

 private:
  void read_saver() {
    const auto saver = proto_fields(meta_.field(kSaver), where_);
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
        strip_objects({meta_.field(kObjects), checkpoint, text_of(metadata_), where_}, options, tally_);
    const size_t before = meta_.field(kObjects).size() + checkpoint.size();
    const size_t after = objects_.objects.size() + objects_.checkpoint.size();
    tally_.add("variables", before - std::min(before, after));
  }

  // What must stay of the main graph: what signatures and initialisation use, constants of objects, and the saver.
  void find_roots() {
    std::vector<std::string> roots = meta_.roots();
    roots.insert(roots.end(), objects_.operations.begin(), objects_.operations.end());
    for (const std::string_view asset : meta_.assets()) {
      if (all_assets()) roots.emplace_back(meta_.asset_tensor(asset));
    }
    if (!saver_.filename.empty()) roots.push_back(saver_.filename);
    if (!restored_) roots.insert(roots.end(), {saver_.save, saver_.restore});
    needed_ = graph_.needed_nodes(roots);
    const std::vector<std::string> more = meta_.variable_roots(graph_, needed_);
    roots.insert(roots.end(), more.begin(), more.end());
    needed_ = graph_.needed_nodes(roots);
  }

  // Objects name assets by their place in the list, so that it stays whole where there is one.
  bool all_assets() const { return !objects_.assets.empty() || !options_.removes("assets"); }
  bool is_needed(std::string_view asset) const {
    return all_assets() || needed_.contains(node_of(meta_.asset_tensor(asset)));
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
    for (const ProtoField& field : meta_.fields()) {
      if (field.tag == kInfo) {
        out.add_message(kInfo, written_info());
      } else if (field.tag == kGraph) {
        out.add_message(kGraph, written_graph());
      } else if (field.tag == kSaver) {
        out.add_message(kSaver, written_saver());
      } else if (field.tag == kCollection) {
        const std::string left = options_.removes("functions")
                                     ? meta_.collection(field.content, graph_, needed_)
                                     : std::string(field.content);
        tally_.add("functions", field.content.size() - left.size());
        if (!left.empty()) out.add_message(kCollection, left);
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
    for (const ProtoField& field : meta_.info()) {
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
    const auto fields = proto_fields(meta_.field(kSaver), where_);
    if (!restored_ || saver_.filename.empty()) return std::string(meta_.field(kSaver));
    out.add_string(1, saver_.filename);
    out.add_string(2, saver_.save);
    out.add_string(3, saver_.restore);
    for (const ProtoField& field : fields) {
      if (field.tag > 3 && field.tag != 5) bytes += field.raw;
    }
    return bytes;
  }

  static bool same_bytes(const Tensor& a, const Tensor& b) {
    return a.dtype == b.dtype && a.shape == b.shape && a.dtype != DType::string && a.size_bytes() > 0 &&
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
    for (const std::string_view asset : meta_.assets()) {
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
  MetaGraphView meta_;
  GraphView graph_;
  NodeCleaner cleaner_;
  formats::Bundle bundle_;
  SaverNames saver_;
  std::optional<std::vector<SavedVariable>> restored_;  // nothing: the saver stays
  StrippedObjects objects_;
  std::set<std::string_view> needed_;
  std::set<std::string_view> keys_;
  std::vector<TfNode> saver_nodes_;
};

}  // namespace

std::vector<std::string> signature_names(const formats::ModelFile& file) {
  const std::string_view model(reinterpret_cast<const char*>(file.graph.bytes.data()),
                               file.graph.bytes.size());
  return MetaGraphView(model, "saved_model.pb").signature_names();
}

void strip_saved_model(const fs::path& source, const fs::path& target, const StripOptions& options,
                       StripTally& tally) {
  try {
    Stripper(source, target, options, tally).run();
  } catch (const fs::filesystem_error& error) {
    fail(ErrorCode::io, error.path1().string(), "cannot copy the folder: {}", error.code().message());
  }
}

}  // namespace cornu::exporting
