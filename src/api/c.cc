// The C ABI over the C++ API: conversion only. Contracts: include/cornu/c.h.
#include "cornu/c.h"

#include <deque>
#include <new>
#include <string>
#include <vector>

#include "base/fail.h"
#include "base/shape.h"
#include "cornu/model.h"
#include "cornu/version.h"

namespace {

using cornu::Array;
using cornu::DType;
using cornu::ErrorCode;

// What a cornu_array points to, at addresses that stay.
struct HeldArray {
  std::vector<int64_t> shape;
  std::vector<cornu_string> strings;
  Array array;
  cornu_array view{};
};

thread_local std::string last_error;

cornu_status failed(ErrorCode code, const char* what) {
  last_error = what;
  return static_cast<cornu_status>(code);
}

// Runs fn and turns what it throws into a status.
template <class Fn>
cornu_status guarded(Fn&& fn) {
  try {
    fn();
    return CORNU_OK;
  } catch (const cornu::Error& error) {
    return failed(error.code(), error.what());
  } catch (const std::bad_alloc&) {
    return failed(ErrorCode::out_of_memory, "there is not enough memory");
  } catch (const std::exception& error) {
    return failed(ErrorCode::internal, error.what());
  }
}

void require(const void* pointer, const char* name) {
  if (pointer == nullptr) cornu::fail(ErrorCode::bad_argument, name, "expected a pointer, received null");
}

void hold(HeldArray& held, DType dtype, const std::vector<int64_t>& shape) {
  held.shape = shape;
  held.view = {static_cast<cornu_dtype>(dtype), static_cast<int32_t>(shape.size()), held.shape.data(),
               nullptr};
}

void hold(HeldArray& held, const Array& array) {
  hold(held, array.dtype, array.shape);
  held.array = array;
  held.view.data = array.data;
  if (array.dtype != DType::string) return;
  const auto* strings = reinterpret_cast<const std::string*>(array.data);
  for (int64_t i = 0; i < array.size(); ++i) held.strings.push_back({strings[i].data(), strings[i].size()});
  held.view.data = held.strings.data();
}

// Bytes of an array whose sizes come from the caller; throws for sizes that no array has.
Array input_array(const cornu_array& given, const std::string& name) {
  if (given.dtype < CORNU_FLOAT32 || given.dtype > CORNU_STRING)
    cornu::fail(ErrorCode::bad_argument, name, "there is no element type {}", static_cast<int>(given.dtype));
  if (given.rank < 0 || given.rank > cornu::Shape::kMaxRank) {
    cornu::fail(ErrorCode::bad_shape, name, "the array has {} axes, expected 0 to {}", given.rank,
                cornu::Shape::kMaxRank);
  }
  if (given.rank > 0) require(given.shape, "inputs.shape");
  Array array;
  array.dtype = static_cast<DType>(given.dtype);
  array.shape.assign(given.shape, given.shape + given.rank);
  int64_t count = 1;
  for (int64_t size : array.shape) {
    if (size < 0 || __builtin_mul_overflow(count, size, &count))
      cornu::fail(ErrorCode::bad_shape, name, "no array has the shape {}",
                  cornu::Shape(array.shape).to_string());
  }
  if (count > 0) require(given.data, "inputs.data");
  array.data = static_cast<const std::byte*>(given.data);
  if (array.dtype == DType::string) {
    const auto* strings = static_cast<const cornu_string*>(given.data);
    auto copy = std::make_shared<std::vector<std::string>>();
    for (int64_t i = 0; i < count; ++i) copy->emplace_back(strings[i].data, strings[i].size_bytes);
    array.data = reinterpret_cast<const std::byte*>(copy->data());
    array.owner = std::move(copy);
  }
  return array;
}

template <class List>
auto* item(List& list, int32_t index) {
  return index >= 0 && static_cast<size_t>(index) < list.size() ? &list[static_cast<size_t>(index)] : nullptr;
}

const char* port_name(const std::vector<cornu::PortInfo>& ports, int32_t index) {
  const auto* port = item(ports, index);
  return port == nullptr ? nullptr : port->name.c_str();
}

const cornu_array* view_of(const std::deque<HeldArray>& arrays, int32_t index) {
  const auto* held = item(arrays, index);
  return held == nullptr ? nullptr : &held->view;
}

}  // namespace

struct cornu_model {
  explicit cornu_model(cornu::Model loaded) : model(std::move(loaded)) {
    for (const auto& port : model.inputs()) hold(inputs.emplace_back(), port.dtype, port.shape);
    for (const auto& port : model.outputs()) hold(outputs.emplace_back(), port.dtype, port.shape);
  }
  cornu::Model model;
  std::deque<HeldArray> inputs;
  std::deque<HeldArray> outputs;
};

struct cornu_result {
  std::deque<HeldArray> arrays;
};

const char* cornu_version(void) {
  return cornu::version();
}

const char* cornu_last_error(void) {
  return last_error.c_str();
}

cornu_status cornu_load_model(const char* path, int32_t threads, cornu_model** model) {
  return guarded([&] {
    require(path, "path");
    require(model, "model");
    cornu::LoadOptions options;
    options.threads = threads;
    *model = new cornu_model(cornu::load_model(path, options));
  });
}

void cornu_free_model(cornu_model* model) {
  delete model;
}

int32_t cornu_input_count(const cornu_model* model) {
  return model == nullptr ? 0 : static_cast<int32_t>(model->inputs.size());
}

int32_t cornu_output_count(const cornu_model* model) {
  return model == nullptr ? 0 : static_cast<int32_t>(model->outputs.size());
}

const char* cornu_input_name(const cornu_model* model, int32_t index) {
  return model == nullptr ? nullptr : port_name(model->model.inputs(), index);
}

const char* cornu_output_name(const cornu_model* model, int32_t index) {
  return model == nullptr ? nullptr : port_name(model->model.outputs(), index);
}

const cornu_array* cornu_input_type(const cornu_model* model, int32_t index) {
  return model == nullptr ? nullptr : view_of(model->inputs, index);
}

const cornu_array* cornu_output_type(const cornu_model* model, int32_t index) {
  return model == nullptr ? nullptr : view_of(model->outputs, index);
}

cornu_status cornu_predict(const cornu_model* model, const cornu_array* inputs, int32_t count,
                           int64_t batch_size, cornu_result** result) {
  return guarded([&] {
    require(model, "model");
    require(result, "result");
    if (count != 0) require(inputs, "inputs");
    std::vector<Array> arrays;
    for (int32_t i = 0; i < count; ++i) {
      const char* name = cornu_input_name(model, i);
      arrays.push_back(input_array(inputs[i], name == nullptr ? "inputs" : name));
    }
    auto made = std::make_unique<cornu_result>();
    for (const Array& array : model->model.predict(arrays, batch_size))
      hold(made->arrays.emplace_back(), array);
    *result = made.release();
  });
}

const cornu_array* cornu_result_array(const cornu_result* result, int32_t index) {
  return result == nullptr ? nullptr : view_of(result->arrays, index);
}

void cornu_free_result(cornu_result* result) {
  delete result;
}
