// One process of `cornu bench`: loads a model, predicts, measures, and reports through a pipe.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cornu/model.h"

namespace cornu::cli {

struct Measurement {
  double load_ms = 0;                // Model::load
  double first_predict_ms = 0;       // the first answer: touches every weight, makes the plan
  std::vector<double> latencies_ms;  // each later answer, in order
  int64_t weights_bytes = 0;
  int64_t weights_in_place_bytes = 0;
  int64_t private_bytes = 0;  // see private_bytes()
  int64_t proportional_bytes =
      0;  // Pss of /proc/self/smaps_rollup: shared pages divided by the processes that map them
};

struct WorkerTask {
  std::string model;
  LoadOptions options;
  int64_t batch = 1;
};

// Runs `count` processes at the same time: each loads and predicts; when all have their first answer, each
// reads its memory figures and then measures its latencies. Throws what a worker threw; internal if one died
// without a word.
std::vector<Measurement> run_workers(const WorkerTask& task, int count);

// The memory that one more process costs: Private_Clean + Private_Dirty of /proc/self/smaps over all mappings
// except those of the file `model` (of a lone process even its page-cache pages count as private). Throws io.
int64_t private_bytes(const std::string& model);

}  // namespace cornu::cli
