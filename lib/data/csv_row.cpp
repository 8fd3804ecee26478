// SPDX-License-Identifier: Apache-2.0
#include "lib/data/csv_row.hpp"

#include "lib/data/reading.hpp"
#include "mien/core/error.hpp"

#include <algorithm>
#include <charconv>

namespace mien {
namespace {

constexpr bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

/// Reads "70 80 82 ..." into pixels. Returns what is wrong, or nothing.
std::string read_pixels(std::vector<std::uint8_t>& pixels, std::string_view text) {
  pixels.clear();
  pixels.reserve(csv_pixels);
  const char *at = text.data(), *end = at + text.size();
  for (;;) {
    while (at != end && is_blank(*at)) ++at;
    if (at == end) break;
    unsigned value = 0;
    const auto [after, failure] = std::from_chars(at, end, value);
    if (failure != std::errc() || value > 255 || (after != end && !is_blank(*after))) {
      const auto word =
          std::string_view(at, static_cast<std::size_t>(std::find_if(at, end, is_blank) - at)).substr(0, 20);
      return concat("pixel ", pixels.size() + 1, " is '", word, "', expected a number from 0 to 255");
    }
    if (pixels.size() < csv_pixels)
      pixels.push_back(static_cast<std::uint8_t>(value));
    else
      return concat("has more than ", csv_pixels, " pixels (", csv_side, "x", csv_side, ")");
    at = after;
  }
  if (pixels.size() < csv_pixels) return concat("has ", pixels.size(), " pixels, expected ", csv_pixels);
  if (is_constant(pixels)) return concat("every pixel has the value ", static_cast<int>(pixels.front()));
  return {};
}

} // namespace

std::string_view without_byte_order_mark(std::string_view line) {
  constexpr std::string_view mark = "\xef\xbb\xbf";
  return line.substr(line.starts_with(mark) ? mark.size() : 0);
}

std::optional<std::size_t> csv_row_of(std::string_view picture) {
  const auto colon = picture.rfind(':');
  if (colon == std::string_view::npos) return {};
  std::size_t line = 0;
  const auto* const end = picture.data() + picture.size();
  const auto [after, failure] = std::from_chars(picture.data() + colon + 1, end, line);
  if (failure != std::errc() || after != end || line < 2) return {};
  return line - 2;
}

bool for_each_field(std::string_view line, const std::function<bool(int, std::string_view)>& f) {
  for (int index = 0;; ++index) {
    while (!line.empty() && is_blank(line.front())) line.remove_prefix(1);
    std::string_view field;
    if (line.starts_with('"')) {
      const auto close = line.find('"', 1);
      if (close == std::string_view::npos) return false;
      field = line.substr(1, close - 1);
      line.remove_prefix(close + 1);
      line.remove_prefix(std::min(line.find(','), line.size()));
    } else {
      field = line.substr(0, line.find(','));
      line.remove_prefix(field.size());
    }
    if (!f(index, trimmed(field)) || line.empty()) return true;
    line.remove_prefix(1); // the comma
  }
}

CsvRow parse_csv_row(std::string_view line, const CsvColumns& columns, std::span<const std::string> usages,
                     const Preprocessing& preprocessing) {
  CsvRow row;
  if (trimmed(line).empty()) return row;
  std::string_view emotion, pixels;
  int fields = 0;
  const bool closed = for_each_field(line, [&](int index, std::string_view field) {
    if (index == columns.emotion) emotion = field;
    if (index == columns.pixels) pixels = field;
    if (index == columns.usage) row.usage = field;
    fields = index + 1;
    return true;
  });
  const int expected = 1 + std::max({columns.emotion, columns.pixels, columns.usage});
  const bool whole = closed && fields >= expected;
  const bool wanted =
      !whole || columns.usage < 0 || usages.empty() || std::ranges::find(usages, row.usage) != usages.end();
  row.state = wanted ? CsvRow::wanted : CsvRow::other_usage;
  if (!closed) {
    row.problem = "has a quotation mark that is not closed";
  } else if (!whole) {
    row.problem = concat("has ", fields, " fields, expected ", expected);
  } else if (wanted) {
    const auto [after, failure] = std::from_chars(emotion.data(), emotion.data() + emotion.size(), row.emotion);
    if (failure != std::errc() || after != emotion.data() + emotion.size() || row.emotion < 0) {
      row.problem = concat("emotion is '", emotion.substr(0, 20), "', expected a whole number");
    } else {
      row.problem = read_pixels(row.pixels, pixels);
    }
  }
  if (wanted && row.problem.empty() &&
      (preprocessing.height != csv_side || preprocessing.width != csv_side || preprocessing.channels != 1)) {
    row.pixels = to_input_bytes({csv_side, csv_side, 1, std::move(row.pixels)}, preprocessing).pixels;
  }
  return row;
}

} // namespace mien
