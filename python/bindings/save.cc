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

// optimizer: pairs of a path and an array.
void save(const Model& model, const std::string& config, const std::string& path, const std::string& format,
          const std::string& compiled, const nb::list& optimizer) {
  const SaveFormat chosen = format_of(format);
  TrainingState state{compiled, {}};
  nb::list values;
  for (nb::handle item : optimizer) values.append(item[1]);
  const std::vector<Array> arrays = weight_arrays(values);
  for (size_t i = 0; i < arrays.size(); ++i)
    state.optimizer.push_back({nb::cast<std::string>(optimizer[i][0]), arrays[i]});
  const nb::gil_scoped_release release;
  save_model(config, model.weights(), path, chosen, state);
}

nb::tuple training_state(const std::string& path) {
  const TrainingState state = load_training_state(path);
  nb::list variables;
  for (const NamedArray& item : state.optimizer) variables.append(make_buffer(item.array));
  return nb::make_tuple(text(state.compiled), variables);
}

}  // namespace

void bind_save(nb::module_& module) {
  module.def("save", save, nb::arg("model"), nb::arg("config"), nb::arg("path"), nb::arg("format"),
             nb::arg("compiled") = "", nb::arg("optimizer") = nb::list(),
             nb::sig("def save(model: Model, config: str, path: str, format: str, compiled: str = '', "
                     "optimizer: list[tuple[str, object]] = []) -> None"),
             "Writes a model to a file.");
  module.def("training_state", training_state, nb::arg("path"),
             nb::sig("def training_state(path: str) -> tuple[str, list[Buffer]]"),
             "What an .h5 file says of training, and the optimizer's variables of an .h5 or .keras file.");
}

}  // namespace cornu::python
