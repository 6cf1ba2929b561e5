// What `inspect` tells of TensorFlow models, whether or not they can be run.
#pragma once

#include <map>
#include <string>

#include "cornu/model.h"
#include "formats/model_file.h"

namespace cornu::cli {

struct GraphInfo {
  ModelInfo model;                     // signatures, tags, weights; layers where the file tells of Keras
  std::map<std::string, int64_t> ops;  // of the graph and its functions, with counts
  std::string fingerprint;             // of a SavedModel, as TensorFlow's singleprint; empty if it has none
};

// Throws bad_file, unsupported.
GraphInfo describe_graph(const formats::ModelFile& file, const std::string& path);

// The signatures as text, one line an argument.
std::string signatures_text(const ModelInfo& info);
// "Conv2D 53, ..." by falling count.
std::string ops_text(const std::map<std::string, int64_t>& ops);

}  // namespace cornu::cli
