#include <gtest/gtest.h>

#include "kernels/kernel_runner.h"
#include "support/op_cases.h"

namespace cornu::kernels {

extern const KernelDef kernel_resize;

namespace {

using Text = std::string;

TEST(resize_kernel, nearest_and_bilinear_agree_with_the_reference) {
  for (int64_t target : kernel_targets()) {
    const ForcedTarget forced(target);
    for (const char* method : {"nearest", "bilinear"}) {
      for (bool half_pixel : {true, false}) {
        Attrs attrs = {{"method", Text(method)}, {"half_pixel", half_pixel}};
        SCOPED_TRACE(testing::Message() << method << (half_pixel ? ", half pixels" : ""));
        attrs.set("size", Ints{7});
        test::check_kernels("resize", attrs, {test::random_floats({2, 3, 5}, 1)});
        for (const Ints& size : {Ints{8, 10}, {3, 9}, {5, 2}, {1, 1}, {4, 5}}) {
          attrs.set("size", size);
          for (int64_t channels : {1, 3, 16, 37})
            test::check_kernels("resize", attrs, {test::random_floats({2, 4, 5, channels}, 2)});
        }
        attrs.set("size", Ints{4, 3, 6});
        test::check_kernels("resize", attrs, {test::random_floats({2, 2, 5, 3, 9}, 3)});
      }
    }
  }
}

TEST(resize_kernel, other_methods_are_refused) {
  const TensorType x = {DType::float32, {1, 4, 4, 1}};
  EXPECT_EQ(refusal_of(kernel_resize, {x}, x, {{"size", Ints{4, 4}}, {"method", Text("bicubic")}}),
            "the method is bicubic, only nearest and bilinear are handled");
  EXPECT_EQ(refusal_of(kernel_resize, {x}, x, {{"size", Ints{4, 4}}, {"antialias", true}}),
            "antialias is set");
}

}  // namespace
}  // namespace cornu::kernels
