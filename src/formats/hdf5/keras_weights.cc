#include "formats/hdf5/keras_weights.h"

#include "formats/hdf5/attribute.h"
#include "formats/hdf5/group.h"
#include "formats/hdf5/keras_layouts.h"

namespace cornu::formats {
namespace {

using hdf5::Group;
using hdf5::Object;

// Sets `field` from a text attribute, if the object has it.
void read_text(const Object& object, std::string_view name, std::string& field) {
  if (const auto attribute = hdf5::find_attribute(object, name)) field = attribute->text();
}

void read_versions(const Object& object, ModelFile& out) {
  read_text(object, "keras_version", out.keras_version);
  read_text(object, "backend", out.backend);
}

}  // namespace

void read_keras_weights(const hdf5::File& file, ModelFile& out) {
  const Group root = file.root();
  read_text(root.object(), "model_config", out.config);
  read_text(root.object(), "training_config", out.training_config);
  read_versions(root.object(), out);
  if (const hdf5::Link* link = root.find("model_weights")) {  // a full model
    const Group weights(root.open(*link));
    if (out.keras_version.empty() || out.backend.empty()) read_versions(weights.object(), out);
    read_keras_layers(weights, out);
  } else if (!read_keras_layers(root, out)) {
    read_keras_variables(root, out);
  }
}

}  // namespace cornu::formats
