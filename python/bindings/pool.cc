// Pool and Reply of include/cornu/pool.h for Python; python/cornu/pool.py gives them their face. The GIL is released in
// every call that may wait, and taken ten times a second to see whether Ctrl-C was pressed.
#include "cornu/pool.h"

#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <string>
#include <vector>

#include "base/fail.h"
#include "base/thread_pool.h"
#include "bindings.h"

namespace nb = nanobind;

namespace cornu::python {
namespace {

void check_signals() {
  const nb::gil_scoped_acquire acquire;
  if (PyErr_CheckSignals() != 0) throw nb::python_error();
}

std::chrono::nanoseconds duration(double seconds) {
  constexpr double kLongest = 1e9;  // beyond that, and for infinity, it is no limit
  if (!(seconds < kLongest)) return std::chrono::nanoseconds::max();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::duration<double>(seconds));
}

// Throws bad_shape for an input that is no array of a type that models take.
void add_all(const nb::list& inputs, InputBuffers& buffers) {
  for (nb::handle input : inputs) {
    if (!buffers.add(input)) fail(ErrorCode::bad_shape, "x", "an input is no array that a model takes");
  }
}

void make(Pool* self, const Model& model, int workers, int threads_per_worker, int max_pending,
          const std::string& program) {
  const nb::gil_scoped_release release;
  new (self) Pool(model, workers,
                  {.threads_per_worker = threads_per_worker,
                   .max_pending = max_pending,
                   .program = program,
                   .on_wait = check_signals});
}

nb::list predict(Pool& pool, const nb::list& inputs, int64_t batch_size, double timeout) {
  InputBuffers buffers;
  add_all(inputs, buffers);
  std::vector<Array> answers;
  {
    const nb::gil_scoped_release release;
    answers = pool.predict(buffers.arrays(), batch_size, duration(timeout));
  }
  return to_numpy(answers);
}

Reply submit(Pool& pool, const nb::list& inputs, int64_t batch_size, double timeout) {
  InputBuffers buffers;
  add_all(inputs, buffers);
  const nb::gil_scoped_release release;
  return pool.submit(buffers.arrays(), {.batch_size = batch_size, .timeout = duration(timeout)});
}

nb::object try_submit(Pool& pool, const nb::list& inputs, int64_t batch_size, double timeout) {
  InputBuffers buffers;
  add_all(inputs, buffers);
  std::optional<Reply> reply;
  {
    const nb::gil_scoped_release release;
    reply = pool.try_submit(buffers.arrays(), {.batch_size = batch_size, .timeout = duration(timeout)});
  }
  return reply ? nb::cast(std::move(*reply)) : nb::none();
}

nb::list get(Reply& reply) {
  std::vector<Array> answers;
  {
    const nb::gil_scoped_release release;
    answers = reply.get();
  }
  return to_numpy(answers);
}

}  // namespace

void bind_pool(nb::module_& module) {
  module.def("available_cores", available_cores, "Cores that this process may use.");
  using Release = nb::call_guard<nb::gil_scoped_release>;
  nb::class_<Reply>(module, "Reply")
      .def("ready", &Reply::ready)
      .def("get", get)
      .def("cancel", &Reply::cancel);
  nb::class_<Pool>(module, "Pool")
      .def("__init__", make, nb::arg("model"), nb::arg("workers"), nb::arg("threads_per_worker"),
           nb::arg("max_pending"), nb::arg("program"))
      .def("predict", predict, nb::arg("inputs"), nb::arg("batch_size"), nb::arg("timeout"))
      .def("submit", submit, nb::arg("inputs"), nb::arg("batch_size"), nb::arg("timeout"))
      .def("try_submit", try_submit, nb::arg("inputs"), nb::arg("batch_size"), nb::arg("timeout"))
      .def("events", &Pool::events)
      .def(
          "wait_for_event",
          [](const Pool& pool, uint32_t seen, double time) {
            return pool.wait_for_event(seen, duration(time));
          },
          nb::arg("seen"), nb::arg("time"), Release())
      .def("close", &Pool::close, Release())
      .def("terminate", &Pool::terminate, Release())
      .def_prop_ro("threads_per_worker", &Pool::threads_per_worker)
      .def_prop_ro("workers", &Pool::workers);
}

}  // namespace cornu::python
