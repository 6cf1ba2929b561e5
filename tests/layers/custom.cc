// Layers, activations and functions that the caller brings, through Model: the way of C++ callers.
#include "cornu/custom.h"

#include <gtest/gtest.h>

#include <cstring>

#include "cornu/model.h"
#include "support/expect_error.h"

namespace cornu {
namespace {

float at(const Array& array, int64_t i) {
  float value;
  std::memcpy(&value, array.data + i * 4, 4);
  return value;
}

// y = scale * x + w for every weight w that comes after x.
class ScaleCall : public CustomCall {
 public:
  explicit ScaleCall(float scale) : scale_(scale) {}
  std::vector<ArrayType> infer(std::span<const ArrayType> inputs) const override { return {inputs[0]}; }
  void run(std::span<const Array> inputs, std::span<const OutputArray> outputs) const override {
    for (int64_t i = 0; i < inputs[0].size(); ++i) {
      float y = scale_ * at(inputs[0], i);
      for (const Array& weight : inputs.subspan(1)) y += at(weight, 0);
      std::memcpy(outputs[0].data + i * 4, &y, 4);
    }
  }

 private:
  float scale_;
};

class ScaleLayer : public CustomLayer {
 public:
  ScaleLayer(float scale, bool has_weight, std::string stands_for = "")
      : scale_(scale), has_weight_(has_weight), stands_for_(std::move(stands_for)) {}
  std::string stands_for() const override { return stands_for_; }
  std::vector<CustomWeight> weights(std::span<const ArrayType>) override {
    return has_weight_ ? std::vector<CustomWeight>{{"w", {1}}} : std::vector<CustomWeight>{};
  }
  std::shared_ptr<const CustomCall> call(const CustomArguments& arguments) override {
    EXPECT_EQ(arguments.positional.size(), 1U);
    return std::make_shared<ScaleCall>(scale_);
  }

 private:
  float scale_;
  bool has_weight_;
  std::string stands_for_;
};

// A Sequential of one layer on 3 numbers.
std::string model_of(const std::string& layer) {
  return R"({"class_name": "Sequential", "keras_version": "3.0.0", "config": {"name": "m", "layers": [
      {"class_name": "InputLayer", "config": {"name": "x", "batch_shape": [null, 3]}}, )" +
         layer + "]}}";
}

std::vector<float> answers(const Model& model) {
  const float x[] = {1, 2, 3};
  const Array input = Array::view(DType::float32, {1, 3}, x);
  const Array y = model.predict({&input, 1})[0];
  return {at(y, 0), at(y, 1), at(y, 2)};
}

LoadOptions bringing(const std::string& name, float scale, bool has_weight,
                     const std::string& stands_for = "") {
  LoadOptions options;
  options.custom_objects = [=](const CustomRequest& request) -> std::shared_ptr<CustomLayer> {
    if (request.name != name) return nullptr;
    return std::make_shared<ScaleLayer>(scale, has_weight, stands_for);
  };
  return options;
}

TEST(custom_objects, a_custom_layer_computes_with_its_weights) {
  const std::string config = model_of(R"({"class_name": "Mine", "config": {"name": "mine", "anything": 1}})");
  const float w[] = {10};
  const Array weight = Array::view(DType::float32, {1}, w);
  const Model model = Model::from_config(config, {&weight, 1}, bringing("Mine", 2, true));
  EXPECT_EQ(answers(model), (std::vector<float>{12, 14, 16}));
  EXPECT_EQ(model.info().weights[0].name, "m/mine/w");
  EXPECT_EQ(model.info().layers[1].weight_count, 1U);
}

TEST(custom_objects, an_activation_and_a_lambda_are_functions_by_name) {
  const std::string activation =
      model_of(R"({"class_name": "Activation", "config": {"name": "a", "activation": "mine"}})");
  EXPECT_EQ(answers(Model::from_config(activation, {}, bringing("mine", 3, false))),
            (std::vector<float>{3, 6, 9}));
  const std::string lambda = model_of(
      R"({"class_name": "Lambda", "config": {"name": "halve", "function": ["4wE=", null, null], "arguments": {}}})");
  EXPECT_EQ(answers(Model::from_config(lambda, {}, bringing("halve", 0.5, false))),
            (std::vector<float>{0.5, 1, 1.5}));
}

TEST(custom_objects, a_class_may_stand_for_one_of_keras) {
  const std::string config =
      model_of(R"({"class_name": "MyReLU", "config": {"name": "r", "negative_slope": 0.0}})");
  EXPECT_EQ(answers(Model::from_config(config, {}, bringing("MyReLU", 0, false, "ReLU"))),
            (std::vector<float>{1, 2, 3}));
}

TEST(custom_objects, a_missing_object_is_unsupported_and_named) {
  const std::string config = model_of(R"({"class_name": "Mine", "config": {"name": "mine"}})");
  test::expect_error(
      ErrorCode::unsupported, [&] { Model::from_config(config, {}, bringing("Other", 2, false)); },
      "custom_objects={\"Mine\"");
}

TEST(from_config, a_model_without_weights_refuses_to_predict) {
  const std::string config = model_of(R"({"class_name": "Dense", "config": {"name": "d", "units": 3}})");
  const Model model = Model::from_config(config, {});
  EXPECT_EQ(model.info().weights.size(), 2U);
  test::expect_error(
      ErrorCode::bad_argument, [&] { answers(model); }, "no weights yet");
}

TEST(from_config, weights_that_do_not_fit_are_bad_shape) {
  const std::string config = model_of(R"({"class_name": "Dense", "config": {"name": "d", "units": 3}})");
  const float w[] = {10};
  const Array weight = Array::view(DType::float32, {1}, w);
  test::expect_error(
      ErrorCode::bad_shape,
      [&] {
        Model::from_config(config, {&weight, 1});
      },
      "2 weights");
  const Array two[] = {weight, weight};
  test::expect_error(
      ErrorCode::bad_shape, [&] { Model::from_config(config, two); }, "kernel needs shape (3, 3)");
}

TEST(predict, a_last_axis_of_one_may_be_missing_or_too_many) {
  const std::string config =
      R"({"class_name": "Sequential", "keras_version": "3.0.0", "config": {"name": "m", "layers": [
      {"class_name": "InputLayer", "config": {"name": "x", "batch_shape": [null, 1]}},
      {"class_name": "Activation", "config": {"name": "a", "activation": "linear"}}]}})";
  const Model model = Model::from_config(config, {});
  const float x[] = {1, 2, 3};
  for (const std::vector<int64_t>& shape : {std::vector<int64_t>{3}, {3, 1}, {3, 1, 1}}) {
    const Array input = Array::view(DType::float32, shape, x);
    EXPECT_EQ(model.predict({&input, 1})[0].shape, (std::vector<int64_t>{3, 1}));
  }
}

}  // namespace
}  // namespace cornu
