#include "support/dynamic_run.h"

namespace cornu::dynamic {
namespace {

Tensor hashed(int64_t buckets) {
  ir::Graph graph;
  const ir::Value x = graph.add_input("x", DType::string, {3});
  graph.add_output("y", test::add(graph, "string_hash_bucket", {x}, {{"buckets", buckets}}));
  return test::run_dynamic(graph, {string_tensor({"0", "-7", "12345"}, {3})})[0];
}

// Numbers of tf.strings.to_hash_bucket_fast, TensorFlow 2.21.
TEST(string_hash_bucket, is_the_hash_of_tensorflow) {
  EXPECT_EQ(to_ints(hashed(1000)), (std::vector<int64_t>{735, 62, 728}));
}

TEST(string_hash_bucket, zero_buckets_give_the_fingerprint) {
  for (int64_t print : to_ints(hashed(0))) EXPECT_NE(print, 0);
}

}  // namespace
}  // namespace cornu::dynamic
