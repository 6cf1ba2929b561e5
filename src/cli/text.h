// Text for people: shapes, byte counts, aligned tables; and the same facts as JSON.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cornu/model.h"

namespace cornu::cli {

// `text` with control characters written as \xNN, so that a name in a file can neither break the line nor
// move a terminal.
std::string one_line(std::string_view text);

// "(None, 28, 28, 1)"; sizes below 0 are free.
std::string shape_text(std::span<const int64_t> shape);
// "553.4 MB": decimal units, as file managers count.
std::string bytes_text(int64_t bytes);
// "1,234,567".
std::string count_text(int64_t count);

// Rows of cells with columns aligned, two spaces apart; `right` names the columns whose cells end at the
// right edge. Row 0 is the heading, underlined. Cells are passed through one_line().
std::string table_text(const std::vector<std::vector<std::string>>& rows,
                       const std::vector<size_t>& right = {});

// {"name": ..., "dtype": ..., "shape": [null, 28, 28, 1]}.
nlohmann::ordered_json port_json(const PortInfo& port);
nlohmann::ordered_json shape_json(std::span<const int64_t> shape);
// Prints one object and a line end to standard output. Bytes that are not UTF-8 become U+FFFD.
void print_json(const nlohmann::ordered_json& object);

}  // namespace cornu::cli
