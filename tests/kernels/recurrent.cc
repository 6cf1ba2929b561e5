// The recurrent kernels against the references, for every instruction set: the shared runner compares all outputs.
#include "kernels/recurrent.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "kernels/kernel_runner.h"
#include "support/op_cases.h"

namespace cornu::kernels {

extern const KernelDef kernel_lstm;

namespace {

using test::random_floats;
using Text = std::string;

struct Network {
  const char* op;
  int64_t gates;
  int states;
  bool reset_after = false;
};
constexpr Network kNetworks[] = {
    {"simple_rnn", 1, 1}, {"gru", 3, 1, false}, {"gru", 3, 1, true}, {"lstm", 4, 2}};

Attrs attrs_of(const Network& network, const char* activation, const char* recurrent) {
  return {{"activation", Text(activation)},
          {"recurrent_activation", Text(recurrent)},
          {"reset_after", network.reset_after},
          {"return_sequences", true}};
}

// Weights so small that rounding errors do not grow from step to step.
std::vector<Tensor> inputs_of(const Network& network, int64_t batch, int64_t time, int64_t units) {
  const int64_t width = network.gates * units;
  const double bound = 0.9 / std::sqrt(static_cast<double>(units));
  return {random_floats({batch, time, width}, 1), random_floats({units, width}, 2, -bound, bound)};
}

void check(const Network& network, const Attrs& attrs, const std::vector<Tensor>& inputs) {
  SCOPED_TRACE(testing::Message() << network.op << (network.reset_after ? " reset after" : ""));
  test::check_kernels(network.op, attrs, inputs);
}

TEST(recurrent_kernel, every_size_of_batch_and_state_agrees_with_the_reference) {
  for (int64_t target : kernel_targets()) {
    const ForcedTarget forced(target);
    for (const Network& network : kNetworks) {
      for (const auto& [batch, time, units] :
           {std::array<int64_t, 3>{1, 1, 1}, {1, 5, 8}, {1, 12, 13}, {2, 9, 16}, {7, 3, 40}, {70, 2, 5}}) {
        SCOPED_TRACE(testing::Message()
                     << batch << " sequences of " << time << " with " << units << " units");
        check(network, attrs_of(network, "tanh", "sigmoid"), inputs_of(network, batch, time, units));
      }
    }
  }
}

TEST(recurrent_kernel, a_large_state_is_shared_by_threads) {
  for (const Network& network : kNetworks) {
    for (int64_t time : {2, 9}) {  // with the weights in place, and copied
      check(network, attrs_of(network, "tanh", "sigmoid"), inputs_of(network, 1, time, 368));
    }
  }
}

TEST(recurrent_kernel, every_activation_agrees_with_the_reference) {
  for (const char* name :
       {"linear", "tanh", "sigmoid", "relu", "hard_sigmoid", "hard_sigmoid_2", "elu", "selu", "softplus",
        "softsign", "silu", "swish", "gelu", "exponential", "relu6", "leaky_relu", "hard_silu", "mish"}) {
    SCOPED_TRACE(name);
    for (const Network& network : kNetworks) {
      std::vector<Tensor> inputs = inputs_of(network, 3, 3, 9);
      inputs[1] = random_floats(inputs[1].shape, 3, -0.1, 0.1);
      check(network, attrs_of(network, name, "sigmoid"), inputs);
      check(network, attrs_of(network, "tanh", name), inputs);
    }
  }
}

TEST(recurrent_kernel, masks_states_bias_and_direction_agree_with_the_reference) {
  for (const Network& network : kNetworks) {
    // All flags for several small sequences, and some for a single large one.
    for (int flags : {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18,
                      19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 34, 35, 39, 51, 63}) {
      const auto is_set = [flags](int bit) { return (flags >> bit & 1) != 0; };
      const int64_t batch = is_set(5) ? 1 : 4;
      const int64_t units = is_set(5) ? 368 : 6;
      std::vector<Tensor> inputs = inputs_of(network, batch, 4, units);
      Attrs attrs = attrs_of(network, "tanh", "sigmoid");
      attrs.set("has_bias", network.reset_after && is_set(0));
      attrs.set("has_state", is_set(0));
      attrs.set("has_mask", is_set(1));
      attrs.set("go_backwards", is_set(2));
      attrs.set("zero_output", is_set(3));
      attrs.set("return_sequences", is_set(4));
      if (network.reset_after && is_set(0)) inputs.push_back(random_floats({network.gates * units}, 4));
      for (int i = 0; is_set(0) && i < network.states; i++)
        inputs.push_back(random_floats({batch, units}, 5 + static_cast<unsigned>(i)));
      const std::vector<int64_t> mask = {0, 1, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 1};
      if (is_set(1)) inputs.push_back(test::bools({mask.begin(), mask.begin() + batch * 4}, {batch, 4}));
      SCOPED_TRACE(testing::Message() << "flags " << flags);
      check(network, attrs, inputs);
    }
  }
}

TEST(recurrent_kernel, float64_is_refused) {
  const TensorType x = {DType::float64, {1, 2, 4}};
  EXPECT_EQ(refusal_of(kernel_lstm, {x, {DType::float64, {1, 4}}}, {DType::float64, {1, 1}},
                       {{"activation", Text("tanh")}}),
            "input 0 is float64, only float32 is handled");
}

}  // namespace
}  // namespace cornu::kernels
