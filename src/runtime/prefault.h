// Prefault: brings the weights of a plan into the process's page tables ahead of the first run.
#pragma once

#include "runtime/plan.h"

namespace cornu::runtime {

// Starts a thread that populates the mapped weights in the order in which the steps read them, and ends by itself; the
// first run follows behind it and finds its pages mapped (and read from disk, if they were not cached). Does nothing
// for small models, on one core, and where the kernel lacks MADV_POPULATE_READ (before Linux 5.14).
// The thread keeps the weights alive; a child of fork() does without it.
void prefault_weights(const ir::Graph& graph, const Plan& plan);

}  // namespace cornu::runtime
