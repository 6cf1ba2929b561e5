// Images as files hold them, decoded as TensorFlow decodes them. The bytes come from whoever asks for a prediction and are
// hostile: what a header promises is compared with the bytes that are there before memory is taken.
// Source  tensorflow/core/kernels/image/decode_image_op.cc and lib/{png,jpeg,gif}, 2.21
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace cornu::tensorflow {

// frames x height x width x channels. `wide`: a value is two bytes of the machine's order, else one.
struct Pixels {
  int64_t frames = 1, height = 0, width = 0, channels = 0;
  bool wide = false;
  std::vector<uint8_t> bytes = {};
};

// Throws bad_file for sizes that are not positive, of 2^29 values or more (TensorFlow's limit), or that `file_bytes` bytes
// cannot hold, however well they are compressed. 4096: above what deflate (1032), a JPEG's runs of blocks (1024) and LZW
// (2730) can reach.
void check_image_size(int64_t height, int64_t width, int64_t channels, size_t file_bytes);

// All throw bad_file if the file is cut or broken, unsupported for kinds that TensorFlow does not take either.
//   channels  0: those of the file; PNG also 1..4, JPEG 1 or 3, BMP 3 or 4
//   wide      values of 16 bits; those of 8 bits are repeated in the high byte
Pixels decode_png(std::string_view file, int channels, bool wide);

struct Window {
  int64_t top, left, height, width;
  bool inside(const Window& of) const {
    return top >= 0 && left >= 0 && height > 0 && width > 0 && top <= of.height - height &&
           left <= of.width - width;
  }
};

struct JpegOptions {
  int channels = 0;
  int ratio = 1;  // 1, 2, 4, 8: the image is made smaller by it
  bool fancy_upscaling = true;
  bool recover_truncated = false;     // what is missing of a cut file becomes grey
  bool accurate = false;              // the slow integer DCT; else the fast one
  std::optional<Window> window = {};  // the part that is wanted
};
Pixels decode_jpeg(std::string_view file, const JpegOptions& options);
Pixels read_jpeg_header(std::string_view file);  // sizes and channels without values

// Red, green, blue of each frame, or of the first one; what a frame leaves out comes from the one before.
Pixels decode_gif(std::string_view file, bool all_frames);
Pixels decode_bmp(std::string_view file, int channels);

}  // namespace cornu::tensorflow
