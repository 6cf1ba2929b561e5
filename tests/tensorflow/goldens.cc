// Every TensorFlow op against real TensorFlow: the graphs and answers of tests/golden/tensorflow (made by
// tools/golden_tensorflow.py from tests/tensorflow/*.py) are imported and run in four ways, see tests/tensorflow/README.md.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "base/json.h"
#include "formats/arrays.h"
#include "passes/pass.h"
#include "runtime/program.h"
#include "support/test_data.h"
#include "tensor/variant.h"
#include "tensorflow/importer.h"

namespace cornu::tensorflow {
namespace {

namespace fs = std::filesystem;
const fs::path kFolder = test::data_folder() / "golden" / "tensorflow";

std::vector<fs::path> graphs() {
  std::vector<fs::path> found;
  if (!fs::exists(kFolder)) return found;
  for (const auto& entry : fs::directory_iterator(kFolder)) {
    if (entry.path().extension() == ".pb") found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

double tolerance_of(DType dtype) {
  if (dtype == DType::float16) return 2e-3;
  return dtype == DType::bfloat16 ? 1e-2 : 1e-5;
}

void expect_equal(const Tensor& got, const Tensor& wanted, double tolerance, bool values,
                  const std::string& what) {
  ASSERT_EQ(got.shape, wanted.shape) << what;
  const bool stored_wider = got.dtype == DType::bfloat16 && wanted.dtype == DType::float32;
  if (!stored_wider) ASSERT_EQ(dtype_name(got.dtype), dtype_name(wanted.dtype)) << what;
  if (!values) return;
  if (wanted.dtype == DType::string) {
    const auto a = strings_of(got);
    const auto b = strings_of(wanted);
    ASSERT_TRUE(std::equal(a.begin(), a.end(), b.begin(), b.end()))
        << what << ": " << testing::PrintToString(std::vector<std::string>(a.begin(), a.end())) << " against "
        << testing::PrintToString(std::vector<std::string>(b.begin(), b.end()));
    return;
  }
  if (dtype_size(wanted.dtype) >= 8 && !dtype_is_floating(wanted.dtype) && !dtype_is_integer(wanted.dtype)) {
    // Complex: compared as twice as many reals.
    const DType part = wanted.dtype == DType::complex64 ? DType::float32 : DType::float64;
    const auto reals = [&](Tensor t) {
      t.dtype = part;
      t.shape.push_back(2);
      return t;
    };
    return expect_equal(reals(got), reals(wanted), tolerance, true, what);
  }
  const std::vector<double> y = to_doubles(got);
  const std::vector<double> reference = to_doubles(wanted);
  double scale = 1e-6;
  for (double value : reference) scale = std::isfinite(value) ? std::max(scale, std::abs(value)) : scale;
  if (tolerance < 0) tolerance = tolerance_of(got.dtype);
  if (!dtype_is_floating(wanted.dtype)) tolerance = 0;
  for (size_t i = 0; i < y.size(); ++i) {
    if (std::isfinite(reference[i])) {
      ASSERT_LE(std::abs(y[i] - reference[i]) / scale, tolerance)
          << what << ", element " << i << ": " << y[i] << " against " << reference[i];
    } else {
      ASSERT_EQ(std::isnan(y[i]), std::isnan(reference[i])) << what << ", element " << i << ": " << y[i];
      ASSERT_TRUE(std::isnan(y[i]) || y[i] == reference[i]) << what << ", element " << i << ": " << y[i];
    }
  }
}

enum class Way { known_ranks, unknown_ranks, constants, reference_kernels };

class TensorflowGolden : public testing::TestWithParam<fs::path> {
 protected:
  void SetUp() override {
    file_ = map_file(GetParam());
    graph_ = std::make_unique<GraphDef>(
        Bytes(reinterpret_cast<const char*>(file_->bytes().data()), file_->bytes().size()), file_, true,
        GetParam().filename().string());
    fs::path npz = GetParam();
    for (auto& [name, tensor] : formats::read_arrays(npz.replace_extension(".npz"))) arrays_[name] = tensor;
    std::ifstream text(npz.replace_extension(".json"));
    std::stringstream content;
    content << text.rdbuf();
    cases_ = Json::parse(content.str(), npz.string())["cases"];
  }

  void run_all(Way way) {
    size_t number = 0;
    for (const Json& fact : cases_.elements()) {
      SCOPED_TRACE("case " + std::to_string(number) + " " + fact["why"].dump());
      try {
        run_case("case" + std::to_string(number), fact, way);
      } catch (const Error& error) {
        ADD_FAILURE() << error.what();
      }
      ++number;
    }
  }

  void run_case(const std::string& prefix, const Json& fact, Way way) {
    Request request;
    std::vector<Tensor> inputs;
    for (int64_t i = 0; i < fact["inputs"].integer(); ++i) {
      const std::string name = prefix + "/in" + std::to_string(i);
      const NodeDef* node = graph_->nodes().find(name);
      ASSERT_NE(node, nullptr) << name;
      Tensor tensor = arrays_.at(name);
      if (tensor.dtype != DType::string)
        tensor = cast_tensor(tensor, node->dtype("dtype"));  // bfloat16 is stored wider
      if (way == Way::constants) {
        request.constants.emplace_back(name, tensor);
      } else {
        request.feeds.push_back({name, name, {}, {}, way == Way::unknown_ranks});
        inputs.push_back(tensor);
      }
    }
    const int64_t outputs = fact["outputs"].integer();
    for (int64_t i = 0; i < outputs; ++i)
      request.fetches.push_back({prefix + "/out" + std::to_string(i), ""});
    Environment environment;
    ir::Graph graph = import_graph(*graph_, environment, request);
    const std::vector<std::string> off = {"all"};
    passes::run_passes(graph, way == Way::reference_kernels ? std::span<const std::string>(off)
                                                            : std::span<const std::string>());
    auto program = std::make_shared<runtime::Program>(std::move(graph), *devices::find_device("cpu"),
                                                      way != Way::reference_kernels, environment.state);
    runtime::Session session(program, 2);
    const std::vector<Tensor> results = session.run(inputs);
    const double tolerance = fact["tol"].is_number() ? fact["tol"].number() : -1;
    for (size_t i = 0; i < results.size(); ++i) {
      const std::string name = prefix + "/out" + std::to_string(i);
      expect_equal(results[i], arrays_.at(name), tolerance, fact["compare"].string() == "values", name);
    }
  }

  StoragePtr file_;
  std::unique_ptr<GraphDef> graph_;
  std::map<std::string, Tensor> arrays_;
  Json cases_;
};

TEST_P(TensorflowGolden, equals_tensorflow_with_known_ranks) {
  run_all(Way::known_ranks);
}
TEST_P(TensorflowGolden, equals_tensorflow_with_unknown_ranks) {
  run_all(Way::unknown_ranks);
}
TEST_P(TensorflowGolden, equals_tensorflow_with_constants) {
  run_all(Way::constants);
}
TEST_P(TensorflowGolden, equals_tensorflow_with_reference_kernels) {
  run_all(Way::reference_kernels);
}

std::string test_name(const testing::TestParamInfo<fs::path>& info) {
  return info.param.stem().string();
}

INSTANTIATE_TEST_SUITE_P(Ops, TensorflowGolden, testing::ValuesIn(graphs()), test_name);

}  // namespace
}  // namespace cornu::tensorflow
