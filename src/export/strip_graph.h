// Graphs of a SavedModel for stripping: which nodes and functions are needed, and what their messages hold beyond that.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "export/proto_fields.h"
#include "export/strip.h"

namespace cornu::exporting {

// One node of a graph or of a function's body, as views of its NodeDef.
struct NodeView {
  std::string_view name;
  std::string_view op;
  std::vector<std::string_view> inputs;
  std::vector<ProtoField> fields;

  std::string_view attr(std::string_view key) const;  // the AttrValue; empty if absent
  std::vector<std::string_view> functions() const;    // that its attributes name
};
NodeView node_view(std::string_view node_def, const std::string& where);

// The node that an input names: "x" of "x", "x:1", "x:output:0" and "^x".
std::string_view node_of(std::string_view input);
// The number at the end of "x:1" or "x:output:1"; 0 without one.
int64_t output_index(std::string_view input);

// A function of the library.
struct FunctionView {
  std::string_view name;
  std::vector<std::string_view> arguments;
  std::vector<NodeView> nodes;
  std::vector<ProtoField> fields;
};

// A GraphDef.
class GraphView {
 public:
  // Throws bad_file.
  GraphView(std::string_view graph_def, std::string where);

  const std::vector<NodeView>& nodes() const { return nodes_; }
  const NodeView* find(std::string_view name) const;
  const FunctionView* function(std::string_view name) const;
  const std::map<std::string_view, FunctionView>& functions() const { return functions_; }
  const std::vector<ProtoField>& fields() const { return fields_; }
  std::string_view library() const { return proto_text(fields_, 2); }
  const std::string& where() const { return where_; }

  // The nodes that `roots` ("x", "x:1", "^x") need, with the roots; names that are no nodes are left out.
  std::set<std::string_view> needed_nodes(const std::vector<std::string>& roots) const;
  // The functions that these functions and these nodes call, with themselves.
  std::set<std::string_view> needed_functions(const std::set<std::string_view>& nodes,
                                              const std::vector<std::string_view>& functions) const;

 private:
  std::vector<ProtoField> fields_;
  std::vector<NodeView> nodes_;
  std::map<std::string_view, size_t> index_;
  std::map<std::string_view, FunctionView> functions_;
  std::string where_;
};

// Default values of attributes, as the OpList of a file states them: "Op/attr" -> AttrValue.
std::map<std::string, std::string_view, std::less<>> default_attributes(std::string_view op_list,
                                                                        const std::string& where);

// Rewrites nodes without device strings, debug info, default-valued attributes and gradient types, as the options say, and counts
// the bytes.
class NodeCleaner {
 public:
  NodeCleaner(const StripOptions& options, std::map<std::string, std::string_view, std::less<>> defaults,
              StripTally& tally)
      : options_(options), defaults_(std::move(defaults)), tally_(tally) {}
  std::string clean(const NodeView& node);

 private:
  const StripOptions& options_;
  std::map<std::string, std::string_view, std::less<>> defaults_;
  StripTally& tally_;
};

}  // namespace cornu::exporting
