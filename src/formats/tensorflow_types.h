// The numbers of element types in TensorFlow's files. Source: tensorflow/core/framework/types.proto, 2.21
#pragma once

#include "base/fail.h"
#include "cornu/dtype.h"

namespace cornu::formats {

// DataType of a type that Cornu has; DT_RESOURCE and DT_VARIANT are 20 and 21.
constexpr int tensorflow_type(DType dtype) {
  switch (dtype) {
    case DType::float32:
      return 1;
    case DType::float64:
      return 2;
    case DType::int32:
      return 3;
    case DType::uint8:
      return 4;
    case DType::int16:
      return 5;
    case DType::int8:
      return 6;
    case DType::string:
      return 7;
    case DType::complex64:
      return 8;
    case DType::int64:
      return 9;
    case DType::boolean:
      return 10;
    case DType::bfloat16:
      return 14;
    case DType::uint16:
      return 17;
    case DType::complex128:
      return 18;
    case DType::float16:
      return 19;
    case DType::uint32:
      return 22;
    case DType::uint64:
      return 23;
    default:
      throw Error(ErrorCode::unsupported, "TensorFlow has no such element type");
  }
}

}  // namespace cornu::formats
