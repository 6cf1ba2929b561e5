// cornu bench MODEL [--workers N] [--threads N] [--batch-size N] [--json]: load time, first answer, latency,
// memory. N processes load the model and predict random inputs at the same time (worker.h says what is
// measured when, and what counts as private; model_arguments.h how free sizes are filled). All times are of
// one process; the page cache is warm if the file was read before, and nothing here drops it.
// --json: load_ms, first_predict_ms (medians over the workers), latency_ms {p50, p90, min} (over all runs of
// all workers), weights_bytes, weights_in_place_bytes, private_bytes_per_worker,
// proportional_bytes_per_worker (medians), threads (0: all cores), batch_size, and workers: a list of the
// same per worker, with `runs`.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/model_arguments.h"
#include "cli/text.h"
#include "cli/worker.h"

namespace cornu::cli {
namespace {

constexpr int kMostWorkers = 256;
constexpr int64_t kMostRows = 1 << 20;

struct Options {
  ModelArguments model;
  int workers = 1;
  int64_t batch_size = 1;
  bool json = false;
};

// The smallest value that at least `share` of all values do not exceed.
template <class T>
T percentile(std::vector<T> values, double share) {
  std::sort(values.begin(), values.end());
  const double rank = std::ceil(share * static_cast<double>(values.size()));
  return values[static_cast<size_t>(std::max(rank, 1.0)) - 1];
}

template <class T>
T median_of(const std::vector<Measurement>& all, T Measurement::*member) {
  std::vector<T> values;
  for (const Measurement& one : all) values.push_back(one.*member);
  return percentile(values, 0.5);
}

nlohmann::ordered_json latency_json(const std::vector<double>& latencies_ms) {
  return {{"p50", percentile(latencies_ms, 0.5)},
          {"p90", percentile(latencies_ms, 0.9)},
          {"min", percentile(latencies_ms, 0.0)}};
}

std::vector<double> all_latencies(const std::vector<Measurement>& all) {
  std::vector<double> values;
  for (const Measurement& one : all)
    values.insert(values.end(), one.latencies_ms.begin(), one.latencies_ms.end());
  return values;
}

nlohmann::ordered_json bench_json(const std::vector<Measurement>& all, const Options& options) {
  auto workers = nlohmann::ordered_json::array();
  for (const Measurement& one : all) {
    workers.push_back({{"load_ms", one.load_ms},
                       {"first_predict_ms", one.first_predict_ms},
                       {"latency_ms", latency_json(one.latencies_ms)},
                       {"runs", one.latencies_ms.size()},
                       {"private_bytes", one.private_bytes},
                       {"proportional_bytes", one.proportional_bytes}});
  }
  return {{"load_ms", median_of(all, &Measurement::load_ms)},
          {"first_predict_ms", median_of(all, &Measurement::first_predict_ms)},
          {"latency_ms", latency_json(all_latencies(all))},
          {"weights_bytes", all[0].weights_bytes},
          {"weights_in_place_bytes", all[0].weights_in_place_bytes},
          {"private_bytes_per_worker", median_of(all, &Measurement::private_bytes)},
          {"proportional_bytes_per_worker", median_of(all, &Measurement::proportional_bytes)},
          {"threads", options.model.threads},
          {"batch_size", options.batch_size},
          {"workers", workers}};
}

void print_text(const std::vector<Measurement>& all, const Options& options) {
  std::vector<std::vector<std::string>> rows = {
      {"worker", "load ms", "first answer ms", "p50 ms", "p90 ms", "min ms", "private", "proportional"}};
  const auto add = [&](const std::string& name, const Measurement& one) {
    rows.push_back({name, fmt::format("{:.2f}", one.load_ms), fmt::format("{:.2f}", one.first_predict_ms),
                    fmt::format("{:.3f}", percentile(one.latencies_ms, 0.5)),
                    fmt::format("{:.3f}", percentile(one.latencies_ms, 0.9)),
                    fmt::format("{:.3f}", percentile(one.latencies_ms, 0.0)), bytes_text(one.private_bytes),
                    bytes_text(one.proportional_bytes)});
  };
  for (size_t i = 0; i < all.size(); ++i) add(std::to_string(i), all[i]);
  fmt::print("{}: batch {}, {} threads each, weights {} of {} in place\n", one_line(options.model.model),
             options.batch_size,
             options.model.threads == 0 ? "all cores'" : std::to_string(options.model.threads),
             bytes_text(all[0].weights_in_place_bytes), bytes_text(all[0].weights_bytes));
  fmt::print("{}", table_text(rows, {1, 2, 3, 4, 5, 6, 7}));
}

void run(const Options& options) {
  const WorkerTask task = {options.model.model, options.model.load_options(), options.batch_size};
  const std::vector<Measurement> all = run_workers(task, options.workers);
  if (options.json) {
    print_json(bench_json(all, options));
  } else {
    print_text(all, options);
  }
}

std::function<void()> declare(CLI::App& app) {
  auto options = std::make_shared<Options>();
  options->model.declare_model(app);
  options->model.declare_threads(app);
  app.add_option("--workers", options->workers, "processes that run at the same time")
      ->capture_default_str()
      ->check(CLI::Range(1, kMostWorkers));
  app.add_option("--batch-size", options->batch_size, "rows of an input")
      ->capture_default_str()
      ->check(CLI::Range(int64_t{1}, kMostRows));
  app.add_flag("--json", options->json, "print one JSON object");
  return [options] { run(*options); };
}

}  // namespace

CORNU_COMMAND(bench) = {.name = "bench",
                        .description = "Measures load time, latency and memory with random inputs",
                        .declare = declare};

}  // namespace cornu::cli
