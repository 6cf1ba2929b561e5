#include "tensorflow/importer.h"

#include <algorithm>
#include <charconv>

#include "tensorflow/importer_scope.h"
#include "tensorflow/late.h"

namespace cornu::tensorflow {
namespace {

constexpr size_t kMostCalls = 128;  // of functions within functions; TensorFlow's own models have a dozen
constexpr int64_t kMostNodes = int64_t{1} << 18;  // with functions in their places; large models have 50,000

// Nodes that only watch: what they look at does not change an answer.
bool only_watches(std::string_view op) {
  constexpr std::string_view kOps[] = {"NoOp",
                                       "Assert",
                                       "Print",
                                       "PrintV2",
                                       "ScalarSummary",
                                       "HistogramSummary",
                                       "WriteSummary",
                                       "ImageSummary",
                                       "WriteScalarSummary",
                                       "MergeSummary",
                                       "WriteHistogramSummary"};
  return std::find(std::begin(kOps), std::end(kOps), op) != std::end(kOps);
}

bool is_exit(std::string_view op) {
  return op == "Exit" || op == "RefExit";
}
bool is_enter(std::string_view op) {
  return op == "Enter" || op == "RefEnter";
}
bool is_merge(std::string_view op) {
  return op == "Merge" || op == "RefMerge";
}

Value gate_of(const std::vector<Operand>& operands) {
  for (const Operand& operand : operands) {
    if (operand.gate.valid()) return operand.gate;
  }
  return {};
}

}  // namespace

Importer::Source Importer::resolve(const Scope& scope, std::string_view input) const {
  if (input.starts_with('^')) input.remove_prefix(1);
  const size_t colon = input.find(':');
  const std::string_view name = input.substr(0, colon);
  if (scope.function != nullptr && scope.arguments.contains(name)) return {nullptr, 0, name};
  const NodeDef* node = scope.table.find(name);
  if (node == nullptr) {
    fail(scope.function == nullptr ? ErrorCode::not_found : ErrorCode::bad_file, graph_.where(),
         "there is no node '{}' in {}", name,
         scope.function == nullptr ? "the graph" : "function " + std::string(scope.function->name));
  }
  if (colon == std::string_view::npos) return {node, 0, {}};
  std::string_view rest = input.substr(colon + 1);
  size_t offset = 0;
  if (const size_t second = rest.find(':'); second != std::string_view::npos) {
    const std::string_view output = rest.substr(0, second);
    rest = rest.substr(second + 1);
    if (const TfOpDef* op = find_tf_op(node->op); op != nullptr && op->output_offset != nullptr) {
      offset = op->output_offset(*node, output);
    } else if (op != nullptr) {
      const auto found = std::find(op->outputs.begin(), op->outputs.end(), output);
      if (found != op->outputs.end()) offset = static_cast<size_t>(found - op->outputs.begin());
    }
  }
  size_t index = 0;
  constexpr size_t kMostOutputs = 1 << 16;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), index);
  if (error != std::errc() || end != rest.data() + rest.size() || index > kMostOutputs)
    fail(ErrorCode::bad_file, graph_.where(), "'{}' names no output of a node", input);
  return {node, offset + index, {}};
}

void Importer::want(const Source& source) {
  if (source.node == nullptr) return;
  size_t& count = wanted_[source.node];
  count = std::max(count, source.index + 1);
}

TableFacts& Importer::facts(const Scope& scope) {
  const auto [found, added] = facts_.try_emplace(&scope.table);
  TableFacts& facts = found->second;
  if (!added) return facts;
  for (const NodeDef& node : scope.table.nodes()) {
    if (is_enter(node.op)) facts.frames[node.text("frame_name")].push_back(&node);
  }
  for (const NodeDef& node : scope.table.nodes()) {
    for (std::string_view input : node.inputs) {
      const std::string_view name = input.substr(0, input.find(':'));
      if (scope.function != nullptr && scope.arguments.contains(name)) continue;
      if (input.starts_with('^') || scope.table.find(name) == nullptr) continue;
      const Source source = resolve(scope, input);
      size_t& count = facts.output_counts[source.node];
      count = std::max(count, source.index + 1);
      if (!facts.frames.empty()) facts.consumers[source.node].push_back(&node);  // only loops look at them
    }
  }
  return facts;
}

std::vector<const NodeDef*> Importer::dependencies(Scope& scope, const NodeDef& node) {
  std::vector<const NodeDef*> needed;
  if (only_watches(node.op) && node.op != "NoOp") return needed;
  const auto add = [&](const NodeDef& user) {
    for (std::string_view input : user.inputs) {
      const Source source = resolve(scope, input);
      if (source.node == nullptr || (input.starts_with('^') && scope.overrides.contains({source.node, 0})))
        continue;
      if (!input.starts_with('^') && scope.overrides.contains({source.node, source.index})) continue;
      // A control edge out of a loop, or along its own variables, orders what the loop does anyway.
      if (input.starts_with('^') && (is_enter(source.node->op) || is_merge(source.node->op) ||
                                     source.node->op == "Switch" || source.node->op == "LoopCond"))
        continue;
      needed.push_back(source.node);
    }
  };
  if (is_exit(node.op)) {
    for (const NodeDef* enter : frame_of_exit(scope, node)) add(*enter);
  } else {
    add(node);
  }
  return needed;
}

void Importer::run(Scope& scope, const std::vector<const NodeDef*>& roots) {
  // Depth first without recursion: graphs are thousands of nodes deep.
  enum class State : char { open, closed };
  std::unordered_map<const NodeDef*, State> states;
  std::vector<const NodeDef*> stack(roots.rbegin(), roots.rend());
  while (!stack.empty()) {
    const NodeDef* node = stack.back();
    if (scope.done.contains(node)) {
      stack.pop_back();
      continue;
    }
    State& state = states.try_emplace(node, State::closed).first->second;
    if (state == State::open) {
      import_or_leave(scope, *node);
      stack.pop_back();
      continue;
    }
    state = State::open;
    const std::vector<const NodeDef*> needed = dependencies(scope, *node);
    for (auto input = needed.rbegin(); input != needed.rend(); ++input) {
      if (scope.done.contains(*input)) continue;
      const auto known = states.find(*input);
      if (known != states.end() && known->second == State::open)
        fail(ErrorCode::bad_file, std::string((*input)->name), "the graph has a cycle through this node");
      stack.push_back(*input);
    }
  }
}

Operand Importer::operand(Scope& scope, std::string_view input) {
  const Source source = resolve(scope, input);
  if (source.node == nullptr) return scope.arguments.find(source.argument)->second;
  const auto fed = scope.overrides.find({source.node, source.index});
  if (fed != scope.overrides.end()) return fed->second;
  const auto found = scope.done.find(source.node);
  if (found == scope.done.end() || source.index >= found->second.size()) {
    fail(ErrorCode::bad_file, std::string(source.node->name),
         "the {} node has no output {}, which '{}' names", source.node->op, source.index, input);
  }
  return found->second[source.index];
}

void Importer::import_or_leave(Scope& scope, const NodeDef& node) {
  if (!environment_.setup) return import_node(scope, node);
  const size_t depth = calls_.size();
  try {
    import_node(scope, node);
  } catch (const Error& error) {
    calls_.resize(depth);
    if (environment_.setup_failure.empty()) environment_.setup_failure = error.what();
    scope.done[&node] = std::vector<Operand>(2, Operand{{}, {}, true, {}});
  }
}

void Importer::import_node(Scope& scope, const NodeDef& node) {
  if (scope.done.contains(&node)) return;
  if (++imported_ > kMostNodes)
    fail(ErrorCode::unsupported, graph_.where(),
         "the graph has more than {} nodes with its functions in their places", kMostNodes);
  if (is_exit(node.op)) return import_loop(scope, node);
  if (only_watches(node.op)) {
    scope.done[&node] = {};
    return;
  }
  std::vector<Operand> in;
  for (std::string_view input : node.inputs) {
    if (!input.starts_with('^')) in.push_back(operand(scope, input));
  }
  scope.g.graph().set_layer(std::string(node.name));
  bool dead = std::any_of(in.begin(), in.end(), [](const Operand& o) { return o.dead; });
  Value gate = gate_of(in);
  for (std::string_view input : node.inputs) {
    if (!input.starts_with('^') || is_merge(node.op)) continue;
    const NodeDef* source = resolve(scope, input).node;
    const auto before = source == nullptr ? scope.done.end() : scope.done.find(source);
    if (before == scope.done.end() || before->second.empty()) continue;
    dead = dead ||
           std::all_of(before->second.begin(), before->second.end(), [](const Operand& o) { return o.dead; });
    if (!gate.valid()) gate = gate_of(before->second);
  }
  std::vector<Operand> out;
  // Restoring does not look at the name of the file, which may be computed by anything.
  if (dead && !is_merge(node.op) && !node.op.starts_with("Restore")) {
    out.resize(std::max<size_t>(2, output_count(scope, node)), Operand{{}, {}, true, {}});
  } else {
    out = import_op(scope, node, std::move(in));
    for (Operand& operand : out) {
      if (!operand.gate.valid() && !is_merge(node.op)) operand.gate = gate;
    }
  }
  scope.done[&node] = std::move(out);
}

std::vector<Operand> Importer::import_op(Scope& scope, const NodeDef& node, std::vector<Operand> in) {
  const TfOpDef* op = find_tf_op(node.op);
  const ir::OpDef* plain = op == nullptr ? find_plain_op(node.op) : nullptr;
  if (op != nullptr && op->import != nullptr) {
    ImportCall call{node, std::move(in), *this, scope, scope.g};
    return op->import(call);
  }
  if (op == nullptr && plain == nullptr && graph_.function(node.op) != nullptr)
    return call_function(scope, node.op, in, scope.g, scope.speculative);
  if (op == nullptr && plain == nullptr) {
    if (environment_.setup)
      fail(ErrorCode::unsupported, std::string(node.name), "there is no op {}", node.op);
    ++missing_[std::string(node.op)];
    return std::vector<Operand>(
        output_count(scope, node),
        Operand{scope.g.dynamic_op("gate", {}, {dynamic::MaybeType()})[0], {}, false, {}});
  }
  std::vector<Value> values;
  for (const Operand& operand : in) {
    if (operand.resource && !operand.resource->is_reference)
      fail(ErrorCode::unsupported, std::string(node.name), "op {} takes the resource '{}' as a tensor",
           node.op, operand.resource->name);
    values.push_back(operand.resource ? read(scope.g, operand.resource, std::string(node.name))
                                      : operand.value);
  }
  std::vector<Operand> out;
  for (Value value : lower(scope, node, op, plain, std::move(values))) out.push_back({value, {}, false, {}});
  return out;
}

std::vector<Value> Importer::lower(Scope& scope, const NodeDef& node, const TfOpDef* op,
                                   const ir::OpDef* plain, std::vector<Value> in) {
  const bool typed = std::all_of(in.begin(), in.end(), [&](Value value) { return scope.g.typed(value); });
  if (typed && (plain != nullptr || op->lower != nullptr)) {
    try {
      if (plain != nullptr) return scope.g.add(*plain, in);
      NodeCall call(node, in, scope.g);
      return op->lower(call);
    } catch (const NeedsValue&) {
      // Its value is known in the run.
    } catch (const Error& error) {
      if (!scope.speculative || error.code() != ErrorCode::bad_shape) throw error.within(graph_.where());
    }
  }
  return add_late(scope.g, node, op, plain, std::move(in), output_count(scope, node));
}

size_t Importer::output_count(const Scope& scope, const NodeDef& node) {
  const TfOpDef* op = find_tf_op(node.op);
  const auto count = [&](const std::unordered_map<const NodeDef*, size_t>& counts) {
    const auto found = counts.find(&node);
    return found == counts.end() ? 1 : found->second;
  };
  return std::max(
      {count(facts(scope).output_counts), count(wanted_), op == nullptr ? 1 : op->outputs.size()});
}

Value Importer::read(OpBuilder& g, const ResourcePtr& resource, const std::string& where) {
  if (resource->assigned && !environment_.setup) {
    Attrs attrs{{"name", resource->name}};
    dynamic::MaybeType type;
    if (resource->value.valid()) type = TensorType{resource->value.dtype, resource->value.shape};
    return g.dynamic_op("read_variable", {}, {type}, std::move(attrs))[0];
  }
  if (!resource->value.valid()) {
    fail(ErrorCode::bad_file, where,
         "variable '{}' has no value: the model's checkpoint does not give it one{}{}", resource->name,
         environment_.setup_failure.empty() ? "" : ": ", environment_.setup_failure);
  }
  const auto [found, added] = read_.try_emplace({&g.graph(), resource.get()});
  if (added) found->second = g.constant(resource->value);
  return found->second;
}

std::vector<Operand> Importer::call_function(Scope& caller, std::string_view name,
                                             const std::vector<Operand>& arguments, OpBuilder& g,
                                             bool speculative) {
  const FunctionDef* function = graph_.function(name);
  const std::string where = graph_.where() + ":" + std::string(name);
  (void)caller;
  if (function == nullptr)
    fail(ErrorCode::bad_file, where, "a function is called that the file does not hold");
  if (std::find(calls_.begin(), calls_.end(), name) != calls_.end())
    fail(ErrorCode::unsupported, where, "the function calls itself, which is not supported");
  if (arguments.size() < function->args.size())
    fail(ErrorCode::bad_file, where, "the function takes {} arguments, received {}", function->args.size(),
         arguments.size());
  if (calls_.size() >= kMostCalls)
    fail(ErrorCode::unsupported, where, "functions call each other more than {} levels deep", kMostCalls);
  calls_.emplace_back(name);
  Scope scope{function->body, function, g, speculative, {}, {}, {}};
  for (size_t i = 0; i < function->args.size(); ++i) scope.arguments[function->args[i]] = arguments[i];
  std::vector<const NodeDef*> roots;
  std::vector<std::string_view> sources;
  for (std::string_view result : function->results) {
    const auto source = function->returns.find(result);
    if (source == function->returns.end())
      fail(ErrorCode::bad_file, where, "result '{}' of the function comes from nowhere", result);
    sources.push_back(source->second);
    const Source from = resolve(scope, source->second);
    if (from.node != nullptr) roots.push_back(from.node);
    want(from);
  }
  for (std::string_view control : function->control_returns) {
    if (const NodeDef* node = resolve(scope, control).node) roots.push_back(node);
  }
  run(scope, roots);
  std::vector<Operand> results;
  for (std::string_view source : sources) results.push_back(operand(scope, source));
  calls_.pop_back();
  return results;
}

void Importer::forget(const ir::Graph& graph) {
  std::erase_if(read_, [&](const auto& entry) { return entry.first.first == &graph; });
}

void Importer::fail_if_missing() const {
  if (missing_.empty()) return;
  std::string names;
  for (const auto& [name, count] : missing_)
    names += fmt::format("{}{} ({})", names.empty() ? "" : ", ", name, count);
  fail(ErrorCode::unsupported, graph_.where(), "the graph needs TensorFlow ops that Cornu does not have: {}",
       names);
}

Value ImportCall::value(size_t i) {
  if (i >= in.size()) fail(ErrorCode::bad_file, "the node has {} inputs, input {} is needed", in.size(), i);
  if (in[i].resource && !in[i].resource->is_reference)
    fail(ErrorCode::unsupported, "input {} is the resource '{}', a tensor is needed", i,
         in[i].resource->name);
  return in[i].resource ? importer.read(g, in[i].resource, std::string(def.name)) : in[i].value;
}

const Tensor* ImportCall::constant(size_t i) {
  return g.graph().constant(value(i));
}

const ResourcePtr& ImportCall::resource(size_t i) const {
  if (i >= in.size() || !in[i].resource)
    fail(ErrorCode::bad_file, "input {} must be a variable or a table", i);
  return in[i].resource;
}

Value ImportCall::read(const ResourcePtr& wanted) {
  return importer.read(g, wanted, std::string(def.name));
}

Value ImportCall::assign(const ResourcePtr& variable, std::string_view op, Value value) {
  if (!variable->assigned) {
    variable->assigned = true;
    if (variable->value.valid()) environment().state->variables.emplace(variable->name, variable->value);
    throw VariableChanges{};
  }
  Attrs attrs{{"name", variable->name}};
  if (!op.empty()) attrs.set("op", std::string(op));
  return g.dynamic_op("assign_variable", {value}, {dynamic::MaybeType()}, std::move(attrs))[0];
}

Environment& ImportCall::environment() const {
  return importer.environment();
}

std::vector<Operand> ImportCall::call_function(std::string_view name, const std::vector<Operand>& arguments) {
  return importer.call_function(scope, name, arguments, g, scope.speculative);
}

Body ImportCall::body(std::string_view name, const std::vector<BodyArgument>& arguments,
                      const std::vector<bool>& wanted) {
  Body body;
  importer.forget(body.graph);
  OpBuilder builder(body.graph, constant_folder());
  std::vector<Operand> inside = enter_all(arguments, g, builder);
  const std::vector<Operand> results = importer.call_function(scope, name, inside, builder, true);
  for (size_t i = 0; i < results.size(); ++i) {
    if (!wanted.empty() && !wanted[i]) continue;
    const Operand& result = results[i];
    if (result.dead) fail(ErrorCode::unsupported, "a result of function {} is never computed", name);
    const bool is_handle = result.resource && !result.resource->is_reference;
    // A handle that is handed through stands outside; its place is kept so that results keep their numbers.
    const Value value = is_handle         ? builder.constant(scalar(0, DType::int32))
                        : result.resource ? importer.read(builder, result.resource, std::string(def.name))
                                          : result.value;
    body.graph.add_output("", value);
    body.types.push_back(builder.typed(value) ? dynamic::MaybeType(builder.graph().type(value))
                                              : std::nullopt);
  }
  return body;
}

bool BodyArgument::is_input(const OpBuilder& outer) const {
  return !operand.resource && !operand.dead && !(fixed && outer.known(operand.value) != nullptr);
}

std::vector<Operand> enter_all(const std::vector<BodyArgument>& arguments, const OpBuilder& outer,
                               OpBuilder& inner) {
  std::vector<Operand> inside(arguments.size());
  for (const bool fixed : {false, true}) {  // variables of a loop come first
    for (size_t i = 0; i < arguments.size(); ++i) {
      const BodyArgument& argument = arguments[i];
      if (argument.fixed != fixed) continue;
      const Operand& operand = argument.operand;
      if (operand.resource || operand.dead) {
        inside[i] = {{}, operand.resource, operand.dead, {}};
      } else if (!argument.is_input(outer)) {
        inside[i] = {inner.constant(*outer.known(operand.value)), {}, false, {}};
      } else {
        const TensorType type = argument.type.value_or(TensorType{dynamic::kUntyped, {}});
        inside[i] = {inner.graph().add_input("argument", type.dtype, type.shape), {}, false, {}};
      }
    }
  }
  return inside;
}

namespace {

ir::Graph import_once(const GraphDef& graph, Environment& environment, const Request& request) {
  ir::Graph result;
  OpBuilder g(result, constant_folder());
  Importer importer(graph, environment);
  Scope scope{graph.nodes(), nullptr, g, false, {}, {}, {}};
  for (const Feed& feed : request.feeds) {
    const auto source = importer.resolve(scope, feed.tensor);
    const DType dtype = feed.dtype.value_or(source.node->dtype("dtype"));
    const MaybeShape shape = feed.any_rank ? std::nullopt
                             : feed.shape  ? feed.shape
                                           : source.node->shape("shape");
    const Value value =
        result.add_input(feed.name, shape ? dtype : dynamic::kUntyped, shape.value_or(Shape{}));
    scope.overrides[{source.node, source.index}] = {value, {}, false, {}};
  }
  for (const auto& [tensor, value] : request.constants) {
    const auto source = importer.resolve(scope, tensor);
    scope.overrides[{source.node, source.index}] = {g.constant(value), {}, false, {}};
  }
  std::vector<const NodeDef*> roots;
  for (const Fetch& fetch : request.fetches) {
    const auto source = importer.resolve(scope, fetch.tensor);
    if (!scope.overrides.contains({source.node, source.index})) roots.push_back(source.node);
    importer.want(source);
  }
  for (const std::string& target : request.targets) roots.push_back(importer.resolve(scope, target).node);
  importer.run(scope, roots);
  if (!environment.setup) importer.fail_if_missing();
  for (const Fetch& fetch : request.fetches) {
    const Operand found = importer.operand(scope, fetch.tensor);
    if (found.dead)
      fail(ErrorCode::bad_file, fetch.tensor, "the tensor belongs to a branch that is never taken");
    if (found.resource && !found.resource->is_reference)
      fail(ErrorCode::bad_argument, fetch.tensor, "the tensor is a handle of '{}', which has no value",
           found.resource->name);
    result.add_output(fetch.name,
                      found.resource ? importer.read(g, found.resource, fetch.tensor) : found.value);
  }
  result.set_layer("");
  return result;
}

}  // namespace

ir::Graph import_graph(const GraphDef& graph, Environment& environment, const Request& request) {
  for (;;) {  // ends: each turn finds one more variable of those that the graph has
    try {
      return import_once(graph, environment, request);
    } catch (const VariableChanges&) {
    }
  }
}

}  // namespace cornu::tensorflow
