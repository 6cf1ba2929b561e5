#include <gif_lib.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "base/fail.h"
#include "tensorflow/image_file.h"

namespace cornu::tensorflow {
namespace {

struct Frame {
  int64_t left, top, width, height;
  int transparent;                // colour that leaves the canvas as it is; -1: none
  std::vector<uint8_t> indices;   // of colours, row by row
  std::vector<GifColorType> map;  // colours
};

[[noreturn]] void fail_gif(const char* message) {
  fail(ErrorCode::bad_file, "", "the GIF image is broken: {}",
       message == nullptr ? "unknown error" : message);
}

int read(GifFileType* gif, GifByteType* to, int count) {
  auto& rest = *static_cast<std::string_view*>(gif->UserData);
  const size_t taken = std::min(rest.size(), static_cast<size_t>(count));
  std::memcpy(to, rest.data(), taken);
  rest.remove_prefix(taken);
  return static_cast<int>(taken);
}

void need(const GifFileType& gif, int result) {
  if (result == GIF_ERROR) fail_gif(GifErrorString(gif.Error));
}

struct Pass {
  int64_t first, step;
};
constexpr Pass kPlain[] = {{0, 1}}, kInterlaced[] = {{0, 8}, {4, 8}, {2, 4}, {1, 2}};

// A frame takes no more memory than its compressed bytes may become, so all of them do not either.
Frame read_frame(GifFileType& gif, int transparent, size_t file_bytes) {
  need(gif, DGifGetImageDesc(&gif));
  const GifImageDesc& image = gif.Image;
  check_image_size(image.Height, image.Width, 1, file_bytes);
  const ColorMapObject* map = image.ColorMap != nullptr ? image.ColorMap : gif.SColorMap;
  if (map == nullptr) fail_gif("a frame has no colours");
  Frame frame{image.Left, image.Top, image.Width, image.Height, transparent, {}, {}};
  frame.map.assign(map->Colors, map->Colors + map->ColorCount);
  frame.indices.resize(static_cast<size_t>(frame.width * frame.height));
  for (const Pass& pass :
       image.Interlace ? std::span<const Pass>(kInterlaced) : std::span<const Pass>(kPlain)) {
    for (int64_t y = pass.first; y < frame.height; y += pass.step)
      need(gif, DGifGetLine(&gif, frame.indices.data() + y * frame.width, static_cast<int>(frame.width)));
  }
  return frame;
}

// The transparent colour that an extension names, -1 where it names none.
int read_extension(GifFileType& gif) {
  int code = 0, transparent = -1;
  GifByteType* data = nullptr;
  need(gif, DGifGetExtension(&gif, &code, &data));
  while (data != nullptr) {
    GraphicsControlBlock control{};
    if (code == GRAPHICS_EXT_FUNC_CODE && DGifExtensionToGCB(data[0], data + 1, &control) == GIF_OK)
      transparent = control.TransparentColor;
    need(gif, DGifGetExtensionNext(&gif, &data));
  }
  return transparent;
}

std::vector<Frame> read_frames(std::string_view file) {
  std::string_view rest = file;
  int error = D_GIF_SUCCEEDED;
  const auto close = [](GifFileType* gif) { DGifCloseFile(gif, nullptr); };
  const std::unique_ptr<GifFileType, decltype(close)> gif(DGifOpen(&rest, read, &error), close);
  if (gif == nullptr) fail_gif(GifErrorString(error));
  std::vector<Frame> frames;
  int transparent = -1;
  GifRecordType type = UNDEFINED_RECORD_TYPE;
  // The mark of the end may lack behind a whole frame.
  while (type != TERMINATE_RECORD_TYPE && (frames.empty() || !rest.empty())) {
    need(*gif, DGifGetRecordType(gif.get(), &type));
    if (type == IMAGE_DESC_RECORD_TYPE) {
      frames.push_back(read_frame(*gif, transparent, file.size()));
      transparent = -1;
    } else if (type == EXTENSION_RECORD_TYPE) {
      const int named = read_extension(*gif);
      if (named >= 0) transparent = named;
    }
  }
  if (frames.empty()) fail_gif("it has no frame");
  return frames;
}

// Lays a frame over the canvas, which is cut where the frame is larger.
void draw(const Frame& frame, Pixels& canvas, uint8_t* to) {
  const int64_t bottom = std::min(frame.top + frame.height, canvas.height);
  const int64_t right = std::min(frame.left + frame.width, canvas.width);
  for (int64_t y = frame.top; y < bottom; ++y) {
    for (int64_t x = frame.left; x < right; ++x) {
      const int index = frame.indices[static_cast<size_t>((y - frame.top) * frame.width + x - frame.left)];
      if (index == frame.transparent) continue;
      if (static_cast<size_t>(index) >= frame.map.size())
        fail_gif("a pixel has a colour that is not in its table");
      const GifColorType& color = frame.map[static_cast<size_t>(index)];
      uint8_t* pixel = to + (y * canvas.width + x) * 3;
      pixel[0] = color.Red;
      pixel[1] = color.Green;
      pixel[2] = color.Blue;
    }
  }
}

}  // namespace

Pixels decode_gif(std::string_view file, bool all_frames) {
  std::vector<Frame> frames = read_frames(file);
  Pixels out{.channels = 3};
  for (const Frame& frame : frames) {
    out.height = std::max(out.height, frame.height);
    out.width = std::max(out.width, frame.width);
  }
  if (!all_frames) frames.resize(1);
  out.frames = static_cast<int64_t>(frames.size());
  check_image_size(out.height * out.frames, out.width, 3, SIZE_MAX / 2);
  const auto size = static_cast<size_t>(out.height * out.width * 3);
  out.bytes.resize(size * frames.size());
  for (size_t k = 0; k < frames.size(); ++k) {
    uint8_t* to = out.bytes.data() + k * size;
    if (k > 0) std::memcpy(to, to - size, size);
    draw(frames[k], out, to);
  }
  return out;
}

}  // namespace cornu::tensorflow
