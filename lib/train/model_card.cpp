// SPDX-License-Identifier: Apache-2.0
// A model card, in Markdown and in HTML.
#include "mien/train/model_card.hpp"

#include "lib/train/card_parts.hpp"
#include "lib/train/report_frame.hpp"
#include "lib/train/report_parts.hpp"
#include "lib/train/svg.hpp"

#include <fmt/format.h>

#include <span>

namespace mien {
namespace {

using svg::escaped;

/// Text in which Markdown sees no markup of its own; what stands between backticks is code, and stays.
std::string markdown(std::string_view text) {
  std::string result;
  bool code = false;
  for (const char c : text) {
    if (c == '`') code = !code;
    if (!code && (c == '*' || c == '_' || c == '<' || c == '#' || c == '[' || c == '\\')) result += '\\';
    if (c == '|') result += '\\';
    result += c == '\n' || c == '\r' ? ' ' : c;
  }
  return result;
}

std::string table_markdown(const CardTable& table) {
  std::string text;
  for (std::size_t r = 0; r < table.size(); ++r) {
    for (const auto& cell : table[r]) text += "| " + markdown(cell) + " ";
    text += "|\n";
    for (std::size_t c = 0; r == 0 && c < table[r].size(); ++c) text += "| --- ";
    if (r == 0) text += "|\n";
  }
  return text;
}

/// Text as HTML; what stands between backticks is code.
std::string inline_html(std::string_view text) {
  std::string html;
  bool code = false;
  for (const char c : escaped(text)) {
    if (c != '`') {
      html += c;
      continue;
    }
    html += code ? "</code>" : "<code>";
    code = !code;
  }
  return html + (code ? "</code>" : "");
}

std::string table_html(const CardTable& table, const std::string& name) {
  if (table.size() < 2) return {};
  if (table[0][0].empty()) { // names and values
    NamedValues values;
    for (const auto& row : std::span(table).subspan(1)) values.emplace_back(row[0], row[1]);
    return page::named_values(values);
  }
  auto html = fmt::format("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}\">\n<table>\n", name);
  for (std::size_t r = 0; r < table.size(); ++r) {
    const bool heading = r == 0;
    html += heading ? "<thead><tr>" : "<tr>";
    for (std::size_t c = 0; c < table[r].size(); ++c)
      html += heading  ? fmt::format("<th scope=\"col\">{}</th>", inline_html(table[r][c]))
              : c == 0 ? fmt::format("<th scope=\"row\">{}</th>", inline_html(table[r][c]))
                       : fmt::format("<td>{}</td>", inline_html(table[r][c]));
    html += heading ? "</tr></thead>\n" : "</tr>\n";
  }
  return html + "</table>\n</div>\n";
}

} // namespace

std::string card_markdown(const ModelFile& file, std::string_view title) {
  auto text = fmt::format("# {}\n\nThis card was written by mien from the model's own file.\n", markdown(title));
  for (const auto& part : card_parts(file)) {
    if (part.paragraphs.empty() && part.table.size() < 2) continue;
    text += fmt::format("\n## {}\n", part.heading);
    for (const auto& paragraph : part.paragraphs) text += "\n" + markdown(paragraph) + "\n";
    if (part.table.size() > 1) text += "\n" + table_markdown(part.table);
  }
  return text;
}

std::string card_html(const ModelFile& file, std::string_view title) {
  const auto card = card_parts(file);
  std::vector<page::Part> parts;
  for (const auto& part : card) {
    std::string html;
    for (const auto& paragraph : part.paragraphs) html += fmt::format("<p>{}</p>\n", inline_html(paragraph));
    parts.push_back({part.id, part.heading, html + table_html(part.table, part.heading)});
  }
  return page::frame({.kind = "Model card",
                      .title = title,
                      .introduction = "<p>This card was written by mien from the model's own file.</p>\n"},
                     parts);
}

} // namespace mien
