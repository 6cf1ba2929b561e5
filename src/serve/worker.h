// The life of a worker process.
#pragma once

#include "base/descriptor.h"

namespace cornu::serve {

constexpr int kMemoryDescriptor = 3;  // where a worker finds the pool's memory

// Takes seat number `seat` of the pool behind `memory`, which the owner inherited to this process: loads the model, then
// answers requests until the pool stops or the owner ends. Returns the exit status: 0, or that of the error that the seat
// tells the owner. Throws bad_argument when there is no such pool or seat.
int run_worker(Descriptor memory, int seat);

}  // namespace cornu::serve
