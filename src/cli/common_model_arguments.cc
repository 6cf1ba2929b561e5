#include <algorithm>
#include <cstring>
#include <random>

#include "base/checked.h"
#include "base/fail.h"
#include "cli/model_arguments.h"
#include "cli/text.h"
#include "tensor/storage.h"
#include "tensor/tensor.h"

namespace cornu::cli {
namespace {

constexpr int64_t kFreeSize =
    32;  // for free sizes other than the batch: five halvings of an image leave one pixel
constexpr int64_t kMostElements = int64_t{1}
                                  << 31;  // of a random input: beyond, the sizes in the file are a mistake

Array to_array(const Tensor& tensor) {
  return {tensor.dtype, std::vector<int64_t>(tensor.shape.begin(), tensor.shape.end()), tensor.data,
          tensor.owner};
}

std::string numbered(size_t i) {
  return "input_" + std::to_string(i);
}

const formats::NamedTensor* find(const std::vector<formats::NamedTensor>& arrays, const std::string& name) {
  const auto found =
      std::find_if(arrays.begin(), arrays.end(), [&](const auto& array) { return array.name == name; });
  return found == arrays.end() ? nullptr : &*found;
}

template <class Entries>
std::string quoted_names(const Entries& entries) {
  std::string text;
  for (const auto& entry : entries) text += fmt::format("{}'{}'", text.empty() ? "" : ", ", entry.name);
  return text.empty() ? "none" : text;
}

Array random_input(const PortInfo& port, int64_t batch, std::mt19937& random) {
  Shape shape(port.shape);
  int64_t count = 1;
  for (int axis = 0; axis < shape.rank(); ++axis) {
    if (shape[axis] < 0) shape[axis] = axis == 0 ? batch : kFreeSize;
    count = checked_mul(count, shape[axis], port.name);
  }
  if (count > kMostElements) {
    fail(ErrorCode::bad_shape, port.name,
         "an input of shape {} has more than 2^31 elements; give predict your own", shape.to_string());
  }
  if (port.dtype == DType::string) {
    return to_array(string_tensor(std::vector<std::string>(static_cast<size_t>(shape.elements())), shape));
  }
  std::vector<float> values(static_cast<size_t>(shape.elements()));
  std::uniform_real_distribution<float> uniform(0, 1);
  for (float& value : values)
    value = dtype_is_floating(port.dtype) ? uniform(random) : static_cast<float>(random() % 2);
  return to_array(cast_tensor(tensor_of(values, shape), port.dtype));
}

}  // namespace

void ModelArguments::declare_model(CLI::App& app) {
  app.add_option("MODEL", model, "a .h5, .hdf5 or .keras file, or a folder; told apart by content")
      ->required();
  app.add_option("--config", config, "a Keras JSON model config, for a file that holds weights only");
  app.add_option("--tags", limits.tags, "of a SavedModel's graph, with commas between them")->delimiter(',');
  app.add_option("--max-iterations", limits.max_iterations, "a loop that takes more of them is an error")
      ->check(CLI::Range(int64_t{1}, limits.max_iterations));
  app.add_option("--max-seconds", limits.max_seconds,
                 "a run of a graph with loops that takes longer is an error; 0: any")
      ->check(CLI::NonNegativeNumber);
  app.add_option("--max-depth", limits.max_depth, "bodies of loops and branches within each other")
      ->check(CLI::Range(1, limits.max_depth));
}

void ModelArguments::declare_threads(CLI::App& app) {
  app.add_option("--threads", threads, "threads of a prediction; 0: the cores this process may use")
      ->check(CLI::Range(0, 1024));
}

LoadOptions ModelArguments::load_options() const {
  LoadOptions options = limits;
  options.threads = threads;
  if (!config.empty()) {
    const StoragePtr file = map_file(config);
    options.config.assign(reinterpret_cast<const char*>(file->bytes().data()), file->bytes().size());
  }
  return options;
}

std::vector<Array> bind_inputs(const std::vector<PortInfo>& inputs,
                               const std::vector<formats::NamedTensor>& arrays, const std::string& path) {
  bool all_numbered = true;
  for (size_t i = 0; i < inputs.size(); ++i)
    all_numbered = all_numbered && find(arrays, numbered(i)) != nullptr;
  std::vector<Array> bound;
  for (size_t i = 0; i < inputs.size(); ++i) {
    const formats::NamedTensor* array = find(arrays, all_numbered ? numbered(i) : inputs[i].name);
    if (array == nullptr) array = find(arrays, numbered(i));
    if (array == nullptr) {
      fail(ErrorCode::bad_argument, path,
           "no array is named '{}' or '{}', as input {} of the model needs; the file holds {}",
           inputs[i].name, numbered(i), i, quoted_names(arrays));
    }
    bound.push_back(to_array(array->tensor));
  }
  return bound;
}

std::vector<Array> random_inputs(const std::vector<PortInfo>& inputs, int64_t batch) {
  std::mt19937 random(1);  // any fixed seed: runs can be compared
  std::vector<Array> arrays;
  for (const PortInfo& port : inputs) arrays.push_back(random_input(port, batch, random));
  return arrays;
}

}  // namespace cornu::cli
