// Models whose configs state a batch size, for any batch.
#pragma once

#include "ir/graph.h"

namespace cornu::exporting {

// The graph with inputs whose first size is not known, as Keras exports them whatever the config states; values keep their
// numbers. The graph itself where a node needs that size, or an output's first size would stay.
ir::Graph with_free_batch(const ir::Graph& graph);

}  // namespace cornu::exporting
