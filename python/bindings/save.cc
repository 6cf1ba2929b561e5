// Saving models: cornu/save.h.
#include "cornu/save.h"

#include <nanobind/stl/string.h>

#include <string>

#include "base/fail.h"
#include "bindings.h"

namespace nb = nanobind;

namespace cornu::python {
namespace {

SaveFormat format_of(const std::string& name) {
  if (name == "keras") return SaveFormat::keras;
  if (name == "h5") return SaveFormat::h5;
  if (name == "weights") return SaveFormat::weights;
  if (name == "saved_model") return SaveFormat::saved_model;
  fail(ErrorCode::bad_argument, "format", "'{}' is no format; use keras, h5, weights or saved_model", name);
}

void save(const Model& model, const std::string& config, const std::string& path, const std::string& format) {
  const SaveFormat chosen = format_of(format);
  const nb::gil_scoped_release release;
  save_model(config, model.weights(), path, chosen);
}

}  // namespace

void bind_save(nb::module_& module) {
  module.def("save", save, nb::arg("model"), nb::arg("config"), nb::arg("path"), nb::arg("format"),
             "Writes a model to a file.");
}

}  // namespace cornu::python
