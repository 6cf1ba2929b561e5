// CommandDef: what one sub-command is. One file of this folder defines one command, named like the file;
// main.cc finds them through the generated table. Files that start with "common_" serve several commands.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string_view>

namespace cornu::cli {

struct CommandDef {
  std::string_view name;         // as the user types it
  std::string_view description;  // one line for --help
  // Declares arguments and options on `app`, which outlives the result. The result does the work once the
  // command line is parsed: it prints to standard output and throws cornu::Error; main turns that into one
  // line and an exit status.
  std::function<void()> (*declare)(CLI::App& app);
  bool hidden = false;  // called by Cornu itself, and in no help
};

}  // namespace cornu::cli

// Opens the one definition of a command file: CORNU_COMMAND(list) = {.name = "list", ...};
#define CORNU_COMMAND(unit)               \
  extern const CommandDef command_##unit; \
  const CommandDef command_##unit
