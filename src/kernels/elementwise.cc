// elementwise: a program of functions and arithmetic in one pass over memory. See kernels/elementwise.h and
// base/elementwise_program.h. float32.
#include "kernels/elementwise.h"

#include <fmt/format.h>

#include "base/elementwise_program.h"

namespace cornu::kernels {

extern const KernelDef kernel_elementwise;

namespace {

PreparedKernel prepare(const KernelSite& site) {
  std::vector<ElementwiseStep> steps;
  for (const ProgramStep& given : read_program(site.attrs)) {
    auto step = ElementwiseStep::of(given.op, given.attrs);
    if (!step) return refuse(fmt::format("{} has no fast form", given.op));
    for (size_t i = 0; i < given.operands.size(); i++) step->operands[i] = given.operands[i];
    steps.push_back(*step);
  }
  return prepare_elementwise(site, std::move(steps));
}

}  // namespace

const KernelDef kernel_elementwise = {
    .name = "elementwise", .op = "elementwise", .rank = 10, .prepare = prepare};

}  // namespace cornu::kernels
