#include <algorithm>
#include <map>
#include <string>

#include "ops/recurrent.h"
#include "tensorflow/late.h"
#include "tensorflow/recurrence.h"

namespace cornu::tensorflow {
namespace {

// What does not have the form of a recurrent layer; caught by fuse_recurrence().
struct Other {};

void expect(bool condition) {
  if (!condition) throw Other{};
}

// Reads the step's graph; every method throws Other when the value is made in another way.
class Reader {
 public:
  explicit Reader(const ir::Graph& graph) : graph_(graph) {}

  const ir::Graph& graph() const { return graph_; }

  const ir::Node* made_by(Value value, std::string_view op) const {
    const int32_t index = graph_.info(value).node;
    if (index < 0 || graph_.constant(value) != nullptr) return nullptr;
    const ir::Node& node = graph_.nodes()[static_cast<size_t>(index)];
    return node.op->name == op ? &node : nullptr;
  }

  const ir::Node& node(Value value, std::string_view op) const {
    const ir::Node* found = made_by(value, op);
    expect(found != nullptr);
    return *found;
  }

  // The number of the graph's input that the value is; -1 if it is none.
  int input(Value value) const {
    for (size_t i = 0; i < graph_.inputs().size(); ++i) {
      if (graph_.inputs()[i].value == value) return static_cast<int>(i);
    }
    return -1;
  }

  bool is_number(Value value, double number) const {
    const Tensor* constant = graph_.constant(value);
    return constant != nullptr && constant->shape.elements() == 1 && to_doubles(*constant)[0] == number;
  }

  bool is_zeros(Value value) const {
    const Tensor* constant = graph_.constant(value);
    if (constant == nullptr || constant->dtype == DType::string) return false;
    const std::vector<double> numbers = to_doubles(*constant);
    return std::all_of(numbers.begin(), numbers.end(), [](double x) { return x == 0; });
  }

  // f(x) for an f that recurrent ops can take as their activation.
  Value activated(Value value, std::string& function) const {
    const int32_t index = graph_.info(value).node;
    expect(index >= 0 && graph_.constant(value) == nullptr);
    const ir::Node& node = graph_.nodes()[static_cast<size_t>(index)];
    const std::string name(node.op->name);
    expect(node.inputs.size() == 1 && node.op->elementwise && ops::recurrent_function(name) != nullptr &&
           (name == "sigmoid" || name == "tanh" || name == "relu" || name == "hard_sigmoid"));
    expect(function.empty() || function == name);
    function = name;
    return node.inputs[0];
  }

  // Part `number` of `count` equal ones along the last axis.
  Value part(Value value, int64_t number, int64_t count) const {
    const Shape& shape = graph_.type(value).shape;
    expect(shape.rank() == 2);
    const int64_t size = shape[1];
    const ir::Node* slice = made_by(value, "slice_axis");
    if (slice != nullptr) {
      const int64_t axis = slice->attrs.integer("axis");
      expect((axis == 1 || axis == -1) && slice->attrs.integer("begin") == number * size);
    } else {
      slice = &node(value, "strided_slice");
      const Ints zeros(2, 0);
      expect(slice->attrs.ints("begin").size() == 2 && slice->attrs.ints("strides") == Ints(2, 1) &&
             slice->attrs.ints("new_axis", zeros) == zeros && slice->attrs.ints("drop_axis", zeros) == zeros);
      const Ints begin_absent = slice->attrs.ints("begin_absent", zeros);
      const Ints end_absent = slice->attrs.ints("end_absent", zeros);
      expect(begin_absent[0] == 1 && end_absent[0] == 1);
      expect((begin_absent[1] == 1 ? 0 : slice->attrs.ints("begin")[1]) == number * size);
    }
    expect(graph_.type(slice->inputs[0]).shape[1] == count * size);
    return slice->inputs[0];
  }

  std::vector<Value> terms(Value sum) const {
    std::vector<Value> all;
    std::vector<Value> open{sum};
    while (!open.empty()) {
      const Value next = open.back();
      open.pop_back();
      if (const ir::Node* add = made_by(next, "add")) {
        open.insert(open.end(), add->inputs.begin(), add->inputs.end());
      } else {
        all.push_back(next);
      }
      expect(all.size() <= 4);
    }
    return all;
  }

 private:
  const ir::Graph& graph_;
};

// x . kernel + bias, or h . kernel + bias.
struct Projection {
  Value of;
  Value kernel;
  std::vector<Value> biases;  // all constants
};

// The cell as the step computes it.
struct Cell {
  std::string_view op;
  std::string activation, recurrent_activation;
  Value x;                         // this step's element of the sequence
  int state = -1;                  // variables: h,
  int memory = -1;                 // and c of an LSTM
  Value kernel, recurrent_kernel;  // constants of the step
  std::vector<Value> biases, recurrent_biases;
};

class Match {
 public:
  Match(OpBuilder& g, const Loop& loop)
      : g_(g), loop_(loop), step_(loop.step), count_(static_cast<int>(loop.variables.size())) {}

  std::vector<Value> run() {
    classify();
    expect(lists_.size() == 1 && !states_.empty());
    trip_ = trip_count();
    find_cell();
    return emit();
  }

 private:
  Value in(int variable) const { return step_.graph().inputs()[static_cast<size_t>(variable)].value; }
  Value out(int variable) const { return step_.graph().outputs()[static_cast<size_t>(variable)].value; }
  const Tensor* first(int variable) const { return g_.known(loop_.variables[static_cast<size_t>(variable)]); }

  bool is_counter(int variable) const {
    if (variable < 0 || variable >= count_) return false;
    const ir::Node* add = step_.made_by(out(variable), "add");
    const Tensor* start = first(variable);
    return add != nullptr && start != nullptr && start->shape.rank() == 0 && dtype_is_integer(start->dtype) &&
           to_ints(*start)[0] == 0 && add->inputs[0] == in(variable) && step_.is_number(add->inputs[1], 1);
  }

  void classify() {
    for (int i = 0; i < count_; ++i) {
      if (is_counter(i)) continue;
      const NodeDef* node = late_node(step_.graph(), out(i));
      if (node != nullptr && node->op == "TensorListSetItem") {
        lists_.push_back(i);
      } else {
        expect(dynamic::is_typed(step_.graph(), out(i)) && step_.graph().type(out(i)).shape.rank() == 2);
        states_.push_back(i);
      }
    }
  }

  // The condition is counter < limit, or several of these.
  int64_t trip_count() const {
    const Reader condition(loop_.condition);
    int64_t least = INT64_MAX;
    std::vector<Value> open{loop_.condition.outputs().at(0).value};
    while (!open.empty()) {
      const Value next = open.back();
      open.pop_back();
      if (const ir::Node* both = condition.made_by(next, "logical_and")) {
        open.insert(open.end(), both->inputs.begin(), both->inputs.end());
        continue;
      }
      const ir::Node& less = condition.node(next, "less");
      const Tensor* limit = loop_.condition.constant(less.inputs[1]);
      expect(is_counter(condition.input(less.inputs[0])) && limit != nullptr && limit->shape.elements() == 1);
      least = std::min(least, to_ints(*limit)[0]);
    }
    expect(least >= 1 && least != INT64_MAX);
    return least;
  }

  // The tensor [time, batch, ...] whose list this step's element is read from. Throws Other.
  Value sequence_of(Value element) const {
    const NodeDef* get = late_node(step_.graph(), element);
    expect(get != nullptr && get->op == "TensorListGetItem");
    const std::vector<Value> inputs = late_inputs(step_.graph(), element);
    expect(is_counter(step_.input(inputs.at(1))));
    const int list = step_.input(inputs[0]) - count_;
    expect(list >= 0 && list < static_cast<int>(loop_.captured.size()));
    const Value outer = loop_.captured[static_cast<size_t>(list)];
    const NodeDef* from = late_node(g_.graph(), outer);
    expect(from != nullptr && from->op == "TensorListFromTensor");
    const Value tensor = late_inputs(g_.graph(), outer).at(0);
    expect(g_.typed(tensor) && g_.shape(tensor).rank() >= 2 && g_.shape(tensor)[0] == trip_);
    return tensor;
  }

  // New values are picked where the mask is true; gives the picked value, and what stands for masked steps.
  Value unmasked(Value value, Value& old) {
    const ir::Node* select = step_.made_by(value, "select");
    if (select == nullptr) {
      expect(!mask_.valid());
      return value;
    }
    Value mask = select->inputs[0];
    if (const ir::Node* tile = step_.made_by(mask, "tile")) mask = tile->inputs[0];
    const Value sequence = sequence_of(mask);
    expect(!mask_.valid() || mask_ == sequence);
    mask_ = sequence;
    old = select->inputs[2];
    return select->inputs[1];
  }

  // The state variable whose new value, without the mask, this is.
  int state_of(Value fresh) const {
    for (const auto& [variable, value] : fresh_) {
      if (value == fresh) return variable;
    }
    throw Other{};
  }

  void find_cell() {
    const std::vector<Value> written = late_inputs(step_.graph(), out(lists_[0]));
    expect(written.size() == 3 && step_.input(written[0]) == lists_[0]);
    whole_ = is_counter(step_.input(written[1]));
    expect(whole_ || step_.is_number(written[1], 0));
    Value before;
    const Value given = unmasked(written[2], before);
    const bool masked = mask_.valid();
    zero_output_ = masked && step_.is_zeros(before);
    for (const int variable : states_) {
      if (out(variable) == written[2]) {
        // The output of the step before, for masked steps; without a mask it may be the state itself.
        const Tensor* start = first(variable);
        if (masked && (zero_output_ || (before == in(variable) && start != nullptr && is_zero(*start)))) {
          outputs_.push_back(variable);
          continue;
        }
      }
      Value old;
      fresh_.emplace_back(variable, unmasked(out(variable), old));
      expect(masked == mask_.valid() && (!masked || old == in(variable)));
    }
    expect(!masked || zero_output_ || !outputs_.empty());
    cell_.state = state_of(given);
    if (!match_lstm(given) && !match_gru(given)) match_simple(given);
    expect(fresh_.size() == (cell_.memory >= 0 ? 2U : 1U));
  }

  static bool is_zero(const Tensor& tensor) {
    const std::vector<double> numbers = to_doubles(tensor);
    return std::all_of(numbers.begin(), numbers.end(), [](double x) { return x == 0; });
  }

  // Sorts the terms of a sum: products of h and of x, and constants.
  void take_terms(Value sum, bool with_x, bool with_h, std::vector<Value>& biases) {
    for (const Value term : step_.terms(sum)) {
      if (step_.graph().constant(term) != nullptr) {
        expect(step_.graph().type(term).shape.rank() == 1);
        biases.push_back(term);
        continue;
      }
      const ir::Node& product = step_.node(term, "matmul");
      expect(product.inputs.size() == 2 && !product.attrs.flag("transpose_a", false) &&
             !product.attrs.flag("transpose_b", false) &&
             step_.graph().constant(product.inputs[1]) != nullptr);
      const bool of_h = product.inputs[0] == in(cell_.state);
      expect(of_h ? with_h : with_x);
      Value& kernel = of_h ? cell_.recurrent_kernel : cell_.kernel;
      expect(!kernel.valid() || kernel == product.inputs[1]);
      kernel = product.inputs[1];
      if (!of_h) cell_.x = product.inputs[0];
    }
  }

  // h = o f(c), c = forget c + i f(candidate), with [i forget candidate o] = x . kernel + h . recurrent_kernel + bias
  bool match_lstm(Value given) {
    if (fresh_.size() != 2) return false;
    cell_.op = "lstm";
    const ir::Node& h = step_.node(given, "mul");
    const int other = fresh_[0].first == cell_.state ? 1 : 0;
    cell_.memory = fresh_[static_cast<size_t>(other)].first;
    const Value c = fresh_[static_cast<size_t>(other)].second;
    const size_t curve =
        step_.made_by(h.inputs[1], "tanh") != nullptr && step_.made_by(h.inputs[1], "tanh")->inputs[0] == c
            ? 1
            : 0;
    expect(step_.activated(h.inputs[curve], cell_.activation) == c);
    const Value gates = step_.part(step_.activated(h.inputs[1 - curve], cell_.recurrent_activation), 3, 4);
    const ir::Node& sum = step_.node(c, "add");
    bool kept = false;
    bool added = false;
    for (const Value term : sum.inputs) {
      const ir::Node& product = step_.node(term, "mul");
      const size_t memory = product.inputs[1] == in(cell_.memory) ? 1 : 0;
      if (product.inputs[memory] == in(cell_.memory)) {
        kept = true;
        expect(step_.part(step_.activated(product.inputs[1 - memory], cell_.recurrent_activation), 1, 4) ==
               gates);
      } else {
        added = true;
        expect(step_.part(step_.activated(product.inputs[0], cell_.recurrent_activation), 0, 4) == gates);
        expect(step_.part(step_.activated(product.inputs[1], cell_.activation), 2, 4) == gates);
      }
    }
    expect(kept && added);
    take_terms(gates, true, true, cell_.biases);
    return true;
  }

  // The gate number `number`: f(part of x . kernel + part of h . recurrent_kernel).
  void match_gate(Value gate, int64_t number, Value& of_x, Value& of_h) {
    const ir::Node& sum = step_.node(step_.activated(gate, cell_.recurrent_activation), "add");
    const auto take = [&](Value part, Value& whole) {
      const Value from = step_.part(part, number, 3);
      expect(!whole.valid() || whole == from);
      whole = from;
    };
    take(sum.inputs[0], of_x);
    take(sum.inputs[1], of_h);
  }

  // h = z h + (1 - z) f(candidate of x + r candidate of h)
  bool match_gru(Value given) {
    const ir::Node* sum = step_.made_by(given, "add");
    if (fresh_.size() != 1 || sum == nullptr) return false;
    cell_.op = "gru";
    const ir::Node& kept = step_.node(sum->inputs[0], "mul");
    const ir::Node& added = step_.node(sum->inputs[1], "mul");
    expect(kept.inputs[1] == in(cell_.state));
    const Value z = kept.inputs[0];
    const ir::Node& rest = step_.node(added.inputs[0], "sub");
    expect(step_.is_number(rest.inputs[0], 1) && rest.inputs[1] == z);
    Value of_x, of_h;
    match_gate(z, 0, of_x, of_h);
    const ir::Node& candidate = step_.node(step_.activated(added.inputs[1], cell_.activation), "add");
    expect(step_.part(candidate.inputs[0], 2, 3) == of_x);
    const ir::Node& reset = step_.node(candidate.inputs[1], "mul");
    expect(step_.part(reset.inputs[1], 2, 3) == of_h);
    match_gate(reset.inputs[0], 1, of_x, of_h);
    take_terms(of_x, true, false, cell_.biases);
    take_terms(of_h, false, true, cell_.recurrent_biases);
    return true;
  }

  void match_simple(Value given) {
    expect(fresh_.size() == 1);
    cell_.op = "simple_rnn";
    take_terms(step_.activated(given, cell_.activation), true, true, cell_.biases);
  }

  Value outer(Value constant) const { return g_.constant(*step_.graph().constant(constant)); }

  Value sum_of(const std::vector<Value>& constants) {
    Value sum;
    for (const Value constant : constants)
      sum = sum.valid() ? g_.op("add", {sum, outer(constant)}) : outer(constant);
    return sum;
  }

  std::vector<Value> emit() {
    expect(cell_.kernel.valid() && cell_.recurrent_kernel.valid());
    const Value sequence = sequence_of(cell_.x);
    expect(g_.shape(sequence).rank() == 3);
    Value x = g_.op("matmul", {g_.transpose(sequence, {1, 0, 2}), outer(cell_.kernel)});
    if (!cell_.biases.empty()) x = g_.op("add", {x, sum_of(cell_.biases)});
    std::vector<Value> inputs{x, outer(cell_.recurrent_kernel)};
    if (!cell_.recurrent_biases.empty()) inputs.push_back(sum_of(cell_.recurrent_biases));
    for (const int state : {cell_.state, cell_.memory}) {
      if (state < 0) continue;
      const Value start = loop_.variables[static_cast<size_t>(state)];
      expect(g_.typed(start) && g_.shape(start).rank() == 2 && g_.shape(start)[0] == g_.shape(x)[0]);
      inputs.push_back(start);
    }
    if (mask_.valid()) {
      const Shape& shape = g_.shape(mask_);
      expect(shape.rank() == 2 || (shape.rank() == 3 && shape[2] == 1));
      const Value plain = shape.rank() == 2 ? mask_ : g_.reshape(mask_, {shape[0], shape[1]});
      inputs.push_back(g_.transpose(plain, {1, 0}));
    }
    Attrs attrs{{"activation", cell_.activation},
                {"has_bias", !cell_.recurrent_biases.empty()},
                {"has_state", true},
                {"has_mask", mask_.valid()},
                {"return_sequences", true},
                {"go_backwards", false},
                {"zero_output", zero_output_}};
    if (cell_.op != "simple_rnn") attrs.set("recurrent_activation", cell_.recurrent_activation);
    if (cell_.op == "gru") attrs.set("reset_after", true);
    return results(g_.multi_op(cell_.op, std::move(inputs), std::move(attrs)));
  }

  // The variables' last values. `made`: y [batch, time, units], h, c.
  std::vector<Value> results(const std::vector<Value>& made) {
    const Value steps = g_.transpose(made[0], {1, 0, 2});
    const Value last =
        g_.op("slice_axis", {steps}, {{"axis", int64_t{0}}, {"begin", trip_ - 1}, {"size", int64_t{1}}});
    const Shape shape = g_.shape(last);
    std::vector<Value> all;
    for (int i = 0; i < count_; ++i) {
      if (i == lists_[0]) {
        const Value from =
            loop_.captured[static_cast<size_t>(step_.input(late_inputs(step_.graph(), cell_.x)[0]) - count_)];
        const int64_t element[] = {-1, shape[2]};
        all.push_back(late_again(
            g_, from, {whole_ ? steps : last, g_.constant(tensor_of_ints(element, {2}, DType::int32))}));
      } else if (i == cell_.state) {
        all.push_back(made[1]);
      } else if (i == cell_.memory) {
        all.push_back(made[2]);
      } else if (std::find(outputs_.begin(), outputs_.end(), i) != outputs_.end()) {
        all.push_back(g_.reshape(last, {shape[1], shape[2]}));
      } else {
        all.push_back(g_.scalar(static_cast<double>(trip_), first(i)->dtype));
      }
    }
    return all;
  }

  OpBuilder& g_;
  const Loop& loop_;
  const Reader step_;
  const int count_;  // of variables
  std::vector<int> lists_, states_;
  std::vector<int> outputs_;                  // states that hold the output before
  std::vector<std::pair<int, Value>> fresh_;  // state -> its new value, without the mask
  Value mask_;                                // [time, batch, 1], outside of the loop
  bool zero_output_ = false;
  bool whole_ = false;  // the list gets every output, else the last one
  int64_t trip_ = 0;
  Cell cell_;
};

}  // namespace

std::optional<std::vector<Value>> fuse_recurrence(OpBuilder& g, const Loop& loop) {
  try {
    return Match(g, loop).run();
  } catch (const Other&) {
    return std::nullopt;
  }
}

}  // namespace cornu::tensorflow
