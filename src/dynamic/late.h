// What the op `late` carries: a node of another kind of graph that becomes ops when its inputs are concrete.
#pragma once

#include "dynamic/dynamic_op.h"

namespace cornu::dynamic {

class LateObject : public VariantObject {
 public:
  virtual std::vector<Tensor> compute(Call& call) const = 0;
};

}  // namespace cornu::dynamic
