// cornu pool-worker SEAT: what a pool (include/cornu/pool.h) runs in its workers. Not for people: it answers requests from
// the shared memory that it inherits as descriptor 3, and is left out of the help.
#include <memory>

#include "cli/command.h"
#include "cornu/error.h"
#include "serve/worker.h"

namespace cornu::cli {
namespace {

std::function<void()> declare(CLI::App& app) {
  auto seat = std::make_shared<int>(0);
  app.add_option("SEAT", *seat, "number of the worker in its pool")->required();
  return [seat] {
    const int status = serve::run_worker(Descriptor(serve::kMemoryDescriptor), *seat);
    if (status != 0) std::exit(status);  // the pool has the error, and tells it
  };
}

}  // namespace

CORNU_COMMAND(pool_worker) = {.name = "pool-worker", .description = "", .declare = declare, .hidden = true};

}  // namespace cornu::cli
