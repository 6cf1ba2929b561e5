#include "export/keras3_arguments.h"

#include <gtest/gtest.h>

namespace cornu::exporting {
namespace {

TEST(Keras3Arguments, a_class_takes_what_its_constructor_takes) {
  const KerasClass* dense = find_keras_class("keras.layers", "Dense");
  ASSERT_NE(dense, nullptr);
  EXPECT_TRUE(dense->takes("units"));
  EXPECT_TRUE(dense->takes("use_bias"));
  EXPECT_FALSE(dense->takes("bias"));
  EXPECT_FALSE(dense->takes("unit"));
  EXPECT_FALSE(dense->takes(""));
}

TEST(Keras3Arguments, a_class_that_is_gone_is_not_found) {
  EXPECT_EQ(find_keras_class("keras.layers", "LocallyConnected1D"), nullptr);
  EXPECT_EQ(find_keras_class("keras.initializers", "Dense"), nullptr);
}

}  // namespace
}  // namespace cornu::exporting
