#include "base/elementwise_program.h"

#include <gtest/gtest.h>

#include "support/expect_error.h"

namespace cornu {
namespace {

TEST(elementwise_program, what_is_written_is_read_again) {
  const std::vector<ProgramStep> steps = {
      {"mul", {}, {0, 1}}, {"clip", {{"min", 0.0}, {"max", 6.0}}, {~0}}, {"add", {}, {~1, 0}}};
  const Attrs attrs = write_program(steps);
  EXPECT_EQ(attrs.text("program"), "mul x0 x1; clip t0; add t1 x0");
  const std::vector<ProgramStep> read = read_program(attrs);
  ASSERT_EQ(read.size(), steps.size());
  for (size_t i = 0; i < steps.size(); ++i) {
    EXPECT_EQ(read[i].op, steps[i].op);
    EXPECT_EQ(read[i].attrs, steps[i].attrs);
    EXPECT_EQ(read[i].operands, steps[i].operands);
  }
}

TEST(elementwise_program, malformed_programs_are_internal_errors) {
  for (const char* text : {"", "add x0 y1", "add x0 t0", "neg x", "neg x-1", "neg x0; add t0 t1"}) {
    const Attrs attrs = {{"program", std::string(text)}};
    test::expect_error(ErrorCode::internal, [&] { read_program(attrs); });
  }
}

}  // namespace
}  // namespace cornu
