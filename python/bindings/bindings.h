// Arrays, text and functions across the border of the module.
#pragma once

#include <nanobind/nanobind.h>

#include <string>
#include <vector>

#include "cornu/model.h"

namespace cornu::python {

// The C-contiguous buffers of Python objects, held until this is destroyed. Needs the GIL to be made and destroyed.
class InputBuffers {
 public:
  InputBuffers() = default;
  InputBuffers(const InputBuffers&) = delete;
  InputBuffers& operator=(const InputBuffers&) = delete;
  ~InputBuffers();

  // Adds an object with a buffer, or a pair (list of bytes, shape) for strings. False, and no Python error, if it is not
  // contiguous, not in native byte order or of no type that a model takes.
  bool add(nanobind::handle object);
  const std::vector<Array>& arrays() const { return arrays_; }

 private:
  bool add_strings(nanobind::handle object);
  std::vector<Py_buffer> views_;
  std::vector<Array> arrays_;
};

// Makes NumPy arrays for the outputs of a call; used from a thread that does not hold the GIL.
class OutputArrays {
 public:
  std::byte* allocate(DType dtype, std::span<const int64_t> shape);
  // Needs the GIL. `answers`: what predict() returned, for outputs that are no plain bytes.
  nanobind::list take(const std::vector<Array>& answers);

 private:
  std::vector<nanobind::object> arrays_;
};

// A new NumPy array of an element type; bfloat16 has 16-bit integers. Needs the GIL.
nanobind::object new_array(DType dtype, std::span<const int64_t> shape);
// Where a NumPy array's elements are; it must be contiguous. Needs the GIL.
std::byte* data_of(nanobind::handle array, bool writable);

// Bytes of a model as a read-only buffer that NumPy can view without a copy.
void bind_buffer(nanobind::module_& module);
nanobind::object make_buffer(const Array& array);
// The same that NumPy may also write to.
nanobind::object writable_buffer(const Array& array);
// Weights as a list of arrays, or of what weight() gave: those are not copied.
std::vector<Array> weight_arrays(const nanobind::list& weights);
// NumPy arrays over the bytes of answers, which they keep alive. bfloat16, unknown to NumPy, see new_array.
nanobind::list to_numpy(const std::vector<Array>& answers);
// What a Buffer object holds; null for other objects.
const Array* buffer_array(nanobind::handle object);

// The caller's layers and functions as C++ ones. `find`: a callable (name, config, layer) -> object or None, see
// python/cornu/keras/_custom.py; None: no custom objects.
CustomObjects custom_objects(const nanobind::object& find);

// A Python string of text from a file; bytes that are not UTF-8 become U+FFFD.
nanobind::object text(const std::string& bytes);
// The sizes as a tuple, None for free ones; and back.
nanobind::tuple shape_tuple(std::span<const int64_t> shape);
std::vector<int64_t> shape_from(nanobind::handle sizes);

// Adds the classes Pool and Reply.
void bind_pool(nanobind::module_& module);
// limits: (iterations of a loop, seconds of a run, depth of bodies), or None.
void set_limits(LoadOptions& options, const nanobind::object& limits);
// Adds what cornu.saved_model uses.
void bind_saved_model(nanobind::module_& module);

// Adds the function save.
void bind_save(nanobind::module_& module);

// Adds the class Trainer.
void bind_train(nanobind::module_& module);

}  // namespace cornu::python
