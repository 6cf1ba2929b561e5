#include "runtime/prefault.h"

#include <unistd.h>

#include <chrono>
#include <fstream>
#include <thread>

#include "support/graph_run.h"
#include "support/temporary_folder.h"

namespace cornu::runtime {
namespace {

using ir::Value;

constexpr int64_t kUnits = 2048;  // a weight of 16 MB

// The bytes of the mapping that holds `address` which this process has mapped pages for.
int64_t resident_bytes(const std::byte* address) {
  std::ifstream maps("/proc/self/smaps");
  bool found = false;
  for (std::string line; std::getline(maps, line);) {
    uintptr_t begin = 0;
    uintptr_t end = 0;
    if (std::sscanf(line.c_str(), "%lx-%lx ", &begin, &end) == 2) {
      found = begin <= reinterpret_cast<uintptr_t>(address) && reinterpret_cast<uintptr_t>(address) < end;
    } else if (found && line.starts_with("Rss:")) {
      return std::strtoll(line.c_str() + 4, nullptr, 10) * 1024;
    }
  }
  return -1;
}

ir::Graph dense(const Tensor& weight) {
  ir::Graph graph;
  ir::GraphBuilder g(graph);
  const Value x = graph.add_input("x", DType::float32, {Shape::kUnknown, kUnits});
  graph.add_output("y", g.op("matmul", {x, g.constant(weight)}));
  return graph;
}

std::shared_ptr<const Plan> plan_of(const ir::Graph& graph) {
  const TensorType type{DType::float32, {1, kUnits}};
  return make_plan(graph, std::span(&type, 1), *devices::find_device("cpu"), 1, true);
}

TEST(Prefault, mapped_weights_become_resident_without_being_read) {
  if (available_cores() < 2) return;  // nothing is started there
  const test::TemporaryFolder folder;
  const std::string path = (folder.path() / "weights").string();
  std::ofstream(path).close();
  ASSERT_EQ(::truncate(path.c_str(), kUnits * kUnits * 4), 0);
  const StoragePtr storage = map_file(path);
  const Tensor weight{DType::float32, {kUnits, kUnits}, storage->bytes().data(), storage, true};
  const ir::Graph graph = dense(weight);
  const auto plan = plan_of(graph);
  EXPECT_EQ(resident_bytes(weight.data), 0);
  prefault_weights(graph, *plan);
  for (int i = 0; i < 1000 && resident_bytes(weight.data) < weight.size_bytes(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_EQ(resident_bytes(weight.data), weight.size_bytes());
}

}  // namespace
}  // namespace cornu::runtime
