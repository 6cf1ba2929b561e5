#include "cornu/model.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <mutex>

#include "api/identity.h"
#include "base/fail.h"
#include "base/fork_mutex.h"
#include "base/thread_pool.h"
#include "formats/model_file.h"
#include "import/keras_model.h"
#include "ir/graph.h"
#include "kernels/table.h"
#include "passes/pass.h"
#include "runtime/program.h"

namespace cornu {
namespace {

constexpr int kMaxThreads = 1024;

Array to_array(const Tensor& tensor) {
  return {tensor.dtype, std::vector<int64_t>(tensor.shape.begin(), tensor.shape.end()), tensor.data,
          tensor.owner};
}

Tensor to_tensor(const Array& array) {
  return {array.dtype, Shape(array.shape), array.data, array.owner, false};
}

PortInfo port(const std::string& name, const TensorType& type) {
  return {name, type.dtype, std::vector<int64_t>(type.shape.begin(), type.shape.end())};
}

int64_t params_of(const layers::LayerInstance& layer) {
  int64_t params = 0;
  for (const layers::WeightSlot& slot : layer.weights) params += slot.shape.elements();
  for (const auto& child : layer.children) params += params_of(*child);
  return params;
}

void add_layers(const layers::LayerInstance& parent, const ir::Graph& graph, int depth,
                const std::string& prefix, ModelInfo& info) {
  for (const layers::WeightSlot& slot : parent.weights) {
    const Tensor* tensor = graph.constant(slot.value);
    info.weights.push_back({prefix + slot.name, tensor == nullptr ? DType::float32 : tensor->dtype,
                            std::vector<int64_t>(slot.shape.begin(), slot.shape.end()),
                            slot.trainable && parent.trainable, tensor != nullptr && tensor->in_place});
  }
  for (const auto& child : parent.children) {
    info.layers.push_back(
        {child->name, child->class_name, child->output_shape, params_of(*child), depth, child->inbound});
    add_layers(*child, graph, depth + 1, prefix + child->name + "/", info);
  }
}

// Row counts are checked here, so that a message names the input; every other size is checked by the plan as
// well.
void check_shape(const PortInfo& wanted, const Array& array) {
  bool fits = wanted.shape.size() == array.shape.size();
  for (size_t axis = 0; fits && axis < wanted.shape.size(); ++axis) {
    fits = (axis == 0 || wanted.shape[axis] < 0 || wanted.shape[axis] == array.shape[axis]) &&
           array.shape[axis] >= 0;
  }
  if (!fits) {
    fail(ErrorCode::bad_shape, wanted.name, "the input has shape {}, the model takes {}",
         Shape(array.shape).to_string(), Shape(wanted.shape).to_string());
  }
}

Tensor rows(const Tensor& tensor, int64_t begin, int64_t count) {
  Tensor part = tensor;
  part.shape[0] = count;
  const int64_t row_bytes = tensor.shape.elements(1, tensor.shape.rank()) * dtype_size(tensor.dtype);
  part.data = tensor.data + begin * row_bytes;
  return part;
}

}  // namespace

struct Model::Impl {
  ModelInfo info;
  std::shared_ptr<const runtime::Program> program;
  int threads = 1;

  Identity identity;
  mutable LongHandle long_handle;  // guarded by fork_mutex()

  // Idle sessions, so that repeated predict() calls reuse their memory and threads. Guarded by fork_mutex().
  mutable std::vector<std::unique_ptr<runtime::Session>> idle;

  std::unique_ptr<runtime::Session> take_session() const {
    {
      const std::lock_guard lock(fork_mutex());
      if (!idle.empty()) {
        auto session = std::move(idle.back());
        idle.pop_back();
        return session;
      }
    }
    return std::make_unique<runtime::Session>(program, threads);
  }

  void give_back(std::unique_ptr<runtime::Session> session) const {
    const std::lock_guard lock(fork_mutex());
    idle.push_back(std::move(session));
  }

  // Inputs in the declared types; all with the same number of rows, which is returned.
  int64_t prepare(std::span<const Array> inputs, std::vector<Tensor>& tensors) const;
};

int64_t Model::Impl::prepare(std::span<const Array> inputs, std::vector<Tensor>& tensors) const {
  if (inputs.size() != info.inputs.size()) {
    fail(ErrorCode::bad_shape, info.name, "the model takes {} inputs, received {}", info.inputs.size(),
         inputs.size());
  }
  int64_t row_count = 1;
  for (size_t i = 0; i < inputs.size(); ++i) {
    const PortInfo& wanted = info.inputs[i];
    check_shape(wanted, inputs[i]);
    if ((inputs[i].dtype == DType::string) != (wanted.dtype == DType::string)) {
      fail(ErrorCode::bad_shape, wanted.name, "the input holds {}, the model takes {}",
           dtype_name(inputs[i].dtype), dtype_name(wanted.dtype));
    }
    const int64_t count = inputs[i].shape.empty() ? 1 : inputs[i].shape[0];
    if (i == 0) row_count = count;
    if (count != row_count) {
      fail(ErrorCode::bad_shape, wanted.name,
           "the input has {} rows, '{}' has {}; all inputs need the same number", count, info.inputs[0].name,
           row_count);
    }
    tensors.push_back(cast_tensor(to_tensor(inputs[i]), wanted.dtype));
  }
  return row_count;
}

namespace {

std::shared_ptr<Model::Impl> load_impl(const std::filesystem::path& path, const LoadOptions& options) {
  if (options.threads < 0 || options.threads > kMaxThreads) {
    fail(ErrorCode::bad_argument, "threads", "expected 0 to {}, received {}", kMaxThreads, options.threads);
  }
  const FileVersion version = FileVersion::of(path);
  const formats::ModelFile file = formats::read_model_file(path);
  import::KerasModel keras = import::import_keras(file, path.string(), options.config);
  if (!(FileVersion::of(path) == version)) {
    fail(ErrorCode::bad_file, path.string(),
         "the file changes while it is being loaded; load it once its writer is done");
  }
  auto impl = std::make_shared<Model::Impl>();
  impl->identity = {std::filesystem::absolute(path).string(),
                    nullptr,
                    options.config,
                    options.threads,
                    version,
                    fingerprint(file)};
  ModelInfo& info = impl->info;
  info.path = path.string();
  info.format = file.format;
  info.name = keras.name;
  info.class_name = keras.class_name;
  info.keras_version = keras.dialect.keras_version;
  info.backend = keras.dialect.backend;
  info.file_bytes = file.file_bytes;
  info.weights_bytes = keras.weight_bytes.total;
  info.weights_in_place_bytes = keras.weight_bytes.in_place;
  add_layers(*keras.root, keras.graph, 0, "", info);
  passes::run_passes(keras.graph, options.disabled_passes);
  for (const auto& input : keras.graph.inputs())
    info.inputs.push_back(port(input.name, keras.graph.type(input.value)));
  for (const auto& output : keras.graph.outputs())
    info.outputs.push_back(port(output.name, keras.graph.type(output.value)));
  const devices::DeviceDef* device = devices::find_device("cpu");
  impl->program = std::make_shared<runtime::Program>(std::move(keras.graph), *device, options.fast_kernels);
  impl->threads = options.threads == 0 ? available_cores() : options.threads;
  return impl;
}

}  // namespace

Model Model::load(const std::filesystem::path& path, const LoadOptions& options) {
  return Model(load_impl(path, options));
}

std::string Model::handle() const {
  const std::lock_guard lock(fork_mutex());
  return impl_->identity.to_handle(impl_->long_handle);
}

Model Model::load_image(int descriptor, const LoadOptions& options) {
  auto image = std::make_shared<const Descriptor>(descriptor);
  auto impl = load_impl(own_path(*image), options);
  impl->identity.image = std::move(image);
  return Model(std::move(impl));
}

Model Model::attach(const std::string& handle, int threads) {
  const Identity wanted = Identity::from_handle(handle);
  wanted.check_version();
  LoadOptions options;
  options.config = wanted.config;
  options.threads = threads < 0 ? wanted.threads : threads;
  auto impl = load_impl(wanted.path, options);
  if (!(impl->identity.version == wanted.version) || impl->identity.fingerprint != wanted.fingerprint) {
    fail(ErrorCode::bad_file, wanted.path,
         "the file's content is not what the handle was made of; load the model again");
  }
  impl->identity.image = wanted.image;
  return Model(std::move(impl));
}

const ModelInfo& Model::info() const {
  return impl_->info;
}
const std::vector<PortInfo>& Model::inputs() const {
  return impl_->info.inputs;
}
const std::vector<PortInfo>& Model::outputs() const {
  return impl_->info.outputs;
}

std::vector<Array> Model::predict(std::span<const Array> inputs, int64_t batch_size) const {
  if (batch_size < 1)
    fail(ErrorCode::bad_argument, "batch_size", "expected at least 1, received {}", batch_size);
  std::vector<Tensor> tensors;
  const int64_t row_count = impl_->prepare(inputs, tensors);
  for (const PortInfo& input : impl_->info.inputs) {
    if (!input.shape.empty() && input.shape[0] > 0) batch_size = input.shape[0];
  }
  auto session = impl_->take_session();
  std::vector<NewTensor> results;
  for (int64_t begin = 0; begin < row_count || begin == 0; begin += batch_size) {
    const int64_t count = std::min(batch_size, row_count - begin);
    std::vector<Tensor> part;
    for (const Tensor& tensor : tensors)
      part.push_back(tensor.shape.rank() == 0 ? tensor : rows(tensor, begin, count));
    const auto plan = session->plan_for(part);
    std::vector<std::byte*> out;
    for (size_t i = 0; i < plan->outputs.size(); ++i) {
      const TensorType& type = plan->outputs[i];
      const bool by_row = type.shape.rank() > 0 && type.shape[0] == count;
      if (begin == 0)
        results.push_back(new_tensor(type.dtype, by_row ? type.shape.with(0, row_count) : type.shape));
      if (!by_row && row_count > batch_size) {
        fail(ErrorCode::bad_shape, impl_->info.outputs[i].name,
             "the output has shape {} for {} rows, so answers of several batches cannot be joined; use a "
             "batch_size of at least {}",
             type.shape.to_string(), count, row_count);
      }
      const int64_t row_bytes =
          by_row ? type.shape.elements(1, type.shape.rank()) * dtype_size(type.dtype) : 0;
      out.push_back(results[i].data + begin * row_bytes);
    }
    std::vector<const std::byte*> in;
    for (const Tensor& tensor : part) in.push_back(tensor.data);
    session->run_into(*plan, in, out);
  }
  impl_->give_back(std::move(session));
  std::vector<Array> arrays;
  for (NewTensor& result : results) arrays.push_back(to_array(result.tensor));
  return arrays;
}

std::string Model::explain() const {
  const ir::Graph& graph = impl_->program->graph();
  std::vector<TensorType> types;
  for (const auto& input : graph.inputs()) {
    TensorType type = graph.type(input.value);
    for (int axis = 0; axis < type.shape.rank(); ++axis) {
      if (type.shape[axis] == Shape::kUnknown) type.shape[axis] = axis == 0 ? 1 : 32;
    }
    types.push_back(type);
  }
  std::string text = ir::print(graph);
  const auto plan = impl_->program->plan(types, impl_->threads);
  for (const runtime::Step& step : plan->steps) {
    const ir::Node& node = graph.nodes()[static_cast<size_t>(step.node)];
    text += fmt::format("%{} {}: {}\n", node.outputs[0].id, node.op->name, step.kernel);
    for (const std::string& refusal : step.refusals) text += "    refused by " + refusal + "\n";
  }
  return text + fmt::format("arena {} bytes\n", plan->arena_bytes);
}

struct Session::Impl {
  Model model;
  std::unique_ptr<runtime::Session> session;
};

Session Model::session(int threads) const {
  if (threads < 0 || threads > kMaxThreads)
    fail(ErrorCode::bad_argument, "threads", "expected 0 to {}, received {}", kMaxThreads, threads);
  const int count = threads == 0 ? impl_->threads : threads;
  return Session(std::make_unique<Session::Impl>(
      Session::Impl{*this, std::make_unique<runtime::Session>(impl_->program, count)}));
}

Session::Session(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Session::~Session() = default;
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;

std::vector<Array> Session::run(std::span<const Array> inputs) {
  std::vector<Tensor> tensors;
  impl_->model.impl_->prepare(inputs, tensors);
  std::vector<Array> arrays;
  for (const Tensor& tensor : impl_->session->run(tensors)) arrays.push_back(to_array(tensor));
  return arrays;
}

}  // namespace cornu
