// The module cornu._cornu: converts between Python and include/cornu/model.h; no logic. python/cornu gives it
// its face. The GIL is released while a model is loaded and while it predicts.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/string.h>

#include <exception>
#include <string>
#include <vector>

#include "base/fail.h"
#include "bindings.h"
#include "cornu/version.h"

namespace nb = nanobind;

namespace cornu::python {
namespace {

nb::list shape_list(const std::vector<int64_t>& shape) {
  nb::list list;
  for (const int64_t dim : shape) {
    if (dim < 0) {
      list.append(nb::none());
    } else {
      list.append(dim);
    }
  }
  return list;
}

nb::list port_list(const std::vector<PortInfo>& ports) {
  nb::list list;
  for (const PortInfo& port : ports) {
    list.append(nb::make_tuple(text(port.name), std::string(dtype_name(port.dtype)),
                               nb::tuple(shape_list(port.shape))));
  }
  return list;
}

nb::list layer_list(const Model& model) {
  nb::list list;
  for (const LayerInfo& layer : model.info().layers) {
    list.append(nb::make_tuple(text(layer.name), text(layer.class_name),
                               nb::tuple(shape_list(layer.output_shape)), layer.params, layer.depth));
  }
  return list;
}

nb::list weight_list(const Model& model) {
  nb::list list;
  for (const WeightInfo& weight : model.info().weights) {
    list.append(nb::make_tuple(text(weight.name), std::string(dtype_name(weight.dtype)),
                               nb::tuple(shape_list(weight.shape)), weight.trainable));
  }
  return list;
}

Model load(const std::string& path, const std::string& config, int threads) {
  const nb::gil_scoped_release release;
  LoadOptions options;
  options.config = config;
  options.threads = threads;
  return Model::load(path, options);
}

Model attach(const std::string& handle) {
  const nb::gil_scoped_release release;
  return Model::attach(handle);
}

nb::list predict(const Model& model, const nb::list& inputs, int64_t batch_size) {
  std::vector<Array> arrays;
  for (nb::handle input : inputs) arrays.push_back(to_array(nb::cast<InputArray>(input)));
  std::vector<Array> answers;
  {
    const nb::gil_scoped_release release;
    answers = model.predict(arrays, batch_size);
  }
  nb::list list;
  for (const Array& answer : answers) list.append(to_numpy(answer));
  return list;
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
  module.attr("version") = version();
  module.def("load", load, nb::arg("path"), nb::arg("config"), nb::arg("threads"));
  module.def("attach", attach, nb::arg("handle"));
  nb::class_<Model>(module, "Model")
      .def_prop_ro("handle", [](const Model& model) { return text(model.handle()); })
      .def("predict", predict, nb::arg("inputs"), nb::arg("batch_size"))
      .def_prop_ro("inputs", [](const Model& model) { return port_list(model.inputs()); })
      .def_prop_ro("outputs", [](const Model& model) { return port_list(model.outputs()); })
      .def_prop_ro("layers", layer_list)
      .def_prop_ro("weights", weight_list)
      .def_prop_ro("name", [](const Model& model) { return text(model.info().name); })
      .def_prop_ro("class_name", [](const Model& model) { return text(model.info().class_name); })
      .def_prop_ro("path", [](const Model& model) { return text(model.info().path); })
      .def_prop_ro("weights_bytes", [](const Model& model) { return model.info().weights_bytes; })
      .def_prop_ro("weights_in_place_bytes",
                   [](const Model& model) { return model.info().weights_in_place_bytes; });
  bind_pool(module);
}

}  // namespace cornu::python
