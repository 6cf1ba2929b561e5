// fingerprint.pb of a SavedModel folder: hashes of its parts, by which servers and registries tell models apart.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace cornu::exporting {

// The FingerprintDef that TensorFlow makes of a folder with these files, but for its uuid, which is made of the hashes: the same
// model is the same file. Hashes are of the bytes as they are stored, which are TensorFlow's where maps are sorted.
//   model  saved_model.pb        index  variables/variables.index; empty if there is none
// Throws bad_file (where) if the model is no SavedModel.
// Source  tensorflow/cc/saved_model/fingerprinting.cc and core/graph/regularization/simple_delete.cc, 2.21
std::string fingerprint_of(std::string_view model, std::string_view index, const std::string& where);

// Writes it into a folder that has the other files already. Throws io, and what fingerprint_of() throws.
void write_fingerprint(const std::filesystem::path& folder);

// What TensorFlow calls the singleprint of a fingerprint.pb: the hashes of graph, signatures, objects and checkpoint.
// Throws bad_file.
std::string singleprint(std::string_view fingerprint, const std::string& where);

}  // namespace cornu::exporting
