#include "base/elementwise_program.h"

#include <charconv>
#include <sstream>

#include "base/fail.h"

namespace cornu {
namespace {

int read_operand(const std::string& word, size_t steps) {
  int index = -1;
  const char* const end = word.data() + word.size();
  const bool is_number = word.size() > 1 && std::from_chars(word.data() + 1, end, index).ptr == end;
  if (is_number && index >= 0 && word[0] == 'x') return index;
  if (is_number && index >= 0 && word[0] == 't' && static_cast<size_t>(index) < steps) return ~index;
  fail(ErrorCode::internal, "elementwise", "'{}' is no operand of step {}", word, steps);
}

}  // namespace

std::vector<ProgramStep> read_program(const Attrs& attrs) {
  std::vector<ProgramStep> steps;
  std::istringstream text(attrs.text("program"));
  for (std::string line; std::getline(text, line, ';');) {
    std::istringstream words(line);
    ProgramStep step;
    if (!(words >> step.op)) fail(ErrorCode::internal, "elementwise", "a step of the program has no op");
    for (std::string word; words >> word;) step.operands.push_back(read_operand(word, steps.size()));
    const std::string prefix = std::to_string(steps.size()) + "_";
    for (const auto& [name, value] : attrs.items()) {
      if (name.starts_with(prefix)) step.attrs.set(name.substr(prefix.size()), value);
    }
    steps.push_back(std::move(step));
  }
  if (steps.empty()) fail(ErrorCode::internal, "elementwise", "the program has no steps");
  return steps;
}

Attrs write_program(const std::vector<ProgramStep>& steps) {
  Attrs attrs;
  std::string text;
  for (size_t i = 0; i < steps.size(); ++i) {
    text += (i == 0 ? "" : "; ") + steps[i].op;
    for (int operand : steps[i].operands)
      text += operand >= 0 ? " x" + std::to_string(operand) : " t" + std::to_string(~operand);
    for (const auto& [name, value] : steps[i].attrs.items()) attrs.set(std::to_string(i) + "_" + name, value);
  }
  attrs.set("program", text);
  return attrs;
}

}  // namespace cornu
