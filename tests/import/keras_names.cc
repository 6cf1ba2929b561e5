#include "import/keras_names.h"

#include <gtest/gtest.h>

namespace cornu::import {
namespace {

TEST(KerasNames, classes_become_the_names_that_keras_gives_their_groups) {
  // Right sides: keras.src.utils.naming.to_snake_case, 3.15.1
  const std::pair<const char*, const char*> cases[] = {{"Dense", "dense"},
                                                       {"Conv2D", "conv2d"},
                                                       {"Conv2DTranspose", "conv2d_transpose"},
                                                       {"PReLU", "p_re_lu"},
                                                       {"LSTMCell", "lstm_cell"},
                                                       {"BatchNormalization", "batch_normalization"},
                                                       {"RMSNormalization", "rms_normalization"},
                                                       {"", ""},
                                                       {"_Odd", "_odd"}};
  for (const auto& [name, expected] : cases) EXPECT_EQ(snake_case(name), expected);
}

}  // namespace
}  // namespace cornu::import
