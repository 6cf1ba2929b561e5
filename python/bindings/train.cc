// The class Trainer of cornu/train.h. The GIL is released while a step runs.
#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "base/fail.h"
#include "bindings.h"
#include "cornu/train.h"

namespace nb = nanobind;

namespace cornu::python {
namespace {

// Arrays or None, and the buffers that they view.
std::vector<Array> optional_arrays(const nb::list& items, InputBuffers& buffers, const char* what) {
  std::vector<bool> given;
  for (nb::handle item : items) {
    given.push_back(!item.is_none());
    if (given.back() && !buffers.add(item))
      fail(ErrorCode::bad_shape, what, "it is no array that a model takes");
  }
  std::vector<Array> arrays;
  size_t next = 0;
  for (const bool is_given : given)
    arrays.push_back(is_given ? buffers.arrays()[next++] : TrainBatch::absent());
  return arrays;
}

// A batch in buffers that stay as long as it does.
struct HeldBatch {
  InputBuffers x, y, weight;
  TrainBatch batch;

  HeldBatch(const nb::list& inputs, const nb::list& targets, const nb::list& weights) {
    batch = {optional_arrays(inputs, x, "x"), optional_arrays(targets, y, "y"),
             optional_arrays(weights, weight, "sample_weight")};
  }
};

nb::tuple as_tuple(const TrainFigures& figures) {
  return nb::make_tuple(figures.loss, nb::cast(figures.losses), to_numpy(figures.predictions));
}

nb::tuple train(Trainer& trainer, const nb::list& x, const nb::list& y, const nb::list& weight, double rate,
                int64_t seed, bool predictions) {
  const HeldBatch held(x, y, weight);
  TrainFigures figures;
  {
    const nb::gil_scoped_release release;
    figures = trainer.train(held.batch, rate, seed, predictions);
  }
  return as_tuple(figures);
}

nb::tuple test(Trainer& trainer, const nb::list& x, const nb::list& y, const nb::list& weight,
               bool predictions) {
  const HeldBatch held(x, y, weight);
  TrainFigures figures;
  {
    const nb::gil_scoped_release release;
    figures = trainer.test(held.batch, predictions);
  }
  return as_tuple(figures);
}

nb::list variables(const Trainer& trainer) {
  nb::list list;
  for (const TrainVariable& variable : trainer.variables()) {
    list.append(nb::make_tuple(
        text(variable.name), variable.weight, variable.trainable, variable.data != nullptr,
        variable.data != nullptr ? writable_buffer(variable.value) : make_buffer(variable.value)));
  }
  return list;
}

}  // namespace

void bind_train(nb::module_& module) {
  nb::class_<Trainer>(module, "Trainer", "The variables of a model in training, and its steps.")
      .def(
          "__init__",
          [](Trainer* self, const std::string& config, const nb::list& weights, const std::string& compiled,
             int threads, const nb::object& custom) {
            const std::vector<Array> arrays = weight_arrays(weights);
            const CustomObjects objects = custom_objects(custom);
            const nb::gil_scoped_release release;
            new (self) Trainer(config, arrays, compiled, threads, objects);
          },
          nb::arg("config"), nb::arg("weights"), nb::arg("compiled"), nb::arg("threads"),
          nb::arg("custom").none(),
          nb::sig(
              "def __init__(self, config: str, weights: list[object], compiled: str, threads: int, custom: "
              "collections.abc.Callable[[str, str, str], object] | None) -> None"))
      .def("train", train, nb::arg("x"), nb::arg("y"), nb::arg("sample_weight"), nb::arg("learning_rate"),
           nb::arg("seed"), nb::arg("predictions"),
           nb::sig("def train(self, x: list[object], y: list[object], sample_weight: list[object], "
                   "learning_rate: float, "
                   "seed: int, predictions: bool) -> tuple[float, list[float], list[numpy.ndarray]]"),
           "One step: the loss, those of the outputs, and the predictions if asked for.")
      .def("test", test, nb::arg("x"), nb::arg("y"), nb::arg("sample_weight"), nb::arg("predictions"),
           nb::sig("def test(self, x: list[object], y: list[object], sample_weight: list[object], "
                   "predictions: bool) -> "
                   "tuple[float, list[float], list[numpy.ndarray]]"),
           "The same figures of a batch in evaluation.")
      .def("variables", variables,
           nb::sig("def variables(self) -> list[tuple[str, int, bool, bool, Buffer]]"),
           "Name, index of the weight it is for, trainable, writable, and bytes of each variable.");
}

}  // namespace cornu::python
