#include <png.h>

#include <cstring>
#include <string>

#include "base/fail.h"
#include "tensorflow/image_file.h"

namespace cornu::tensorflow {
namespace {

// libpng reports errors by a jump, which skips destructors: steps own nothing.
class PngReader {
 public:
  explicit PngReader(std::string_view file) : rest_(file) {
    png = png_create_read_struct(PNG_LIBPNG_VER_STRING, this, on_error, on_warning);
    if (png != nullptr) info = png_create_info_struct(png);
    if (info == nullptr) fail(ErrorCode::out_of_memory, "", "a PNG image finds no memory");
    png_set_read_fn(png, this, read);
  }
  PngReader(const PngReader&) = delete;
  PngReader& operator=(const PngReader&) = delete;
  ~PngReader() { png_destroy_read_struct(&png, &info, nullptr); }

  template <class Step>
  void run(const Step& step) {
    if (setjmp(png_jmpbuf(png)) != 0) fail(ErrorCode::bad_file, "", "the PNG image is broken: {}", message_);
    step();
  }

  png_structp png = nullptr;
  png_infop info = nullptr;

 private:
  static void on_error(png_structp png, png_const_charp message) {
    static_cast<PngReader*>(png_get_error_ptr(png))->message_ = message;
    png_longjmp(png, 1);
  }
  static void on_warning(png_structp, png_const_charp) {}
  static void read(png_structp png, png_bytep data, size_t count) {
    auto& rest = static_cast<PngReader*>(png_get_io_ptr(png))->rest_;
    if (rest.size() < count) png_error(png, "it is cut");
    std::memcpy(data, rest.data(), count);
    rest.remove_prefix(count);
  }

  std::string_view rest_;
  std::string message_;
};

// Settings of the reader, in the order that TensorFlow makes them. Gives the number of channels.
int set_transforms(png_structp png, png_infop info, int channels, bool wide) {
  const int color = png_get_color_type(png, info), depth = png_get_bit_depth(png, info);
  const bool transparent = png_get_valid(png, info, PNG_INFO_tRNS) != 0;
  const bool palette = color == PNG_COLOR_TYPE_PALETTE, grey = (color & PNG_COLOR_MASK_COLOR) == 0;
  if (channels == 0) channels = palette ? 3 + static_cast<int>(transparent) : png_get_channels(png, info);
  const bool alpha = (color & PNG_COLOR_MASK_ALPHA) != 0;
  if (channels % 2 == 1) {
    if (alpha || transparent) png_set_strip_alpha(png);
  } else if (!alpha && transparent) {
    png_set_tRNS_to_alpha(png);
  } else if (!alpha) {
    png_set_add_alpha(png, (1U << depth) - 1, PNG_FILLER_AFTER);
  }
  if (depth > 8 && !wide) png_set_strip_16(png);
  png_set_packing(png);
  if (wide) png_set_swap(png);
  if (palette) png_set_palette_to_rgb(png);
  if (grey && depth < 8) png_set_expand_gray_1_2_4_to_8(png);
  if (channels >= 3 && grey) png_set_gray_to_rgb(png);
  if (channels < 3 && !grey) png_set_rgb_to_gray(png, PNG_ERROR_ACTION_NONE, 0.299, 0.587);
  return channels;
}

// 8 bits to 16, in place: each value twice.
void widen(std::vector<uint8_t>& bytes) {
  for (size_t i = bytes.size() / 2; i-- > 0;) bytes[2 * i] = bytes[2 * i + 1] = bytes[i];
}

}  // namespace

void check_image_size(int64_t height, int64_t width, int64_t channels, size_t file_bytes) {
  const int64_t most = int64_t{1} << 29;
  if (height <= 0 || width <= 0 || height >= most || width >= most || height * width >= most ||
      height * width * channels >= most)
    fail(ErrorCode::bad_file, "", "an image of {} x {} pixels is too large, less than 2^29 values are taken",
         height, width);
  if (height * width * channels / 4096 > static_cast<int64_t>(file_bytes))
    fail(ErrorCode::bad_file, "", "{} bytes cannot hold an image of {} x {} pixels", file_bytes, height,
         width);
}

Pixels decode_png(std::string_view file, int channels, bool wide) {
  PngReader reader(file);
  png_structp png = reader.png;
  reader.run([&] { png_read_info(png, reader.info); });
  Pixels out{.height = png_get_image_height(png, reader.info),
             .width = png_get_image_width(png, reader.info)};
  check_image_size(out.height, out.width, 4, file.size());
  const bool twice = wide && png_get_bit_depth(png, reader.info) <= 8;
  int passes = 1;
  reader.run([&] {
    out.channels = set_transforms(png, reader.info, channels, wide);
    passes = png_set_interlace_handling(png);
    png_read_update_info(png, reader.info);
  });
  out.wide = wide;
  const size_t row = static_cast<size_t>(out.width * out.channels) * (wide ? 2 : 1);
  const size_t stored = twice ? row / 2 : row;
  if (png_get_rowbytes(png, reader.info) != stored)
    fail(ErrorCode::unsupported, "", "a PNG image of this kind cannot have {} channels", out.channels);
  out.bytes.resize(static_cast<size_t>(out.height) * row);
  reader.run([&] {
    for (int pass = 0; pass < passes; ++pass) {
      for (size_t y = 0; y < static_cast<size_t>(out.height); ++y)
        png_read_row(png, out.bytes.data() + y * stored, nullptr);
    }
    png_read_end(png, nullptr);
  });
  if (twice) widen(out.bytes);
  return out;
}

}  // namespace cornu::tensorflow
