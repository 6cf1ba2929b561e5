#include "import/saved_model.h"

#include <gtest/gtest.h>

#include <cmath>
#include <span>

#include "cornu/error.h"
#include "cornu/model.h"
#include "formats/arrays.h"
#include "support/test_data.h"

namespace cornu::import {
namespace {

const std::filesystem::path kDigits = test::digits_folder();

TEST(SavedModel, of_the_digits_answers_as_keras_does) {
  const formats::ModelFile file = formats::read_model_file(kDigits / "digits_saved_model");
  SavedModel saved(file, "digits", {});
  const TensorflowModel imported = saved.import(saved.signature(""));
  EXPECT_GT(static_cast<double>(imported.weight_bytes.in_place),
            0.99 * static_cast<double>(imported.weight_bytes.total));
  const Model model = Model::load(kDigits / "digits_saved_model");
  const std::vector<formats::NamedTensor> arrays = formats::read_arrays(kDigits / "digits.npz");
  const Tensor* images = nullptr;
  const Tensor* answers = nullptr;
  for (const auto& [name, tensor] : arrays) {
    if (name == "input_0") images = &tensor;
    if (name == "output_0") answers = &tensor;
  }
  ASSERT_NE(images, nullptr);
  ASSERT_NE(answers, nullptr);
  const Array input{images->dtype, {images->shape.begin(), images->shape.end()}, images->data, images->owner};
  const Array output = model.predict(std::vector<Array>{input})[0];
  ASSERT_EQ(Shape(output.shape), answers->shape);
  const auto got = to_doubles({output.dtype, Shape(output.shape), output.data, output.owner, false});
  const auto wanted = to_doubles(*answers);
  for (size_t i = 0; i < got.size(); ++i) ASSERT_NEAR(got[i], wanted[i], 1e-5) << i;
  EXPECT_EQ(model.explain().find("late"), std::string::npos) << "everything is planned";
}

TEST(SavedModel, names_its_signatures_and_tags_when_asked_for_others) {
  const formats::ModelFile file = formats::read_model_file(kDigits / "digits_saved_model");
  SavedModel saved(file, "digits", {});
  try {
    saved.signature("other");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::bad_argument);
    EXPECT_NE(error.message().find("serving_default"), std::string::npos) << error.what();
  }
  EXPECT_EQ(saved.signature("*").name, "serving_default");
  EXPECT_THROW(SavedModel(file, "digits", {"tpu"}), Error);
}

TEST(SavedModel, that_is_cut_or_changed_is_an_error_or_another_model) {
  const auto folder = test::data_folder() / "golden" / "saved_model" / "endless";
  formats::ModelFile file = formats::read_model_file(folder);
  const std::string whole(reinterpret_cast<const char*>(file.graph.bytes.data()), file.graph.bytes.size());
  const auto import_all = [&](std::string changed) {
    const auto bytes = std::make_shared<const std::string>(std::move(changed));
    file.graph = {std::as_bytes(std::span(*bytes)), bytes, false};
    SavedModel saved(file, "m", {});
    for (const char* name : {"double", "wait"}) saved.import(saved.signature(name));
  };
  import_all(whole);
  EXPECT_THROW(import_all({}), Error);
  for (size_t i = 1; i < whole.size(); i += 5) {
    std::string changed = whole;
    changed[i] = static_cast<char>(changed[i] ^ (i % 2 == 0 ? 0xFF : 0x01));
    for (const std::string& bytes : {changed, whole.substr(0, i)}) {
      try {
        import_all(bytes);
      } catch (const Error& error) {
        EXPECT_NE(error.code(), ErrorCode::internal) << i << ": " << error.what();
      }
    }
  }
}

}  // namespace
}  // namespace cornu::import
