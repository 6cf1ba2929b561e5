// matmul: y[..., m, n] = epilogue(sum over k of a[..., m, k] * b[..., k, n]). float32.
// Input   a (..., M, K), or (..., K, M) with "transpose_a"; b (..., K, N), or (..., N, K) with "transpose_b";
// leading axes
//         broadcast; the epilogue's inputs
// Output  y (..., M, N)
// Refuses other types, empty arrays and operands of fewer than two axes.
#include <memory>
#include <utility>
#include <vector>

#include "base/overwriting_kernel.h"
#include "base/thread_pool.h"
#include "kernels/implicit_gemm.h"
#include "kernels/site.h"

namespace cornu::kernels {

extern const KernelDef kernel_matmul;

namespace {

constexpr int64_t kFloatBytes = sizeof(float);
constexpr int64_t kWorthThreads = 64 * 1024;  // multiplications: some microseconds of one core

// Matrices of one operand for each matrix of y: where each begins, in bytes.
std::vector<int64_t> matrix_offsets(const Shape& operand, const Shape& y) {
  const int axes = y.rank() - 2;
  const int missing = y.rank() - operand.rank();
  const int64_t matrix_bytes = operand[operand.rank() - 2] * operand.back() * kFloatBytes;
  std::vector<int64_t> offsets = {0};
  int64_t stride = matrix_bytes;
  std::vector<int64_t> strides(static_cast<size_t>(axes), 0);
  for (int axis = axes - 1; axis >= missing; axis--) {
    if (operand[axis - missing] > 1) strides[static_cast<size_t>(axis)] = stride;
    stride *= operand[axis - missing];
  }
  for (int axis = 0; axis < axes; axis++) {
    std::vector<int64_t> finer;
    for (int64_t offset : offsets) {
      for (int64_t i = 0; i < y[axis]; i++) finer.push_back(offset + i * strides[static_cast<size_t>(axis)]);
    }
    offsets = std::move(finer);
  }
  return offsets;
}

struct Plan {
  ImplicitGemm gemm;
  Epilogue epilogue;
  std::vector<int64_t> a, b;  // of each product, in bytes
  int64_t y_bytes;            // from product to product

  void run(const KernelCall& call) const {
    const int64_t jobs = gemm.jobs();
    call.pool.run(static_cast<int64_t>(a.size()) * jobs, [&](int64_t job, int thread) {
      const auto product = static_cast<size_t>(job / jobs);
      const int64_t offset = job / jobs * y_bytes;
      auto operands = ImplicitGemm::Operands::of(call, epilogue);
      operands.x += a[product];
      operands.w += b[product];
      if (operands.residual != nullptr) operands.residual += offset;
      operands.y += offset / kFloatBytes;
      gemm.run(operands, job % jobs, call.scratch + thread * gemm.thread_scratch_bytes());
    });
  }
};

PreparedKernel prepare(const KernelSite& site) {
  if (std::string why = refuse_other_than_float32(site); !why.empty()) return refuse(why);
  const Shape& a = site.in[0].shape;
  const Shape& b = site.in[1].shape;
  const Shape& y = site.out[0].shape;
  if (a.rank() < 2 || b.rank() < 2) return refuse("an operand has fewer than two axes");
  const bool transpose_a = site.attrs.flag("transpose_a");
  const bool transpose_b = site.attrs.flag("transpose_b");
  const int64_t channels = a[a.rank() - (transpose_a ? 2 : 1)];
  ImplicitGemm::Problem problem;
  problem.epilogue = Epilogue::parse(site.attrs, 2);
  if (std::string why = refuse_epilogue(site, problem.epilogue); !why.empty()) return refuse(why);
  // One matrix b serves all rows of all matrices of a.
  const bool one_product = !transpose_a && b.elements(0, b.rank() - 2) == 1;
  const int64_t pixels = one_product ? y.elements(0, y.rank() - 1) : y[y.rank() - 2];
  problem.window.channels = channels;
  problem.window.in = problem.window.out = {1, 1, pixels};
  problem.out_channels = y.back();
  problem.x_transposed = transpose_a;
  problem.w_transposed = transpose_b;
  std::vector<int64_t> offsets_a = {0}, offsets_b = {0};
  if (!one_product) {
    offsets_a = matrix_offsets(a, y);
    offsets_b = matrix_offsets(b, y);
  }
  // Many products are jobs enough, and a small one is not worth waking a thread; each is then one job.
  const bool is_small = y.elements() * channels < kWorthThreads;
  const bool are_many = static_cast<int64_t>(offsets_a.size()) >= 4 * int64_t{site.threads};
  problem.threads = is_small || are_many ? 1 : site.threads;
  const auto plan =
      std::make_shared<const Plan>(Plan{ImplicitGemm(problem), problem.epilogue, std::move(offsets_a),
                                        std::move(offsets_b), pixels * y.back() * kFloatBytes});
  KernelFn run = [plan](const KernelCall& call) { plan->run(call); };
  const int residual = problem.epilogue.residual;
  if (plan->gemm.stores_once() && residual >= 0) run = overwriting(std::move(run), residual);
  return {std::move(run), site.threads * plan->gemm.thread_scratch_bytes(), {}};
}

}  // namespace

const KernelDef kernel_matmul = {.name = "matmul", .op = "matmul", .rank = 10, .prepare = prepare};

}  // namespace cornu::kernels
