// The arguments that every command on a model takes, and the arrays that go in and out.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "cornu/model.h"
#include "formats/model_file.h"

namespace cornu::cli {

struct ModelArguments {
  std::string model;
  std::string config;  // path of a Keras JSON model config; empty if none
  int threads = 0;     // 0: the cores that the process may use
  LoadOptions limits;  // what the options about TensorFlow graphs say

  // MODEL, --config, and the options about TensorFlow graphs: --tags and the limits of a run.
  void declare_model(CLI::App& app);
  void declare_threads(CLI::App& app);
  // The options for Model::load; reads the config file. Throws not_found, io, bad_file.
  LoadOptions load_options() const;
};

// Orders the arrays of an input file as the model takes them: named like its inputs, or input_0, input_1, ...
// in their order; if all numbered names are there, they win. Further arrays, such as answers kept beside the
// inputs, are left out.
//   path  of the input file, for messages
// Throws bad_argument: an input has no array.
std::vector<Array> bind_inputs(const std::vector<PortInfo>& inputs,
                               const std::vector<formats::NamedTensor>& arrays, const std::string& path);

// Random inputs for a model, always the same ones. Free sizes become `batch` on the first axis and 32 on any
// other; floats lie in [0, 1), integers are 0 or 1 (an index that every Embedding of two rows has), strings
// are empty.
std::vector<Array> random_inputs(const std::vector<PortInfo>& inputs, int64_t batch);

}  // namespace cornu::cli
