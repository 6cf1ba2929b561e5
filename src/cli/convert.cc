// cornu convert SRC DST [--to keras|h5|saved_model] [--config FILE]: the same model in another format.
// The format of DST is told by --to, else by its name's ending: .keras, .h5 or .hdf5; none means a SavedModel folder.
// Weights go from file to file, one after another; the result appears under its name complete or not at all.
#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "base/fail.h"
#include "cli/command.h"
#include "cli/model_arguments.h"
#include "export/keras_export.h"
#include "export/tensorflow_export.h"
#include "formats/model_writer.h"
#include "import/saved_keras.h"

namespace cornu::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  ModelArguments model;
  std::string target;
  std::string to;
};

std::string format_of(const Options& options) {
  if (!options.to.empty()) return options.to;
  const std::string ending = fs::path(options.target).extension().string();
  if (ending == ".keras") return "keras";
  if (ending == ".h5" || ending == ".hdf5") return "h5";
  if (ending.empty()) return "saved_model";
  fail(ErrorCode::bad_argument, options.target,
       "the ending '{}' names no format; use .keras, .h5, none for a SavedModel, or give --to", ending);
}

void run(const Options& options) {
  const std::string to = format_of(options);
  std::error_code error;
  if (fs::equivalent(options.model.model, options.target, error)) {
    fail(ErrorCode::bad_argument, options.target, "is the model itself; name another file for the result");
  }
  formats::ModelFile source = formats::read_model_file(options.model.model);
  if (auto part = import::keras_part(source, options.model.model)) source = *std::move(part);
  const LoadOptions load = options.model.load_options();
  const import::KerasModel model = import::import_keras(source, options.model.model, load.config);
  const std::string& config = load.config.empty() ? source.config : load.config;
  if (to == "saved_model") {
    exporting::export_saved_model(model, options.target);
  } else if (to == "keras") {
    formats::write_keras_file(exporting::keras_file(model, config, exporting::KerasLayout::keras),
                              options.target);
  } else {
    formats::write_hdf5_file(exporting::keras_file(model, config, exporting::KerasLayout::hdf5),
                             options.target);
  }
}

std::function<void()> declare(CLI::App& app) {
  auto options = std::make_shared<Options>();
  options->model.declare_model(app);
  app.add_option("DST", options->target, "the file or folder to write")->required();
  app.add_option("--to", options->to, "the format to write; by default what the ending of DST says")
      ->check(CLI::IsMember({"keras", "h5", "saved_model"}));
  return [options] { run(*options); };
}

}  // namespace

CORNU_COMMAND(convert) = {.name = "convert",
                          .description = "Writes a model in another format, for Cornu, Keras and TensorFlow",
                          .declare = declare};

}  // namespace cornu::cli
