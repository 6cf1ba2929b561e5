// Importer and Scope: the work behind import_graph. Only for the files of this folder that import.
#pragma once

#include <unordered_map>
#include <unordered_set>

#include "tensorflow/importer.h"

namespace cornu::tensorflow {

// What is found out about a table of nodes once.
struct TableFacts {
  std::unordered_map<const NodeDef*, size_t>
      output_counts;  // the least number of outputs that others refer to
  std::unordered_map<const NodeDef*, std::vector<const NodeDef*>> consumers;  // of graphs with frames
  std::map<std::string, std::vector<const NodeDef*>> frames;  // Enter nodes by the loop they lead into
};

struct OutputKey {
  const NodeDef* node;
  size_t index;
  auto operator<=>(const OutputKey&) const = default;
};

// Nodes that are being written into one graph.
struct Scope {
  const NodeTable& table;
  const FunctionDef* function;  // null: the main graph
  OpBuilder& g;
  bool speculative = false;  // inside of a branch or loop: what does not fit need not ever run
  std::unordered_map<std::string_view, Operand> arguments;  // of the function
  std::map<OutputKey, Operand> overrides;                   // feeds, variables of a loop
  std::unordered_map<const NodeDef*, std::vector<Operand>> done;
};

class Importer {
 public:
  Importer(const GraphDef& graph, Environment& environment) : graph_(graph), environment_(environment) {}

  // Imports what these nodes need, and them.
  void run(Scope& scope, const std::vector<const NodeDef*>& roots);
  // The operand that an input of a node, or a fetch, names; run() has been there. Throws bad_file, not_found.
  Operand operand(Scope& scope, std::string_view input);
  // The node that an input names; null for an argument of the function.
  struct Source {
    const NodeDef* node;
    size_t index;
    std::string_view argument;
  };
  Source resolve(const Scope& scope, std::string_view input) const;

  std::vector<Operand> call_function(Scope& caller, std::string_view name,
                                     const std::vector<Operand>& arguments, OpBuilder& g, bool speculative);
  Value read(OpBuilder& g, const ResourcePtr& resource, const std::string& where);
  // A graph begins: another one may have lain at its address before.
  void forget(const ir::Graph& graph);
  void fail_if_missing() const;
  TableFacts& facts(const Scope& scope);
  // The least number of outputs that a node has: as many as others refer to, and as its op names.
  size_t output_count(const Scope& scope, const NodeDef& node);
  // Somebody outside of the nodes refers to this output.
  void want(const Source& source);

  Environment& environment() { return environment_; }
  const GraphDef& graph() const { return graph_; }

 private:
  std::vector<const NodeDef*> dependencies(Scope& scope, const NodeDef& node);
  void import_or_leave(Scope& scope, const NodeDef& node);
  void import_node(Scope& scope, const NodeDef& node);
  std::vector<Operand> import_op(Scope& scope, const NodeDef& node, std::vector<Operand> in);
  std::vector<Value> lower(Scope& scope, const NodeDef& node, const TfOpDef* op, const ir::OpDef* plain,
                           std::vector<Value> in);
  std::vector<const NodeDef*> frame_of_exit(Scope& scope, const NodeDef& exit);
  void import_loop(Scope& scope, const NodeDef& exit);

  const GraphDef& graph_;
  Environment& environment_;
  std::map<const NodeTable*, TableFacts> facts_;
  std::map<std::pair<const ir::Graph*, const Resource*>, Value> read_;
  std::unordered_map<const NodeDef*, size_t>
      wanted_;  // the least number of outputs that results of functions refer to
  std::map<std::string, int64_t> missing_;
  int64_t imported_ = 0;            // nodes
  std::vector<std::string> calls_;  // functions that are being imported, the innermost last
};

// Thrown when a variable turns out to be changed after it was read as a constant: the import starts again.
struct VariableChanges {};

}  // namespace cornu::tensorflow
