#include <algorithm>
#include <csetjmp>
#include <cstdio>
#include <cstring>
#include <string>

// jpeglib.h needs stdio.h and size_t before it.
#include <jerror.h>
#include <jpeglib.h>

#include "base/fail.h"
#include "tensorflow/image_file.h"

namespace cornu::tensorflow {
namespace {

// libjpeg's limit is the number of scans that a file may make it walk through the whole image. 500: as its own fuzzers.
constexpr int kMaxScans = 500;

// libjpeg reports errors by a jump, which skips destructors: steps own nothing.
class JpegReader {
 public:
  JpegReader(std::string_view file, bool recover) : recover_(recover) {
    info.err = jpeg_std_error(&errors_);
    info.client_data = this;
    errors_.error_exit = on_error;
    errors_.emit_message = on_message;
    progress_.progress_monitor = on_progress;
    source_.init_source = nothing;
    source_.term_source = nothing;
    source_.fill_input_buffer = on_end;
    source_.skip_input_data = skip;
    source_.resync_to_restart = jpeg_resync_to_restart;
    source_.next_input_byte = reinterpret_cast<const JOCTET*>(file.data());
    source_.bytes_in_buffer = file.size();
    run([&] { jpeg_create_decompress(&info); });
    info.src = &source_;
    info.progress = &progress_;
  }
  JpegReader(const JpegReader&) = delete;
  JpegReader& operator=(const JpegReader&) = delete;
  ~JpegReader() { jpeg_destroy_decompress(&info); }

  template <class Step>
  void run(const Step& step) {
    if (setjmp(back_) != 0) fail(ErrorCode::bad_file, "", "the JPEG image is broken: {}", message_);
    step();
  }

  jpeg_decompress_struct info{};

 private:
  static JpegReader& self(void* info) {
    return *static_cast<JpegReader*>(static_cast<j_common_ptr>(info)->client_data);
  }
  static void on_error(j_common_ptr info) {
    char text[JMSG_LENGTH_MAX];
    info->err->format_message(info, text);
    self(info).message_ = text;
    longjmp(self(info).back_, 1);
  }
  static void on_message(j_common_ptr, int) {}
  static void on_progress(j_common_ptr info) {
    if (reinterpret_cast<j_decompress_ptr>(info)->input_scan_number <= kMaxScans) return;
    self(info).message_ = "it has too many scans";
    longjmp(self(info).back_, 1);
  }
  static void nothing(j_decompress_ptr) {}
  static boolean on_end(j_decompress_ptr info) {
    static constexpr JOCTET kEnd[] = {0xFF, JPEG_EOI};
    JpegReader& reader = self(info);
    if (!reader.recover_ || reader.ended_) {
      reader.message_ = "it is cut";
      longjmp(reader.back_, 1);
    }
    reader.ended_ = true;
    info->src->next_input_byte = kEnd;
    info->src->bytes_in_buffer = sizeof kEnd;
    return TRUE;
  }
  static void skip(j_decompress_ptr info, long count) {
    if (count <= 0) return;
    if (static_cast<size_t>(count) > info->src->bytes_in_buffer) {
      on_end(info);
      return;
    }
    info->src->next_input_byte += count;
    info->src->bytes_in_buffer -= static_cast<size_t>(count);
  }

  jpeg_error_mgr errors_{};
  jpeg_source_mgr source_{};
  jpeg_progress_mgr progress_{};
  jmp_buf back_{};
  std::string message_;
  bool recover_, ended_ = false;
};

// A row of cyan, magenta, yellow, black; Adobe stores them inverted.
void rgb_row(const uint8_t* cmyk, bool inverted, int64_t width, uint8_t* rgb) {
  const auto part = [&](int value) { return inverted ? value : 255 - value; };
  for (int64_t x = 0; x < width; ++x) {
    for (int c = 0; c < 3; ++c)
      rgb[3 * x + c] = static_cast<uint8_t>(part(cmyk[4 * x + 3]) * part(cmyk[4 * x + c]) / 255);
  }
}

}  // namespace

Pixels read_jpeg_header(std::string_view file) {
  JpegReader reader(file, false);
  reader.run([&] { jpeg_read_header(&reader.info, TRUE); });
  return {.height = reader.info.image_height,
          .width = reader.info.image_width,
          .channels = reader.info.num_components};
}

Pixels decode_jpeg(std::string_view file, const JpegOptions& options) {
  JpegReader reader(file, options.recover_truncated);
  jpeg_decompress_struct& info = reader.info;
  reader.run([&] { jpeg_read_header(&info, TRUE); });
  check_image_size(info.image_height, info.image_width, info.num_components, file.size());
  const int channels = options.channels != 0 ? options.channels : std::min(info.num_components, 3);
  if (channels != 1 && channels != 3)
    fail(ErrorCode::unsupported, "", "a JPEG image has 1 or 3 channels, not {}", channels);
  const bool cmyk = channels == 3 && (info.jpeg_color_space == JCS_CMYK || info.jpeg_color_space == JCS_YCCK);
  info.out_color_space = channels == 1 ? JCS_GRAYSCALE : cmyk ? JCS_CMYK : JCS_RGB;
  info.do_fancy_upsampling = options.fancy_upscaling ? TRUE : FALSE;
  info.scale_num = 1;
  info.scale_denom = static_cast<unsigned>(options.ratio);
  info.dct_method = options.accurate ? JDCT_ISLOW : JDCT_IFAST;
  reader.run([&] { jpeg_start_decompress(&info); });
  const Window whole{0, 0, info.output_height, info.output_width};
  const Window window = options.window.value_or(whole);
  if (!window.inside(whole))
    fail(ErrorCode::bad_shape, "", "the window of the crop does not lie inside an image of {} x {} pixels",
         whole.height, whole.width);
  // The window is widened to the left, to a block of the image; pixels beside it count where colours are interpolated.
  auto left = static_cast<JDIMENSION>(window.left), width = static_cast<JDIMENSION>(window.width);
  reader.run([&] {
    if (options.window) jpeg_crop_scanline(&info, &left, &width);
    if (window.top > 0) jpeg_skip_scanlines(&info, static_cast<JDIMENSION>(window.top));
  });
  Pixels out{.height = window.height, .width = window.width, .channels = channels};
  out.bytes.resize(static_cast<size_t>(out.height * out.width * channels));
  std::vector<uint8_t> line(size_t{info.output_width} * 4);
  const auto shift = static_cast<size_t>(window.left) - left;
  reader.run([&] {
    for (int64_t y = 0; y < window.height; ++y) {
      uint8_t* to = out.bytes.data() + y * out.width * channels;
      JSAMPROW row = line.data();
      jpeg_read_scanlines(&info, &row, 1);
      if (cmyk) {
        rgb_row(row + shift * 4, info.saw_Adobe_marker != FALSE, out.width, to);
      } else {
        std::memcpy(to, row + shift * static_cast<size_t>(channels),
                    static_cast<size_t>(out.width * channels));
      }
    }
    if (info.output_scanline == info.output_height) jpeg_finish_decompress(&info);  // the mark of the end
  });
  return out;
}

}  // namespace cornu::tensorflow
