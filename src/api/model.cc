#include "cornu/model.h"

#include <fmt/format.h>

#include <malloc.h>

#include <algorithm>
#include <cstring>
#include <mutex>

#include "api/convert.h"
#include "api/identity.h"
#include "api/image.h"
#include "api/states.h"
#include "base/fail.h"
#include "base/fork_mutex.h"
#include "base/thread_pool.h"
#include "formats/checkpoint/checkpoint_path.h"
#include "formats/model_file.h"
#include "import/keras_model.h"
#include "import/keras_names.h"
#include "import/saved_keras.h"
#include "import/saved_model.h"
#include "ir/graph.h"
#include "kernels/table.h"
#include "passes/pass.h"
#include "runtime/program.h"

namespace cornu {
namespace {

constexpr int kMaxThreads = 1024;

PortInfo port(const std::string& name, const TensorType& type) {
  return {name, type.dtype, std::vector<int64_t>(type.shape.begin(), type.shape.end()), false};
}

PortInfo port(const import::TensorflowPort& from) {
  const Shape shape = from.shape.value_or(Shape{});
  return {from.name, from.dtype, std::vector<int64_t>(shape.begin(), shape.end()), !from.shape.has_value()};
}

std::vector<PortInfo> ports(const std::vector<tensorflow::TensorInfo>& infos) {
  std::vector<PortInfo> all;
  for (const tensorflow::TensorInfo& info : infos)
    all.push_back(port(import::TensorflowPort{info.name, info.dtype, info.shape}));
  return all;
}

void describe(const tensorflow::MetaGraph& graph, ModelInfo& info) {
  info.class_name = "SavedModel";
  info.tags = graph.tags;
  info.tensorflow_version = graph.tensorflow_version;
  for (const tensorflow::Signature& signature : graph.signatures)
    info.signatures.push_back(
        {signature.name, signature.method, ports(signature.inputs), ports(signature.outputs)});
}

int64_t params_of(const layers::LayerInstance& layer) {
  int64_t params = 0;
  for (const layers::WeightSlot& slot : layer.weights) params += slot.shape.elements();
  for (const auto& child : layer.children) params += params_of(*child);
  return params;
}

// What Keras 3 writes before the names of a layer's weights. A recurrent layer's cell has the name of its class.
std::string scope_of(const layers::LayerInstance& layer, const import::KerasModel& model,
                     const std::string& outer) {
  const layers::LayerInstance& parent = *layer.parent;
  const bool own_cell = layer.attribute == "cell" && layer.name == parent.name;
  const bool alone = layers::is_functional(parent.class_name) || model.built_alone.contains(&layer);
  return (alone ? "" : outer) + (own_cell ? import::snake_case(layer.class_name) : layer.name) + "/";
}

void add_layers(const layers::LayerInstance& parent, const import::KerasModel& model, int depth,
                const std::string& prefix, ModelInfo& info, std::vector<Array>& weights) {
  for (const layers::WeightSlot& slot : parent.weights) {
    const Tensor* tensor = model.graph.constant(slot.value);
    info.weights.push_back({prefix + slot.name, tensor == nullptr ? DType::float32 : tensor->dtype,
                            std::vector<int64_t>(slot.shape.begin(), slot.shape.end()),
                            slot.trainable && parent.trainable, tensor != nullptr && tensor->in_place});
    weights.push_back(tensor == nullptr ? Array() : to_array(*tensor));
  }
  for (const auto& child : parent.children) {
    const size_t index = info.layers.size();
    const auto shapes = model.shapes.find(child.get());
    LayerInfo layer;
    layer.name = child->name;
    layer.class_name = child->class_name;
    layer.output_shape = child->output_shape;
    layer.params = params_of(*child);
    layer.depth = depth;
    layer.inputs = child->inbound;
    layer.attribute = child->attribute;
    layer.trainable = child->trainable;
    layer.operation = &child->def == layers::find_layer("ops.*");
    layer.first_weight = info.weights.size();
    if (shapes != model.shapes.end()) {
      layer.input_shapes = shapes->second.in;
      layer.output_shapes = shapes->second.out;
    }
    for (size_t i = 0; i < info.states.size(); ++i) {
      if (model.states[i].layer == child.get()) info.states[i].layer = index;
    }
    info.layers.push_back(std::move(layer));
    add_layers(*child, model, depth + 1, scope_of(*child, model, prefix), info, weights);
    info.layers[index].weight_count = info.weights.size() - info.layers[index].first_weight;
  }
}

// Row counts are checked here, so that a message names the input; every other size is checked by the plan as
// well.
void check_shape(const PortInfo& wanted, const Array& array, bool by_rows) {
  if (wanted.any_rank) return;
  bool fits = wanted.shape.size() == array.shape.size();
  for (size_t axis = 0; fits && axis < wanted.shape.size(); ++axis) {
    fits = ((axis == 0 && by_rows) || wanted.shape[axis] < 0 || wanted.shape[axis] == array.shape[axis]) &&
           array.shape[axis] >= 0;
  }
  if (!fits) {
    fail(ErrorCode::bad_shape, wanted.name, "the input has shape {}, the model takes {}",
         Shape(array.shape).to_string(), Shape(wanted.shape).to_string());
  }
}

// Keras lets a last axis of size 1 be left out, or be one too many.
std::vector<int64_t> adjusted_rank(std::vector<int64_t> shape, const std::vector<int64_t>& wanted) {
  if (shape.size() == wanted.size() + 1 && shape.back() == 1) {
    shape.pop_back();
  } else if (shape.size() + 1 == wanted.size() && wanted.back() == 1) {
    shape.push_back(1);
  }
  return shape;
}

Tensor rows(const Tensor& tensor, int64_t begin, int64_t count) {
  Tensor part = tensor;
  part.shape[0] = count;
  const int64_t row_bytes = tensor.shape.elements(1, tensor.shape.rank()) * dtype_size(tensor.dtype);
  part.data = tensor.data + begin * row_bytes;
  return part;
}

// An answer in the caller's memory, if there is any for it.
Array placed(const Tensor& tensor, size_t output, const AllocateOutput& allocate) {
  Array array = to_array(tensor);
  if (!allocate || array.dtype == DType::string) return array;
  std::byte* memory = allocate(output, array.dtype, array.shape);
  if (array.size_bytes() > 0) std::memcpy(memory, array.data, static_cast<size_t>(array.size_bytes()));
  return {array.dtype, array.shape, memory, nullptr};
}

runtime::RunLimits limits_of(const LoadOptions& options) {
  return {options.max_iterations, options.max_seconds, options.max_depth};
}

// The answers of one run; `states` become those after it.
std::vector<Tensor> run_with_states(runtime::Session& session, std::vector<Tensor> inputs,
                                    std::vector<Tensor>& states) {
  inputs.insert(inputs.end(), states.begin(), states.end());
  std::vector<Tensor> outputs = session.run(inputs);
  std::move(outputs.end() - static_cast<long>(states.size()), outputs.end(), states.begin());
  outputs.resize(outputs.size() - states.size());
  return outputs;
}

void check_threads(int threads) {
  if (threads < 0 || threads > kMaxThreads)
    fail(ErrorCode::bad_argument, "threads", "expected 0 to {}, received {}", kMaxThreads, threads);
}

const CustomObjects* custom_objects_of(const LoadOptions& options) {
  return options.custom_objects ? &options.custom_objects : nullptr;
}

}  // namespace

struct Model::Impl {
  ModelInfo info;
  std::shared_ptr<const runtime::Program> program;
  int threads = 1;

  mutable Identity
      identity;  // of a model without a file: empty, but for its image once handle() was asked for
  mutable LongHandle long_handle;  // both guarded by fork_mutex() once others have the model
  std::string config;
  std::vector<Array> weights;                                   // in the order of info.weights
  std::vector<std::shared_ptr<const CustomCall>> custom_calls;  // the program refers to them
  bool has_weights = true;                                      // false: a model of a config alone

  mutable KeptStates states;  // the last inputs and outputs of the graph

  std::shared_ptr<import::SavedModel> saved;  // for the other signatures of a SavedModel
  LoadOptions options;

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

  // Puts a model without a file into memory that other processes can open.
  void share() const;

  // All but what depends on a file.
  static std::shared_ptr<Impl> compile(import::KerasModel keras, const LoadOptions& options);
  // The same of a TensorFlow graph.
  static std::shared_ptr<Impl> compile(const formats::ModelFile& file, const std::string& path,
                                       const LoadOptions& options);
  void use(import::TensorflowModel model);
  void use_signature(const std::string& name);

  // Inputs in the declared types; all with the same number of rows, which is returned.
  int64_t prepare(std::span<const Array> inputs, std::vector<Tensor>& tensors) const;
};

int64_t Model::Impl::prepare(std::span<const Array> inputs, std::vector<Tensor>& tensors) const {
  if (inputs.size() != info.inputs.size()) {
    fail(ErrorCode::bad_shape, info.name, "the model takes {} inputs, received {}", info.inputs.size(),
         inputs.size());
  }
  if (!has_weights) {
    fail(ErrorCode::bad_argument, info.name,
         "the model was made of a config alone and has no weights yet; load or set its weights first");
  }
  int64_t row_count = 1;
  for (size_t i = 0; i < inputs.size(); ++i) {
    const PortInfo& wanted = info.inputs[i];
    Array input = inputs[i];
    if (info.by_rows) input.shape = adjusted_rank(std::move(input.shape), wanted.shape);
    check_shape(wanted, input, info.by_rows);
    if ((input.dtype == DType::string) != (wanted.dtype == DType::string)) {
      fail(ErrorCode::bad_shape, wanted.name, "the input holds {}, the model takes {}",
           dtype_name(input.dtype), dtype_name(wanted.dtype));
    }
    const int64_t count = input.shape.empty() ? 1 : input.shape[0];
    if (i == 0) row_count = count;
    if (count != row_count && info.by_rows) {
      fail(ErrorCode::bad_shape, wanted.name,
           "the input has {} rows, '{}' has {}; all inputs need the same number", count, info.inputs[0].name,
           row_count);
    }
    tensors.push_back(cast_tensor(to_tensor(input), wanted.dtype));
  }
  return row_count;
}

std::shared_ptr<Model::Impl> Model::Impl::compile(import::KerasModel keras, const LoadOptions& options) {
  auto impl = std::make_shared<Impl>();
  ModelInfo& info = impl->info;
  info.name = keras.name;
  info.class_name = keras.class_name;
  info.keras_version = keras.dialect.keras_version;
  info.backend = keras.dialect.backend;
  info.weights_bytes = keras.weight_bytes.total;
  info.weights_in_place_bytes = keras.weight_bytes.in_place;
  ir::Graph& graph = keras.graph;
  std::vector<Tensor> zeros;
  for (const layers::ImportScope::State& state : keras.states) {
    const TensorType& type = graph.type(state.initial);
    info.states.push_back({0, port("state", type)});
    zeros.push_back(new_tensor(type.dtype, type.shape).tensor);
  }
  impl->states = KeptStates(std::move(zeros));
  const std::string scope = info.class_name == "Sequential" ? info.name + "/" : "";
  add_layers(*keras.root, keras, 0, scope, info, impl->weights);
  const auto stored = [&](std::string_view key) {
    const Json json = keras.root->config.raw({key});
    return json.exists() ? json.dump() : std::string();
  };
  info.input_layers = stored("input_layers");
  info.output_layers = stored("output_layers");
  impl->custom_calls = std::move(keras.custom_calls);
  for (size_t i = 0; i < keras.inputs.size(); ++i)
    info.inputs.push_back(port(graph.inputs()[i].name, graph.type(graph.inputs()[i].value)));
  const size_t output_count = graph.outputs().size();
  for (const layers::ImportScope::State& state : keras.states) graph.add_output("state", state.last);
  passes::run_passes(graph, options.disabled_passes);
  for (size_t i = 0; i < output_count; ++i)
    info.outputs.push_back(port(graph.outputs()[i].name, graph.type(graph.outputs()[i].value)));
  const devices::DeviceDef* device = devices::find_device("cpu");
  impl->program = std::make_shared<runtime::Program>(std::move(keras.graph), *device, options.fast_kernels);
  impl->threads = options.threads == 0 ? available_cores() : options.threads;
  return impl;
}

void Model::Impl::use(import::TensorflowModel model) {
  info.weights_bytes = model.weight_bytes.total;
  info.weights_in_place_bytes = model.weight_bytes.in_place;
  info.by_rows = false;
  for (const import::TensorflowPort& input : model.inputs) info.inputs.push_back(port(input));
  for (const import::TensorflowPort& output : model.outputs) info.outputs.push_back(port(output));
  passes::run_passes(model.graph, options.disabled_passes);
  const devices::DeviceDef* device = devices::find_device("cpu");
  auto specialise = [make = std::move(model.specialise),
                     disabled = options.disabled_passes](std::span<const TensorType> inputs) {
    ir::Graph graph = make(inputs);
    passes::run_passes(graph, disabled);
    return graph;
  };
  program =
      std::make_shared<runtime::Program>(std::move(model.graph), *device, options.fast_kernels,
                                         std::move(model.state), limits_of(options), std::move(specialise));
  threads = options.threads == 0 ? available_cores() : options.threads;
}

void Model::Impl::use_signature(const std::string& name) {
  const tensorflow::Signature& signature = saved->signature(name);
  info.signature = signature.name;
  use(saved->import(signature));
}

std::shared_ptr<Model::Impl> Model::Impl::compile(const formats::ModelFile& file, const std::string& path,
                                                  const LoadOptions& options) {
  auto impl = std::make_shared<Impl>();
  impl->options = options;
  if (file.format == "saved_model") {
    impl->saved = std::make_shared<import::SavedModel>(file, path, options.tags);
    describe(impl->saved->meta_graph(), impl->info);
    impl->use_signature(options.signature);
  } else {
    impl->info.class_name = "GraphDef";
    impl->use(import::import_graph_def(file, path, {options.outputs, options.feeds}));
  }
  return impl;
}

namespace {

// What importing freed goes back to the system: every process with the model would keep it.
void give_back_memory() {
#ifdef __GLIBC__
  ::malloc_trim(0);
#endif
}

// The Keras model inside of a SavedModel; null if there is none, or none that can be built. `config`: out.
std::shared_ptr<Model::Impl> compile_keras_part(const formats::ModelFile& file, const std::string& path,
                                                const LoadOptions& options, std::string& config) {
  try {
    const auto part = import::keras_part(file, path);
    if (!part) return nullptr;
    config = part->config;
    return Model::Impl::compile(import::import_keras(*part, path, {}, custom_objects_of(options)), options);
  } catch (const Error&) {
    return nullptr;  // what is wrong with the file, loading its graph tells
  }
}

std::shared_ptr<Model::Impl> load_impl(const std::filesystem::path& given, const LoadOptions& options) {
  check_threads(options.threads);
  const std::filesystem::path path = formats::model_path(given);
  const FileVersion version = FileVersion::of(path);
  const formats::ModelFile file = formats::read_model_file(path);
  std::string config = options.config.empty() ? file.config : options.config;
  std::shared_ptr<Model::Impl> impl;
  if (file.graph.bytes.empty())
    impl = Model::Impl::compile(
        import::import_keras(file, path.string(), options.config, custom_objects_of(options)), options);
  if (!impl && options.keras_model) impl = compile_keras_part(file, path.string(), options, config);
  if (!impl) impl = Model::Impl::compile(file, path.string(), options);
  if (!(FileVersion::of(path) == version)) {
    fail(ErrorCode::bad_file, path.string(),
         "the file changes while it is being loaded; load it once its writer is done");
  }
  Identity& identity = impl->identity;
  identity.path = std::filesystem::absolute(path).string();
  identity.config = options.config;
  identity.signature = impl->info.signature;
  identity.tags = options.tags;
  identity.outputs = options.outputs;
  identity.feeds = options.feeds;
  identity.threads = options.threads;
  identity.limits = limits_of(options);
  identity.version = version;
  identity.fingerprint = fingerprint(file);
  impl->config = impl->saved ? std::string() : std::move(config);
  impl->info.path = path.string();
  impl->info.format = file.format;
  impl->info.file_bytes = file.file_bytes;
  return impl;
}

}  // namespace

Model Model::load(const std::filesystem::path& path, const LoadOptions& options) {
  Model model(load_impl(path, options));
  give_back_memory();
  return model;
}

namespace {

std::shared_ptr<Model::Impl> from_config_impl(const std::string& config, std::span<const Array> weights,
                                              const LoadOptions& options) {
  check_threads(options.threads);
  auto impl = Model::Impl::compile(
      import::import_config(config, to_tensors(weights), custom_objects_of(options)), options);
  impl->config = config;
  impl->has_weights = !weights.empty() || impl->weights.empty();
  impl->identity.threads = options.threads;
  return impl;
}

}  // namespace

Model Model::from_config(const std::string& config, std::span<const Array> weights,
                         const LoadOptions& options) {
  return Model(from_config_impl(config, weights, options));
}

// Copied without the lock, which has to be short; of two threads that copy at the same time one throws its copy away.
void Model::Impl::share() const {
  if (!has_weights) {
    fail(
        ErrorCode::bad_argument, info.name,
        "the model was made of a config alone and has no weights that another process could use; load or set "
        "its weights first");
  }
  auto image = std::make_shared<const Descriptor>(write_image(config, weights));
  const FileVersion version = FileVersion::of(own_path(*image));
  const std::lock_guard lock(fork_mutex());
  if (identity.image != nullptr) return;
  identity.image = std::move(image);
  identity.version = version;
}

Model Model::signature(const std::string& name) const {
  if (!impl_->saved)
    fail(ErrorCode::bad_argument, impl_->info.path, "the model is no SavedModel and has no signature '{}'",
         name);
  auto impl = std::make_shared<Impl>();
  impl->info = impl_->info;
  impl->info.inputs.clear();
  impl->info.outputs.clear();
  impl->identity = impl_->identity;
  impl->identity.signature = name;
  impl->saved = impl_->saved;
  impl->options = impl_->options;
  impl->use_signature(name);
  return Model(std::move(impl));
}

std::vector<std::pair<WeightInfo, Array>> Model::saved_variables() const {
  std::vector<std::pair<WeightInfo, Array>> all;
  if (!impl_->saved) return all;
  for (const import::SavedVariable& variable : impl_->saved->variables()) {
    const Tensor& tensor = variable.value;
    all.push_back({{variable.name,
                    tensor.dtype,
                    {tensor.shape.begin(), tensor.shape.end()},
                    variable.trainable,
                    tensor.in_place},
                   to_array(tensor)});
  }
  return all;
}

std::string Model::handle() const {
  {
    const std::lock_guard lock(fork_mutex());
    if (!impl_->identity.path.empty() || impl_->identity.image != nullptr)
      return impl_->identity.to_handle(impl_->long_handle);
  }
  impl_->share();
  return handle();
}

Model Model::attach(const std::string& handle, int threads, const CustomObjects& custom_objects) {
  const Identity wanted = Identity::from_handle(handle);
  LoadOptions options;
  options.config = wanted.config;
  options.signature = wanted.signature;
  options.keras_model = wanted.signature.empty();  // one of a SavedModel that runs a signature names it
  options.tags = wanted.tags;
  options.outputs = wanted.outputs;
  options.feeds = wanted.feeds;
  options.max_iterations = wanted.limits.iterations;
  options.max_seconds = wanted.limits.seconds;
  options.max_depth = wanted.limits.depth;
  options.threads = threads < 0 ? wanted.threads : threads;
  options.custom_objects = custom_objects;
  if (wanted.image != nullptr) {
    const Image image = read_image(*wanted.image);
    auto impl = from_config_impl(image.config, image.weights, options);
    impl->identity = wanted;
    return Model(std::move(impl));
  }
  wanted.check_version();
  auto impl = load_impl(wanted.path, options);
  give_back_memory();
  if (!(impl->identity.version == wanted.version) || impl->identity.fingerprint != wanted.fingerprint) {
    fail(ErrorCode::bad_file, wanted.path,
         "the file's content is not what the handle was made of; load the model again");
  }
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
bool Model::has_weights() const {
  return impl_->has_weights;
}
const std::string& Model::config() const {
  return impl_->config;
}
const std::vector<Array>& Model::weights() const {
  return impl_->weights;
}

std::vector<Array> Model::predict(std::span<const Array> inputs, int64_t batch_size,
                                  const AllocateOutput& allocate) const {
  if (batch_size < 1)
    fail(ErrorCode::bad_argument, "batch_size", "expected at least 1, received {}", batch_size);
  std::vector<Tensor> tensors;
  const int64_t row_count = impl_->prepare(inputs, tensors);
  for (const PortInfo& input : impl_->info.inputs) {
    if (!input.shape.empty() && input.shape[0] > 0) batch_size = input.shape[0];
  }
  // All rows at once: what a TensorFlow graph does with its first axis is its own affair.
  const bool at_once = !impl_->info.by_rows || impl_->program->dynamic();
  impl_->states.check_rows(row_count, at_once, impl_->info.name);
  std::vector<Tensor> states = impl_->states.take();
  auto session = impl_->take_session();
  if (at_once) {
    std::vector<Array> arrays;
    for (const Tensor& tensor : run_with_states(*session, tensors, states))
      arrays.push_back(placed(tensor, arrays.size(), allocate));
    impl_->states.keep(std::move(states));
    impl_->give_back(std::move(session));
    return arrays;
  }
  std::vector<NewTensor> results;
  for (int64_t begin = 0; begin < row_count || begin == 0; begin += batch_size) {
    const int64_t count = std::min(batch_size, row_count - begin);
    std::vector<Tensor> part;
    for (const Tensor& tensor : tensors)
      part.push_back(tensor.shape.rank() == 0 ? tensor : rows(tensor, begin, count));
    part.insert(part.end(), states.begin(), states.end());
    const auto plan = session->plan_for(part);
    std::vector<std::byte*> out;
    for (size_t i = 0; i < impl_->info.outputs.size(); ++i) {
      const TensorType& type = plan->outputs[i];
      const bool by_row = type.shape.rank() > 0 && type.shape[0] == count;
      if (begin == 0) {
        const Shape shape = by_row ? type.shape.with(0, row_count) : type.shape;
        if (allocate) {
          std::byte* data = allocate(i, type.dtype, shape.dims());
          results.push_back({{type.dtype, shape, data, nullptr, false}, data});
        } else {
          results.push_back(new_tensor(type.dtype, shape));
        }
      }
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
    for (size_t i = 0; i < states.size(); ++i) {
      NewTensor next = new_tensor(states[i].dtype, states[i].shape);
      out.push_back(next.data);
      states[i] = std::move(next.tensor);
    }
    session->run_into(*plan, in, out);
  }
  impl_->states.keep(std::move(states));
  impl_->give_back(std::move(session));
  std::vector<Array> arrays;
  for (NewTensor& result : results) arrays.push_back(to_array(result.tensor));
  return arrays;
}

std::string Model::explain() const {
  const ir::Graph& general = impl_->program->graph();
  std::vector<TensorType> types;
  for (const auto& input : general.inputs()) {
    TensorType type = general.type(input.value);
    for (int axis = 0; axis < type.shape.rank(); ++axis) {
      if (type.shape[axis] == Shape::kUnknown) type.shape[axis] = axis == 0 ? 1 : 32;
    }
    types.push_back(type);
  }
  const auto prepared = impl_->program->prepared(types);
  const ir::Graph& graph = prepared->graph();
  std::string text = ir::print(graph);
  const auto plan = impl_->program->plan(types, impl_->threads);
  if (plan == nullptr) return text;
  for (const runtime::Step& step : plan->steps) {
    const ir::Node& node = graph.nodes()[static_cast<size_t>(step.node)];
    text += fmt::format("%{} {}: {}\n", node.outputs[0].id, node.op->name, step.kernel);
    for (const std::string& refusal : step.refusals) text += "    refused by " + refusal + "\n";
  }
  return text + fmt::format("arena {} bytes\n", plan->arena_bytes);
}

std::vector<Array> Model::states() const {
  std::vector<Array> arrays;
  for (const Tensor& tensor : impl_->states.take()) arrays.push_back(to_array(tensor));
  return arrays;
}

void Model::set_state(size_t index, const Array& value) const {
  impl_->states.set(index, to_tensor(value));
}

void Model::reset_state(size_t index) const {
  impl_->states.reset(index);
}

void Model::reset_states() const {
  impl_->states.keep(impl_->states.zeros());
}

struct Session::Impl {
  Model model;
  std::unique_ptr<runtime::Session> session;
  std::vector<Tensor> states;
};

Session Model::session(int threads) const {
  check_threads(threads);
  const int count = threads == 0 ? impl_->threads : threads;
  return Session(std::make_unique<Session::Impl>(Session::Impl{
      *this, std::make_unique<runtime::Session>(impl_->program, count), impl_->states.zeros()}));
}

Session::Session(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Session::~Session() = default;
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;

std::vector<Array> Session::run(std::span<const Array> inputs) {
  std::vector<Tensor> tensors;
  const Model::Impl& model = *impl_->model.impl_;
  model.states.check_rows(model.prepare(inputs, tensors), true, model.info.name);
  std::vector<Array> arrays;
  for (const Tensor& tensor : run_with_states(*impl_->session, std::move(tensors), impl_->states))
    arrays.push_back(to_array(tensor));
  return arrays;
}

void Session::reset_states() {
  impl_->states = impl_->model.impl_->states.zeros();
}

}  // namespace cornu
