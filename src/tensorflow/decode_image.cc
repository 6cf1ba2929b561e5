// Images in files to tensors.
//   DecodeJpeg, DecodePng, DecodeGif, DecodeBmp, DecodeImage, DecodeAndCropJpeg, ExtractJpegShape
// The op hardly matters: what the bytes are is told by their first ones, as in TensorFlow.
// Errors  bad_file for bytes that are no image, cut or broken; unsupported for WebP and JPEG XL
// Source  tensorflow/core/kernels/image/decode_image_op.cc, 2.21
#include <algorithm>
#include <cstring>

#include "tensorflow/compute.h"
#include "tensorflow/image_file.h"
#include "tensorflow/late.h"

namespace cornu::tensorflow {
namespace {

using Bytes = std::string_view;

enum class Kind { jpeg, png, gif, bmp };

Kind kind_of(Bytes file) {
  if (file.starts_with("\xFF\xD8\xFF")) return Kind::jpeg;
  if (file.starts_with("\x89PNG\r\n\x1A\n")) return Kind::png;
  if (file.starts_with("GIF8")) return Kind::gif;
  if (file.starts_with("BM")) return Kind::bmp;
  if (file.starts_with("RIFF") || file.starts_with("\xFF\x0A") || file.substr(4).starts_with("JXL "))
    fail(ErrorCode::unsupported, "",
         "images in WebP and JPEG XL are not decoded, only JPEG, PNG, GIF and BMP");
  fail(ErrorCode::bad_file, "", "{} bytes are no image in JPEG, PNG, GIF or BMP", file.size());
}

Bytes bytes_of(const Tensor& contents) {
  need_type(contents, DType::string, "the file");
  need(contents.shape.elements() == 1, "one file is decoded, not {}", contents.shape.to_string());
  return strings_of(contents)[0];
}

JpegOptions options_of(const NodeDef& node, int channels) {
  JpegOptions options{.channels = channels};
  if (node.op != "DecodeJpeg" && node.op != "DecodeAndCropJpeg") return options;
  options.ratio = static_cast<int>(node.integer("ratio", 1));
  const int r = options.ratio;
  need(r == 1 || r == 2 || r == 4 || r == 8, "ratio is {}, it may be 1, 2, 4 or 8", r);
  options.fancy_upscaling = node.flag("fancy_upscaling", true);
  options.recover_truncated = node.flag("try_recover_truncated");
  options.accurate = node.text("dct_method") == "INTEGER_ACCURATE";
  return options;
}

// The values of `pixels` as `dtype`: numbers of 16 bits span 0 to 65535, floats 0 to 1.
Tensor values_of(const Pixels& pixels, const Shape& shape, DType dtype) {
  NewTensor out = new_tensor(dtype, shape);
  const auto count = static_cast<size_t>(shape.elements());
  const auto fill = [&](auto* to, const auto* from, auto scale) {
    for (size_t i = 0; i < count; ++i)
      to[i] = static_cast<std::remove_reference_t<decltype(*to)>>(from[i] * scale);
  };
  const uint8_t* narrow = pixels.bytes.data();
  const auto* wide = reinterpret_cast<const uint16_t*>(narrow);
  if (dtype == DType::float32) {
    auto* to = reinterpret_cast<float*>(out.data);
    if (pixels.wide) {
      fill(to, wide, 1.0F / 65535);
    } else {
      fill(to, narrow, 1.0F / 255);
    }
  } else if (pixels.wide || dtype == DType::uint8) {
    std::memcpy(out.data, narrow, pixels.bytes.size());
  } else {
    fill(reinterpret_cast<uint16_t*>(out.data), narrow, 256);
  }
  return out.tensor;
}

Pixels decoded(const NodeDef& node, Bytes file, Kind kind, bool wide) {
  const bool any = node.op == "DecodeImage";
  const auto channels = node.op == "DecodeGif" ? 3 : static_cast<int>(node.integer("channels"));
  need(channels == 0 || channels == 1 || channels == 3 || channels == 4,
       "channels is {}, it may be 0, 1, 3 or 4", channels);
  need(any || (kind == Kind::bmp) == (node.op == "DecodeBmp"), "{} does not decode this kind of image",
       node.op);
  switch (kind) {
    case Kind::jpeg:
      return decode_jpeg(file, options_of(node, channels));
    case Kind::png:
      return decode_png(file, channels, wide);
    case Kind::bmp:
      return decode_bmp(file, channels);
    case Kind::gif:
      break;
  }
  need(channels == 0 || channels == 3, "a GIF image has 3 channels, not {}", channels);
  Pixels out = decode_gif(file, !any || node.flag("expand_animations", true));
  need(any || node.op == "DecodeGif" || out.frames == 1, "{} decodes one frame, this GIF image has {}",
       node.op, out.frames);
  return out;
}

Tensors decode(const NodeDef& node, Tensors& in) {
  const Bytes file = bytes_of(in[0]);
  const DType dtype =
      node.op == "DecodePng" || node.op == "DecodeImage" ? node.dtype("dtype", DType::uint8) : DType::uint8;
  need(dtype == DType::uint8 || dtype == DType::uint16 || dtype == DType::float32,
       "dtype is {}, it may be uint8, uint16 or float32", dtype_name(dtype));
  const Kind kind = kind_of(file);
  const Pixels pixels = decoded(node, file, kind, dtype != DType::uint8);
  const bool frames = node.op == "DecodeGif" ||
                      (kind == Kind::gif && node.op == "DecodeImage" && node.flag("expand_animations", true));
  Shape shape{pixels.height, pixels.width, pixels.channels};
  if (frames) shape = joined({pixels.frames}, shape);
  return {values_of(pixels, shape, dtype)};
}

Tensors decode_and_crop(const NodeDef& node, Tensors& in) {
  const Bytes file = bytes_of(in[0]);
  need(kind_of(file) == Kind::jpeg, "only JPEG images are cropped while they are decoded");
  const std::vector<int64_t> crop = to_ints(in[1]);
  need(crop.size() == 4, "the window of the crop has {} numbers, four are needed", crop.size());
  JpegOptions options = options_of(node, static_cast<int>(node.integer("channels")));
  options.window = Window{crop[0], crop[1], crop[2], crop[3]};
  const Pixels pixels = decode_jpeg(file, options);
  return {values_of(pixels, {pixels.height, pixels.width, pixels.channels}, DType::uint8)};
}

Tensors jpeg_shape(const NodeDef& node, Tensors& in) {
  const Pixels pixels = read_jpeg_header(bytes_of(in[0]));
  return {tensor_of_ints(std::vector<int64_t>{pixels.height, pixels.width, pixels.channels}, {3},
                         node.dtype("output_type", DType::int32))};
}

constexpr ComputeRow kRows[] = {
    {"DecodeJpeg", 1, decode, "", false},          {"DecodePng", 1, decode, "", false},
    {"DecodeGif", 1, decode, "", false},           {"DecodeBmp", 1, decode, "", false},
    {"DecodeImage", 1, decode, "", false},         {"DecodeAndCropJpeg", 2, decode_and_crop, "", false},
    {"ExtractJpegShape", 1, jpeg_shape, "", false}};
constexpr auto kNames = names_of(kRows);

Tensors compute(const NodeDef& node, dynamic::Call& call) {
  return run_row(kRows, node, call);
}

constexpr TfOpDef kComputed = {.names = kNames, .compute = compute};

// What is known before the run, so that resizing and convolving behind it are planned.
std::vector<Value> lower(NodeCall& call) {
  const NodeDef& node = call.def;
  const bool image = node.op == "DecodeImage";
  if (node.op == "ExtractJpegShape" || (image && node.flag("expand_animations", true)))
    return add_late(call.g, node, &kComputed, nullptr, call.in, 1);
  const int64_t channels = node.integer("channels");
  Shape shape{Shape::kUnknown, Shape::kUnknown, channels > 0 ? channels : Shape::kUnknown};
  if (node.op == "DecodeGif") shape = {Shape::kUnknown, Shape::kUnknown, Shape::kUnknown, 3};
  const DType dtype = image || node.op == "DecodePng" ? node.dtype("dtype", DType::uint8) : DType::uint8;
  return add_late(call.g, node, &kComputed, nullptr, call.in, {TensorType{dtype, shape}});
}

}  // namespace

CORNU_TF_OP(decode_image) = {.names = kNames, .lower = lower};

}  // namespace cornu::tensorflow
