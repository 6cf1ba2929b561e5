#include "ops/finish.h"

namespace cornu::ops {
namespace {

// Unknown sizes fit any.
bool fits(const Shape& a, const Shape& b) {
  bool same = a.rank() == b.rank();
  for (int axis = 0; same && axis < a.rank(); ++axis) {
    same = a[axis] == b[axis] || a[axis] == Shape::kUnknown || b[axis] == Shape::kUnknown;
  }
  return same;
}

void check_input(const ir::InferContext& c, int input, const Shape& wanted, const char* role) {
  if (input < 0 || fits(c.in[static_cast<size_t>(input)].shape, wanted)) return;
  fail(ErrorCode::bad_shape, "", "the {} has shape {}, it must be {}", role,
       c.in[static_cast<size_t>(input)].shape.to_string(), wanted.to_string());
}

}  // namespace

int64_t row_scratch_bytes(int64_t channels, int threads) {
  return channels * threads * static_cast<int64_t>(sizeof(double));
}

void check_epilogue(const ir::InferContext& c, const Shape& y, int64_t channels) {
  const Epilogue epilogue = Epilogue::parse(c.attrs, 2);
  if (c.in.size() != 2 + static_cast<size_t>(epilogue.inputs())) {
    fail(ErrorCode::bad_shape, "", "the epilogue '{}' takes {} inputs, received {}",
         c.attrs.text("epilogue", ""), epilogue.inputs(), c.in.size() - 2);
  }
  check_input(c, epilogue.scale, {channels}, "scale");
  check_input(c, epilogue.shift, {channels}, "shift");
  check_input(c, epilogue.residual, y, "residual");
}

}  // namespace cornu::ops
