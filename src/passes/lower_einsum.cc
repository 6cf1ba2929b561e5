// lower_einsum: an einsum of two tensors that is a matrix product becomes one, with the reshapes and transposes that it needs.
//   "abc,cde->abde"   becomes   reshape(matmul(x, reshape(y)))
// Proof   letters fall in four classes: of both inputs and the result (batch), of the first and the result (rows), of the second
//         and the result (columns), of both inputs only (inner). With each class in one piece, and several letters of a class
//         merged into one axis, the sum of products over the inner letters is the matrix product.
// Left alone: letters that occur twice in a term or in one input only, sizes that stretch, and several unknown sizes beside axes that have
// to be merged.
#include <algorithm>
#include <optional>
#include <string>

#include "ir/builder.h"
#include "passes/pass.h"

namespace cornu::passes {
namespace {

using ir::Value;

struct Equation {
  std::string a, b, y;
};

// Terms of plain letters; nothing for "..." and for another number of inputs.
std::optional<Equation> parse(std::string text) {
  std::erase(text, ' ');
  const size_t comma = text.find(',');
  const size_t arrow = text.find("->");
  if (comma == std::string::npos || arrow == std::string::npos ||
      text.find(',', comma + 1) != std::string::npos || text.find('.') != std::string::npos || comma > arrow)
    return std::nullopt;
  Equation equation{text.substr(0, comma), text.substr(comma + 1, arrow - comma - 1), text.substr(arrow + 2)};
  for (const std::string& term : {equation.a, equation.b, equation.y}) {
    for (char letter : term) {
      if (std::count(term.begin(), term.end(), letter) > 1) return std::nullopt;
    }
  }
  return equation;
}

// The letters of `from` that are or are not in the other two terms.
std::string letters(const std::string& from, const std::string& other, bool in_other,
                    const std::string& third, bool in_third) {
  std::string found;
  for (char letter : from) {
    if ((other.find(letter) != std::string::npos) == in_other &&
        (third.find(letter) != std::string::npos) == in_third)
      found += letter;
  }
  return found;
}

class Lowering {
 public:
  Lowering(ir::Graph& graph, const Equation& equation, Value a, Value b)
      : builder_(graph), equation_(equation), a_(a), b_(b) {
    batch_ = letters(equation.y, equation.a, true, equation.b, true);
    rows_ = letters(equation.y, equation.a, true, equation.b, false);
    columns_ = letters(equation.y, equation.b, true, equation.a, false);
    inner_ = letters(equation.a, equation.b, true, equation.y, false);
  }

  bool is_product() const {
    const size_t count = batch_.size() + inner_.size();
    if (inner_.empty() || equation_.a.size() != count + rows_.size() ||
        equation_.b.size() != count + columns_.size() ||
        equation_.y.size() != batch_.size() + rows_.size() + columns_.size())
      return false;
    for (char letter : equation_.a + equation_.b) {
      if (size(letter) == kConflict) return false;
    }
    // A reshape can find out one size.
    const std::string merged = rows_ + columns_ + inner_;
    const bool is_plain = rows_.size() == 1 && columns_.size() == 1 && inner_.size() == 1;
    if (!is_plain &&
        std::count_if(merged.begin(), merged.end(), [&](char letter) { return size(letter) < 0; }) > 1)
      return false;
    return true;
  }

  // How many transposes of tensors that change from run to run the product needs in this order of its factors.
  int cost() const {
    return operand(equation_.a, rows_, inner_).moves + operand(equation_.b, inner_, columns_).moves +
           (equation_.y == batch_ + rows_ + columns_ ? 0 : 1);
  }

  Value build() {
    const Operand a = operand(equation_.a, rows_, inner_);
    const Operand b = operand(equation_.b, inner_, columns_);
    const Value product = builder_.op("matmul", {arranged(a_, equation_.a, a), arranged(b_, equation_.b, b)},
                                      {{"transpose_a", a.transposed}, {"transpose_b", b.transposed}});
    Ints sizes;
    for (size_t i = 0; i < batch_.size(); ++i) sizes.push_back(0);
    const bool is_plain = rows_.size() == 1 && columns_.size() == 1;
    append_sizes(rows_, sizes);
    append_sizes(columns_, sizes);
    const Value y = is_plain ? product : builder_.reshape(product, sizes);
    return builder_.transpose(y, order(batch_ + rows_ + columns_, equation_.y));
  }

 private:
  static constexpr int64_t kConflict = -2;

  // One factor: its letters in the order of the product, and whether its last two parts are in the other order.
  struct Operand {
    std::string letters, first, second;
    bool transposed = false;
    int moves = 0;
  };

  Operand operand(const std::string& term, const std::string& first, const std::string& second) const {
    if (term == batch_ + first + second) return {term, first, second, false, 0};
    if (term == batch_ + second + first) return {term, second, first, true, 0};
    return {batch_ + first + second, first, second, false, 1};
  }

  // kUnknown, or kConflict if the inputs differ.
  int64_t size(char letter) const {
    int64_t known = Shape::kUnknown;
    for (const auto& [term, value] : {std::pair(&equation_.a, a_), std::pair(&equation_.b, b_)}) {
      const size_t at = term->find(letter);
      if (at == std::string::npos) continue;
      const int64_t own = builder_.shape(value)[static_cast<int>(at)];
      if (own == Shape::kUnknown) continue;
      if (known != Shape::kUnknown && known != own) return kConflict;
      known = own;
    }
    return known;
  }

  // One axis for all letters of a part. A single letter of unknown size may be the axis of x at the same place.
  void append_merged(const std::string& part, bool same_place, Ints& sizes) const {
    int64_t merged = 1;
    for (char letter : part) merged = size(letter) < 0 || merged < 0 ? -1 : merged * size(letter);
    sizes.push_back(merged < 0 && part.size() == 1 && same_place ? 0 : merged);
  }

  void append_sizes(const std::string& part, Ints& sizes) const {
    for (char letter : part) sizes.push_back(size(letter));
  }

  static Ints order(const std::string& from, const std::string& to) {
    Ints permutation;
    for (char letter : to) permutation.push_back(static_cast<int64_t>(from.find(letter)));
    return permutation;
  }

  Value arranged(Value x, const std::string& term, const Operand& operand) {
    x = builder_.transpose(x, order(term, operand.letters));
    if (operand.first.size() == 1 && operand.second.size() == 1) return x;
    Ints sizes;
    for (size_t i = 0; i < batch_.size(); ++i) sizes.push_back(0);
    append_merged(operand.first, true, sizes);
    append_merged(operand.second, operand.first.size() == 1, sizes);
    return builder_.reshape(x, sizes);
  }

  ir::GraphBuilder builder_;
  Equation equation_;
  Value a_, b_;
  std::string batch_, rows_, columns_, inner_;
};

void run(ir::Graph& graph) {
  bool any = false;
  const size_t count = graph.nodes().size();
  for (size_t i = 0; i < count; ++i) {
    const ir::Node node = graph.nodes()[i];  // a copy: adding nodes moves the list
    if (node.op->name != "einsum" || node.inputs.size() != 2) continue;
    const std::optional<Equation> equation = parse(node.attrs.text("equation"));
    if (!equation) continue;
    graph.set_layer(node.layer);
    Lowering lowering(graph, *equation, node.inputs[0], node.inputs[1]);
    if (!lowering.is_product()) continue;
    Lowering turned(graph, {equation->b, equation->a, equation->y}, node.inputs[1], node.inputs[0]);
    graph.replace_uses(node.outputs[0], turned.cost() < lowering.cost() ? turned.build() : lowering.build());
    any = true;
  }
  if (any) graph.sort();
}

}  // namespace

CORNU_PASS(lower_einsum) = {.name = "lower_einsum",
                            .description = "writes an einsum of two tensors as a matrix product",
                            .order = 45,
                            .run = run};

}  // namespace cornu::passes
