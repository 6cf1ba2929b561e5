#include "runtime/micro_batches.h"

#include <gtest/gtest.h>

#include <cstring>
#include <vector>

namespace cornu::runtime {
namespace {

// A plan for `rows` rows of one float: y = 2 x.
std::shared_ptr<const Plan> doubling(int64_t rows) {
  auto plan = std::make_shared<Plan>();
  Step step;
  step.in = {{Place::Kind::input, 0, nullptr}};
  step.out = {{Place::Kind::output, 0, nullptr}};
  step.run = [rows](const KernelCall& call) {
    for (int64_t i = 0; i < rows; ++i) {
      const float y = 2 * load_at<float>(call.in[0], i);
      std::memcpy(call.out[0] + i * 4, &y, sizeof y);
    }
  };
  plan->steps.push_back(step);
  return plan;
}

TEST(MicroBatches, every_row_is_computed_once_for_any_batch_rows_and_threads) {
  for (int64_t batch : {2, 3, 7, 32}) {
    for (int64_t rows = 1; rows < batch; ++rows) {
      for (int threads : {1, 2, 3}) {
        MicroBatches micro(batch, rows, threads);
        for (const int64_t size : micro.sizes()) {
          EXPECT_LE(size, rows) << micro.describe();
          micro.add_body(doubling(size));
        }
        micro.add_input(batch * 4);
        micro.add_output(batch * 4);
        std::vector<float> x(static_cast<size_t>(batch)), y(x.size(), -1), wanted;
        for (size_t i = 0; i < x.size(); ++i) wanted.push_back(2 * (x[i] = static_cast<float>(i) + 1));
        std::vector<std::byte> scratch(static_cast<size_t>(micro.scratch_bytes()));
        const std::byte* in[] = {reinterpret_cast<const std::byte*>(x.data())};
        std::byte* out[] = {reinterpret_cast<std::byte*>(y.data())};
        ThreadPool pool(threads);
        micro.run({in, out, scratch.data(), pool});
        EXPECT_EQ(y, wanted) << micro.describe();
      }
    }
  }
}

}  // namespace
}  // namespace cornu::runtime
