// Trainer: trains a model of a Keras config.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "cornu/custom.h"
#include "cornu/error.h"
#include "cornu/tensor.h"

namespace cornu {

// A batch. Targets and sample weights go by output; an Array without data and shape {-1} is absent.
struct TrainBatch {
  std::vector<Array> x;
  std::vector<Array> y;
  std::vector<Array> sample_weight;

  static Array absent() { return {DType::float32, {-1}, nullptr, nullptr}; }
};

struct TrainFigures {
  double loss = 0;                 // everything that is minimised
  std::vector<double> losses;      // by output, before loss weights
  std::vector<Array> predictions;  // by output, if asked for
};

// What training changes: a weight of the model, or a variable of the optimizer.
struct TrainVariable {
  std::string name;  // "dense/kernel", or Keras's name of an optimizer's variable
  int weight = -1;   // of an optimizer's variable: the index of the model's weight it is for
  bool trainable = false;
  Array value;                // lives in the trainer, which changes it in place from step to step
  std::byte* data = nullptr;  // the same bytes, to be written between steps; null if they never change
};

// One thread at a time. The weights given are copied where training changes them; none is written to.
class Trainer {
 public:
  // config     a Keras JSON model config (text)
  // weights    in the order of ModelInfo::weights
  // compiled   JSON text: {"losses": [a serialized Keras loss or null, by output], "loss_weights": [numbers],
  //            "optimizer": a serialized Keras optimizer, or absent for evaluation alone}
  // threads    1..1024; 0: the cores this process may use
  // Throws     bad_config, bad_shape, unsupported
  Trainer(const std::string& config, std::span<const Array> weights, const std::string& compiled,
          int threads = 0, const CustomObjects& custom_objects = {});
  ~Trainer();
  Trainer(Trainer&&) noexcept;
  Trainer& operator=(Trainer&&) noexcept;

  // One step: figures of the batch before the step, and changed variables.
  //   seed  of random numbers, which also differ from step to step
  // Throws  bad_shape for arrays that do not fit; unsupported naming every op that has no gradient
  TrainFigures train(const TrainBatch& batch, double learning_rate, int64_t seed = 0,
                     bool predictions = false);
  // Figures of a batch as the model predicts it; changes nothing.
  TrainFigures test(const TrainBatch& batch, bool predictions = false);

  // The model's weights, then the optimizer's variables in Keras's order without the learning rate.
  std::vector<TrainVariable> variables() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace cornu
