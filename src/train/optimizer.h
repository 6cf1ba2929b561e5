// Optimizers as parts of a graph: each file of train/optimizers is one optimizer of Keras. What all of them share (clipping,
// weight decay, moving averages, accumulation of gradients, loss scaling) is in optimizer.cc.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "train/formula.h"

namespace cornu::train {

// A variable that an optimizer keeps for each weight, or for all (then `of` is -1).
struct SlotDef {
  std::string_view name;  // Keras's: "momentum"
  int group = 0;          // groups follow each other; within one, slots go weight by weight
  double initial = 0;
  Shape shape = {};  // of `like_weight` false
  bool like_weight = true;
};

// A weight that is trained.
struct Weight {
  std::string path;  // "dense/kernel"
  Shape shape;
};

// Arguments of an optimizer by Keras's names; absent and null give the fallback.
struct OptimizerConfig {
  Json json;

  double number(std::string_view key, double fallback) const;
  bool is_set(std::string_view key) const;  // a number
  bool flag(std::string_view key, bool fallback) const;
  std::vector<std::string> texts(std::string_view key) const;
};

// What the update of all weights works with. `step` is iterations + 1, as float32, like the learning rate.
struct OptimizerCall : Formula {
  OptimizerConfig config;
  Value learning_rate;
  Value step;
  std::vector<Value> shared, new_shared;  // in the order of shared_slots
};

// The update of one weight: new_w and new_slots are to be filled.
struct WeightUpdate {
  const Weight& weight;
  Value w, gradient;
  std::vector<Value> slots;  // in the order of slots()
  Value new_w;
  std::vector<Value> new_slots;
};

struct OptimizerDef {
  std::string_view keras_name;
  std::vector<SlotDef> (*slots)(const OptimizerConfig& config, const Weight& weight) = nullptr;
  void (*update)(OptimizerCall& call, WeightUpdate& update) = nullptr;
  // Kept for all weights together, and how they change before the weights do.
  std::span<const SlotDef> shared_slots = {};
  void (*begin)(OptimizerCall& call) = nullptr;
  // The rate of weight decay for one weight; null: the config's weight_decay.
  double (*weight_decay)(const OptimizerConfig& config, const Weight& weight) = nullptr;
  double default_weight_decay = 0;
};

std::span<const OptimizerDef* const> all_optimizers();
// Throws unsupported that lists the names.
const OptimizerDef& find_optimizer(std::string_view keras_name);

// A variable of the optimizer as the trainer keeps it.
struct OptimizerVariable {
  std::string name;  // Keras's: "momentum"
  int weight = -1;   // index of the weight it belongs to, or -1
  DType dtype = DType::float32;
  Shape shape;
  double initial = 0;
};

// An optimizer of a serialized Keras one ({"class_name", "config"}) for given weights.
class Optimizer {
 public:
  Optimizer(const Json& serialized, std::vector<Weight> weights);

  // In Keras's order of `optimizer.variables`, but for the learning rate, which the caller keeps.
  const std::vector<OptimizerVariable>& variables() const { return variables_; }
  // What the loss is multiplied by before its gradients are taken; invalid: nothing.
  Value loss_scale(GraphBuilder& g, std::span<const Value> variables) const;
  // One step. `w`, `gradients`: by weight. `constrain` gives a weight as its constraint wants it.
  struct Result {
    std::vector<Value> weights;
    std::vector<Value> variables;
  };
  Result apply(GraphBuilder& g, Value learning_rate, std::span<const Value> w, std::vector<Value> gradients,
               std::span<const Value> variables,
               const std::function<Value(size_t weight, Value w)>& constrain) const;

 private:
  struct Step;
  void add_variables();
  std::vector<Value> clipped(GraphBuilder& g, std::vector<Value> gradients) const;
  double weight_decay(const Weight& weight) const;
  void update_weights(Step& step) const;
  void average(Step& step) const;
  size_t find(std::string_view name, int weight) const;

  const OptimizerDef* def_ = nullptr;
  OptimizerConfig config_;
  Json outer_;  // of a LossScaleOptimizer around it; missing: none
  std::vector<Weight> weights_;
  std::vector<OptimizerVariable> variables_;
  size_t iterations_ = 0;                   // in variables_
  std::vector<std::vector<size_t>> slots_;  // by weight, in variables_
  std::vector<size_t> shared_;              // in variables_
};

}  // namespace cornu::train

// Opens the one definition of a file of train/optimizers: CORNU_OPTIMIZER(sgd) = {.keras_name = "SGD", ...};
#define CORNU_OPTIMIZER(unit)                 \
  extern const OptimizerDef optimizer_##unit; \
  const OptimizerDef optimizer_##unit
