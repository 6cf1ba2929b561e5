#include "cornu/train.h"

#include "api/convert.h"
#include "base/fail.h"
#include "train/trainer.h"

namespace cornu {
namespace {

std::vector<std::optional<Tensor>> optional_tensors(std::span<const Array> arrays) {
  std::vector<std::optional<Tensor>> tensors;
  for (const Array& array : arrays) {
    const bool absent = array.shape.size() == 1 && array.shape[0] < 0;
    tensors.push_back(absent ? std::nullopt : std::optional(to_tensor(array)));
  }
  return tensors;
}

train::Batch to_batch(const TrainBatch& batch) {
  return {to_tensors(batch.x), optional_tensors(batch.y), optional_tensors(batch.sample_weight)};
}

TrainFigures to_figures(const train::Figures& figures) {
  TrainFigures result{figures.loss, figures.losses, {}};
  for (const Tensor& tensor : figures.predictions) result.predictions.push_back(to_array(tensor));
  return result;
}

}  // namespace

struct Trainer::Impl {
  Impl(const std::string& config, std::span<const Array> weights, const std::string& compiled, int threads,
       const CustomObjects& custom_objects)
      : trainer(config, to_tensors(weights), train::Compiled::parse(compiled),
                threads == 0 ? available_cores() : threads, custom_objects) {}

  train::Trainer trainer;
};

Trainer::Trainer(const std::string& config, std::span<const Array> weights, const std::string& compiled,
                 int threads, const CustomObjects& custom_objects)
    : impl_(std::make_unique<Impl>(config, weights, compiled, threads, custom_objects)) {}
Trainer::~Trainer() = default;
Trainer::Trainer(Trainer&&) noexcept = default;
Trainer& Trainer::operator=(Trainer&&) noexcept = default;

TrainFigures Trainer::train(const TrainBatch& batch, double learning_rate, int64_t seed, bool predictions) {
  return to_figures(impl_->trainer.train(to_batch(batch), learning_rate, seed, predictions));
}

TrainFigures Trainer::test(const TrainBatch& batch, bool predictions) {
  return to_figures(impl_->trainer.test(to_batch(batch), predictions));
}

std::vector<TrainVariable> Trainer::variables() const {
  std::vector<TrainVariable> all;
  for (const train::Trainer::Variable& variable : impl_->trainer.variables()) {
    all.push_back({variable.name, variable.weight, variable.trainable, to_array(variable.tensor.tensor),
                   variable.tensor.data});
  }
  return all;
}

}  // namespace cornu
