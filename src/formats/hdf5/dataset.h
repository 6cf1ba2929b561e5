// Datasets as tensors.
// Source: docs/formats/hdf5.md, sections "Layouts" and "Limits"
#pragma once

#include "formats/hdf5/object.h"
#include "tensor/tensor.h"

namespace cornu::formats::hdf5 {

// The values of a dataset. Contiguous and compact little-endian numbers are viewed where they lie
// (Tensor::in_place as the File says); big-endian, chunked and compressed ones are read through the HDF5
// library, strings are copied. Opaque elements have the type that the dataset's attribute `dtype` names, as
// Keras 3 stores bfloat16. Throws bad_file if `object` is no dataset, is damaged, or declares more elements
// than its stored bytes can hold; unsupported for external storage, virtual datasets, other types and
// filters, and when the library is not installed.
Tensor read_dataset(const Object& object);

}  // namespace cornu::formats::hdf5
