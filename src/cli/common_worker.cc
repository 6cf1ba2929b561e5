#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/fail.h"
#include "base/json.h"
#include "cli/model_arguments.h"
#include "cli/worker.h"

namespace cornu::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t kLeastRuns = 5;  // a median of fewer says little
constexpr size_t kMostRuns = 1000;
constexpr double kMeasuredMs = 1000.0;  // measured at least this long, unless kMostRuns come first

double ms_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

// The two ends of a pipe, closed at the end of their life.
struct Pipe {
  int read_end = -1;
  int write_end = -1;

  Pipe() {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) fail(ErrorCode::io, "pipe", "{}", std::strerror(errno));
    read_end = ends[0];
    write_end = ends[1];
  }
  ~Pipe() {
    close_end(read_end);
    close_end(write_end);
  }
  Pipe(Pipe&& other) noexcept
      : read_end(std::exchange(other.read_end, -1)), write_end(std::exchange(other.write_end, -1)) {}
  Pipe& operator=(Pipe&&) = delete;

  static void close_end(int& end) {
    if (end >= 0) ::close(end);
    end = -1;
  }
};

// Writes all of `text`; false if the reader is gone.
bool write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(descriptor, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    text.remove_prefix(static_cast<size_t>(count));
  }
  return true;
}

// Reads one byte (or the end) or everything up to the end.
std::string read_some(int descriptor, bool everything) {
  std::string text;
  std::array<char, 4096> buffer;
  while (everything || text.empty()) {
    const ssize_t count = ::read(descriptor, buffer.data(), everything ? buffer.size() : 1);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    text.append(buffer.data(), static_cast<size_t>(count));
  }
  return text;
}

int64_t proportional_bytes() {
  std::ifstream rollup("/proc/self/smaps_rollup");
  for (std::string line; std::getline(rollup, line);) {
    if (line.starts_with("Pss:")) return std::strtoll(line.c_str() + std::strlen("Pss:"), nullptr, 10) * 1024;
  }
  fail(ErrorCode::io, "/proc/self/smaps_rollup", "cannot be read, so the memory of a worker is unknown");
}

// What one process does. `wait_for_all` returns when every process has its first answer.
template <class Wait>
Measurement measure(const WorkerTask& task, Wait&& wait_for_all) {
  Measurement result;
  auto start = Clock::now();
  const Model model = Model::load(task.model, task.options);
  result.load_ms = ms_since(start);
  const std::vector<Array> inputs = random_inputs(model.inputs(), task.batch);
  start = Clock::now();
  (void)model.predict(inputs, task.batch);
  result.first_predict_ms = ms_since(start);
  result.weights_bytes = model.info().weights_bytes;
  result.weights_in_place_bytes = model.info().weights_in_place_bytes;
  wait_for_all();
  result.private_bytes = private_bytes(task.model);
  result.proportional_bytes = proportional_bytes();
  const auto begin = Clock::now();
  while (result.latencies_ms.size() < kLeastRuns ||
         (ms_since(begin) < kMeasuredMs && result.latencies_ms.size() < kMostRuns)) {
    start = Clock::now();
    (void)model.predict(inputs, task.batch);
    result.latencies_ms.push_back(ms_since(start));
  }
  return result;
}

// The life of a child: one byte when it has its first answer, then its report as JSON.
void run_child(const WorkerTask& task, int go, int report) {
  nlohmann::json text;
  try {
    const Measurement result = measure(task, [&] {
      write_all(report, "+");
      read_some(go, true);
    });
    text = {{"load_ms", result.load_ms},
            {"first_predict_ms", result.first_predict_ms},
            {"latencies_ms", result.latencies_ms},
            {"weights_bytes", result.weights_bytes},
            {"weights_in_place_bytes", result.weights_in_place_bytes},
            {"private_bytes", result.private_bytes},
            {"proportional_bytes", result.proportional_bytes}};
  } catch (const Error& error) {
    text = {{"code", static_cast<int>(error.code())}, {"where", error.where()}, {"message", error.message()}};
  } catch (const std::bad_alloc&) {
    text = {{"code", static_cast<int>(ErrorCode::out_of_memory)},
            {"where", task.model},
            {"message", "memory is exhausted"}};
  }
  write_all(report, text.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

Measurement parse_report(const std::string& text) {
  if (text.empty()) fail(ErrorCode::internal, "bench", "a worker died before its report");
  const Json json = Json::parse(text, "the report of a worker");
  if (json["code"].exists()) {
    throw Error(static_cast<ErrorCode>(json["code"].integer()), std::string(json["message"].string()),
                std::string(json["where"].string()));
  }
  Measurement result;
  result.load_ms = json["load_ms"].number();
  result.first_predict_ms = json["first_predict_ms"].number();
  for (const Json& value : json["latencies_ms"].elements()) result.latencies_ms.push_back(value.number());
  result.weights_bytes = json["weights_bytes"].integer();
  result.weights_in_place_bytes = json["weights_in_place_bytes"].integer();
  result.private_bytes = json["private_bytes"].integer();
  result.proportional_bytes = json["proportional_bytes"].integer();
  return result;
}

}  // namespace

std::vector<Measurement> run_workers(const WorkerTask& task, int count) {
  Pipe go;  // never written: closing it lets the workers go on
  std::vector<Pipe> reports;
  const pid_t parent = ::getpid();
  for (int i = 0; i < count; ++i) {
    reports.emplace_back();
    const pid_t child = ::fork();
    if (child < 0) fail(ErrorCode::io, "fork", "{}", std::strerror(errno));
    if (child == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // no orphan measures on when the parent is killed
      if (::getppid() != parent) ::_exit(1);
      Pipe::close_end(go.write_end);
      run_child(task, go.read_end, reports.back().write_end);
      ::_exit(0);
    }
    Pipe::close_end(reports.back().write_end);
  }
  std::vector<std::string> texts;
  for (Pipe& report : reports) texts.push_back(read_some(report.read_end, false));
  Pipe::close_end(go.write_end);
  for (size_t i = 0; i < reports.size(); ++i) {
    texts[i] = (texts[i] == "+" ? "" : texts[i]) + read_some(reports[i].read_end, true);
  }
  while (::wait(nullptr) > 0 || errno == EINTR) {
  }
  std::vector<Measurement> results;
  for (const std::string& text : texts) results.push_back(parse_report(text));
  return results;
}

}  // namespace cornu::cli
