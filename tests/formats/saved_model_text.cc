#include <gtest/gtest.h>

#include "cornu/error.h"
#include "cornu/model.h"
#include "formats/saved_model/text_model.h"
#include "support/test_data.h"
#include "tensorflow/saved_model.h"

namespace cornu::formats {
namespace {

constexpr std::string_view kText = R"(
saved_model_schema_version: 1  # the only one
meta_graphs {
  meta_info_def { tags: "serve", tags: 'te' "st" unknown_field { a: [1, 2] b < c: "}" > } }
  graph_def <
    node {
      name: "\167\x6f\"rd\n" op: "Const"
      attr { key: "dtype" value { type: DT_FLOAT_REF } }
      attr { key: "value" value { tensor { dtype: DT_FLOAT tensor_shape { dim { size: 0x4 } } float_val: [1.5, -inf, 1e-05f, -0] } } }
      attr { key: "sizes" value { list { i: -1 i: 010 b: true } } };
    }
  >
}
)";

ErrorCode code_of(std::string_view text) {
  try {
    wire_of_text("SavedModel", text, "m");
  } catch (const Error& error) {
    return error.code();
  }
  return ErrorCode::internal;  // read without an error
}

TEST(saved_model_text, is_the_message_that_the_text_says) {
  const std::string bytes = wire_of_text("SavedModel", kText, "m");
  const auto graphs = tensorflow::decode_saved_model(bytes, nullptr, "m");
  ASSERT_EQ(graphs.size(), 1U);
  EXPECT_EQ(graphs[0].tags, (std::vector<std::string>{"serve", "test"}));
  const tensorflow::GraphDef graph(graphs[0].graph, nullptr, false, "m");
  const tensorflow::NodeDef* node = graph.nodes().find("wo\"rd\n");
  ASSERT_NE(node, nullptr);
  EXPECT_EQ(node->dtype("dtype"), DType::float32);
  EXPECT_EQ(node->ints("sizes"), (Ints{-1, 8}));
  const std::vector<double> values = to_doubles(node->tensor("value"));
  ASSERT_EQ(values.size(), 4U);
  EXPECT_EQ(values[0], 1.5);
  EXPECT_EQ(values[1], -std::numeric_limits<double>::infinity());
  EXPECT_NEAR(values[2], 1e-5, 1e-11);
  EXPECT_EQ(values[3], 0);
}

TEST(saved_model_text, cut_anywhere_is_bad_file_or_a_shorter_message) {
  for (size_t size = 0; size < kText.size(); ++size) {
    const ErrorCode code = code_of(kText.substr(0, size));
    EXPECT_TRUE(code == ErrorCode::bad_file || code == ErrorCode::internal) << size;
  }
}

TEST(saved_model_text, what_does_not_fit_its_field_is_bad_file) {
  for (const char* text :
       {"saved_model_schema_version: \"1\"", "saved_model_schema_version: x", "meta_graphs: 1",
        "saved_model_schema_version 1", "saved_model_schema_version: 99999999999999999999",
        "meta_graphs { meta_info_def { tags: 1 } }", "meta_graphs { } }", ":", "x: \"\\q\"", "x: \"\n\"",
        "x: [1", "x <", "saved_model_schema_version { }"}) {
    EXPECT_EQ(code_of(text), ErrorCode::bad_file) << text;
  }
  std::string deep;
  for (int i = 0; i < 1000; ++i) deep += "x {";
  EXPECT_EQ(code_of(deep), ErrorCode::bad_file);
}

TEST(saved_model_text, a_model_of_text_answers_as_the_same_of_bytes) {
  LoadOptions options;
  options.signature = "double";
  const Model model = Model::load(test::data_folder() / "golden" / "saved_model" / "text", options);
  EXPECT_EQ(model.info().signatures.size(), 2U);
  const float values[] = {1, 2.5F};
  const Array x{DType::float32, {2}, reinterpret_cast<const std::byte*>(values), nullptr};
  const std::vector<Array> answers = model.predict(std::span(&x, 1));
  ASSERT_EQ(answers.size(), 2U);
  EXPECT_EQ(model.outputs()[1].name, "y");
  EXPECT_EQ(reinterpret_cast<const float*>(answers[1].data)[1], 5);
}

}  // namespace
}  // namespace cornu::formats
