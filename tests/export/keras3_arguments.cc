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

TEST(Keras3Arguments, only_classes_that_hand_arguments_on_take_those_of_every_layer) {
  EXPECT_TRUE(find_keras_class("keras.layers", "Dense")->takes_of_every_layer("trainable"));
  const KerasClass* dropout = find_keras_class("keras.layers", "SpatialDropout1D");
  EXPECT_FALSE(dropout->takes_of_every_layer("trainable"));
  EXPECT_TRUE(dropout->takes_of_every_layer("name"));
}

TEST(Keras3Arguments, a_class_that_is_gone_is_not_found) {
  EXPECT_EQ(find_keras_class("keras.layers", "LocallyConnected1D"), nullptr);
  EXPECT_EQ(find_keras_class("keras.initializers", "Dense"), nullptr);
}

}  // namespace
}  // namespace cornu::exporting
