#include "export/strip_objects.h"

#include <algorithm>
#include <deque>
#include <map>

#include "export/json_tree.h"
#include "export/proto_fields.h"

#include <protozero/pbf_writer.hpp>

namespace cornu::exporting {
namespace {

// Fields of SavedObject.
enum SavedObjectField : uint32_t {
  kChildren = 1,
  kSlots = 3,
  kUser = 4,
  kAsset = 5,
  kFunction = 6,
  kVariable = 7,
  kBareFunction = 8,
  kConstant = 9,
  kResource = 10,
  kSaveables = 11,
  kCaptured = 12,
  kDependencies = 15
};

struct Child {
  int64_t node = 0;
  std::string_view name;
};

struct Object {
  std::vector<ProtoField> fields;
  std::vector<Child> children;
  uint32_t kind = 0;            // the field that tells it
  std::string_view content;     // of that field
  std::string_view identifier;  // of a user object
};

std::vector<Child> children_of(const std::vector<ProtoField>& fields, uint32_t tag,
                               const std::string& where) {
  std::vector<Child> children;
  for (const std::string_view reference : proto_all(fields, tag)) {
    const auto content = proto_fields(reference, where);
    children.push_back({proto_number(content, 1), proto_text(content, 2)});
  }
  return children;
}

bool is_function(const Object& object) {
  return object.kind == kFunction || object.kind == kBareFunction;
}

bool is_keras(const Object& object) {
  return object.identifier.starts_with("_tf_keras_") && object.identifier != "_tf_keras_metric";
}

// Functions of a Keras model's root that only Keras calls.
bool is_internal(std::string_view name) {
  return (name.starts_with('_') && name != "__call__") || name.starts_with("call_and_return");
}

class ObjectGraph {
 public:
  ObjectGraph(const ObjectSources& sources, const StripOptions& options, StripTally& tally)
      : sources_(sources),
        options_(options),
        tally_(tally),
        graph_(proto_fields(sources.objects, sources.where)) {
    for (const std::string_view node : proto_all(graph_, 1)) objects_.push_back(object_of(node));
    for (const std::string_view entry : proto_all(graph_, 2)) {
      const auto [name, function] = map_entry(entry);
      functions_[name] = proto_fields(function, sources.where);
    }
    for (const std::string_view node : proto_all(proto_fields(sources.checkpoint, sources.where), 1))
      checkpoint_.push_back(proto_fields(node, sources.where));
    kept_.resize(objects_.size());
  }

  StrippedObjects run() {
    find_parents();
    mark_roots();
    close();
    number();
    pair_checkpoint();
    StrippedObjects out;
    out.objects = written_objects();
    out.checkpoint = written_checkpoint(out.keys);
    out.keras_metadata = written_metadata();
    for (const auto& [name, fields] : functions_) {
      if (kept_functions_.contains(name)) out.functions.push_back(name);
    }
    for (size_t i = 0; i < objects_.size(); ++i) {
      if (!kept_[i]) continue;
      const auto content = proto_fields(objects_[i].content, sources_.where);
      if (objects_[i].kind == kConstant) out.operations.emplace_back(proto_text(content, 1));
      if (objects_[i].kind == kAsset) out.assets.insert(proto_number(content, 1));
    }
    return out;
  }

 private:
  Object object_of(std::string_view node) const {
    Object object{proto_fields(node, sources_.where), {}, 0, {}, {}};
    object.children = children_of(object.fields, kChildren, sources_.where);
    for (const ProtoField& field : object.fields) {
      const bool kind = (field.tag >= kUser && field.tag <= kResource) || field.tag == kCaptured;
      if (kind) object.kind = field.tag, object.content = field.content;
    }
    if (object.kind == kUser) object.identifier = proto_text(proto_fields(object.content, sources_.where), 1);
    return object;
  }

  bool exists(int64_t node) const { return node >= 0 && node < static_cast<int64_t>(objects_.size()); }
  Object& at(int64_t node) { return objects_[static_cast<size_t>(node)]; }

  // The shortest way from the root to each object, which is also how the checkpoint names it. What only functions lead to
  // has no name there and needs none.
  void find_parents() {
    parents_.assign(objects_.size(), -1);
    std::deque<int64_t> open{0};
    std::vector<bool> seen(objects_.size());
    if (!seen.empty()) seen[0] = true;
    while (!open.empty() && exists(0)) {
      const int64_t node = open.front();
      open.pop_front();
      if (is_function(at(node))) continue;
      for (const Child& child : at(node).children) {
        if (!exists(child.node) || seen[static_cast<size_t>(child.node)]) continue;
        seen[static_cast<size_t>(child.node)] = true;
        parents_[static_cast<size_t>(child.node)] = node;
        open.push_back(child.node);
      }
    }
  }

  // Keeps an object and the way to it.
  void keep(int64_t node) {
    for (; exists(node) && !kept_[static_cast<size_t>(node)]; node = parents_[static_cast<size_t>(node)]) {
      kept_[static_cast<size_t>(node)] = true;
      open_.push_back(node);
    }
  }

  void mark_roots() {
    if (!exists(0)) return;
    keep(0);
    const bool all_variables =
        !options_.removes("optimizer") || !options_.removes("duplicates") || !options_.removes("variables");
    for (size_t i = 0; i < objects_.size(); ++i) {
      const Object& object = objects_[i];
      const bool wanted = (all_variables && !is_function(object)) ||
                          (!options_.removes("functions") && is_function(object)) || is_keras(object);
      if (wanted) keep(static_cast<int64_t>(i));
    }
    bool has_signatures = false;
    for (const Child& child : at(0).children) {
      if (!exists(child.node) || child.name != "signatures") continue;
      keep(child.node);
      for (const Child& signature : at(child.node).children) keep(signature.node);
      has_signatures = !at(child.node).children.empty();
    }
    close();
    for (const Child& child : at(0).children) {
      const bool callable = exists(child.node) && is_function(at(child.node)) && !is_internal(child.name);
      if (callable && (!has_signatures || needs_nothing_else(at(child.node)))) keep(child.node);
    }
  }

  // The concrete functions of a function object.
  std::vector<std::string_view> concrete(const Object& object) const {
    const auto content = proto_fields(object.content, sources_.where);
    return proto_all(content, 1);  // of a bare one the only one
  }

  // Whether a function uses no variable but those that are kept: a step of training uses others.
  bool needs_nothing_else(const Object& object) {
    for (const std::string_view name : concrete(object)) {
      const auto found = functions_.find(name);
      if (found == functions_.end()) continue;
      for (const int64_t bound : proto_numbers(found->second, 2)) {
        if (exists(bound) && at(bound).kind == kVariable && !kept_[static_cast<size_t>(bound)]) return false;
      }
    }
    return true;
  }

  void keep_function(std::string_view name) {
    const auto found = functions_.find(name);
    if (found == functions_.end() || !kept_functions_.insert(name).second) return;
    for (const int64_t bound : proto_numbers(found->second, 2)) keep(bound);
  }

  void close() {
    while (!open_.empty()) {
      const Object& object = at(open_.back());
      open_.pop_back();
      if (is_function(object)) {
        for (const std::string_view name : concrete(object)) keep_function(name);
      }
      for (const Child& child : object.children) {
        if (!exists(child.node)) continue;
        const uint32_t kind = at(child.node).kind;
        // What belongs to an object as such: the functions of a resource, captures, weights of a layer.
        if (object.kind == kResource || is_function(object) || (is_keras(object) && kind == kVariable))
          keep(child.node);
        if (is_keras(object)) keep_weight_lists(child);
      }
      for (const std::string_view entry : proto_all(object.fields, kSaveables)) {
        const auto saveable = proto_fields(map_entry(entry).second, sources_.where);
        keep(proto_number(saveable, 2));
        keep(proto_number(saveable, 3));
      }
    }
  }

  // The lists that tell the order of a layer's weights: children of it, or of what it keeps for Keras's functions.
  void keep_weight_lists(const Child& child) {
    const bool lists = child.name == "trainable_variables" || child.name == "non_trainable_variables";
    for (const Child& part :
         lists || child.name == "keras_api" ? at(child.node).children : std::vector<Child>{}) {
      if (!exists(part.node)) continue;
      if (lists && at(part.node).kind == kVariable) keep(part.node);
      if (!lists && part.name.ends_with("trainable_variables")) keep_weight_lists(part);
    }
    if (lists) keep(child.node);
  }

  void number() {
    numbers_.assign(objects_.size(), -1);
    for (size_t i = 0; i < objects_.size(); ++i) {
      if (kept_[i]) numbers_[i] = count_++;
    }
  }

  // The new number of an object; -1 if it is gone.
  int64_t number_of(int64_t node) const { return exists(node) ? numbers_[static_cast<size_t>(node)] : -1; }

  // A reference to a kept object with its new number; empty if it is gone.
  std::string renumbered(std::string_view reference) const {
    std::string bytes;
    protozero::pbf_writer out(bytes);
    const auto fields = proto_fields(reference, sources_.where);
    const int64_t node = number_of(proto_number(fields, 1));
    if (node < 0) return {};
    out.add_int32(1, static_cast<int32_t>(node));
    for (const ProtoField& field : fields) {
      if (field.tag != 1) bytes += field.raw;
    }
    return bytes;
  }

  void write_object(const Object& object, protozero::pbf_writer& graph) {
    std::string bytes;
    protozero::pbf_writer out(bytes);
    for (const ProtoField& field : object.fields) {
      if (field.tag == kChildren || field.tag == kDependencies) {
        if (const std::string reference = renumbered(field.content); !reference.empty())
          out.add_message(field.tag, reference);
      } else if (field.tag == kSaveables) {
        out.add_message(field.tag, renumbered_saveable(field.content));
      } else if (field.tag == kVariable && options_.removes("devices")) {
        out.add_message(field.tag, without_device(field.content));
      } else if (field.tag == kUser) {
        out.add_message(field.tag, without_training(field.content, 3));
      } else if (field.tag != kSlots) {
        bytes += field.raw;
      }
    }
    graph.add_message(1, bytes);
  }

  std::string renumbered_saveable(std::string_view entry) const {
    const auto [name, content] = map_entry(entry);
    std::string bytes;
    protozero::pbf_writer out(bytes);
    out.add_string(1, name.data(), name.size());
    const auto fields = proto_fields(content, sources_.where);
    std::string functions;
    protozero::pbf_writer saveable(functions);
    for (const uint32_t tag : {2U, 3U})
      saveable.add_int32(tag, static_cast<int32_t>(number_of(proto_number(fields, tag))));
    out.add_message(2, functions);
    return bytes;
  }

  // SavedVariable: device 7.
  std::string without_device(std::string_view variable) {
    std::string bytes;
    for (const ProtoField& field : proto_fields(variable, sources_.where)) {
      if (field.tag == 7) {
        tally_.add("devices", field.raw.size());
      } else {
        bytes += field.raw;
      }
    }
    return bytes;
  }

  // A message whose field `tag` is a Keras layer's metadata, a JSON object.
  std::string without_training(std::string_view message, uint32_t tag) {
    std::string bytes;
    protozero::pbf_writer out(bytes);
    for (const ProtoField& field : proto_fields(message, sources_.where)) {
      const bool has =
          field.tag == tag && field.content.find("\"training_config\"") != std::string_view::npos;
      if (!has || !options_.removes("training")) {
        bytes += field.raw;
        continue;
      }
      Tree tree = to_tree(Json::parse(std::string(field.content), sources_.where));
      tree.erase("training_config");
      const std::string text = to_text(tree);
      tally_.add("training", field.content.size() - text.size());
      out.add_string(tag, text);
    }
    return bytes;
  }

  std::string written_objects() {
    std::string bytes;
    protozero::pbf_writer out(bytes);
    for (size_t i = 0; i < objects_.size(); ++i) {
      if (kept_[i]) write_object(objects_[i], out);
    }
    for (const auto& [name, fields] : functions_) {
      if (!kept_functions_.contains(name)) continue;
      protozero::pbf_writer entry(out, 2);
      entry.add_string(1, name.data(), name.size());
      std::string content;
      protozero::pbf_writer function(content);
      std::vector<int32_t> bound;
      for (const int64_t node : proto_numbers(fields, 2))
        bound.push_back(static_cast<int32_t>(number_of(node)));
      function.add_packed_int32(2, bound.begin(), bound.end());
      for (const ProtoField& field : fields) {
        if (field.tag != 2) content += field.raw;
      }
      entry.add_message(2, content);
    }
    for (const ProtoField& field : graph_) {
      if (field.tag > 2) bytes += field.raw;
    }
    return bytes;
  }

  // Walks both object graphs by the names of children.
  void pair_checkpoint() {
    pairs_.assign(objects_.size(), -1);
    if (checkpoint_.empty() || objects_.empty()) return;
    pairs_[0] = 0;
    std::deque<int64_t> open{0};
    while (!open.empty()) {
      const int64_t node = open.front();
      open.pop_front();
      std::map<std::string_view, int64_t> named;
      const auto& other = checkpoint_[static_cast<size_t>(pairs_[static_cast<size_t>(node)])];
      for (const Child& child : children_of(other, 1, sources_.where)) named[child.name] = child.node;
      for (const Child& child : at(node).children) {
        const auto found = named.find(child.name);
        if (!exists(child.node) || found == named.end() || pairs_[static_cast<size_t>(child.node)] >= 0)
          continue;
        if (found->second < 0 || found->second >= static_cast<int64_t>(checkpoint_.size())) continue;
        pairs_[static_cast<size_t>(child.node)] = found->second;
        open.push_back(child.node);
      }
    }
  }

  // TrackableObject: children 1, attributes 2 (SerializedTensor: checkpoint_key 3), slots 3, the rest.
  std::string written_checkpoint(std::set<std::string_view>& keys) {
    std::string bytes;
    protozero::pbf_writer out(bytes);
    for (size_t i = 0; i < objects_.size(); ++i) {
      if (!kept_[i]) continue;
      std::string content;
      protozero::pbf_writer object(content);
      for (const std::string_view reference : proto_all(objects_[i].fields, kChildren)) {
        if (const std::string child = renumbered(reference); !child.empty()) object.add_message(1, child);
      }
      if (pairs_[i] >= 0) {
        for (const ProtoField& field : checkpoint_[static_cast<size_t>(pairs_[i])]) {
          if (field.tag == 2) keys.insert(proto_text(proto_fields(field.content, sources_.where), 3));
          if (field.tag == 2 || field.tag > 3) content += field.raw;
        }
      }
      out.add_message(1, content);
    }
    return bytes;
  }

  // SavedMetadata: nodes 1 (node_id 2, identifier 4, metadata 5).
  std::string written_metadata() {
    std::string bytes;
    protozero::pbf_writer out(bytes);
    for (const ProtoField& field : proto_fields(sources_.keras_metadata, sources_.where)) {
      if (field.tag != 1) {
        bytes += field.raw;
        continue;
      }
      const std::string content = without_training(field.content, 5);
      const auto fields = proto_fields(content, sources_.where);
      const int64_t node = number_of(proto_number(fields, 2));
      if (node < 0) {
        tally_.add("training", field.raw.size());
        continue;
      }
      std::string object;
      protozero::pbf_writer writer(object);
      if (node > 0) writer.add_int32(2, static_cast<int32_t>(node));
      for (const ProtoField& part : fields) {
        if (part.tag != 2) object += part.raw;
      }
      out.add_message(1, object);
    }
    return bytes;
  }

  const ObjectSources& sources_;
  const StripOptions& options_;
  StripTally& tally_;
  std::vector<ProtoField> graph_;
  std::vector<Object> objects_;
  std::map<std::string_view, std::vector<ProtoField>> functions_;
  std::vector<std::vector<ProtoField>> checkpoint_;  // per node of the checkpoint's graph
  std::vector<int64_t> parents_;
  std::vector<bool> kept_;
  std::vector<int64_t> open_;  // kept, and what they need not yet looked at
  std::set<std::string_view> kept_functions_;
  std::vector<int64_t> numbers_;
  std::vector<int64_t> pairs_;  // node of the checkpoint's graph
  int64_t count_ = 0;
};

}  // namespace

StrippedObjects strip_objects(const ObjectSources& sources, const StripOptions& options, StripTally& tally) {
  return ObjectGraph(sources, options, tally).run();
}

}  // namespace cornu::exporting
