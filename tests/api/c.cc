// The C ABI gives what the C++ API gives, and turns every error into its status and message.
#include "cornu/c.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "cornu/model.h"
#include "support/test_data.h"

namespace cornu {
namespace {

using ::testing::HasSubstr;

std::string digits() {
  return (test::digits_folder() / "digits.keras").string();
}

struct LoadedModel {
  LoadedModel() { EXPECT_EQ(cornu_load_model(digits().c_str(), 1, &model), CORNU_OK); }
  ~LoadedModel() { cornu_free_model(model); }
  cornu_model* model = nullptr;
};

const int64_t kShape[] = {3, 8, 8, 1};
const std::vector<float> kImages(3 * 64, 7.0F);
const cornu_array kInput = {CORNU_FLOAT32, 4, kShape, kImages.data()};

TEST(CApi, declares_what_the_model_takes_and_gives) {
  const LoadedModel loaded;
  EXPECT_EQ(cornu_input_count(loaded.model), 1);
  EXPECT_EQ(cornu_output_count(loaded.model), 1);
  EXPECT_STREQ(cornu_input_name(loaded.model, 0), "image");
  EXPECT_STREQ(cornu_output_name(loaded.model, 0), "digit");
  const cornu_array* type = cornu_input_type(loaded.model, 0);
  ASSERT_NE(type, nullptr);
  EXPECT_EQ(type->dtype, CORNU_FLOAT32);
  EXPECT_EQ(std::vector<int64_t>(type->shape, type->shape + type->rank), (std::vector<int64_t>{-1, 8, 8, 1}));
  EXPECT_EQ(cornu_output_type(loaded.model, 0)->rank, 2);
  EXPECT_EQ(cornu_input_type(loaded.model, 1), nullptr);
  EXPECT_EQ(cornu_output_name(loaded.model, -1), nullptr);
}

TEST(CApi, predicts_what_the_cxx_api_predicts) {
  const LoadedModel loaded;
  cornu_result* result = nullptr;
  ASSERT_EQ(cornu_predict(loaded.model, &kInput, 1, 2, &result), CORNU_OK);
  const cornu_array* answer = cornu_result_array(result, 0);
  ASSERT_NE(answer, nullptr);
  const Model model = load_model(digits());
  const Array input = Array::view(DType::float32, {3, 8, 8, 1}, kImages.data());
  const Array expected = model.predict(std::span(&input, 1))[0];
  ASSERT_EQ(std::vector<int64_t>(answer->shape, answer->shape + answer->rank), expected.shape);
  const auto* values = static_cast<const float*>(answer->data);
  const auto* wanted = reinterpret_cast<const float*>(expected.data);
  for (int64_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(values[i], wanted[i], 1e-6) << i;
  EXPECT_EQ(cornu_result_array(result, 1), nullptr);
  cornu_free_result(result);
}

TEST(CApi, errors_are_statuses_with_a_message_per_thread) {
  cornu_model* model = nullptr;
  EXPECT_EQ(cornu_load_model("/no/such/model", 0, &model), CORNU_NOT_FOUND);
  EXPECT_THAT(cornu_last_error(), HasSubstr("/no/such/model"));
  std::thread([] { EXPECT_STREQ(cornu_last_error(), ""); }).join();
  EXPECT_EQ(cornu_load_model(digits().c_str(), -1, &model), CORNU_BAD_ARGUMENT);
  EXPECT_EQ(model, nullptr);
}

TEST(CApi, wrong_arrays_are_refused_by_name) {
  const LoadedModel loaded;
  cornu_result* result = nullptr;
  const auto status_of = [&](const cornu_array& input) {
    return cornu_predict(loaded.model, &input, 1, 32, &result);
  };
  const int64_t narrow[] = {3, 8, 7, 1};
  EXPECT_EQ(status_of({CORNU_FLOAT32, 4, narrow, kImages.data()}), CORNU_BAD_SHAPE);
  EXPECT_THAT(cornu_last_error(), HasSubstr("image"));
  const int64_t huge[] = {int64_t{1} << 40, int64_t{1} << 40};
  EXPECT_EQ(status_of({CORNU_FLOAT32, 2, huge, kImages.data()}), CORNU_BAD_SHAPE);
  const int64_t negative[] = {-1};
  EXPECT_EQ(status_of({CORNU_FLOAT32, 1, negative, kImages.data()}), CORNU_BAD_SHAPE);
  EXPECT_EQ(status_of({CORNU_FLOAT32, 99, kShape, kImages.data()}), CORNU_BAD_SHAPE);
  EXPECT_EQ(status_of({static_cast<cornu_dtype>(77), 4, kShape, kImages.data()}), CORNU_BAD_ARGUMENT);
  EXPECT_EQ(status_of({CORNU_FLOAT32, 4, kShape, nullptr}), CORNU_BAD_ARGUMENT);
  const cornu_string words[] = {{"a", 1}, {"\0b", 2}, {nullptr, 0}};
  const int64_t three[] = {3};
  EXPECT_EQ(status_of({CORNU_STRING, 1, three, words}), CORNU_BAD_SHAPE);
  EXPECT_EQ(result, nullptr);
}

TEST(CApi, null_arguments_are_refused) {
  cornu_model* model = nullptr;
  cornu_result* result = nullptr;
  EXPECT_EQ(cornu_load_model(nullptr, 0, &model), CORNU_BAD_ARGUMENT);
  EXPECT_EQ(cornu_load_model(digits().c_str(), 0, nullptr), CORNU_BAD_ARGUMENT);
  EXPECT_EQ(cornu_predict(nullptr, &kInput, 1, 32, &result), CORNU_BAD_ARGUMENT);
  EXPECT_EQ(cornu_input_count(nullptr), 0);
  EXPECT_EQ(cornu_result_array(nullptr, 0), nullptr);
  cornu_free_model(nullptr);
  cornu_free_result(nullptr);
}

TEST(CApi, types_have_the_values_of_dtype) {
  EXPECT_EQ(static_cast<int>(CORNU_BFLOAT16), static_cast<int>(DType::bfloat16));
  EXPECT_EQ(static_cast<int>(CORNU_BOOL), static_cast<int>(DType::boolean));
  EXPECT_EQ(static_cast<int>(CORNU_STRING), static_cast<int>(DType::string));
  EXPECT_EQ(static_cast<int>(CORNU_INTERNAL), static_cast<int>(ErrorCode::internal));
}

}  // namespace
}  // namespace cornu
