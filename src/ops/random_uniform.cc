// random_uniform: numbers in [0, 1) that are a function of the seed, the stream and the place alone: the same on every run, on
// any number of threads.
// Input   seed int64 (2)     Output  y of `shape`, float32     Attrs  shape; stream: other numbers for each
// Errors  bad_shape: a seed of another type or shape
// Source  Philox4x32 with 10 rounds, Salmon et al., Parallel Random Numbers: As Easy as 1, 2, 3, 2011
#include "base/thread_pool.h"
#include "ops/op.h"

namespace cornu::ops {
namespace {

using Block = std::array<uint32_t, 4>;

Block philox(Block counter, std::array<uint32_t, 2> key) {
  constexpr uint64_t kMultiply0 = 0xD2511F53;
  constexpr uint64_t kMultiply1 = 0xCD9E8D57;
  constexpr int kRounds = 10;
  for (int round = 0; round < kRounds; ++round) {
    const uint64_t a = kMultiply0 * counter[0];
    const uint64_t b = kMultiply1 * counter[2];
    counter = {static_cast<uint32_t>(b >> 32) ^ counter[1] ^ key[0], static_cast<uint32_t>(b),
               static_cast<uint32_t>(a >> 32) ^ counter[3] ^ key[1], static_cast<uint32_t>(a)};
    key[0] += 0x9E3779B9;
    key[1] += 0xBB67AE85;
  }
  return counter;
}

void infer(ir::InferContext& c) {
  if (c.in[0].dtype != DType::int64 || !(c.in[0].shape == Shape{2}))
    fail(ErrorCode::bad_shape, "", "a seed is int64 of shape (2,), received {}", c.in[0].shape.to_string());
  c.result(DType::float32, Shape(c.attrs.ints("shape")));
}

constexpr int64_t kChunk = 16 * 1024;  // numbers of a job

PreparedKernel reference(const KernelSite& site) {
  const int64_t count = site.out[0].shape.elements();
  const auto stream = static_cast<uint32_t>(site.attrs.integer("stream"));
  const auto run = [count, stream](const KernelCall& call) {
    const auto seed = static_cast<uint64_t>(load_at<int64_t>(call.in[0], 0));
    const auto step = static_cast<uint32_t>(load_at<int64_t>(call.in[0], 1));
    const std::array<uint32_t, 2> key = {static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32)};
    float* const y = out_as<float>(call);
    call.pool.run((count + kChunk - 1) / kChunk, [&](int64_t job, int) {
      for (int64_t i = job * kChunk; i < std::min(count, (job + 1) * kChunk); i += 4) {
        const auto block = static_cast<uint64_t>(i / 4);
        const Block bits =
            philox({static_cast<uint32_t>(block), static_cast<uint32_t>(block >> 32), stream, step}, key);
        // 24 bits: as many as a float's fraction holds.
        for (int64_t k = 0; k < std::min<int64_t>(4, count - i); ++k)
          y[i + k] = static_cast<float>(bits[static_cast<size_t>(k)] >> 8) * 0x1p-24F;
      }
    });
  };
  return {run, 0, {}};
}

}  // namespace

CORNU_OP(random_uniform) = {.name = "random_uniform", .infer = infer, .reference = reference};

}  // namespace cornu::ops
