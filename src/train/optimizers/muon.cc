// Muon: matrices move along their orthogonalised momentum, found by Newton and Schulz's iteration; all other weights by Adam.
// Source  keras/src/optimizers/muon.py, 3.15
#include <algorithm>
#include <cmath>

#include "train/optimizers/adam.h"

namespace cornu::train {
namespace {

// Layers to leave out come as plain parts of names.
bool is_matrix(const OptimizerConfig& config, const Weight& weight) {
  if (weight.shape.rank() != 2) return false;
  std::string path = weight.path;
  std::transform(path.begin(), path.end(), path.begin(), [](unsigned char c) { return std::tolower(c); });
  if (config.flag("exclude_embeddings", true) && path.find("embedding") != std::string::npos) return false;
  const std::vector<std::string> excluded = config.texts("exclude_layers");
  return std::none_of(excluded.begin(), excluded.end(),
                      [&](const std::string& name) { return weight.path.find(name) != std::string::npos; });
}

std::vector<SlotDef> slots(const OptimizerConfig& config, const Weight& weight) {
  if (is_matrix(config, weight)) return {{.name = "momentum"}};
  return {{.name = "momentum"}, {.name = "velocity"}};
}

Value product(const OptimizerCall& c, Value a, Value b, bool transpose_b = false) {
  return c.g.op("matmul", {a, b}, {{"transpose_b", transpose_b}});
}

Value orthogonalised(const OptimizerCall& c, Value x) {
  const Shape shape = c.g.shape(x);
  const bool is_tall = shape[0] > shape[1];
  if (is_tall) x = c.g.transpose(x, {1, 0});
  x = c.div(x, c.add(c.sqrt(c.sum(c.square(x))), 1e-7));
  const double a = c.config.number("muon_a", 3.4445);
  const double b = c.config.number("muon_b", -4.7750);
  const double k = c.config.number("muon_c", 2.0315);
  const auto steps = static_cast<int>(c.config.number("ns_steps", 5));
  for (int i = 0; i < steps; ++i) {
    const Value square = product(c, x, x, true);
    const Value mixed = c.add(c.mul(square, b), c.mul(product(c, square, square), k));
    x = c.add(c.mul(x, a), product(c, mixed, x));
  }
  return is_tall ? c.g.transpose(x, {1, 0}) : x;
}

void update(OptimizerCall& c, WeightUpdate& u) {
  if (u.slots.size() == 2) {
    const Value rate = c.learning_rate;
    c.learning_rate = c.mul(rate, c.config.number("adam_lr_ratio", 1));
    adam_update(c, u,
                {c.config.number("adam_beta_1", 0.9), c.config.number("adam_beta_2", 0.999),
                 c.config.number("epsilon", 1e-7)});
    c.learning_rate = rate;
    return;
  }
  const double momentum = c.config.number("momentum", 0.95);
  const Value m = c.add(u.slots[0], c.add(u.gradient, c.mul(u.slots[0], momentum - 1)));
  const Value direction = c.config.flag("nesterov", true) ? c.add(u.gradient, c.mul(m, momentum)) : m;
  Value move = c.mul(orthogonalised(c, direction), c.learning_rate);
  if (c.config.is_set("rms_rate") || !c.config.json["rms_rate"].exists()) {
    const Shape& shape = u.weight.shape;
    const double size = std::sqrt(static_cast<double>(std::max(shape[0], shape[1])));
    move = c.mul(move, size * c.config.number("rms_rate", 0.2));
  }
  u.new_slots = {m};
  u.new_w = c.sub(u.w, move);
}

double weight_decay(const OptimizerConfig& config, const Weight& weight) {
  constexpr double kDefault = 0.004;
  const char* key = is_matrix(config, weight) ? "weight_decay" : "adam_weight_decay";
  return config.json[key].exists() ? config.number(key, 0) : kDefault;
}

}  // namespace

CORNU_OPTIMIZER(muon) = {
    .keras_name = "Muon", .slots = slots, .update = update, .weight_decay = weight_decay};

}  // namespace cornu::train
