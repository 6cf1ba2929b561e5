#include "runtime/prefault.h"

#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "base/thread_pool.h"

namespace cornu::runtime {
namespace {

constexpr int kPopulateRead = 22;  // MADV_POPULATE_READ of linux/mman.h, which older headers lack
constexpr int64_t kSmallWeightBytes = 64 * 1024;  // the kernel maps as much around each fault by itself
constexpr int64_t kFewBytes = 4 << 20;            // not worth a thread
constexpr int64_t kStepBytes = 1 << 20;  // of one call: others that change the mappings wait no longer

std::vector<Tensor> mapped_weights(const ir::Graph& graph, const Plan& plan) {
  std::vector<Tensor> weights;
  std::set<int32_t> seen;
  const auto add = [&](int32_t index) {
    for (ir::Value value : graph.nodes()[static_cast<size_t>(index)].inputs) {
      const Tensor* constant = graph.constant(value);
      if (constant == nullptr || !constant->in_place || constant->size_bytes() < kSmallWeightBytes) continue;
      if (seen.insert(value.id).second) weights.push_back(*constant);
    }
  };
  for (const Step& step : plan.steps) {
    if (step.bodies.empty()) add(step.node);
    for (const Step& inner : step.bodies.empty() ? std::vector<Step>{} : step.bodies[0]->steps)
      add(inner.node);
  }
  return weights;
}

void populate(const std::vector<Tensor>& weights) {
  const auto page = static_cast<uintptr_t>(::sysconf(_SC_PAGESIZE));
  for (const Tensor& weight : weights) {
    const auto first = reinterpret_cast<uintptr_t>(weight.data) / page * page;
    const auto end = reinterpret_cast<uintptr_t>(weight.data) + static_cast<uintptr_t>(weight.size_bytes());
    for (uintptr_t at = first; at < end; at += kStepBytes) {
      const size_t size = std::min<size_t>(kStepBytes, end - at);
      if (::madvise(reinterpret_cast<void*>(at), size, kPopulateRead) != 0) return;
    }
  }
}

}  // namespace

void prefault_weights(const ir::Graph& graph, const Plan& plan) {
  if (available_cores() < 2) return;
  auto weights = std::make_unique<std::vector<Tensor>>(mapped_weights(graph, plan));
  int64_t bytes = 0;
  for (const Tensor& weight : *weights) bytes += weight.size_bytes();
  if (bytes < kFewBytes) return;
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);  // signals stay the business of the program's own threads
  pthread_t thread;
  const auto work = [](void* argument) -> void* {
    populate(*std::unique_ptr<std::vector<Tensor>>(static_cast<std::vector<Tensor>*>(argument)));
    return nullptr;
  };
  if (pthread_create(&thread, &attributes, work, weights.get()) == 0)
    weights.release();  // the thread owns them now
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  pthread_attr_destroy(&attributes);
}

}  // namespace cornu::runtime
