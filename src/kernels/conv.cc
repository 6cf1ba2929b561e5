// conv: y[b, o, n] = epilogue(sum over taps t and channels c of x[b, o * stride + t * dilation - padding, c]
// * w[t, c, n]), over 1 to 3 spatial axes, in groups of channels. float32. Input   x (batch, spatial...,
// channels), w (window..., channels / groups, out_channels), the epilogue's inputs Output  y (batch,
// spatial..., out_channels) Refuses other types and empty arrays.
#include <memory>
#include <utility>

#include "base/epilogue.h"
#include "base/overwriting_kernel.h"
#include "base/thread_pool.h"
#include "kernels/implicit_gemm.h"
#include "kernels/site.h"

namespace cornu::kernels {

extern const KernelDef kernel_conv;

namespace {

PreparedKernel prepare(const KernelSite& site) {
  if (std::string why = refuse_other_than_float32(site); !why.empty()) return refuse(why);
  const Shape& x = site.in[0].shape;
  const Shape& w = site.in[1].shape;
  if (w.rank() < 3 || w.rank() > 5) return refuse("w does not have 3 to 5 axes");
  ImplicitGemm::Problem problem;
  const auto taps = w.dims().first(static_cast<size_t>(w.rank()) - 2);
  if (std::string why = problem.window.parse(x, site.out[0].shape, taps, site.attrs); !why.empty())
    return refuse(why);
  problem.groups = site.attrs.integer("groups", 1);
  problem.out_channels = w.back();
  problem.threads = site.threads;
  problem.epilogue = Epilogue::parse(site.attrs, 2);
  const int64_t groups = problem.groups;
  if (groups < 1 || x.back() != groups * w[w.rank() - 2] || w.back() % groups != 0) {
    return refuse("the channels of x and w do not fit the groups");
  }
  if (std::string why = refuse_epilogue(site, problem.epilogue); !why.empty()) return refuse(why);
  const auto gemm = std::make_shared<const ImplicitGemm>(problem);
  const Epilogue epilogue = problem.epilogue;
  KernelFn run = [gemm, epilogue](const KernelCall& call) {
    const auto operands = ImplicitGemm::Operands::of(call, epilogue);
    call.pool.run(gemm->jobs(), [&](int64_t job, int thread) {
      gemm->run(operands, job, call.scratch + thread * gemm->thread_scratch_bytes());
    });
  };
  if (gemm->stores_once() && epilogue.residual >= 0) run = overwriting(std::move(run), epilogue.residual);
  return {std::move(run), site.threads * gemm->thread_scratch_bytes(), {}};
}

}  // namespace

const KernelDef kernel_conv = {.name = "conv", .op = "conv", .rank = 10, .prepare = prepare};

}  // namespace cornu::kernels
