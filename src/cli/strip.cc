// cornu strip SRC DST [--dry-run] [--json]: the same model without what loading and predicting does not need.
// .keras and .h5: the optimizer's state and the training configuration go; compressed or chunked weights become plain ones that
// are used in place. Configs and weights stay as they are, in the dialect of the Keras that wrote them. The result is loaded
// and has to give the same bits as the source for random inputs before it appears under its name; the source is only read.
// --json: source, result (null for a dry run), bytes_before, bytes_after, removed {what: bytes}, load_ms_before, load_ms_after,
// outputs_equal.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/fail.h"
#include "base/output_file.h"
#include "cli/command.h"
#include "cli/model_arguments.h"
#include "cli/text.h"
#include "export/strip.h"
#include "formats/model_writer.h"

namespace cornu::cli {
namespace {

namespace fs = std::filesystem;

constexpr int kLoads = 5;  // the fastest counts: the others waited for something else

struct Options {
  std::string source;
  std::string target;
  bool dry_run = false;
  bool json = false;
};

struct Loaded {
  Model model;
  double load_ms;
};

Loaded load(const fs::path& path) {
  using Clock = std::chrono::steady_clock;
  double best = 0;
  for (int i = 0;; ++i) {
    const auto begin = Clock::now();
    Model model = Model::load(path);
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

// Throws internal unless both answer the same bits.
void prove_equal(const Model& before, const Model& after, const std::string& path) {
  const auto inputs = random_inputs(before.inputs(), 3);
  const auto left = before.predict(inputs);
  const auto right = after.predict(inputs);
  bool same = left.size() == right.size();
  for (size_t i = 0; same && i < left.size(); ++i) same = equal(left[i], right[i]);
  if (!same)
    fail(ErrorCode::internal, path,
         "the stripped model answers otherwise than the source; nothing was written");
}

void print(const Options& options, const nlohmann::ordered_json& report) {
  if (options.json) return print_json(report);
  const auto bytes = [&](const char* key) { return report[key].get<int64_t>(); };
  for (const auto& [what, count] : report["removed"].items())
    fmt::print("{}: {}\n", what, bytes_text(count.get<int64_t>()));
  fmt::print("{} -> {}, loads in {:.2f} -> {:.2f} ms, answers equal{}\n", bytes_text(bytes("bytes_before")),
             bytes_text(bytes("bytes_after")), report["load_ms_before"].get<double>(),
             report["load_ms_after"].get<double>(), options.dry_run ? "; nothing written" : "");
}

void run(const Options& options) {
  std::error_code error;
  if (fs::equivalent(options.source, options.target, error))
    fail(ErrorCode::bad_argument, options.target, "is the source, which is never changed; name another file");
  formats::ModelFile file = formats::read_model_file(options.source);
  if (file.config.empty())
    fail(ErrorCode::unsupported, options.source,
         "holds weights only; strip needs a model, to prove the answers equal");
  const bool archive = file.format == "keras_zip";
  if (!archive && file.format != "hdf5")
    fail(ErrorCode::unsupported, options.source, "strip takes .keras and .h5 files, and this is a {}",
         file.format);
  const int64_t before_bytes = file.file_bytes;
  const std::vector<exporting::Removed> removed = exporting::strip_training(file);
  OutputFile target(options.target);
  if (archive) {
    formats::write_keras_zip(file, target.stream(), options.target);
  } else {
    formats::write_hdf5(file, [&target](std::span<const std::byte> bytes) { target.write(bytes); });
  }
  std::fflush(target.stream());
  const Loaded before = load(options.source);
  const Loaded after = load(target.temporary_path());
  prove_equal(before.model, after.model, options.source);
  const auto after_bytes = static_cast<int64_t>(fs::file_size(target.temporary_path()));
  nlohmann::ordered_json parts = nlohmann::ordered_json::object();
  int64_t explained = 0;
  for (const auto& [what, bytes] : removed) {
    parts[what] = bytes;
    explained += bytes;
  }
  parts["optimizer state and structure"] = before_bytes - after_bytes - explained;
  if (!options.dry_run) target.commit();
  print(options,
        {{"source", options.source},
         {"result", options.dry_run ? nlohmann::ordered_json() : nlohmann::ordered_json(options.target)},
         {"bytes_before", before_bytes},
         {"bytes_after", after_bytes},
         {"removed", std::move(parts)},
         {"load_ms_before", before.load_ms},
         {"load_ms_after", after.load_ms},
         {"outputs_equal", true}});
}

std::function<void()> declare(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("SRC", options->source, "a .keras or .h5 model")->required();
  app.add_option("DST", options->target, "the file to write, in the same format")->required();
  app.add_flag("--dry-run", options->dry_run, "do everything and keep nothing");
  app.add_flag("--json", options->json, "print one JSON object");
  return [options] { run(*options); };
}

}  // namespace

CORNU_COMMAND(strip) = {.name = "strip",
                        .description = "Writes a model without what loading and predicting does not need",
                        .declare = declare};

}  // namespace cornu::cli
