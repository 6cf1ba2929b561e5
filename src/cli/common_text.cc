#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/text.h"

namespace cornu::cli {
namespace {

constexpr unsigned char kFirstPrintable = 0x20;
constexpr unsigned char kDelete = 0x7f;
// UTF-8 writes the control characters U+0080 to U+009F, which terminals obey too, as 0xC2 and one byte of
// 0x80 to 0x9F.
constexpr unsigned char kControlLead = 0xc2;
constexpr unsigned char kControlLast = 0x9f;

// Code points, near enough the columns that a name takes on a terminal.
size_t width(std::string_view text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

}  // namespace

std::string one_line(std::string_view text) {
  std::string line;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool lead = byte == kControlLead && i + 1 < text.size() &&
                      static_cast<unsigned char>(text[i + 1]) <= kControlLast;
    if (byte < kFirstPrintable || byte == kDelete || lead) {
      line += fmt::format("\\x{:02x}", byte);
    } else {
      line += text[i];
    }
  }
  return line;
}

std::string shape_text(std::span<const int64_t> shape) {
  std::string text = "(";
  for (size_t axis = 0; axis < shape.size(); ++axis) {
    text += axis == 0 ? "" : ", ";
    text += shape[axis] < 0 ? "None" : std::to_string(shape[axis]);
  }
  return text + (shape.size() == 1 ? ",)" : ")");
}

std::string bytes_text(int64_t bytes) {
  constexpr int64_t kKilo = 1000;
  if (bytes < kKilo) return fmt::format("{} B", bytes);
  double value = static_cast<double>(bytes);
  for (const char* unit : {"kB", "MB", "GB"}) {
    value /= kKilo;
    if (value < kKilo) return fmt::format("{:.1f} {}", value, unit);
  }
  return fmt::format("{:.1f} TB", value / kKilo);
}

std::string count_text(int64_t count) {
  const std::string digits = std::to_string(count);
  std::string text;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text;
}

std::string table_text(const std::vector<std::vector<std::string>>& rows, const std::vector<size_t>& right) {
  std::vector<std::vector<std::string>> cells = rows;
  std::vector<size_t> widths;
  for (auto& row : cells) {
    widths.resize(std::max(widths.size(), row.size()));
    for (size_t i = 0; i < row.size(); ++i) {
      row[i] = one_line(row[i]);
      widths[i] = std::max(widths[i], width(row[i]));
    }
  }
  std::string text;
  for (size_t r = 0; r < cells.size(); ++r) {
    std::string line;
    for (size_t i = 0; i < cells[r].size(); ++i) {
      const std::string fill(widths[i] - width(cells[r][i]), ' ');
      const bool is_right = std::find(right.begin(), right.end(), i) != right.end();
      line += (i == 0 ? "" : "  ") + (is_right ? fill + cells[r][i] : cells[r][i] + fill);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
    if (r > 0) continue;
    size_t total = widths.empty() ? 0 : 2 * (widths.size() - 1);
    for (const size_t column : widths) total += column;
    text += std::string(total, '-') + "\n";
  }
  return text;
}

nlohmann::ordered_json shape_json(std::span<const int64_t> shape) {
  auto list = nlohmann::ordered_json::array();
  for (const int64_t dim : shape) {
    if (dim < 0) {
      list.push_back(nullptr);
    } else {
      list.push_back(dim);
    }
  }
  return list;
}

nlohmann::ordered_json port_json(const PortInfo& port) {
  return {{"name", port.name}, {"dtype", dtype_name(port.dtype)}, {"shape", shape_json(port.shape)}};
}

void print_json(const nlohmann::ordered_json& object) {
  fmt::print("{}\n", object.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
}

}  // namespace cornu::cli
