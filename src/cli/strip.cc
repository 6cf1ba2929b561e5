// cornu strip SRC DST [--keep CATEGORY] [--no-proof] [--dry-run] [--json]: the same model without what loading and predicting
// does not need.
// .keras and .h5: the optimizer's state and the training configuration go; compressed or chunked weights become plain ones that
// are used in place. Configs and weights stay as they are, in the dialect of the Keras that wrote them. SavedModels:
// export/strip_saved_model.h. The result is loaded and has to give the same bits as the source for random inputs, every
// signature that takes them, before it appears under its name; the source is only read.
// --json: source, result (null for a dry run), bytes_before, bytes_after, removed {category: bytes}, load_ms_before,
// load_ms_after, outputs_equal (null with --no-proof), signatures {name: "equal" or why it was not run} of a SavedModel.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/fail.h"
#include "base/output_file.h"
#include "base/output_folder.h"
#include "cli/command.h"
#include "cli/model_arguments.h"
#include "cli/text.h"
#include "export/strip.h"
#include "export/strip_saved_model.h"
#include "formats/model_writer.h"

namespace cornu::cli {
namespace {

namespace fs = std::filesystem;

constexpr int kLoads = 5;  // the fastest counts: the others waited for something else

struct Options {
  std::string source;
  std::string target;
  std::vector<std::string> keep;
  bool no_proof = false;
  bool dry_run = false;
  bool json = false;
};

struct Loaded {
  Model model;
  double load_ms;
};

Loaded load(const fs::path& path, const std::string& signature) {
  using Clock = std::chrono::steady_clock;
  LoadOptions options;
  options.signature = signature;
  double best = 0;
  for (int i = 0;; ++i) {
    const auto begin = Clock::now();
    Model model = Model::load(path, options);
    const double took = std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
    best = i == 0 ? took : std::min(best, took);
    if (i + 1 == kLoads) return {std::move(model), best};
  }
}

bool equal(const Array& a, const Array& b) {
  if (a.dtype != b.dtype || a.shape != b.shape) return false;
  if (a.dtype == DType::string) {
    const auto* left = reinterpret_cast<const std::string*>(a.data);
    return std::equal(left, left + a.size(), reinterpret_cast<const std::string*>(b.data));
  }
  return std::memcmp(a.data, b.data, static_cast<size_t>(a.size_bytes())) == 0;
}

using Report = nlohmann::ordered_json;

// Runs both once, for a model may change its variables, or draw random numbers, from call to call. False if answers differ; throws
// what the source throws.
bool same_answers(const Model& before, const Model& after) {
  const auto inputs = random_inputs(before.inputs(), 3);
  const auto left = before.predict(inputs);
  const auto right = after.predict(inputs);
  return std::equal(left.begin(), left.end(), right.begin(), right.end(), equal);
}

// Loads and compares source and result; the signature is empty for Keras files. The first one gives the load times.
void compare(const Options& options, const fs::path& made, const std::string& signature, Report& report) {
  const Loaded before = load(options.source, signature);
  const Loaded after = load(made, signature);
  report.emplace("load_ms_before", before.load_ms);
  report.emplace("load_ms_after", after.load_ms);
  if (!same_answers(before.model, after.model))
    fail(ErrorCode::internal, options.source,
         "the stripped model answers otherwise than the source{}{}; nothing was written",
         signature.empty() ? "" : ": ", signature);
}

// Every signature of a SavedModel by name: "equal", or why it does not run on random inputs.
Report compare_signatures(const Options& options, const fs::path& made, std::span<const std::string> names,
                          Report& report) {
  Report compared = Report::object();
  bool any = false;
  for (const std::string& name : names) {
    try {
      compare(options, made, name, report);
      compared[name] = "equal";
      any = true;
    } catch (const Error& error) {
      if (error.code() == ErrorCode::internal) throw;
      compared[name] = error.what();
    }
  }
  if (!any)
    fail(ErrorCode::unsupported, options.source,
         "no signature runs on random inputs, so nothing proves the answers equal; --no-proof strips "
         "without: {}",
         compared.empty() ? "" : compared.front().get<std::string>());
  return compared;
}

void print(const Options& options, const Report& report) {
  if (options.json) return print_json(report);
  for (const exporting::StripCategory& category : exporting::strip_categories()) {
    const auto found = report["removed"].find(std::string(category.name));
    if (found != report["removed"].end())
      fmt::print("{}: {}\n", category.description, bytes_text(found->get<int64_t>()));
  }
  const auto bytes = [&](const char* key) { return bytes_text(report[key].get<int64_t>()); };
  fmt::print("{} -> {}", bytes("bytes_before"), bytes("bytes_after"));
  if (!options.no_proof) {
    fmt::print(", loads in {:.2f} -> {:.2f} ms, answers equal", report["load_ms_before"].get<double>(),
               report["load_ms_after"].get<double>());
  }
  fmt::print("{}\n", options.dry_run ? "; nothing written" : "");
}

int64_t bytes_in(const fs::path& folder) {
  int64_t bytes = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) bytes += static_cast<int64_t>(entry.file_size());
  }
  return bytes;
}

// Sizes and categories.
Report sizes(int64_t before, int64_t after, const exporting::StripTally& tally) {
  Report removed = Report::object();
  for (const exporting::StripCategory& category : exporting::strip_categories()) {
    const auto found = tally.bytes.find(category.name);
    if (found != tally.bytes.end() && found->second != 0) removed[std::string(category.name)] = found->second;
  }
  return {{"bytes_before", before}, {"bytes_after", after}, {"removed", std::move(removed)}};
}

void strip_folder(const Options& options, const formats::ModelFile& file, Report& report) {
  const exporting::StripOptions what{{options.keep.begin(), options.keep.end()}};
  exporting::StripTally tally;
  OutputFolder target(options.target, "saved_model.pb");
  const fs::path& made = target.temporary_path();
  exporting::strip_saved_model(options.source, made, what, tally);
  report.update(sizes(bytes_in(options.source), bytes_in(made), tally));
  if (!options.no_proof)
    report["signatures"] = compare_signatures(options, made, exporting::signature_names(file), report);
  if (!options.dry_run) target.commit();
}

void strip_file(const Options& options, formats::ModelFile& file, Report& report) {
  if (!options.keep.empty())
    fail(ErrorCode::bad_argument, "--keep", "is for SavedModels; of Keras files all of it goes");
  if (file.config.empty())
    fail(ErrorCode::unsupported, options.source,
         "holds weights only; strip needs a model, to prove the answers equal");
  const int64_t before = file.file_bytes;
  exporting::StripTally tally;
  exporting::strip_training(file, tally);
  OutputFile target(options.target);
  if (file.format == "keras_zip") {
    formats::write_keras_zip(file, target.stream(), options.target);
  } else {
    formats::write_hdf5(file, [&target](std::span<const std::byte> bytes) { target.write(bytes); });
  }
  std::fflush(target.stream());
  const auto after = static_cast<int64_t>(fs::file_size(target.temporary_path()));
  // What else went: the optimizer, and how the other writer laid out the file.
  tally.bytes["optimizer"] = before - after - tally.bytes["training"];
  report.update(sizes(before, after, tally));
  if (!options.no_proof) compare(options, target.temporary_path(), "", report);
  if (!options.dry_run) target.commit();
}

void run(const Options& options) {
  std::error_code error;
  if (fs::equivalent(options.source, options.target, error))
    fail(ErrorCode::bad_argument, options.target, "is the source, which is never changed; name another file");
  Report report{{"source", options.source}, {"result", options.dry_run ? Report() : Report(options.target)}};
  formats::ModelFile file = formats::read_model_file(options.source);
  if (file.format == "saved_model") {
    strip_folder(options, file, report);
  } else if (file.format == "keras_zip" || file.format == "hdf5") {
    strip_file(options, file, report);
  } else {
    fail(ErrorCode::unsupported, options.source,
         "strip takes SavedModels, .keras and .h5 files, and this is a {}", file.format);
  }
  report["outputs_equal"] = options.no_proof ? Report() : Report(true);
  print(options, report);
}

std::vector<std::string> category_names() {
  std::vector<std::string> names;
  for (const exporting::StripCategory& category : exporting::strip_categories())
    names.emplace_back(category.name);
  return names;
}

std::function<void()> declare(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("SRC", options->source, "a SavedModel folder, .keras or .h5 model")->required();
  app.add_option("DST", options->target, "the file or folder to write, in the same format")->required();
  app.add_option("--keep", options->keep,
                 "what stays in a SavedModel: optimizer, duplicates and variables (which go together), "
                 "training, functions, "
                 "gradients, debug, devices, defaults, assets")
      ->check(CLI::IsMember(category_names()));
  app.add_flag("--no-proof", options->no_proof,
               "do not load and compare: for models with ops that Cornu lacks");
  app.add_flag("--dry-run", options->dry_run, "do everything and keep nothing");
  app.add_flag("--json", options->json, "print one JSON object");
  return [options] { run(*options); };
}

}  // namespace

CORNU_COMMAND(strip) = {.name = "strip",
                        .description = "Writes a model without what loading and predicting does not need",
                        .declare = declare};

}  // namespace cornu::cli
