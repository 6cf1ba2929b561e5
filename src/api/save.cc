#include "cornu/save.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <vector>

#include "api/convert.h"
#include "base/fail.h"
#include "export/keras_export.h"
#include "export/tensorflow_export.h"
#include "formats/model_writer.h"
#include "formats/optimizer_state.h"

namespace cornu {
namespace {

import::KerasModel built(const std::string& config, std::span<const Array> weights){
    return import::import_config(config, to_tensors(weights));
}

// Keras 3 numbers the optimizer's variables, HDF5 files name them.
void add_state(const TrainingState& state, SaveFormat format, formats::ModelFile& file) {
  for (size_t i = 0; i < state.optimizer.size(); ++i) {
    const NamedArray& item = state.optimizer[i];
    const std::string name = format == SaveFormat::h5 ? item.name : "optimizer/vars/" + std::to_string(i);
    file.optimizer.push_back({name, to_tensor(item.array)});
  }
}

}  // namespace cornu

TrainingState load_training_state(const std::filesystem::path& path) {
  formats::OptimizerState found = formats::read_optimizer_state(path);
  TrainingState state;
  state.compiled = std::move(found.training_config);
  for (const formats::NamedTensor& item : found.variables)
    state.optimizer.push_back({item.name, to_array(item.tensor)});
  return state;
}

void save_model(const std::string& config, std::span<const Array> weights, const std::filesystem::path& path,
                SaveFormat format, const TrainingState& state) {
  using exporting::KerasLayout;
  const import::KerasModel model = built(config, weights);
  if (format == SaveFormat::saved_model) return exporting::export_saved_model(model, path);
  const bool is_h5 = format == SaveFormat::h5;
  formats::ModelFile file =
      exporting::keras_file(model, config, is_h5 ? KerasLayout::hdf5 : KerasLayout::keras);
  if (format != SaveFormat::weights) add_state(state, format, file);
  if (is_h5) {
    file.training_config = state.compiled;
    return formats::write_hdf5_file(file, path);
  }
  if (!state.compiled.empty() && format == SaveFormat::keras) exporting::set_compiled(file, state.compiled);
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
