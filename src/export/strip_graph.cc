#include "export/strip_graph.h"

#include <algorithm>

namespace cornu::exporting {
namespace {

// Key and AttrValue of an entry of NodeDef.attr.
std::pair<std::string_view, std::string_view> attr_of(const ProtoField& field) {
  return map_entry(field.content);
}

// Functions named by an AttrValue: func 10 (name 1), list 1 (func 9).
void add_functions(std::string_view value, const std::string& where, std::vector<std::string_view>& out) {
  const auto fields = proto_fields(value, where);
  const auto add = [&](std::string_view function) {
    if (const auto name = proto_text(proto_fields(function, where), 1); !name.empty()) out.push_back(name);
  };
  for (const std::string_view function : proto_all(fields, 10)) add(function);
  for (const std::string_view list : proto_all(fields, 1)) {
    for (const std::string_view function : proto_all(proto_fields(list, where), 9)) add(function);
  }
}

FunctionView function_view(std::string_view function_def, const std::string& where) {
  FunctionView view{{}, {}, {}, proto_fields(function_def, where)};
  const auto signature = proto_fields(proto_text(view.fields, 1), where);
  view.name = proto_text(signature, 1);
  for (const std::string_view argument : proto_all(signature, 2))
    view.arguments.push_back(proto_text(proto_fields(argument, where), 1));
  for (const std::string_view node : proto_all(view.fields, 3)) view.nodes.push_back(node_view(node, where));
  return view;
}

}  // namespace

NodeView node_view(std::string_view node_def, const std::string& where) {
  NodeView node{{}, {}, {}, proto_fields(node_def, where)};
  node.name = proto_text(node.fields, 1);
  node.op = proto_text(node.fields, 2);
  node.inputs = proto_all(node.fields, 3);
  return node;
}

std::string_view NodeView::attr(std::string_view key) const {
  for (const ProtoField& field : fields) {
    if (field.tag != 5) continue;
    if (const auto [found, value] = attr_of(field); found == key) return value;
  }
  return {};
}

std::vector<std::string_view> NodeView::functions() const {
  std::vector<std::string_view> found;
  for (const ProtoField& field : fields) {
    if (field.tag == 5) add_functions(attr_of(field).second, std::string(name), found);
  }
  return found;
}

std::string_view node_of(std::string_view input) {
  if (input.starts_with('^')) input.remove_prefix(1);
  return input.substr(0, input.find(':'));
}

int64_t output_index(std::string_view input) {
  const size_t colon = input.rfind(':');
  int64_t index = 0;
  if (colon == std::string_view::npos) return index;
  for (const char c : input.substr(colon + 1)) {
    if (c < '0' || c > '9' || index > INT32_MAX) return 0;
    index = 10 * index + (c - '0');
  }
  return index;
}

GraphView::GraphView(std::string_view graph_def, std::string where)
    : fields_(proto_fields(graph_def, where)), where_(std::move(where)) {
  for (const std::string_view node : proto_all(fields_, 1)) {
    nodes_.push_back(node_view(node, where_));
    index_[nodes_.back().name] = nodes_.size() - 1;
  }
  for (const std::string_view function : proto_all(proto_fields(library(), where_), 1)) {
    FunctionView view = function_view(function, where_);
    functions_[view.name] = std::move(view);
  }
}

const NodeView* GraphView::find(std::string_view name) const {
  const auto found = index_.find(name);
  return found == index_.end() ? nullptr : &nodes_[found->second];
}

const FunctionView* GraphView::function(std::string_view name) const {
  const auto found = functions_.find(name);
  return found == functions_.end() ? nullptr : &found->second;
}

std::set<std::string_view> GraphView::needed_nodes(const std::vector<std::string>& roots) const {
  std::set<std::string_view> needed;
  std::vector<std::string_view> open(roots.begin(), roots.end());
  while (!open.empty()) {
    const NodeView* node = find(node_of(open.back()));
    open.pop_back();
    if (node == nullptr || !needed.insert(node->name).second) continue;
    open.insert(open.end(), node->inputs.begin(), node->inputs.end());
    // "loc:@x" of _class: colocation, which the importer of TensorFlow follows.
    const auto list = proto_text(proto_fields(node->attr("_class"), where_), 1);
    for (const std::string_view place : proto_all(proto_fields(list, where_), 2)) {
      if (place.starts_with("loc:@")) open.push_back(place.substr(5));
    }
  }
  return needed;
}

std::set<std::string_view> GraphView::needed_functions(const std::set<std::string_view>& nodes,
                                                       const std::vector<std::string_view>& functions) const {
  std::set<std::string_view> needed;
  std::vector<std::string_view> open(functions);
  for (const std::string_view name : nodes) {
    const auto called = find(name)->functions();
    open.insert(open.end(), called.begin(), called.end());
    open.push_back(find(name)->op);  // a function called by its name
  }
  while (!open.empty()) {
    const FunctionView* view = function(open.back());
    open.pop_back();
    if (view == nullptr || !needed.insert(view->name).second) continue;
    for (const NodeView& node : view->nodes) {
      const auto called = node.functions();
      open.insert(open.end(), called.begin(), called.end());
      open.push_back(node.op);
    }
  }
  return needed;
}

std::map<std::string, std::string_view, std::less<>> default_attributes(std::string_view op_list,
                                                                        const std::string& where) {
  std::map<std::string, std::string_view, std::less<>> defaults;
  for (const std::string_view op : proto_all(proto_fields(op_list, where), 1)) {
    const auto fields = proto_fields(op, where);
    for (const std::string_view attr : proto_all(fields, 4)) {
      const auto content = proto_fields(attr, where);
      if (const auto value = proto_text(content, 3); !value.empty())
        defaults[std::string(proto_text(fields, 1)) + "/" + std::string(proto_text(content, 1))] = value;
    }
  }
  return defaults;
}

std::string NodeCleaner::clean(const NodeView& node) {
  std::string out;
  for (const ProtoField& field : node.fields) {
    const char* drop = nullptr;
    if (field.tag == 4 && options_.removes("devices")) drop = "devices";
    if (field.tag == 6 && options_.removes("debug")) drop = "debug";
    if (field.tag == 5) {
      const auto [key, value] = attr_of(field);
      if (key == "_gradient_op_type" && options_.removes("gradients")) drop = "gradients";
      if (options_.removes("defaults")) {
        const auto found = defaults_.find(std::string(node.op) + "/" + std::string(key));
        if (found != defaults_.end() && found->second == value) drop = "defaults";
      }
    }
    if (drop == nullptr) {
      out += field.raw;
    } else {
      tally_.add(drop, field.raw.size());
    }
  }
  return out;
}

}  // namespace cornu::exporting
