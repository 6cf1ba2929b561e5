// Losses as parts of a graph. Each file of train/losses is one loss of Keras: numbers per sample of the last axis, which are
// then weighted and reduced alike for all.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "train/formula.h"

namespace cornu::train {

// One loss at one output of a model. All shapes are known.
struct LossCall : Formula {
  Json config;   // Keras's arguments by name; may lack what has a default
  Value y_true;  // as the caller gave it; see targets()
  Value y_pred;  // floating point

  double number(std::string_view key, double fallback) const;
  bool flag(std::string_view key, bool fallback) const;
  int64_t integer(std::string_view key, int64_t fallback) const;

  // y_true in the type of y_pred, with or without a last axis of 1 as y_pred has it, and y_pred likewise. Throws bad_shape
  // if they do not broadcast.
  void match();
  // Of class numbers: int64, of the shape of y_pred without its last axis. Throws bad_shape.
  Value class_numbers() const;
  // y_true * (1 - label_smoothing) + label_smoothing / classes.
  void smooth(double classes);
  // match() for one-hot targets: as many classes. Throws bad_shape.
  void match_classes();
  // The class numbers as one-hot vectors in the type of y_pred; a number outside gives zeros.
  Value one_hot() const;
  // y_pred over its sum along the last axis, in [1e-7, 1 - 1e-7].
  Value shares() const;
  // Binary cross-entropy of each element of y_true, and y_pred as probabilities or logits.
  Value binary_terms(bool is_logits) const;
  // max(1 - y_true * y_pred, 0) after match(); targets of 0 and 1 count as -1 and 1.
  Value hinge_terms();
  // The sum of everything, or along the axes that the config names.
  Value total(Value x) const;
  // What y_pred is the softmax or sigmoid of, as Keras looks behind the last activation; y_pred itself if from_logits.
  // Nothing if it is no such function's.
  std::optional<Value> logits(std::string_view activation) const;
};

struct LossDef {
  std::string_view keras_name;                // of the class
  Value (*values)(LossCall& call) = nullptr;  // per sample
};

std::span<const LossDef* const> all_losses();
// Throws bad_argument that lists the names.
const LossDef& find_loss(std::string_view keras_name);

// How numbers per sample become one.
struct Reduction {
  std::string kind = "sum_over_batch_size";  // or sum, mean, mean_with_sample_weight, none
  Value weight;  // per sample, may lack last axes or have them as 1; invalid: all 1
  Value mask;    // bool, per sample; invalid: all count
};
// Source  keras/src/losses/loss.py, 3.15. Throws bad_shape for weights that do not fit.
Value reduce(GraphBuilder& g, Value values, const Reduction& reduction);

// The loss of a serialized Keras loss ({"class_name", "config"}) for an output, weighted and reduced to a scalar.
Value loss_of(GraphBuilder& g, const Json& serialized, Value y_true, Value y_pred, Value weight, Value mask);

}  // namespace cornu::train

// Opens the one definition of a file of train/losses: CORNU_LOSS(hinge) = {.keras_name = "Hinge", .values = values};
#define CORNU_LOSS(unit)            \
  extern const LossDef loss_##unit; \
  const LossDef loss_##unit
