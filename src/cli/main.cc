// The command line `cornu`: finds the sub-command, runs it, and turns errors into one line on standard error.
// Exit status: 0, or the number of the ErrorCode (include/cornu/error.h); a wrong command line is
// bad_argument. SIGINT and SIGPIPE keep their usual meaning: the process ends.
#include <fmt/format.h>

#include <cstdio>
#include <cstring>
#include <filesystem>
#include <iterator>
#include <new>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "cli/command.h"
#include "cli/text.h"
#include "cornu/error.h"
#include "cornu/version.h"

namespace cornu::cli {

#define ENTRY(unit) extern const CommandDef command_##unit;
#include "gen/command_table.inc"
#undef ENTRY

namespace {

#define ENTRY(unit) &command_##unit,
constexpr const CommandDef* kCommands[] = {
#include "gen/command_table.inc"
};
#undef ENTRY

constexpr const char* kFooter =
    "Exit status: 0, or 2 not_found, 3 bad_file, 4 bad_config, 5 bad_shape, 6 unsupported, 7 io, 8 "
    "out_of_memory,\n"
    "9 bad_argument, 10 internal, 11 timed_out, 12 worker_died; then standard error tells why in one line.";

int report(ErrorCode code, const std::string& text) {
  fmt::print(stderr, "cornu: {}\n", one_line(text));
  return static_cast<int>(code);
}

// CLI11 calls any unknown first word an unexpected argument; a list of the commands helps more.
void check_command(int argc, char** argv) {
  std::string known;
  for (const CommandDef* command : kCommands) {
    if (argc > 1 && argv[1] == command->name) return;
    if (!command->hidden) known += (known.empty() ? "" : ", ") + std::string(command->name);
  }
  if (argc < 2) throw Error(ErrorCode::bad_argument, "a command is missing; known are " + known);
  if (argv[1][0] == '-') return;
  throw Error(ErrorCode::bad_argument, fmt::format("'{}' is no command; known are {}", argv[1], known));
}

int parse_and_run(int argc, char** argv) {
  check_command(argc, argv);
  CLI::App app("Runs Keras models as they are: weights stay in the file's pages.", "cornu");
  app.set_version_flag("--version", fmt::format("cornu {}", version()));
  app.require_subcommand(1);
  app.footer(kFooter);
  std::vector<std::pair<CLI::App*, std::function<void()>>> runs;
  for (const CommandDef* command : kCommands) {
    CLI::App* sub = app.add_subcommand(std::string(command->name), std::string(command->description));
    if (command->hidden) sub->group("");
    runs.emplace_back(sub, command->declare(*sub));
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& success) {  // --help, --version
    return app.exit(success);
  } catch (const CLI::ParseError& error) {
    const auto used = app.get_subcommands();
    const std::string help =
        used.empty() ? "cornu --help" : fmt::format("cornu {} --help", used[0]->get_name());
    return report(ErrorCode::bad_argument, fmt::format("{}; see '{}'", error.what(), help));
  }
  for (const auto& [sub, run] : runs) {
    if (sub->parsed()) run();
  }
  if (std::fflush(stdout) != 0) {
    throw Error(ErrorCode::io, fmt::format("cannot write: {}", std::strerror(errno)), "standard output");
  }
  return 0;
}

}  // namespace
}  // namespace cornu::cli

int main(int argc, char** argv) {
  using cornu::ErrorCode;
  try {
    return cornu::cli::parse_and_run(argc, argv);
  } catch (const cornu::Error& error) {
    return cornu::cli::report(error.code(), error.what());
  } catch (const std::bad_alloc&) {
    return cornu::cli::report(ErrorCode::out_of_memory, "memory is exhausted");
  } catch (const std::filesystem::filesystem_error& error) {
    return cornu::cli::report(ErrorCode::internal, error.what());
  } catch (const std::system_error& error) {  // of fmt::print, which writes to standard output
    const std::string why = std::strerror(error.code().value());
    return cornu::cli::report(ErrorCode::io, "standard output: cannot write: " + why);
  } catch (const std::exception& error) {
    return cornu::cli::report(ErrorCode::internal, error.what());
  }
}
