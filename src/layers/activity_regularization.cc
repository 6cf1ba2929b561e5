// ActivityRegularization: a training loss on the activity; y = x.
// Keras   ActivityRegularization, all versions
// Input   x  [...]      Output  y = x      Weights  none
// Errors  bad_config if l1 or l2 is not a number
// Source  keras/src/layers/regularization/activity_regularization.py, 3.15
#include "layers/import_scope.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  call.expect_inputs(1);
  ImportScope* scope = ImportScope::current();
  GraphBuilder& g = call.g;
  for (const auto& [key, op] : {std::pair("l1", "abs"), std::pair("l2", "square")}) {
    const double factor = call.config.number({key}, 0.0);
    if (factor == 0 || scope == nullptr || !scope->training) continue;
    const Value sum = g.op("reduce_sum", {g.op(op, {call.in[0]})});
    add_activity_loss(g, *scope->training, g.op("mul", {sum, g.scalar_like(factor, sum)}), call.in[0]);
  }
  return {call.in[0]};
}

}  // namespace

CORNU_LAYER(activity_regularization) = {
    .keras_names = {"ActivityRegularization"}, .lower = lower, .supports_masking = true};

}  // namespace cornu::layers
