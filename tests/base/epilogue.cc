#include "base/epilogue.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "cornu/error.h"

namespace cornu {
namespace {

ErrorCode code_of(const Attrs& attrs) {
  try {
    Epilogue::parse(attrs, 2);
  } catch (const Error& error) {
    return error.code();
  }
  return ErrorCode{};
}

TEST(epilogue, no_attributes_mean_no_epilogue) {
  const Epilogue epilogue = Epilogue::parse({}, 2);
  EXPECT_EQ(epilogue.inputs(), 0);
  EXPECT_EQ(epilogue.activation, Activation::none);
  EXPECT_EQ(epilogue.finish(3, 1, 0, 0), 3);
}

TEST(epilogue, roles_are_numbered_in_their_order) {
  const Epilogue epilogue = Epilogue::parse({{"epilogue", "residual scale"}, {"activation", "relu"}}, 2);
  EXPECT_EQ(epilogue.residual, 2);
  EXPECT_EQ(epilogue.scale, 3);
  EXPECT_EQ(epilogue.shift, -1);
  EXPECT_EQ(epilogue.inputs(), 2);
  EXPECT_EQ(epilogue.finish(3, 2, 0, -10), 0);
  EXPECT_EQ(epilogue.finish(3, 2, 0, -1), 5);
}

TEST(epilogue, unknown_or_repeated_roles_and_unknown_activations_are_internal_errors) {
  EXPECT_EQ(code_of({{"epilogue", "bias"}}), ErrorCode::internal);
  EXPECT_EQ(code_of({{"epilogue", "shift shift"}}), ErrorCode::internal);
  EXPECT_EQ(code_of({{"epilogue", "shift  scale"}}), ErrorCode::internal);
  EXPECT_EQ(code_of({{"activation", "swoosh"}}), ErrorCode::internal);
  EXPECT_EQ(code_of({{"activation", "clip"}}), ErrorCode::internal);
}

TEST(epilogue, parameters_belong_to_their_activation) {
  const Epilogue clip =
      Epilogue::parse({{"activation", "clip"}, {"activation_min", -1.5}, {"activation_max", int64_t{6}}}, 2);
  EXPECT_EQ(clip.finish(7, 1, 0, 0), 6);
  EXPECT_EQ(clip.finish(-7, 1, 0, 0), -1.5);
  EXPECT_EQ(
      Epilogue::parse({{"activation", "leaky_relu"}, {"activation_slope", 0.25}}, 2).finish(-4, 1, 0, 0), -1);
  EXPECT_EQ(Epilogue::parse({{"activation", "elu"}, {"activation_alpha", 2.0}}, 2).a, 2);
  EXPECT_EQ(Epilogue::parse({{"activation", "gelu"}}, 2).a, 0);
  EXPECT_EQ(Epilogue::parse({{"activation", "gelu"}, {"activation_approximate", true}}, 2).a, 1);
}

TEST(activation, every_name_leads_to_its_activation_and_back) {
  for (int i = 0; i <= static_cast<int>(Activation::exp); i++) {
    const auto activation = static_cast<Activation>(i);
    EXPECT_EQ(activation_named(activation_name(activation)), activation);
  }
  EXPECT_FALSE(activation_named("swoosh"));
}

// Values of the formulas, rounded to double.
TEST(activation, known_values) {
  EXPECT_NEAR(apply_activation(Activation::sigmoid, 2), 0.8807970779778823, 1e-15);
  EXPECT_NEAR(apply_activation(Activation::silu, -1), -0.2689414213699951, 1e-15);
  EXPECT_NEAR(apply_activation(Activation::gelu, 1), 0.8413447460685429, 1e-15);
  EXPECT_NEAR(apply_activation(Activation::gelu, 1, 1), 0.8411919906082768, 1e-15);
  EXPECT_NEAR(apply_activation(Activation::hard_sigmoid, 1), 4.0 / 6, 1e-15);
  EXPECT_NEAR(apply_activation(Activation::hard_silu, -2), -2.0 / 6, 1e-15);
  EXPECT_NEAR(apply_activation(Activation::elu, -1, 1), -0.6321205588285577, 1e-15);
  EXPECT_NEAR(apply_activation(Activation::selu, -1), -1.1113307378125625, 1e-15);
  EXPECT_NEAR(apply_activation(Activation::softplus, 0), 0.6931471805599453, 1e-15);
  EXPECT_EQ(apply_activation(Activation::softplus, 1000), 1000);
}

TEST(activation, nan_stays_nan) {
  for (int i = 0; i <= static_cast<int>(Activation::exp); i++) {
    EXPECT_TRUE(std::isnan(
        apply_activation(static_cast<Activation>(i), std::numeric_limits<double>::quiet_NaN(), 0.5, 1)))
        << activation_name(static_cast<Activation>(i));
  }
}

}  // namespace
}  // namespace cornu
