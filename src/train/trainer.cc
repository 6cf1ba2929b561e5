#include "train/trainer.h"

#include <algorithm>
#include <cstring>

#include "base/fail.h"

namespace cornu::train {
namespace {

constexpr size_t kMaxPlans = 16;  // shapes of batches that are kept

TensorType type_of(const Tensor& tensor) {
  return {tensor.dtype, tensor.shape};
}

std::vector<std::optional<TensorType>> types_of(const std::vector<std::optional<Tensor>>& tensors) {
  std::vector<std::optional<TensorType>> types;
  for (const auto& tensor : tensors) types.push_back(tensor ? std::optional(type_of(*tensor)) : std::nullopt);
  return types;
}

}  // namespace

Trainer::Trainer(std::string config, std::span<const Tensor> weights, Compiled compiled, int threads,
                 CustomObjects custom_objects)
    : config_(std::move(config)),
      compiled_(std::move(compiled)),
      custom_objects_(std::move(custom_objects)),
      constants_(weights.begin(), weights.end()),
      pool_(threads) {
  import::KerasModel model =
      import::import_step(config_, {}, false, custom_objects_ ? &custom_objects_ : nullptr);
  for (const layers::ModelInput& input : model.inputs) input_types_.push_back(input.dtype);
  const std::vector<ModelVariable> own = train::model_variables(model);
  if (own.size() != constants_.size())
    fail(ErrorCode::bad_shape, model.name, "the model has {} weights, received {}", own.size(),
         constants_.size());
  model_variables_ = own.size();
  const auto add = [&](std::string name, int weight, bool trainable, DType dtype,
                       const Shape& shape) -> Variable& {
    variables_.push_back({std::move(name), weight, trainable, new_tensor(dtype, shape)});
    return variables_.back();
  };
  std::vector<int> trained;
  for (size_t i = 0; i < own.size(); ++i) {
    if (!(constants_[i].shape == own[i].shape)) {
      fail(ErrorCode::bad_shape, own[i].path, "needs shape {}, received {}", own[i].shape.to_string(),
           constants_[i].shape.to_string());
    }
    if (!own[i].live) {
      variables_.push_back({own[i].path, -1, false, {constants_[i], nullptr}});
      continue;
    }
    if (own[i].trainable) trained.push_back(static_cast<int>(i));
    const Variable& variable = add(own[i].path, -1, own[i].trainable, own[i].dtype, own[i].shape);
    const Tensor cast = cast_tensor(constants_[i], own[i].dtype);
    if (cast.size_bytes() > 0)
      std::memcpy(variable.tensor.data, cast.data, static_cast<size_t>(cast.size_bytes()));
    constants_[i] = {own[i].dtype, own[i].shape, nullptr, nullptr, false};
  }
  if (!compiled_.optimizer.exists()) return;
  const Optimizer optimizer = make_optimizer(compiled_, own);
  for (const OptimizerVariable& item : optimizer.variables()) {
    const int weight = item.weight < 0 ? -1 : trained[static_cast<size_t>(item.weight)];
    const Variable& variable = add(item.name, weight, false, item.dtype, item.shape);
    if (item.initial == 0) continue;
    const auto value = static_cast<float>(item.initial);
    std::fill_n(reinterpret_cast<float*>(variable.tensor.data), item.shape.elements(), value);
  }
}

const Trainer::Planned& Trainer::planned(const Batch& batch, bool training, bool predictions) {
  StepTypes types{training, predictions, {}, types_of(batch.y), types_of(batch.weight)};
  for (const Tensor& x : batch.x) types.x.push_back(type_of(x));
  for (auto known = planned_.begin(); known != planned_.end(); ++known) {
    if (!(known->types == types)) continue;
    planned_.splice(planned_.begin(), planned_, known);
    return planned_.front();
  }
  Planned made{
      types, build_step(config_, compiled_, types, constants_, custom_objects_ ? &custom_objects_ : nullptr),
      nullptr};
  std::vector<TensorType> inputs;
  for (const auto& input : made.graph.graph.inputs()) inputs.push_back(made.graph.graph.type(input.value));
  made.plan =
      runtime::make_plan(made.graph.graph, inputs, *devices::find_device("cpu"), pool_.threads(), true);
  planned_.push_front(std::move(made));
  if (planned_.size() > kMaxPlans) planned_.pop_back();
  return planned_.front();
}

Figures Trainer::run(const Batch& given, bool training, bool predictions, double learning_rate,
                     int64_t seed) {
  Batch batch = given;
  for (size_t i = 0; i < batch.x.size() && i < input_types_.size(); ++i)
    batch.x[i] = cast_tensor(batch.x[i], input_types_[i]);
  const Planned& step = planned(batch, training, predictions);
  const runtime::Plan& plan = *step.plan;
  if (!arena_ || static_cast<int64_t>(arena_->bytes().size()) < plan.arena_bytes) {
    arena_.reset();
    arena_ = std::make_shared<HeapStorage>(static_cast<size_t>(std::max<int64_t>(plan.arena_bytes, 1)));
  }
  const int64_t seeds[2] = {seed, steps_};
  const auto rate = static_cast<float>(learning_rate);
  std::vector<const std::byte*> in;
  for (const Tensor& x : batch.x) in.push_back(x.data);
  in.push_back(reinterpret_cast<const std::byte*>(seeds));
  for (const auto& y : batch.y) {
    if (y) in.push_back(y->data);
  }
  for (const auto& weight : batch.weight) {
    if (weight) in.push_back(weight->data);
  }
  if (training) in.push_back(reinterpret_cast<const std::byte*>(&rate));
  for (size_t variable : step.graph.in) in.push_back(variables_[variable].tensor.data);

  Figures figures;
  const size_t scalars = step.graph.graph.outputs().size() - step.graph.out.size();
  std::vector<std::byte*> out;
  std::vector<NewTensor> results;
  for (size_t i = 0; i < scalars; ++i) {
    const TensorType& type = plan.outputs[i];
    results.push_back(new_tensor(type.dtype, type.shape));
    out.push_back(results.back().data);
  }
  std::vector<std::pair<std::byte*, NewTensor>> apart;
  for (size_t k = 0; k < step.graph.out.size(); ++k) {
    const NewTensor& kept = variables_[step.graph.out[k]].tensor;
    if (step.graph.apart[k]) apart.emplace_back(kept.data, new_tensor(kept.tensor.dtype, kept.tensor.shape));
    out.push_back(step.graph.apart[k] ? apart.back().second.data : kept.data);
  }
  runtime::run_plan(plan, in, out, arena_->data(), pool_);
  for (const auto& [to, made] : apart)
    std::memcpy(to, made.data, static_cast<size_t>(made.tensor.size_bytes()));
  if (training) ++steps_;
  const size_t losses = 1 + (predictions ? (scalars - 1) / 2 : scalars - 1);
  figures.loss = load_at<float>(results[0].data, 0);
  for (size_t i = 1; i < losses; ++i) figures.losses.push_back(load_at<float>(results[i].data, 0));
  for (size_t i = losses; i < scalars; ++i) figures.predictions.push_back(results[i].tensor);
  return figures;
}

Figures Trainer::train(const Batch& batch, double learning_rate, int64_t seed, bool predictions) {
  if (!compiled_.optimizer.exists())
    fail(ErrorCode::bad_argument, "compile", "there is no optimizer; give one to compile()");
  return run(batch, true, predictions, learning_rate, seed);
}

Figures Trainer::test(const Batch& batch, bool predictions) {
  return run(batch, false, predictions, 0, 0);
}

}  // namespace cornu::train
