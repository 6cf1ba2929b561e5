// Every layer against real Keras: the models and answers of tests/golden/layers (made by tools/golden.py from
// tests/layers/*.py) are loaded with our readers and run with the fast kernels, and with reference kernels
// and no optional pass. What is written of them as SavedModels is read back and has to answer the same; that TensorFlow does
// too is checked by tools/check_written.py.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "base/json.h"
#include "cornu/model.h"
#include "export/tensorflow_export.h"
#include "formats/arrays.h"
#include "import/keras_model.h"
#include "support/temporary_folder.h"
#include "support/test_data.h"
#include "tensor/variant.h"

namespace cornu {
namespace {

namespace fs = std::filesystem;
const fs::path kFolder = test::data_folder() / "golden" / "layers";

std::string read_text(const fs::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// Largest allowed |y - reference| / max|reference|, by the output's type.
double default_tolerance(DType dtype) {
  switch (dtype) {
    case DType::float16:
      return 2e-3;  // 2^-10, and one rounding per op
    case DType::bfloat16:
      return 1e-2;  // 2^-8
    default:
      return 1e-5;
  }
}

std::vector<fs::path> files(const std::vector<std::string>& extensions) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(kFolder)) {
    const std::string name = entry.path().filename().string();
    for (const std::string& extension : extensions) {
      if (name.ends_with(extension)) found.push_back(entry.path());
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::string test_name(const testing::TestParamInfo<fs::path>& info) {
  std::string name = info.param.filename().string();
  std::replace_if(
      name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

struct Answers {
  std::vector<Array> inputs;
  std::vector<Tensor> outputs;
  std::vector<double> tolerance;  // per output; negative: by type
  std::vector<std::string> why;   // per output
};

Answers read_answers(const fs::path& model) {
  Answers answers;
  fs::path npz = model;
  npz.replace_extension(".npz");
  std::map<int, Tensor> inputs;
  std::map<int, Tensor> outputs;
  for (const auto& [name, tensor] : formats::read_arrays(npz)) {
    if (name.starts_with("input_")) inputs[std::stoi(name.substr(6))] = tensor;
    if (name.starts_with("output_")) outputs[std::stoi(name.substr(7))] = tensor;
  }
  for (const auto& [i, tensor] : inputs) {
    answers.inputs.push_back({tensor.dtype, std::vector<int64_t>(tensor.shape.begin(), tensor.shape.end()),
                              tensor.data, tensor.owner});
  }
  for (const auto& [i, tensor] : outputs) answers.outputs.push_back(tensor);
  answers.tolerance.assign(answers.outputs.size(), -1);
  answers.why.resize(answers.outputs.size());
  fs::path cases = model;
  cases.replace_extension(".json");
  if (!fs::exists(cases)) return answers;
  for (const Json& item : Json::parse(read_text(cases), cases.string()).elements()) {
    for (const Json& output : item["outputs"].elements()) {
      const auto index = static_cast<size_t>(output.integer());
      if (item["tol"].is_number()) answers.tolerance[index] = item["tol"].number();
      answers.why[index] = item["layer"].dump() + " " + item["why"].dump();
    }
  }
  return answers;
}

void expect_close(const Array& got, const Tensor& wanted, double tolerance, const std::string& what) {
  ASSERT_EQ(Shape(got.shape), wanted.shape) << what;
  if (wanted.dtype == DType::string) {
    const Tensor given{got.dtype, Shape(got.shape), got.data, got.owner, false};
    ASSERT_EQ(given.dtype, DType::string) << what;
    const auto a = strings_of(given), b = strings_of(wanted);
    ASSERT_TRUE(std::equal(a.begin(), a.end(), b.begin(), b.end()))
        << what << ": " << testing::PrintToString(a);
    return;
  }
  const std::vector<double> y = to_doubles({got.dtype, Shape(got.shape), got.data, got.owner, false});
  const std::vector<double> reference = to_doubles(wanted);
  double scale = 1e-6;
  for (double value : reference) scale = std::isfinite(value) ? std::max(scale, std::abs(value)) : scale;
  if (tolerance < 0) tolerance = default_tolerance(got.dtype);
  for (size_t i = 0; i < y.size(); ++i) {
    if (std::isfinite(reference[i])) {
      ASSERT_LE(std::abs(y[i] - reference[i]) / scale, tolerance)
          << what << ", element " << i << ": " << y[i] << " against " << reference[i];
    } else {
      ASSERT_EQ(std::isnan(y[i]), std::isnan(reference[i])) << what << ", element " << i;
      ASSERT_TRUE(std::isnan(y[i]) || y[i] == reference[i]) << what << ", element " << i << ": " << y[i];
    }
  }
}

class GoldenLayer : public testing::TestWithParam<fs::path> {
 protected:
  void check(const LoadOptions& options) {
    const Answers answers = read_answers(GetParam());
    const Model model = Model::load(GetParam(), options);
    const std::vector<Array> outputs = model.predict(answers.inputs);
    ASSERT_EQ(outputs.size(), answers.outputs.size());
    for (size_t i = 0; i < outputs.size(); ++i) {
      expect_close(outputs[i], answers.outputs[i], answers.tolerance[i],
                   "output " + std::to_string(i) + " (" + answers.why[i] + ")");
    }
  }
};

TEST_P(GoldenLayer, equals_keras_with_fast_kernels) {
  check({});
}

TEST_P(GoldenLayer, equals_keras_with_reference_kernels) {
  LoadOptions options;
  options.fast_kernels = false;
  options.disabled_passes = {"all"};
  options.threads = 1;
  check(options);
}

INSTANTIATE_TEST_SUITE_P(Layers, GoldenLayer, testing::ValuesIn(files({".keras", ".h5"})), test_name);

// TensorFlow ops that are written and that Cornu does not read, and ops that are not written (late: what becomes ops in the run).
constexpr const char* kRefused[] = {"SparseCross",
                                    "ScaleAndTranslate",
                                    "UnicodeDecode",
                                    "cannot be written for TensorFlow: late",
                                    "cannot be written for TensorFlow: gate",
                                    "a stateful layer cannot be written for TensorFlow",
                                    "type number 25"};

class WrittenLayer : public testing::TestWithParam<fs::path> {};

TEST_P(WrittenLayer, answers_the_same_as_a_saved_model) {
  const test::TemporaryFolder folder;
  const fs::path saved = folder.path() / "saved";
  const import::KerasModel source =
      import::import_keras(formats::read_model_file(GetParam()), GetParam().string());
  const Answers answers = read_answers(GetParam());
  std::map<std::string, Array> inputs;
  for (size_t i = 0; i < answers.inputs.size(); ++i)
    inputs[source.graph.inputs()[i].name] = answers.inputs[i];
  try {
    exporting::export_saved_model(source, saved);
    const Model model = Model::load(saved);
    std::vector<Array> given;
    for (const PortInfo& port : model.inputs()) given.push_back(inputs.at(port.name));
    const std::vector<Array> outputs = model.predict(given);
    ASSERT_EQ(outputs.size(), answers.outputs.size());
    for (size_t i = 0; i < outputs.size(); ++i) {
      const size_t number = std::stoul(model.outputs()[i].name.substr(std::string("output_").size()));
      expect_close(outputs[i], answers.outputs[number], answers.tolerance[number],
                   "output " + std::to_string(number) + " (" + answers.why[number] + ")");
    }
  } catch (const Error& error) {
    const std::string text = error.what();
    EXPECT_TRUE(error.code() == ErrorCode::unsupported &&
                std::any_of(std::begin(kRefused), std::end(kRefused),
                            [&](const char* op) { return text.find(op) != std::string::npos; }))
        << text;
  }
}

INSTANTIATE_TEST_SUITE_P(Layers, WrittenLayer, testing::ValuesIn(files({".keras"})), test_name);

class RejectedLayer : public testing::TestWithParam<fs::path> {};

TEST_P(RejectedLayer, is_refused_with_the_code_of_the_case) {
  for (const Json& item : Json::parse(read_text(GetParam()), GetParam().string()).elements()) {
    formats::ModelFile file;
    file.keras_version = "3.15.1";
    file.config = item["config"].dump();
    try {
      import::import_keras(file, "rejected");
      ADD_FAILURE() << "accepted " << item["change"].dump();
    } catch (const Error& error) {
      EXPECT_EQ(error_code_name(error.code()), item["code"].string())
          << item["change"].dump() << ": " << error.what();
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Layers, RejectedLayer, testing::ValuesIn(files({".rejected.json"})), test_name);

}  // namespace
}  // namespace cornu
