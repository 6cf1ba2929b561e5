#include "cornu/custom.h"

#include <cstring>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

// out = 2 * in[0], in the type of the input; `left_open` leaves the first size of the output open, always.
class Twice : public CustomCall {
 public:
  explicit Twice(bool left_open = false, size_t outputs = 1) : left_open_(left_open), outputs_(outputs) {}

  std::vector<ArrayType> infer(std::span<const ArrayType> inputs) const override {
    std::vector<ArrayType> types(outputs_, inputs[0]);
    for (ArrayType& type : types) {
      if (left_open_) type.shape[0] = -1;
    }
    return types;
  }

  void run(std::span<const Array> inputs, std::span<const OutputArray> outputs) const override {
    for (int64_t i = 0; i < inputs[0].size(); ++i) {
      if (inputs[0].dtype == DType::float64) {
        double value;
        std::memcpy(&value, inputs[0].data + i * 8, 8);
        value *= 2;
        std::memcpy(outputs[0].data + i * 8, &value, 8);
      } else {
        float value;
        std::memcpy(&value, inputs[0].data + i * 4, 4);
        value *= 2;
        std::memcpy(outputs[0].data + i * 4, &value, 4);
      }
    }
  }

 private:
  bool left_open_;
  size_t outputs_;
};

Attrs calling(const Twice& call) {
  return {{"call", static_cast<int64_t>(reinterpret_cast<intptr_t>(&call))}};
}

TEST(op_custom, runs_the_function_of_the_caller) {
  const Twice twice;
  check_op({"custom", calling(twice), {floats({1, -2, 0.5})}, floats({2, -4, 1})});
  check_op({"custom", calling(twice), {floats({}, {0, 3})}, floats({}, {0, 3})});
}

TEST(op_custom, sizes_may_stay_open_only_where_an_input_s_are) {
  const Twice open(true);
  EXPECT_EQ(infer_op("custom", calling(open), {f32_of({-1, 3})}).shape, Shape({-1, 3}));
  expect_rejected("custom", calling(open), {f32_of({2, 3})}, "left the size");
}

TEST(op_custom, a_function_without_output_is_rejected) {
  const Twice nothing(false, 0);
  expect_rejected("custom", calling(nothing), {f32_of({2, 3})}, "no output");
}

}  // namespace
}  // namespace cornu::test
