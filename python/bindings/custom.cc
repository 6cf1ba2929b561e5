// Custom objects in Python: each method takes the GIL and calls the method of the same name of the Python object.
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <cstring>
#include <utility>

#include "base/fail.h"
#include "bindings.h"

namespace nb = nanobind;

namespace cornu::python {
namespace {

// A Python object that C++ owns and drops without the GIL, perhaps after the interpreter ended.
class Held {
 public:
  explicit Held(nb::object object) : object_(std::move(object)) {}
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;
  ~Held() {
    if (Py_IsInitialized() == 0) {
      (void)object_.release();
      return;
    }
    const nb::gil_scoped_acquire acquire;
    object_.reset();
  }
  const nb::object& get() const { return object_; }

 private:
  nb::object object_;
};

nb::list type_list(std::span<const ArrayType> types) {
  nb::list list;
  for (const ArrayType& type : types)
    list.append(nb::make_tuple(std::string(dtype_name(type.dtype)), shape_tuple(type.shape)));
  return list;
}

class PythonCall : public CustomCall {
 public:
  explicit PythonCall(nb::object object) : object_(std::move(object)) {}

  std::vector<ArrayType> infer(std::span<const ArrayType> inputs) const override {
    const nb::gil_scoped_acquire acquire;
    std::vector<ArrayType> types;
    for (nb::handle type : object_.get().attr("infer")(type_list(inputs))) {
      const auto name = nb::cast<std::string>(type[0]);
      const auto dtype = dtype_from_name(name);
      if (!dtype || *dtype == DType::string)
        fail(ErrorCode::unsupported, "", "a custom function gave elements of type {}", name);
      types.push_back({*dtype, shape_from(type[1])});
    }
    return types;
  }

  void run(std::span<const Array> inputs, std::span<const OutputArray> outputs) const override {
    const nb::gil_scoped_acquire acquire;
    nb::list arrays;
    for (const Array& input : inputs) {
      nb::object array = new_array(input.dtype, input.shape);  // a copy: the function may keep it
      if (input.size_bytes() > 0)
        std::memcpy(data_of(array, true), input.data, static_cast<size_t>(input.size_bytes()));
      arrays.append(array);
    }
    nb::list types;
    for (const OutputArray& output : outputs)
      types.append(nb::make_tuple(std::string(dtype_name(output.dtype)), shape_tuple(output.shape)));
    size_t next = 0;
    for (nb::handle array : object_.get().attr("run")(arrays, types)) {
      const OutputArray& output = outputs[next++];
      const Array given{output.dtype, output.shape, nullptr, nullptr};
      if (given.size_bytes() > 0)
        std::memcpy(output.data, data_of(array, false), static_cast<size_t>(given.size_bytes()));
    }
  }

 private:
  Held object_;
};

nb::object argument(const CustomArgument& argument_of) {
  const nb::object make = nb::module_::import_("cornu.keras._custom").attr("argument");
  nb::list items;
  for (const CustomArgument& item : argument_of.items) items.append(argument(item));
  nb::list keys;
  for (const std::string& key : argument_of.keys) keys.append(text(key));
  return make(static_cast<int>(argument_of.kind), argument_of.input, text(argument_of.literal), items, keys);
}

class PythonLayer : public CustomLayer {
 public:
  explicit PythonLayer(nb::object object) : object_(std::move(object)) {}

  std::string stands_for() const override {
    const nb::gil_scoped_acquire acquire;
    return nb::cast<std::string>(object_.get().attr("stands_for")());
  }

  bool supports_masking() const override {
    const nb::gil_scoped_acquire acquire;
    return nb::cast<bool>(object_.get().attr("supports_masking")());
  }

  std::vector<CustomWeight> weights(std::span<const ArrayType> inputs) override {
    const nb::gil_scoped_acquire acquire;
    std::vector<CustomWeight> weights;
    for (nb::handle weight : object_.get().attr("weights")(type_list(inputs)))
      weights.push_back({nb::cast<std::string>(weight[0]), shape_from(weight[1]), nb::cast<bool>(weight[2]),
                         nb::cast<std::string>(weight[3])});
    return weights;
  }

  std::shared_ptr<const CustomCall> call(const CustomArguments& arguments) override {
    const nb::gil_scoped_acquire acquire;
    nb::list positional;
    for (const CustomArgument& item : arguments.positional) positional.append(argument(item));
    nb::dict keyword;
    for (const auto& [name, item] : arguments.keyword) keyword[text(name)] = argument(item);
    return std::make_shared<PythonCall>(object_.get().attr("call")(positional, keyword));
  }

 private:
  Held object_;
};

}  // namespace

CustomObjects custom_objects(const nb::object& find) {
  if (find.is_none()) return {};
  const auto held = std::make_shared<Held>(find);
  return [held](const CustomRequest& request) -> std::shared_ptr<CustomLayer> {
    const nb::gil_scoped_acquire acquire;
    nb::object object = held->get()(text(request.name), text(request.config), text(request.layer));
    if (object.is_none()) return nullptr;
    return std::make_shared<PythonLayer>(std::move(object));
  };
}

}  // namespace cornu::python
