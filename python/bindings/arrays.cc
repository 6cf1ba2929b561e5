#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>

#include <cstring>
#include <memory>
#include <string_view>

#include "base/fail.h"
#include "bindings.h"
#include "tensor/storage.h"

namespace nb = nanobind;

namespace cornu::python {
namespace {

// The element type of a buffer in native byte order; nothing for others. Letters: Python's struct module, and "Z" before
// the parts of a complex number. Sizes go by the item, as "l" has 4 bytes in standard and 8 in native mode.
std::optional<DType> buffer_dtype(const char* format, Py_ssize_t size) {
  std::string_view code = format == nullptr ? "B" : format;
  if (!code.empty() && (code.front() == '@' || code.front() == '=' || code.front() == '<'))
    code.remove_prefix(1);
  if (code == "?") return DType::boolean;
  if (code == "e") return DType::float16;
  if (code == "f") return DType::float32;
  if (code == "d") return DType::float64;
  if (code == "Zf") return DType::complex64;
  if (code == "Zd") return DType::complex128;
  if (code.size() != 1) return std::nullopt;
  const bool is_signed = std::string_view("bhilqn").find(code) != std::string_view::npos;
  if (!is_signed && std::string_view("BHILQN").find(code) == std::string_view::npos) return std::nullopt;
  switch (size) {
    case 1:
      return is_signed ? DType::int8 : DType::uint8;
    case 2:
      return is_signed ? DType::int16 : DType::uint16;
    case 4:
      return is_signed ? DType::int32 : DType::uint32;
    case 8:
      return is_signed ? DType::int64 : DType::uint64;
    default:
      return std::nullopt;
  }
}

// The format of a buffer's elements; bfloat16 has none of its own.
const char* buffer_format(DType dtype) {
  switch (dtype) {
    case DType::float32:
      return "f";
    case DType::float64:
      return "d";
    case DType::float16:
      return "e";
    case DType::bfloat16:
    case DType::uint16:
      return "H";
    case DType::int8:
      return "b";
    case DType::int16:
      return "h";
    case DType::int32:
      return "i";
    case DType::int64:
      return "q";
    case DType::uint8:
      return "B";
    case DType::uint32:
      return "I";
    case DType::uint64:
      return "Q";
    case DType::boolean:
      return "?";
    case DType::complex64:
      return "Zf";
    case DType::complex128:
      return "Zd";
    case DType::string:
      break;
  }
  fail(ErrorCode::unsupported, "", "strings have no buffer");
}

nb::object string_array(const Array& array) {
  const nb::object numpy = nb::module_::import_("numpy");
  const auto* strings = reinterpret_cast<const std::string*>(array.data);
  nb::object flat = numpy.attr("empty")(array.size(), "object");
  for (int64_t i = 0; i < array.size(); ++i) flat[i] = nb::bytes(strings[i].data(), strings[i].size());
  return flat.attr("reshape")(shape_tuple(array.shape));
}

// Bytes that Python may look at; the object keeps them alive.
struct Buffer {
  Array array;
  std::vector<Py_ssize_t> shape;
  std::vector<Py_ssize_t> strides;
  bool writable = false;
};

int fill_buffer(PyObject* self, Py_buffer* view, int flags) {
  Buffer& buffer = *nb::inst_ptr<Buffer>(self);
  if ((flags & PyBUF_WRITABLE) == PyBUF_WRITABLE && !buffer.writable) {
    PyErr_SetString(PyExc_BufferError, "the weights of a model are read-only");
    return -1;
  }
  *view = {};
  view->buf = const_cast<std::byte*>(buffer.array.data);
  view->obj = self;
  Py_INCREF(self);
  view->len = static_cast<Py_ssize_t>(buffer.array.size_bytes());
  view->itemsize = static_cast<Py_ssize_t>(dtype_size(buffer.array.dtype));
  view->readonly = buffer.writable ? 0 : 1;
  view->ndim = static_cast<int>(buffer.shape.size());
  view->format = const_cast<char*>(buffer_format(buffer.array.dtype));
  view->shape = buffer.shape.data();
  view->strides = buffer.strides.data();
  return 0;
}

PyType_Slot buffer_slots[] = {{Py_bf_getbuffer, reinterpret_cast<void*>(fill_buffer)}, {0, nullptr}};

}  // namespace

InputBuffers::~InputBuffers() {
  for (Py_buffer& view : views_) PyBuffer_Release(&view);
}

bool InputBuffers::add(nb::handle object) {
  if (nb::isinstance<nb::tuple>(object)) return add_strings(object);
  Py_buffer view;
  if (PyObject_GetBuffer(object.ptr(), &view, PyBUF_C_CONTIGUOUS | PyBUF_FORMAT) != 0) {
    PyErr_Clear();
    return false;
  }
  const auto dtype = buffer_dtype(view.format, view.itemsize);
  if (!dtype || dtype_size(*dtype) != view.itemsize) {
    PyBuffer_Release(&view);
    return false;
  }
  Array array{*dtype, {view.shape, view.shape + view.ndim}, static_cast<const std::byte*>(view.buf), nullptr};
  views_.push_back(view);
  arrays_.push_back(std::move(array));
  return true;
}

bool InputBuffers::add_strings(nb::handle object) {
  const auto [items, sizes] = nb::cast<std::pair<nb::list, nb::tuple>>(object);
  auto strings = std::make_shared<std::vector<std::string>>();
  for (nb::handle item : items) {
    const nb::bytes bytes = nb::cast<nb::bytes>(item);
    strings->emplace_back(bytes.c_str(), bytes.size());
  }
  arrays_.push_back(
      {DType::string, shape_from(sizes), reinterpret_cast<const std::byte*>(strings->data()), strings});
  return true;
}

nb::object new_array(DType dtype, std::span<const int64_t> shape) {
  static const nb::object* const empty = new nb::object(nb::module_::import_("numpy").attr("empty"));
  return (*empty)(shape_tuple(shape), buffer_format(dtype));
}

std::byte* data_of(nb::handle array, bool writable) {
  Py_buffer view;
  if (PyObject_GetBuffer(array.ptr(), &view, writable ? PyBUF_WRITABLE : PyBUF_SIMPLE) != 0)
    throw nb::python_error();
  auto* data = static_cast<std::byte*>(view.buf);
  PyBuffer_Release(&view);  // the array itself keeps the memory
  return data;
}

std::byte* OutputArrays::allocate(DType dtype, std::span<const int64_t> shape) {
  const nb::gil_scoped_acquire acquire;
  arrays_.push_back(new_array(dtype, shape));
  return data_of(arrays_.back(), true);
}

nb::list OutputArrays::take(const std::vector<Array>& answers) {
  nb::list list;
  size_t next = 0;
  for (const Array& answer : answers) {
    if (answer.dtype == DType::string) {
      list.append(string_array(answer));
      continue;
    }
    nb::object array = std::move(arrays_[next++]);
    if (answer.dtype == DType::bfloat16)
      array = nb::module_::import_("cornu._arrays").attr("from_bfloat16")(array);
    list.append(std::move(array));
  }
  return list;
}

void bind_buffer(nb::module_& module) {
  nb::class_<Buffer>(module, "Buffer", nb::type_slots(buffer_slots),
                     "Bytes of a model that NumPy can view; read-only.")
      .def_prop_ro(
          "dtype", [](const Buffer& buffer) { return std::string(dtype_name(buffer.array.dtype)); },
          "The element type.");
}

namespace {

nb::object buffer_of(const Array& array, bool writable) {
  Buffer buffer{
      array, {array.shape.begin(), array.shape.end()}, std::vector<Py_ssize_t>(array.shape.size()), writable};
  auto step = static_cast<Py_ssize_t>(dtype_size(array.dtype));
  for (size_t axis = array.shape.size(); axis-- > 0;) {
    buffer.strides[axis] = step;
    step *= static_cast<Py_ssize_t>(array.shape[axis]);
  }
  return nb::cast(std::move(buffer));
}

}  // namespace

nb::object make_buffer(const Array& array) {
  return buffer_of(array, false);
}

nb::list to_numpy(const std::vector<Array>& answers) {
  const nb::object as_array = nb::module_::import_("numpy").attr("asarray");
  nb::list list;
  for (const Array& answer : answers) {
    if (answer.dtype == DType::string) {
      list.append(string_array(answer));
      continue;
    }
    nb::object array = as_array(buffer_of(answer, true));
    if (answer.dtype == DType::bfloat16)
      array = nb::module_::import_("cornu._arrays").attr("from_bfloat16")(array);
    list.append(std::move(array));
  }
  return list;
}

const Array* buffer_array(nb::handle object) {
  return nb::isinstance<Buffer>(object) ? &nb::inst_ptr<Buffer>(object)->array : nullptr;
}

namespace {

// A copy that owns its memory.
Array copied(const Array& array) {
  auto storage = std::make_shared<HeapStorage>(static_cast<size_t>(array.size_bytes()));
  if (array.size_bytes() > 0)
    std::memcpy(storage->data(), array.data, static_cast<size_t>(array.size_bytes()));
  return {array.dtype, array.shape, storage->data(), storage};
}

}  // namespace

std::vector<Array> weight_arrays(const nb::list& weights) {
  std::vector<Array> arrays;
  for (nb::handle weight : weights) {
    if (const Array* own = buffer_array(weight)) {
      arrays.push_back(*own);
      continue;
    }
    InputBuffers given;
    if (!given.add(weight)) fail(ErrorCode::bad_shape, "weights", "a weight is no array of numbers");
    arrays.push_back(copied(given.arrays()[0]));
  }
  return arrays;
}

nb::object writable_buffer(const Array& array) {
  return buffer_of(array, true);
}

nb::object text(const std::string& bytes) {
  return nb::steal(PyUnicode_DecodeUTF8(bytes.data(), static_cast<Py_ssize_t>(bytes.size()), "replace"));
}

nb::tuple shape_tuple(std::span<const int64_t> shape) {
  PyObject* tuple = PyTuple_New(static_cast<Py_ssize_t>(shape.size()));
  if (tuple == nullptr) throw nb::python_error();
  for (size_t axis = 0; axis < shape.size(); ++axis) {
    PyObject* size = shape[axis] < 0 ? nb::none().release().ptr() : PyLong_FromLongLong(shape[axis]);
    PyTuple_SetItem(tuple, static_cast<Py_ssize_t>(axis), size);
  }
  return nb::steal<nb::tuple>(tuple);
}

std::vector<int64_t> shape_from(nb::handle sizes) {
  std::vector<int64_t> shape;
  for (nb::handle size : sizes) shape.push_back(size.is_none() ? -1 : nb::cast<int64_t>(size));
  return shape;
}

}  // namespace cornu::python
