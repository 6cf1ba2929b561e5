// A SavedModel folder without what loading and predicting does not need.
#pragma once

#include <filesystem>

#include "export/strip.h"

namespace cornu::exporting {

// Writes into the folder `target`, which exists and is empty: saved_model.pb, variables, assets, keras_metadata.pb. Of several
// graphs the one that serves stays. Signatures, their functions and variables stay as they are, bit by bit; so do the functions
// of the root object that users call and that need no further variable, and Keras's layers with their weights. A saver that restores more than whole variables
// (tables, slices) stays, and all that it restores.
// Throws bad_file; io; what read_bundle throws
void strip_saved_model(const std::filesystem::path& source, const std::filesystem::path& target,
                       const StripOptions& options, StripTally& tally);

// The signatures of the graph that stays.
std::vector<std::string> signature_names(const formats::ModelFile& file);

}  // namespace cornu::exporting
