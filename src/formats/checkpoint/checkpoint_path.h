// The names under which a checkpoint of TensorFlow goes: PREFIX.index beside PREFIX.data-00000-of-00001.
#pragma once

#include <filesystem>

namespace cornu::formats {

// The file that a path given for a model means: PREFIX.index for a PREFIX that is no file or folder itself, and for a folder of
// checkpoints (one with a file `checkpoint`) the index of the latest; any other path itself, also where nothing is there.
// Throws bad_file for a file `checkpoint` that names none, io.
// Source  tensorflow/python/training/checkpoint_state.proto and checkpoint_management.py, 2.21
std::filesystem::path model_path(const std::filesystem::path& path);

}  // namespace cornu::formats
