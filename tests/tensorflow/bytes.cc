// CompareAndBitpack, which TensorFlow 2.21 has not got any more. The rest: bytes.py.
#include <gtest/gtest.h>

#include "runtime/program.h"
#include "support/expect_error.h"
#include "support/make_graph.h"
#include "tensorflow/importer.h"

namespace cornu::tensorflow {
namespace {

Tensor packed(const std::vector<float>& values, const std::vector<int64_t>& shape) {
  const std::string bytes(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float));
  const float half = 0.5F;
  const std::string threshold(reinterpret_cast<const char*>(&half), sizeof half);
  const std::string graph_bytes =
      test::make_graph({test::graph_node("x", "Const", {}, {{"value", test::tensor_attr(1, shape, bytes)}}),
                        test::graph_node("t", "Const", {}, {{"value", test::tensor_attr(1, {}, threshold)}}),
                        test::graph_node("y", "CompareAndBitpack", {"x", "t"})});
  const GraphDef graph(graph_bytes, nullptr, false, "graph");
  Environment environment;
  Request request;
  request.fetches = {{"y", "y"}};
  auto program = std::make_shared<runtime::Program>(import_graph(graph, environment, request),
                                                    *devices::find_device("cpu"), true, environment.state);
  return runtime::Session(program, 1).run({})[0];
}

TEST(compare_and_bitpack, puts_the_first_of_eight_into_the_highest_bit) {
  const Tensor y = packed({1, 0, 0, 0, 0, 0, 0, 0, 0, 0.5F, 0.6F, 0, 0, 0, 0, 2}, {2, 8});
  EXPECT_EQ(y.shape, Shape({2, 1}));
  EXPECT_EQ(dtype_name(y.dtype), dtype_name(DType::uint8));
  EXPECT_EQ(to_ints(y), (std::vector<int64_t>{0x80, 0x21}));
}

TEST(compare_and_bitpack, an_axis_that_makes_no_whole_bytes_is_bad_shape) {
  test::expect_error(
      ErrorCode::bad_shape,
      [] {
        packed({1, 2, 3}, {3});
      },
      "multiple of 8");
}

}  // namespace
}  // namespace cornu::tensorflow
