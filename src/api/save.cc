#include "cornu/save.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <vector>

#include "base/fail.h"
#include "export/keras_export.h"
#include "export/tensorflow_export.h"
#include "formats/model_writer.h"

namespace cornu {
namespace {

import::KerasModel built(const std::string& config,
                         std::span<const Array> weights){std::vector<Tensor> tensors;
for (const Array& weight : weights)
  tensors.push_back({weight.dtype, Shape(weight.shape), weight.data, weight.owner, false});
return import::import_config(config, tensors);
}  // namespace

}  // namespace cornu

void save_model(const std::string& config, std::span<const Array> weights, const std::filesystem::path& path,
                SaveFormat format) {
  using exporting::KerasLayout;
  const import::KerasModel model = built(config, weights);
  if (format == SaveFormat::saved_model) return exporting::export_saved_model(model, path);
  if (format == SaveFormat::h5)
    return formats::write_hdf5_file(exporting::keras_file(model, config, KerasLayout::hdf5), path);
  formats::ModelFile file = exporting::keras_file(model, config, KerasLayout::keras);
  if (format == SaveFormat::keras) return formats::write_keras_file(file, path);
  file.config.clear();
  formats::write_hdf5_file(file, path);
}

void write_model(const std::string& config, std::span<const Array> weights, int descriptor) {
  const formats::ModelFile file =
      exporting::keras_file(built(config, weights), config, exporting::KerasLayout::keras);
  const auto fail_write = [](int error) {
    fail(ErrorCode::io, "write_model", "cannot write the file: {}", std::strerror(error));
  };
  const int copy = ::dup(descriptor);  // fclose() would close the caller's
  if (copy < 0) fail_write(errno);
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> stream(::fdopen(copy, "w+b"), std::fclose);
  if (stream == nullptr) {
    const int error = errno;
    ::close(copy);
    fail_write(error);
  }
  std::rewind(stream.get());
  formats::write_keras_zip(file, stream.get(), "model.keras");
  if (std::fflush(stream.get()) != 0) fail_write(errno);
}

}  // namespace cornu
