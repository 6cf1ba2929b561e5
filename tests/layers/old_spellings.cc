// What Keras 1 and 2 called by other names must become the same graph as today's names.
#include <gtest/gtest.h>

#include "ir/graph.h"
#include "layers/layer.h"

namespace cornu::layers {
namespace {

// The graph of one layer called on an input of this shape.
std::string graph_of(const std::string& serialized, const Shape& shape, int keras_major) {
  ir::Graph graph;
  GraphBuilder g(graph);
  const auto layer = make_instance(Json::parse(serialized, "test"), nullptr, "");
  CallArguments arguments;
  arguments.positional.push_back(
      {Argument::Kind::tensor, graph.add_input("x", DType::float32, shape), {}, {}, {}, {}});
  const Dialect dialect{keras_major, "", ""};
  for (Value y : call_layer(*layer, arguments, dialect, g).out) graph.add_output("y", y);
  return ir::print(graph);
}

std::string layer(const std::string& class_name, const std::string& config) {
  return R"({"class_name": ")" + class_name + R"(", "config": {"name": "layer", )" + config + "}}";
}

struct Pair {
  const char* name;
  std::string old;
  std::string today;
  Shape shape;
};

class OldSpelling : public testing::TestWithParam<Pair> {};

TEST_P(OldSpelling, gives_the_graph_of_todays) {
  EXPECT_EQ(graph_of(GetParam().old, GetParam().shape, 1), graph_of(GetParam().today, GetParam().shape, 3));
}

const Pair kPairs[] = {
    {"convolution1d",
     layer("Convolution1D",
           R"("nb_filter": 4, "filter_length": 3, "subsample_length": 2, "border_mode": "same",
       "bias": false, "input_dim": null, "input_length": null, "activation": "relu")"),
     layer("Conv1D",
           R"("filters": 4, "kernel_size": [3], "strides": [2], "padding": "same", "use_bias": false,
       "activation": "relu")"),
     {Shape::kUnknown, 9, 2}},
    {"convolution2d",
     layer("Convolution2D",
           R"("nb_filter": 4, "nb_row": 3, "nb_col": 2, "subsample": [2, 1], "border_mode": "valid",
       "dim_ordering": "tf")"),
     layer("Conv2D", R"("filters": 4, "kernel_size": [3, 2], "strides": [2, 1])"),
     {Shape::kUnknown, 9, 8, 2}},
    {"convolution2d_channels_first",
     layer("Convolution2D", R"("nb_filter": 4, "nb_row": 3, "nb_col": 2, "dim_ordering": "th")"),
     layer("Conv2D", R"("filters": 4, "kernel_size": [3, 2], "data_format": "channels_first")"),
     {Shape::kUnknown, 2, 9, 8}},
    {"convolution3d",
     layer("Convolution3D",
           R"("nb_filter": 4, "kernel_dim1": 3, "kernel_dim2": 2, "kernel_dim3": 1, "subsample": [1, 2, 1])"),
     layer("Conv3D", R"("filters": 4, "kernel_size": [3, 2, 1], "strides": [1, 2, 1])"),
     {Shape::kUnknown, 5, 5, 5, 2}},
    {"atrous_convolution2d",
     layer("AtrousConvolution2D", R"("nb_filter": 4, "nb_row": 3, "nb_col": 3, "atrous_rate": [2, 2])"),
     layer("Conv2D", R"("filters": 4, "kernel_size": 3, "dilation_rate": 2)"),
     {Shape::kUnknown, 9, 9, 2}},
    {"deconvolution2d",
     layer("Deconvolution2D",
           R"("nb_filter": 4, "nb_row": 3, "nb_col": 3, "subsample": [2, 2], "border_mode": "same",
       "output_shape": [null, 9, 10, 4])"),
     layer("Conv2DTranspose",
           R"("filters": 4, "kernel_size": 3, "strides": 2, "padding": "same", "output_padding": [0, 1])"),
     {Shape::kUnknown, 5, 5, 2}},
    {"max_pooling1d",
     layer("MaxPooling1D", R"("pool_length": 3, "stride": 2, "border_mode": "same")"),
     layer("MaxPooling1D", R"("pool_size": [3], "strides": [2], "padding": "same")"),
     {Shape::kUnknown, 9, 2}},
    {"max_pooling1d_without_strides",
     layer("MaxPooling1D", R"("pool_length": 3, "stride": null)"),
     layer("MaxPooling1D", R"("pool_size": [3], "strides": [3])"),
     {Shape::kUnknown, 9, 2}},
    {"up_sampling1d",
     layer("UpSampling1D", R"("length": 3)"),
     layer("UpSampling1D", R"("size": 3)"),
     {Shape::kUnknown, 9, 2}},
    {"zero_padding2d_four_numbers",
     layer("ZeroPadding2D", R"("padding": [1, 2, 3, 4], "dim_ordering": "tf")"),
     layer("ZeroPadding2D", R"("padding": [[1, 2], [3, 4]])"),
     {Shape::kUnknown, 9, 8, 2}},
    {"zero_padding2d_named",
     layer("ZeroPadding2D", R"("padding": {"top_pad": 1, "right_pad": 4})"),
     layer("ZeroPadding2D", R"("padding": [[1, 0], [0, 4]])"),
     {Shape::kUnknown, 9, 8, 2}},
    {"batch_normalization",
     layer("BatchNormalization", R"("epsilon": 1e-5, "mode": 0, "axis": -1, "momentum": 0.9)"),
     layer("BatchNormalization", R"("epsilon": 1e-5, "axis": 3)"),
     {Shape::kUnknown, 9, 8, 2}},
    {"batch_normalization_axis_list",
     layer("BatchNormalizationV1", R"("axis": [1], "fused": true, "renorm": false,
       "virtual_batch_size": null, "adjustment": null)"),
     layer("BatchNormalization", R"("axis": 1)"),
     {Shape::kUnknown, 2, 9, 8}},
};

INSTANTIATE_TEST_SUITE_P(Layers, OldSpelling, testing::ValuesIn(kPairs),
                         [](const auto& pair) { return std::string(pair.param.name); });

// The stored weight, counting 0, 1, 2, ... in row-major order, after the layer adapted it.
std::vector<double> adapted(const std::string& serialized, const Shape& slot, const Shape& stored,
                            int keras_major) {
  const auto instance = make_instance(Json::parse(serialized, "test"), nullptr, "");
  instance->weights.push_back({"kernel", slot, true, {}, {}});
  std::vector<float> numbers(static_cast<size_t>(stored.elements()));
  for (size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<float>(i);
  std::vector<StoredWeight> weights{{"kernel", tensor_of(numbers, stored)}};
  const Dialect dialect{keras_major, "", ""};
  LegacyWeights legacy{*instance, dialect, weights};
  instance->def.from_legacy(legacy);
  EXPECT_EQ(weights[0].tensor.shape, slot);
  return to_doubles(weights[0].tensor);
}

using Numbers = std::vector<double>;

TEST(OldKernel, conv1d_of_keras_1_2_loses_its_axis_of_size_1) {
  EXPECT_EQ(adapted(layer("Convolution1D", R"("nb_filter": 2)"), {2, 1, 2}, {2, 1, 1, 2}, 1),
            (Numbers{0, 1, 2, 3}));
}

TEST(OldKernel, conv1d_of_keras_1_1_is_transposed) {
  // (filters, channels, length, 1) = (2, 1, 3, 1) -> (length, channels, filters)
  EXPECT_EQ(adapted(layer("Convolution1D", R"("nb_filter": 2)"), {3, 1, 2}, {2, 1, 3, 1}, 1),
            (Numbers{0, 3, 1, 4, 2, 5}));
}

TEST(OldKernel, conv2d_of_keras_1_under_th_is_transposed_even_if_the_shape_fits) {
  const std::string config = layer("Convolution2D", R"("dim_ordering": "th")");
  EXPECT_EQ(adapted(config, {1, 2, 1, 1}, {1, 1, 1, 2}, 1), (Numbers{0, 1}));
  EXPECT_EQ(adapted(config, {2, 1, 1, 2}, {2, 1, 2, 1}, 1), (Numbers{0, 2, 1, 3}));
  EXPECT_EQ(adapted(config, {2, 2, 2, 2}, {2, 2, 2, 2}, 1),
            (Numbers{0, 8, 4, 12, 1, 9, 5, 13, 2, 10, 6, 14, 3, 11, 7, 15}));
}

TEST(OldKernel, conv2d_of_keras_2_stays_as_it_is) {
  const std::string config = layer("Conv2D", R"("data_format": "channels_first")");
  EXPECT_EQ(adapted(config, {1, 1, 2, 2}, {1, 1, 2, 2}, 2), (Numbers{0, 1, 2, 3}));
}

TEST(OldKernel, deconvolution2d_swaps_its_channels) {
  EXPECT_EQ(adapted(layer("Deconvolution2D", R"("dim_ordering": "tf")"), {1, 1, 2, 2}, {1, 1, 2, 2}, 1),
            (Numbers{0, 2, 1, 3}));
  EXPECT_EQ(adapted(layer("Deconvolution2D", R"("dim_ordering": "th")"), {1, 2, 3, 1}, {3, 1, 1, 2}, 1),
            (Numbers{0, 2, 4, 1, 3, 5}));
}

}  // namespace
}  // namespace cornu::layers
