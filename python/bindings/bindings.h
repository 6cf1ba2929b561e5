// Arrays and text across the border of the module.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <string>

#include "cornu/model.h"

namespace cornu::python {

// Any NumPy array in C order and native byte order; python/cornu makes it so.
using InputArray = nanobind::ndarray<nanobind::ro, nanobind::device::cpu, nanobind::c_contig>;

// A view; keeps the NumPy array alive. Throws bad_shape for an element type that no model takes.
Array to_array(const InputArray& array);

// A NumPy array over the same bytes, which it keeps alive. bfloat16, unknown to NumPy, becomes float32.
nanobind::object to_numpy(const Array& array);

// A Python string of text from a file; bytes that are not UTF-8 become U+FFFD.
nanobind::object text(const std::string& bytes);

// Adds the classes Pool and Reply.
void bind_pool(nanobind::module_& module);

}  // namespace cornu::python
