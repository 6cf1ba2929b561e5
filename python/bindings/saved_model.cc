// The functions of a SavedModel.
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "bindings.h"

namespace cornu::python {

namespace nb = nanobind;

namespace {

Model load_signature(const std::string& path, const std::string& signature,
                     const std::vector<std::string>& tags, int threads) {
  const nb::gil_scoped_release release;
  LoadOptions options;
  options.signature = signature;
  options.tags = tags;
  options.threads = threads;
  return Model::load(path, options);
}

Model other_signature(const Model& model, const std::string& name) {
  const nb::gil_scoped_release release;
  return model.signature(name);
}

std::string signature_name(const Model& model) {
  return model.info().signature;
}

std::vector<std::string> signature_names(const Model& model) {
  std::vector<std::string> names;
  for (const SignatureInfo& signature : model.info().signatures) names.push_back(signature.name);
  return names;
}

}  // namespace

void bind_saved_model(nb::module_& module) {
  module.def("load_signature", load_signature, nb::arg("path"), nb::arg("signature"), nb::arg("tags"),
             nb::arg("threads"));
  module.def("other_signature", other_signature, nb::arg("model"), nb::arg("name"));
  module.def("signature_name", signature_name, nb::arg("model"));
  module.def("signature_names", signature_names, nb::arg("model"));
}

}  // namespace cornu::python
