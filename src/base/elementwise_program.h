// The program of the op `elementwise`: several ops that work element by element, as one. In attributes:
//   program  "mul x0 x1; clip t0": one op after the other with its operands, inputs (x) or earlier results (t); the last result
//            is the op's
//   1_min    the attribute `min` of step 1, and so on
#pragma once

#include <string>
#include <vector>

#include "base/attrs.h"

namespace cornu {

struct ProgramStep {
  std::string op;
  Attrs attrs;
  std::vector<int> operands;  // an input, or the result of step ~operand
};

// Throws `internal` for a text of another form, an operand that is not there yet, or a program without steps.
std::vector<ProgramStep> read_program(const Attrs& attrs);
Attrs write_program(const std::vector<ProgramStep>& steps);

}  // namespace cornu
