// custom: what a function of the caller computes (include/cornu/custom.h).
// Input   the call's tensors, then the weights of its layer
// Attrs   call  the address of a CustomCall, which whoever holds the graph keeps alive (layers/import_scope.h)
// Notes   runs on the thread that runs the model; floats of 16 bits arrive as float32
// Errors  bad_shape for outputs without sizes where the inputs have them; what the function throws
#include "cornu/custom.h"
#include "ops/op.h"

namespace cornu::ops {
namespace {

const CustomCall& call_of(const Attrs& attrs) {
  return *reinterpret_cast<const CustomCall*>(static_cast<intptr_t>(attrs.integer("call")));
}

std::vector<int64_t> sizes(const Shape& shape) {
  return {shape.begin(), shape.end()};
}

void infer(ir::InferContext& c) {
  std::vector<ArrayType> in;
  bool known = true;
  for (const TensorType& type : c.in) {
    in.push_back({type.dtype, sizes(type.shape)});
    known = known && type.shape.is_known();
  }
  for (const ArrayType& type : call_of(c.attrs).infer(in)) {
    c.out.push_back({type.dtype, Shape(type.shape)});
    if (known && !c.out.back().shape.is_known()) {
      fail(ErrorCode::bad_shape, "", "the custom function left the size of an output open ({})",
           c.out.back().shape.to_string());
    }
  }
  if (c.out.empty()) fail(ErrorCode::bad_shape, "", "the custom function gives no output");
}

PreparedKernel reference(const KernelSite& site) {
  const std::vector<TensorType> in(site.in.begin(), site.in.end());
  const std::vector<TensorType> out(site.out.begin(), site.out.end());
  const CustomCall* function = &call_of(site.attrs);
  return {[in, out, function](const KernelCall& call) {
            std::vector<Array> inputs;
            std::vector<OutputArray> outputs;
            for (size_t i = 0; i < in.size(); ++i)
              inputs.push_back({in[i].dtype, sizes(in[i].shape), call.in[i], nullptr});
            for (size_t i = 0; i < out.size(); ++i)
              outputs.push_back({out[i].dtype, sizes(out[i].shape), call.out[i]});
            function->run(inputs, outputs);
          },
          0,
          {}};
}

}  // namespace

CORNU_OP(custom) = {
    .name = "custom", .min_inputs = 0, .max_inputs = -1, .infer = infer, .reference = reference};

}  // namespace cornu::ops
