// The module cornu._cornu: converts between Python and include/cornu/model.h; no logic. python/cornu gives it
// its face. The GIL is released while a model is loaded and while it predicts.
#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <cstring>
#include <exception>

#include "base/fail.h"
#include "bindings.h"
#include "cornu/version.h"

namespace nb = nanobind;

namespace cornu::python {
namespace {

nb::list text_list(const std::vector<std::string>& items) {
  nb::list list;
  for (const std::string& item : items) list.append(text(item));
  return list;
}

nb::list shape_list(const std::vector<std::vector<int64_t>>& shapes) {
  nb::list list;
  for (const auto& shape : shapes) list.append(shape_tuple(shape));
  return list;
}

nb::list port_list(const std::vector<PortInfo>& ports) {
  nb::list list;
  for (const PortInfo& port : ports)
    list.append(
        nb::make_tuple(text(port.name), std::string(dtype_name(port.dtype)), shape_tuple(port.shape)));
  return list;
}

nb::list layer_list(const Model& model) {
  nb::list list;
  for (const LayerInfo& layer : model.info().layers) {
    list.append(nb::make_tuple(text(layer.name), text(layer.class_name), text(layer.attribute), layer.depth,
                               layer.params, layer.trainable, layer.operation, shape_list(layer.input_shapes),
                               shape_list(layer.output_shapes), text_list(layer.inputs), layer.first_weight,
                               layer.weight_count));
  }
  return list;
}

nb::list weight_list(const Model& model) {
  nb::list list;
  for (const WeightInfo& weight : model.info().weights) {
    list.append(nb::make_tuple(text(weight.name), std::string(dtype_name(weight.dtype)),
                               shape_tuple(weight.shape), weight.trainable));
  }
  return list;
}

LoadOptions options_of(const std::string& config, int threads, const nb::object& custom) {
  LoadOptions options;
  options.config = config;
  options.threads = threads;
  options.custom_objects = custom_objects(custom);
  return options;
}

Model load(const std::string& path, const std::string& config, int threads, const nb::object& custom,
           const nb::object& limits) {
  LoadOptions options = options_of(config, threads, custom);
  set_limits(options, limits);
  options.keras_model = true;
  const nb::gil_scoped_release release;
  return Model::load(path, options);
}

std::string handle_of(const Model& model) {
  const nb::gil_scoped_release release;  // the first time, weights without a file are copied
  return model.handle();
}

Model attach(const std::string& handle, const nb::object& custom) {
  const CustomObjects objects = custom_objects(custom);
  const nb::gil_scoped_release release;
  return Model::attach(handle, -1, objects);
}

Model from_config(const std::string& config, const nb::list& weights, int threads, const nb::object& custom) {
  const std::vector<Array> arrays = weight_arrays(weights);
  const LoadOptions options = options_of("", threads, custom);
  const nb::gil_scoped_release release;
  return Model::from_config(config, arrays, options);
}

nb::list run(const Model& model, const InputBuffers& inputs, int64_t batch_size) {
  OutputArrays outputs;
  std::vector<Array> answers;
  {
    const nb::gil_scoped_release release;
    answers = model.predict(inputs.arrays(), batch_size,
                            [&outputs](size_t, DType dtype, std::span<const int64_t> shape) {
                              return outputs.allocate(dtype, shape);
                            });
  }
  return outputs.take(answers);
}

nb::list predict(const Model& model, const nb::list& inputs, int64_t batch_size) {
  InputBuffers buffers;
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (!buffers.add(inputs[i])) {
      fail(ErrorCode::bad_shape, i < model.inputs().size() ? model.inputs()[i].name : "x",
           "the input is no array that a model takes");
    }
  }
  return run(model, buffers, batch_size);
}

nb::list state_layers(const Model& model) {
  nb::list list;
  for (const StateInfo& state : model.info().states) list.append(state.layer);
  return list;
}

nb::list states(const Model& model) {
  nb::list list;
  for (const Array& state : model.states()) list.append(make_buffer(state));
  return list;
}

void set_state(const Model& model, size_t index, nb::handle value) {
  InputBuffers buffers;
  if (!buffers.add(value)) fail(ErrorCode::bad_shape, "states", "the state is no array of numbers");
  model.set_state(index, buffers.arrays()[0]);
}

// The answer of a model with one input and one output for a plain array; None asks for predict() on prepared arrays.
nb::object call(const Model& model, nb::handle x, int64_t batch_size) {
  InputBuffers buffers;
  if (model.inputs().size() != 1 || !PyObject_CheckBuffer(x.ptr()) || !buffers.add(x)) return nb::none();
  const Array& input = buffers.arrays()[0];
  if (input.shape.empty()) return nb::none();
  return run(model, buffers, batch_size > 0 ? batch_size : std::max<int64_t>(input.shape[0], 1))[0];
}

// Every cornu::Error becomes an instance of the class that cornu.errors has for its code.
void translate(const std::exception_ptr& pointer, void*) {
  try {
    std::rethrow_exception(pointer);
  } catch (const Error& error) {
    const nb::object instance =
        nb::module_::import_("cornu.errors")
            .attr("make")(error_code_name(error.code()), text(error.message()), text(error.where()));
    PyErr_SetObject(instance.type().ptr(), instance.ptr());
  }
}

}  // namespace

NB_MODULE(_cornu, module) {
  nb::register_exception_translator(translate);
  // Custom objects may refer to the model that they are in, through their globals: then both live until the end.
  nb::set_leak_warnings(false);
  module.attr("__doc__") = "The native module of Cornu; use cornu.keras instead.";
  module.attr("version") = version();
  bind_buffer(module);
  nb::class_<Model>(module, "Model", nb::is_weak_referenceable(), "A compiled model; immutable.")
      .def("predict", predict, nb::arg("inputs"), nb::arg("batch_size"),
           nb::sig("def predict(self, inputs: list[object], batch_size: int) -> list[numpy.ndarray]"),
           "Answers for contiguous arrays in the order of `inputs`.")
      .def("call", call, nb::arg("x"), nb::arg("batch_size") = 0,
           nb::sig("def call(self, x: object, batch_size: int = 0) -> numpy.ndarray | None"),
           "The one output for one plain array, all rows at once if `batch_size` is 0; None if predict() has "
           "to do it.")
      .def(
          "weight", [](const Model& model, size_t i) { return make_buffer(model.weights().at(i)); },
          nb::arg("index"), nb::sig("def weight(self, index: int) -> Buffer"),
          "The bytes of a weight, where they lie.")
      .def("states", states, nb::sig("def states(self) -> list[Buffer]"), "What stateful layers keep now.")
      .def("set_state", set_state, nb::arg("index"), nb::arg("value"),
           nb::sig("def set_state(self, index: int, value: object) -> None"), "Replaces one state.")
      .def("reset_state", &Model::reset_state, nb::arg("index"), "Makes one state zero again.")
      .def_prop_ro("state_layers", state_layers, nb::sig("def state_layers(self) -> list[int]"),
                   "Of each state, the index of its innermost layer.")
      .def_prop_ro(
          "handle", [](const Model& model) { return text(handle_of(model)); },
          nb::sig("def handle(self) -> str"), "What names the model to another process.")
      .def_prop_ro("has_weights", &Model::has_weights, nb::sig("def has_weights(self) -> bool"),
                   "False for a model of a config alone, which cannot predict.")
      .def_prop_ro(
          "config", [](const Model& model) { return text(model.config()); },
          nb::sig("def config(self) -> str"), "The JSON config as the file has it.")
      .def_prop_ro(
          "input_layers", [](const Model& model) { return text(model.info().input_layers); },
          nb::sig("def input_layers(self) -> str"),
          "JSON of the config: how a functional model's inputs are nested; empty for others.")
      .def_prop_ro(
          "output_layers", [](const Model& model) { return text(model.info().output_layers); },
          nb::sig("def output_layers(self) -> str"), "The same of its outputs.")
      .def_prop_ro(
          "inputs", [](const Model& model) { return port_list(model.inputs()); },
          nb::sig("def inputs(self) -> list[tuple[str, str, tuple[int | None, ...]]]"),
          "Name, type and shape of each input.")
      .def_prop_ro(
          "outputs", [](const Model& model) { return port_list(model.outputs()); },
          nb::sig("def outputs(self) -> list[tuple[str, str, tuple[int | None, ...]]]"),
          "Name, type and shape of each output.")
      .def_prop_ro("layers", layer_list, nb::sig("def layers(self) -> list[typing.Any]"),
                   "The layer tree, depth first: the fields of cornu.keras.layers.Info.")
      .def_prop_ro("weights", weight_list,
                   nb::sig("def weights(self) -> list[tuple[str, str, tuple[int, ...], bool]]"),
                   "Name, type, shape and trainability of each weight.")
      .def_prop_ro(
          "name", [](const Model& model) { return text(model.info().name); },
          nb::sig("def name(self) -> str"), "The name in the config.")
      .def_prop_ro(
          "class_name", [](const Model& model) { return text(model.info().class_name); },
          nb::sig("def class_name(self) -> str"), "Functional, Sequential, ...")
      .def_prop_ro(
          "keras_version", [](const Model& model) { return text(model.info().keras_version); },
          nb::sig("def keras_version(self) -> str"), "Of the Keras that wrote the file, or empty.")
      .def_prop_ro(
          "backend", [](const Model& model) { return text(model.info().backend); },
          nb::sig("def backend(self) -> str"), "Of the Keras that wrote the file, or empty.")
      .def_prop_ro(
          "path", [](const Model& model) { return text(model.info().path); },
          nb::sig("def path(self) -> str"), "The file, or empty.")
      .def_prop_ro(
          "weights_bytes", [](const Model& model) { return model.info().weights_bytes; },
          "Bytes of all weights.")
      .def_prop_ro(
          "weights_in_place_bytes", [](const Model& model) { return model.info().weights_in_place_bytes; },
          "Of these, used where they lie in the file.");
  module.def(
      "load", load, nb::arg("path"), nb::arg("config"), nb::arg("threads"), nb::arg("custom").none(),
      nb::arg("limits").none() = nb::none(),
      nb::sig(
          "def load(path: str, config: str, threads: int, custom: collections.abc.Callable[[str, str, str], "
          "object] | None, limits: tuple[int, float, int] | None = None) -> Model"),
      "Maps a model file; `config` for files that hold weights only, else empty.");
  module.def("attach", attach, nb::arg("handle"), nb::arg("custom").none(),
             nb::sig("def attach(handle: str, custom: collections.abc.Callable[[str, str, str], object] | "
                     "None) -> Model"),
             "The model of a handle.");
  module.def("from_config", from_config, nb::arg("config"), nb::arg("weights"), nb::arg("threads"),
             nb::arg("custom").none(),
             nb::sig("def from_config(config: str, weights: list[object], threads: int, "
                     "custom: collections.abc.Callable[[str, str, str], object] | None) -> Model"),
             "The model of a JSON config and weights in its order; [] for a model that has none yet.");
  module.def(
      "layer_names",
      [] {
        std::vector<std::string> names;
        for (const CatalogueEntry& entry : list_layers()) names.push_back(entry.name);
        return names;
      },
      "Class names of all layers that Cornu knows.");
  bind_saved_model(module);
  bind_pool(module);
  bind_save(module);
  bind_train(module);
}

}  // namespace cornu::python
