// Importer: a TensorFlow graph -> ir::Graph.
//
// Only nodes that the outputs need are imported. Calls of functions are replaced by the function's nodes; branches whose
// condition is known, by the branch. Loops of TensorFlow 1 (Enter, Merge, Switch, NextIteration, Exit) become while_loop.
// Variables that nothing changes are constants. A node that needs values or ranks which are only known in the run stays
// as it is (op `late`), which makes the graph a dynamic one.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "tensorflow/op_def.h"

namespace cornu::tensorflow {

// Something that lives beside the tensors of a graph and is passed by reference: a variable, a lookup table.
struct Resource {
  std::string name;
  DType dtype = DType::float32;
  DType key_dtype = DType::string;  // of a table
  bool is_reference = false;        // a variable of TensorFlow 1 without a handle: reading needs no op
  Tensor value;                     // a variable's, from the checkpoint; not valid() if there is none
  bool assigned = false;            // the model itself changes it: its value is kept in the state
  VariantPtr object;                // a table's content, once it is initialised
};
using ResourcePtr = std::shared_ptr<Resource>;

// What flows along an edge while a graph is imported.
struct Operand {
  Value value;
  ResourcePtr resource;  // instead of a value
  bool dead = false;     // of a branch that is known not to be taken
  Value gate = {};       // of a branch that may not be taken: a value that is dead when this one is
};

// What a model has beside its graph. Lives as long as what is imported with it.
struct Environment {
  std::function<std::optional<Tensor>(std::string_view key)> checkpoint;  // null: there is none
  std::map<std::string, ResourcePtr, std::less<>> resources;              // by name; filled while importing
  std::shared_ptr<dynamic::State> state = std::make_shared<dynamic::State>();  // of the variables that change
  // The content of a file of the model's assets, by the name that the graph has for it. Throws not_found. Null: none.
  std::function<std::string_view(std::string_view name)> asset;
  // Restoring and initialising: assignments set the resources' values, and a node that fails only leaves without a value
  // what depends on it.
  bool setup = false;
  std::string setup_failure;  // the first such failure, for the message when such a value is needed after all
};

// The variable that a VarHandleOp or VariableV2 node names; made if there is none yet.
ResourcePtr declare_variable(Environment& environment, const NodeDef& node);

// A tensor of the graph that becomes an input of the result.
struct Feed {
  std::string tensor;          // "x", "x:0"
  std::string name;            // of the input
  std::optional<DType> dtype;  // none: what the node says
  MaybeShape shape;            // none: what the node says
  bool any_rank = false;       // neither: any shape may be fed
};

struct Fetch {
  std::string tensor;
  std::string name;  // of the output
};

struct Request {
  std::vector<Feed> feeds;
  std::vector<std::pair<std::string, Tensor>> constants;  // feeds with a value
  std::vector<Fetch> fetches;
  std::vector<std::string> targets;  // nodes to run, without results
};

// Throws unsupported (all ops that are missing, with counts; or a function that calls itself), not_found (a tensor that
// is not in the graph), bad_file, bad_shape.
ir::Graph import_graph(const GraphDef& graph, Environment& environment, const Request& request);

// The placeholders that `fetches` need, in the graph's order, as feeds named like their nodes.
std::vector<Feed> needed_placeholders(const GraphDef& graph, const std::vector<Fetch>& fetches);

class Importer;
struct Scope;

// An argument of a function that becomes a graph of its own.
struct BodyArgument {
  Operand operand;                 // what it is outside
  bool fixed = false;              // does not change; if it is a constant outside, it is known inside as well
  std::optional<TensorType> type;  // of the input that it becomes otherwise; none: untyped

  bool is_input(const OpBuilder& outer) const;  // resources, dead operands and known constants are none
};

// The arguments inside of a graph, whose inputs they become: first those that are not fixed, then the fixed ones.
std::vector<Operand> enter_all(const std::vector<BodyArgument>& arguments, const OpBuilder& outer,
                               OpBuilder& inner);

struct Body {
  ir::Graph graph;
  std::vector<dynamic::MaybeType> types;  // of its outputs

  VariantPtr object() const { return std::make_shared<dynamic::GraphObject>(graph); }
};

// What an `import` function of a TfOpDef sees.
class ImportCall {
 public:
  const NodeDef& def;
  std::vector<Operand> in;
  Importer& importer;
  Scope& scope;
  OpBuilder& g;

  Value value(size_t i);                        // of a tensor; reads a variable of TensorFlow 1
  const Tensor* constant(size_t i);             // null if it is not known
  const ResourcePtr& resource(size_t i) const;  // throws bad_file if it is none
  Value read(const ResourcePtr& resource);
  // Changes a variable in the run: replaces it, or combines it with `value` by an op of two inputs. Gives the new value.
  Value assign(const ResourcePtr& resource, std::string_view op, Value value);
  Environment& environment() const;

  // The results of a function whose nodes are written here.
  std::vector<Operand> call_function(std::string_view name, const std::vector<Operand>& arguments);
  // A function as a graph of its own. `wanted`: which of its results are outputs; empty: all.
  Body body(std::string_view name, const std::vector<BodyArgument>& arguments,
            const std::vector<bool>& wanted = {});
  template <class... Args>
  [[noreturn]] void fail(ErrorCode code, fmt::format_string<Args...> format, Args&&... args) const {
    cornu::fail(code, std::string(def.name), "{}: {}", def.op,
                fmt::format(format, std::forward<Args>(args)...));
  }
};

}  // namespace cornu::tensorflow
