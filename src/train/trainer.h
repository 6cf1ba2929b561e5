// Trainer: the variables of a model that is trained, and its steps, planned once for each shape of a batch.
#pragma once

#include <list>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/thread_pool.h"
#include "runtime/plan.h"
#include "train/step.h"

namespace cornu::train {

struct Batch {
  std::vector<Tensor> x;
  std::vector<std::optional<Tensor>> y;       // by output
  std::vector<std::optional<Tensor>> weight;  // sample weights by output
};

struct Figures {
  double loss = 0;                  // the total
  std::vector<double> losses;       // by output
  std::vector<Tensor> predictions;  // if asked for
};

// One thread at a time. Owns copies of what it changes; the weights that it was made of stay as they are.
class Trainer {
 public:
  // weights: in the order of the layer tree. threads: 1..1024. Throws what import_step throws.
  Trainer(std::string config, std::span<const Tensor> weights, Compiled compiled, int threads,
          CustomObjects custom_objects);

  // A step that changes the variables. `seed`: of the run's random numbers; they also differ by the step.
  Figures train(const Batch& batch, double learning_rate, int64_t seed, bool predictions);
  // The figures of a batch as evaluation has them.
  Figures test(const Batch& batch, bool predictions);

  struct Variable {
    std::string name;  // path of a weight, or Keras's name of an optimizer's variable
    int weight = -1;   // of an optimizer's: index of the model's weight it belongs to
    bool trainable = false;
    NewTensor tensor;  // the memory stays where it is; null `data` for a constant of the model
  };
  // The model's weights, then the optimizer's variables in Keras's order, but for the learning rate.
  const std::vector<Variable>& variables() const { return variables_; }
  size_t model_variables() const { return model_variables_; }

 private:
  struct Planned {
    StepTypes types;
    StepGraph graph;
    std::shared_ptr<const runtime::Plan> plan;
  };
  Figures run(const Batch& batch, bool training, bool predictions, double learning_rate, int64_t seed);
  const Planned& planned(const Batch& batch, bool training, bool predictions);

  std::string config_;
  Compiled compiled_;
  CustomObjects custom_objects_;
  std::vector<Tensor> constants_;  // the weights as given; of the live ones only the type
  std::vector<Variable> variables_;
  size_t model_variables_ = 0;
  std::vector<DType> input_types_;
  ThreadPool pool_;
  std::list<Planned> planned_;  // most recent first
  std::shared_ptr<HeapStorage> arena_;
  int64_t steps_ = 0;
};

}  // namespace cornu::train
