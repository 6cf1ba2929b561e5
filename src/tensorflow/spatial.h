// What ops with a data_format share: windows that slide over the spatial axes, channels first or last.
#pragma once

#include "tensorflow/op_def.h"

namespace cornu::tensorflow {

// Whether the node's data_format puts channels before the spatial axes ("NCHW", "NCDHW").
bool channels_first(const NodeCall& call);
// x with channels last; x itself if it has them.
Value to_channels_last(NodeCall& call, Value x);
// Back to the node's format.
Value from_channels_last(NodeCall& call, Value y);
// The entries of a list of the node's format ("strides": [1, 2, 2, 1]) that stand for spatial axes; ones if the list is absent.
Ints spatial_ints(const NodeCall& call, const char* attr);
// Sets auto_pad, and padding for EXPLICIT. Throws unsupported for another padding.
void set_padding(const NodeCall& call, Attrs& attrs);

}  // namespace cornu::tensorflow
