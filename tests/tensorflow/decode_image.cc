// Files of images that are cut, changed or lie about their sizes. What whole ones give: decode_image.py.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "formats/arrays.h"
#include "support/expect_error.h"
#include "support/test_data.h"
#include "tensor/variant.h"
#include "tensorflow/image_file.h"

namespace cornu::tensorflow {
namespace {

std::vector<std::string> golden_files() {
  std::set<std::string> files;
  for (const auto& array :
       formats::read_arrays(test::data_folder() / "golden" / "tensorflow" / "decode_image.npz")) {
    if (array.tensor.dtype == DType::string) files.insert(strings_of(array.tensor)[0]);
  }
  return {files.begin(), files.end()};
}

Pixels decode(std::string_view file) {
  if (file[0] == 'B') return decode_bmp(file, 0);
  if (file[0] == 'G') return decode_gif(file, true);
  return file[0] == '\xFF' ? decode_jpeg(file, {}) : decode_png(file, 0, false);
}

// Every answer is bounded, every error typed.
void decode_hostile(const std::string& file) {
  try {
    const Pixels pixels = decode(file);
    EXPECT_EQ(pixels.bytes.size(),
              static_cast<size_t>(pixels.frames * pixels.height * pixels.width * pixels.channels));
  } catch (const Error& error) {
    EXPECT_TRUE(error.code() == ErrorCode::bad_file || error.code() == ErrorCode::unsupported)
        << error.what();
  }
}

std::string starting_with(std::string_view first) {
  for (const std::string& file : golden_files()) {
    if (file.starts_with(first)) return file;
  }
  return {};
}

TEST(decode_image, a_cut_image_is_bad_file) {
  for (const std::string& file : golden_files()) {
    for (size_t size = 4; size < file.size(); ++size) {
      const std::string part = file.substr(0, size);
      if (file[0] == 'G') {
        decode_hostile(part);  // a GIF that ends behind any frame is whole, as in TensorFlow
      } else {
        test::expect_error(
            ErrorCode::bad_file, [&] { decode(part); }, "image");
      }
    }
  }
}

TEST(decode_image, a_changed_byte_is_an_error_or_other_pixels) {
  for (const std::string& file : golden_files()) {
    for (size_t i = 4; i < file.size(); ++i) {
      for (const int bits : {0xFF, 0x01, 0x80}) {
        std::string changed = file;
        changed[i] = static_cast<char>(changed[i] ^ bits);
        decode_hostile(changed);
      }
    }
  }
}

TEST(decode_image, a_header_that_promises_too_much_is_bad_file) {
  std::string png = starting_with("\x89PNG");
  png[16] = png[20] = '\x00';
  png[17] = png[21] = '\x0F';  // about a million by a million
  test::expect_error(ErrorCode::bad_file, [&] { decode(png); });
  std::string jpeg = starting_with("\xFF\xD8");
  const size_t frame = jpeg.find("\xFF\xC0");
  jpeg.replace(frame + 5, 4, "\xFF\xDC\xFF\xDC");
  test::expect_error(
      ErrorCode::bad_file, [&] { decode(jpeg); }, "too large");
  jpeg.replace(frame + 5, 4, "\x20\x20\x20\x20");
  test::expect_error(
      ErrorCode::bad_file, [&] { decode(jpeg); }, "cannot hold");
  std::string bmp = starting_with("BM");
  bmp[20] = bmp[24] = '\x7F';
  test::expect_error(
      ErrorCode::bad_file, [&] { decode(bmp); }, "too large");
}

TEST(decode_image, what_lacks_of_a_cut_jpeg_is_grey_where_asked) {
  const std::string jpeg = starting_with("\xFF\xD8");
  const Pixels pixels = decode_jpeg(jpeg.substr(0, jpeg.size() - 100), {.recover_truncated = true});
  EXPECT_EQ(pixels.bytes.back(), 128);
}

TEST(decode_image, a_window_outside_of_the_image_is_bad_shape) {
  const std::string jpeg = starting_with("\xFF\xD8");
  test::expect_error(
      ErrorCode::bad_shape,
      [&] {
        decode_jpeg(jpeg, {.window = Window{0, 0, 4000, 1}});
      },
      "window");
  test::expect_error(
      ErrorCode::bad_shape,
      [&] {
        decode_jpeg(jpeg, {.window = Window{0, -1, 1, 1}});
      },
      "window");
}

}  // namespace
}  // namespace cornu::tensorflow
