// The functions of a SavedModel.
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "bindings.h"

namespace cornu::python {

namespace nb = nanobind;

namespace {

Model load_signature(const std::string& path, const std::string& signature,
                     const std::vector<std::string>& tags, int threads, const nb::object& limits) {
  LoadOptions options;
  set_limits(options, limits);
  const nb::gil_scoped_release release;
  options.signature = signature;
  options.tags = tags;
  options.threads = threads;
  return Model::load(path, options);
}

Model other_signature(const Model& model, const std::string& name) {
  const nb::gil_scoped_release release;
  return model.signature(name);
}

}  // namespace

void set_limits(LoadOptions& options, const nb::object& limits) {
  if (limits.is_none()) return;
  const auto given = nb::cast<nb::tuple>(limits);
  options.max_iterations = nb::cast<int64_t>(given[0]);
  options.max_seconds = nb::cast<double>(given[1]);
  options.max_depth = nb::cast<int>(given[2]);
}

namespace {

// (name, type, trainable, values) of each variable.
nb::list saved_variables(const Model& model) {
  nb::list all;
  for (const auto& [info, array] : model.saved_variables())
    all.append(nb::make_tuple(text(info.name), std::string(dtype_name(info.dtype)), info.trainable,
                              make_buffer(array)));
  return all;
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
  module.def(
      "load_signature", load_signature, nb::arg("path"), nb::arg("signature"), nb::arg("tags"),
      nb::arg("threads"), nb::arg("limits").none(),
      nb::sig(
          "def load_signature(path: str, signature: str, tags: collections.abc.Sequence[str], threads: int, "
          "limits: tuple[int, float, int] | None) -> Model"));
  module.def("other_signature", other_signature, nb::arg("model"), nb::arg("name"));
  module.def("signature_name", signature_name, nb::arg("model"));
  module.def("saved_variables", saved_variables, nb::arg("model"),
             nb::sig("def saved_variables(model: Model) -> list[tuple[str, str, bool, Buffer]]"));
  module.def("signature_names", signature_names, nb::arg("model"));
}

}  // namespace cornu::python
