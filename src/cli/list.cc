// cornu list layers|ops|formats [--json]: what this build knows, from the generated tables.
// Output: one aligned line per entry; --json: {"layers": [{"name", "description"}, ...]}, the key being the
// word given.
#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/text.h"
#include "cornu/model.h"

namespace cornu::cli {
namespace {

struct Options {
  std::string what;
  bool json = false;
};

struct Catalogue {
  const char* word;
  const char* heading;  // of the second column
  std::vector<CatalogueEntry> (*entries)();
};
constexpr Catalogue kCatalogues[] = {
    {"layers", "unit", list_layers}, {"ops", "kernels", list_ops}, {"formats", "description", list_formats}};

void run(const Options& options) {
  for (const Catalogue& catalogue : kCatalogues) {
    if (options.what != catalogue.word) continue;
    std::vector<std::vector<std::string>> rows = {{"name", catalogue.heading}};
    auto list = nlohmann::ordered_json::array();
    for (const CatalogueEntry& entry : catalogue.entries()) {
      rows.push_back({entry.name, entry.description});
      list.push_back({{"name", entry.name}, {"description", entry.description}});
    }
    if (options.json) {
      print_json({{catalogue.word, list}});
    } else {
      fmt::print("{}", table_text(rows));
    }
  }
}

std::function<void()> declare(CLI::App& app) {
  auto options = std::make_shared<Options>();
  std::vector<std::string> words;
  for (const Catalogue& catalogue : kCatalogues) words.emplace_back(catalogue.word);
  app.add_option("WHAT", options->what, "layers, ops or formats")->required()->check(CLI::IsMember(words));
  app.add_flag("--json", options->json, "print one JSON object");
  return [options] { run(*options); };
}

}  // namespace

CORNU_COMMAND(list) = {
    .name = "list", .description = "Lists the layers, ops or formats of this build", .declare = declare};

}  // namespace cornu::cli
