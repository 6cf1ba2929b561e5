// Source: keras/src/saving/saving_lib.py, _save_model_to_fileobj, 3.15.1; docs/formats/keras_zip.md
#include <string_view>

#include "base/output_file.h"
#include "formats/model_writer.h"
#include "formats/zip_writer.h"

namespace cornu::formats {
namespace {

constexpr int64_t kZip64Bytes = 0xffffffff;  // sizes from here on need zip64 fields (APPNOTE 4.4.8)

int64_t total_bytes(const std::vector<NamedTensor>& tensors) {
  // What an array's header and name may take is far below this.
  constexpr int64_t kHeaderBytes = 4096;
  int64_t sum = 0;
  for (const NamedTensor& tensor : tensors) sum += tensor.tensor.size_bytes() + kHeaderBytes;
  return sum;
}

void write_text(ZipWriter& zip, const std::string& entry, std::string_view text) {
  zip.begin(entry, false);
  zip.write(std::as_bytes(std::span(text.data(), text.size())));
}

}  // namespace

void write_keras_zip(const ModelFile& model, std::FILE* stream, const std::string& name) {
  ZipWriter zip(stream, name);
  write_text(zip, "metadata.json",
             R"({"keras_version": ")" + model.keras_version + R"(", "date_saved": "1980-01-01@00:00:00"})");
  write_text(zip, "config.json", model.config);
  ModelFile weights;
  weights.variables = model.variables;
  weights.optimizer = model.optimizer;
  zip.begin("model.weights.h5",
            total_bytes(weights.variables) + total_bytes(weights.optimizer) >= kZip64Bytes);
  write_hdf5(weights, [&zip](std::span<const std::byte> bytes) { zip.write(bytes); });
  zip.finish();
}

void write_keras_file(const ModelFile& model, const std::filesystem::path& path) {
  OutputFile file(path);
  write_keras_zip(model, file.stream(), path.string());
  file.commit();
}

}  // namespace cornu::formats
