// BiasAdd, BiasAddV1 -> add; a bias of channels_first is reshaped.
#include "tensorflow/op_def.h"

namespace cornu::tensorflow {
namespace {

std::vector<Value> lower(NodeCall& call) {
  Value bias = call.in.at(1);
  if (call.def.text("data_format", "NHWC") == "NCHW" && call.rank(0) > 2) {
    Ints dims(static_cast<size_t>(call.rank(0) - 1), 1);
    dims[0] = -1;
    bias = call.g.reshape(bias, dims);
  }
  return {call.g.op("add", {call.in[0], bias})};
}

constexpr std::string_view kNames[] = {"BiasAdd", "BiasAddV1"};

}  // namespace

CORNU_TF_OP(bias_add) = {.names = kNames, .lower = lower};

}  // namespace cornu::tensorflow
