#include "base/thread_pool.h"
#include "kernels/table.h"
#include "ops/evaluate.h"

namespace cornu::ops {
namespace {

DType wide(DType dtype) {
  return dtype == DType::float16 || dtype == DType::bfloat16 ? DType::float32 : dtype;
}

// From this size on a fast kernel is worth the search for one: batch normalisation folds vectors of hundreds.
constexpr int64_t kManyElements = 64;

PreparedKernel prepare(const ir::OpDef& op, const KernelSite& site) {
  if (site.out[0].dtype == DType::float32 && site.out[0].shape.elements() >= kManyElements) {
    for (const KernelDef* kernel : kernels::all_kernels()) {
      if (kernel->op != op.name) continue;
      if (PreparedKernel prepared = kernel->prepare(site); prepared.run) return prepared;
    }
  }
  return op.reference(site);
}

}  // namespace

std::vector<Tensor> evaluate(const ir::Node& node, std::span<const Tensor> inputs) {
  std::vector<TensorType> in;
  std::vector<const Tensor*> constants;
  for (const Tensor& input : inputs) {
    in.push_back({input.dtype, input.shape});
    constants.push_back(&input);
  }
  const std::vector<TensorType> out = ir::infer_types(node, in, constants);
  if (node.op->alias) {
    Tensor view = inputs[0];
    view.shape = out[0].shape;
    return {view};
  }
  std::vector<Tensor> widened;
  std::vector<const std::byte*> in_data;
  for (const Tensor& input : inputs) widened.push_back(cast_tensor(input, wide(input.dtype)));
  for (size_t i = 0; i < in.size(); ++i) {
    in[i].dtype = widened[i].dtype;
    in_data.push_back(widened[i].data);
  }
  std::vector<TensorType> out_types = out;
  std::vector<NewTensor> made;
  std::vector<std::byte*> out_data;
  for (TensorType& type : out_types) {
    type.dtype = wide(type.dtype);
    made.push_back(new_tensor(type.dtype, type.shape));
    out_data.push_back(made.back().data);
  }
  const PreparedKernel kernel = prepare(*node.op, {in, out_types, node.attrs, in_data, 1});
  NewTensor scratch{};
  if (kernel.scratch_bytes > 0) scratch = new_tensor(DType::uint8, {kernel.scratch_bytes});
  ThreadPool pool(1);
  kernel.run({in_data.data(), out_data.data(), scratch.data, pool});
  std::vector<Tensor> results;
  for (size_t i = 0; i < made.size(); ++i) results.push_back(cast_tensor(made[i].tensor, out[i].dtype));
  return results;
}

}  // namespace cornu::ops
