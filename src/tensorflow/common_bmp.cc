#include <cstdlib>
#include <cstring>

#include "base/fail.h"
#include "tensorflow/image_file.h"

namespace cornu::tensorflow {
namespace {

template <class T>
T number_at(std::string_view file, size_t offset) {
  T value{};
  std::memcpy(&value, file.data() + offset, sizeof value);
  return value;
}

// Blue, green, red (and alpha), or grey, to the channels that are asked for.
void convert(const char* from, int64_t stored, uint8_t* to, int64_t channels) {
  const auto value = [&](int64_t c) { return static_cast<uint8_t>(from[c]); };
  for (int64_t c = 0; c < channels; ++c) {
    if (c == 3) {
      to[c] = stored == 4 ? value(3) : 255;
    } else {
      to[c] = stored == 1 ? value(0) : value(2 - c);
    }
  }
}

}  // namespace

Pixels decode_bmp(std::string_view file, int channels) {
  if (file.size() < 32) fail(ErrorCode::bad_file, "", "the BMP image is cut: it has {} bytes", file.size());
  const auto start = number_at<int32_t>(file, 10), width = number_at<int32_t>(file, 18),
             height = number_at<int32_t>(file, 22);
  const int64_t bits = number_at<int16_t>(file, 28), stored = bits / 8;
  if (channels == 1 || (stored != 1 && stored != 3 && stored != 4))
    fail(ErrorCode::unsupported, "", "a BMP image of {} bits a pixel is not decoded to {} channels", bits,
         channels);
  Pixels out{
      .height = std::abs(int64_t{height}), .width = width, .channels = channels == 0 ? stored : channels};
  check_image_size(out.height, out.width, out.channels, file.size());
  const int64_t row = (stored * out.width + 3) / 4 * 4;  // rows are filled up to four bytes
  if (start < 0 || start + row * out.height != static_cast<int64_t>(file.size()))
    fail(ErrorCode::bad_file, "", "the BMP image has {} bytes, its header tells {}", file.size(),
         start + row * out.height);
  out.bytes.resize(static_cast<size_t>(out.height * out.width * out.channels));
  for (int64_t y = 0; y < out.height; ++y) {
    const char* from = file.data() + start + (height < 0 ? y : out.height - 1 - y) * row;
    uint8_t* to = out.bytes.data() + y * out.width * out.channels;
    for (int64_t x = 0; x < out.width; ++x)
      convert(from + x * stored, stored, to + x * out.channels, out.channels);
  }
  return out;
}

}  // namespace cornu::tensorflow
