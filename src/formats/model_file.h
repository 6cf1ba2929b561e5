// What a file format yields: named tensors and config text. No format knows a layer or a graph.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tensor/tensor.h"

namespace cornu::formats {

struct NamedTensor {
  std::string name;
  Tensor tensor;
};

struct NamedText {
  std::string name;
  std::string text;
};

// One top-level layer of a legacy (Keras 1 and 2) HDF5 file: its weights in the order of `weight_names`.
struct LayerWeights {
  std::string layer;                 // from `layer_names`, for example "conv1"
  std::vector<NamedTensor> weights;  // names as in `weight_names`, for example "conv1/kernel:0"
};

// A TensorFlow graph as its file has it: a serialized GraphDef (frozen graph), or a MetaGraphDef (SavedModel).
struct GraphBytes {
  std::span<const std::byte> bytes;
  std::shared_ptr<const void> owner;
  bool in_place = false;  // pages of a mapped file
};

// A file that belongs to a model and is only read when the model asks for it, such as a vocabulary.
struct SideFile {
  std::string name;
  std::filesystem::path path;
};

// The content of a model or weights file. Tensors keep the mapping alive.
struct ModelFile {
  std::string format;           // the FormatDef's name
  std::string config;           // Keras JSON model config; empty if the file has none
  std::string training_config;  // Keras JSON; empty if none
  std::string keras_version;    // "2.4.0", "3.9.2", "1.2.1"; empty if not recorded
  std::string backend;          // "tensorflow", "theano", ...; empty if not recorded
  // Exactly one of the two holds the weights:
  std::vector<LayerWeights> layers;  // legacy layout, in file order; also layers without weights
  std::vector<NamedTensor>
      variables;  // Keras 3 layout: full path without leading slash, "layers/dense/vars/0";
                  // back-slashes of Windows files are turned into slashes; optimizer left out
  std::vector<NamedTensor> optimizer;  // for writing; readers leave it empty
  GraphBytes graph;                    // of a TensorFlow model; empty for Keras's own formats
  std::vector<SideFile> assets;        // of a SavedModel
  std::vector<SideFile> side_files;    // of a SavedModel: keras_metadata.pb
  // Text files of preprocessing layers, by their path below assets/: "layers/string_lookup/vocabulary.txt".
  std::vector<NamedText> texts;
  int64_t file_bytes = 0;
};

// A format, one per folder of formats/. The table is generated from the folder names.
struct FormatDef {
  std::string_view name;         // "hdf5", "keras_zip"
  std::string_view description;  // one line for `cornu list formats`
  // Whether this format's reader should take the path: looks at magic bytes (of a file) or entries (of a
  // folder), never at the extension. `head` is the first bytes of a file (up to 4096), empty for a folder.
  bool (*matches)(const std::filesystem::path& path, bool is_folder, std::span<const std::byte> head);
  // Reads it. Throws Error: not_found, io, bad_file, unsupported; where = "path" or "path:/object".
  ModelFile (*read)(const std::filesystem::path& path);
};

// All formats, in the order of their names.
std::span<const FormatDef* const> all_formats();

// Finds the format by content and reads the file. Throws bad_file when no format takes it, not_found, io.
ModelFile read_model_file(const std::filesystem::path& path);

}  // namespace cornu::formats
