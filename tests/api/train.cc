#include "cornu/train.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "support/expect_error.h"

namespace cornu {
namespace {

const char* const kConfig = R"({"class_name": "Sequential", "config": {"name": "s", "layers": [
  {"class_name": "InputLayer", "config": {"batch_shape": [null, 2], "dtype": "float32", "name": "x"}},
  {"class_name": "Dense", "config": {"name": "d", "units": 1, "activation": "linear", "use_bias": true}}]}, "keras_version": "3.15.1"})";

std::string compiled(const std::string& optimizer) {
  return R"({"losses": [{"class_name": "MeanSquaredError", "config": {}}], "loss_weights": [1], "optimizer": )" +
         optimizer + "}";
}

const std::string kSgd = R"({"class_name": "SGD", "config": {}})";

struct Data {
  std::array<float, 8> x{1, 0, 0, 1, 1, 1, 2, 1};
  std::array<float, 4> y{2, -1, 1, 3};
  std::array<float, 2> kernel{0, 0};
  std::array<float, 1> bias{0};

  TrainBatch batch() const {
    return {{Array::view(DType::float32, {4, 2}, x.data())},
            {Array::view(DType::float32, {4, 1}, y.data())},
            {TrainBatch::absent()}};
  }
  std::vector<Array> weights() const {
    return {Array::view(DType::float32, {2, 1}, kernel.data()),
            Array::view(DType::float32, {1}, bias.data())};
  }
};

float number(const Array& array, size_t i = 0) {
  return reinterpret_cast<const float*>(array.data)[i];
}

TEST(trainer, a_step_of_sgd_is_the_formula_and_the_given_weights_stay) {
  const Data data;
  Trainer trainer(kConfig, data.weights(), compiled(kSgd), 1);
  const TrainFigures figures = trainer.train(data.batch(), 0.1);
  EXPECT_FLOAT_EQ(static_cast<float>(figures.loss), (4 + 1 + 1 + 9) / 4.0F);
  // The gradient of the kernel is -2/4 x' y.
  const auto variables = trainer.variables();
  EXPECT_FLOAT_EQ(number(variables[0].value, 0), 0.05F * (2 + 1 + 6));
  EXPECT_FLOAT_EQ(number(variables[0].value, 1), 0.05F * (-1 + 1 + 3));
  EXPECT_FLOAT_EQ(number(variables[1].value), 0.05F * (2 - 1 + 1 + 3));
  EXPECT_EQ(data.kernel[0], 0);
}

TEST(trainer, many_steps_find_the_line_that_the_data_lies_on) {
  const Data data;
  Trainer trainer(kConfig, data.weights(), compiled(kSgd), 1);
  double loss = 0;
  for (int i = 0; i < 400; ++i) loss = trainer.train(data.batch(), 0.1).loss;
  EXPECT_LT(loss, 0.26);
  EXPECT_NEAR(trainer.test(data.batch()).loss, loss, 1e-3);
}

TEST(trainer, predictions_come_when_they_are_asked_for) {
  const Data data;
  Trainer trainer(kConfig, data.weights(), compiled(kSgd), 1);
  EXPECT_TRUE(trainer.test(data.batch()).predictions.empty());
  const TrainFigures figures = trainer.test(data.batch(), true);
  ASSERT_EQ(figures.predictions.size(), 1U);
  EXPECT_EQ(figures.predictions[0].shape, (std::vector<int64_t>{4, 1}));
}

TEST(trainer, what_does_not_fit_is_refused_by_name) {
  const Data data;
  test::expect_error(
      ErrorCode::unsupported,
      [&] { Trainer(kConfig, data.weights(), compiled(R"({"class_name": "Nope", "config": {}})"), 1); },
      "Nope");
  test::expect_error(
      ErrorCode::bad_shape, [&] { Trainer(kConfig, {}, compiled(kSgd), 1); }, "2 weights");
  Trainer trainer(kConfig, data.weights(),
                  R"({"losses": [{"class_name": "Hinges", "config": {}}], "loss_weights": [1]})", 1);
  test::expect_error(
      ErrorCode::unsupported, [&] { trainer.test(data.batch()); }, "Hinges");
  test::expect_error(
      ErrorCode::bad_argument, [&] { trainer.train(data.batch(), 0.1); }, "optimizer");
  Trainer right(kConfig, data.weights(), compiled(kSgd), 1);
  TrainBatch batch = data.batch();
  batch.y[0].shape = {2, 2};
  test::expect_error(
      ErrorCode::bad_shape, [&] { right.train(batch, 0.1); }, "do not fit");
}

}  // namespace
}  // namespace cornu
