// SPDX-License-Identifier: Apache-2.0
// Troubles as a person reads them, each of them once.
#include "mien/train/trouble.hpp"

#include <algorithm>
#include <string_view>

namespace mien {
namespace {

constexpr std::size_t width = 80;
constexpr std::string_view head = "note: ", indent = "      ";

/// The words of a text in lines; every line but the first begins with the indent. A word longer than a line stays
/// whole.
std::string wrapped(std::string_view first, std::string_view text) {
  std::string lines(first);
  std::size_t column = first.size();
  bool line_is_empty = true;
  while (!text.empty()) {
    const auto word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (!line_is_empty && column + 1 + word.size() > width) {
      lines.append("\n").append(indent);
      column = indent.size();
      line_is_empty = true;
    }
    if (!line_is_empty) lines += ' ';
    column += word.size() + (line_is_empty ? 0 : 1);
    lines += word;
    line_is_empty = false;
  }
  return lines + "\n";
}

} // namespace

std::vector<Trouble> TroubleNews::fresh(std::span<const Trouble> troubles) {
  std::vector<Trouble> news;
  for (const auto& trouble : troubles) {
    if (std::find(told_.begin(), told_.end(), trouble.what) != told_.end()) continue;
    told_.push_back(trouble.what);
    news.push_back(trouble);
  }
  return news;
}

std::string trouble_sentence(const Trouble& trouble) {
  return trouble.what + ": " + trouble.evidence + "; " + trouble.suggestion;
}

std::string trouble_text(std::span<const Trouble> troubles) {
  std::string text;
  for (const auto& trouble : troubles) {
    text += wrapped(head, trouble.what);
    text += wrapped(indent, "seen: " + trouble.evidence);
    text += wrapped(indent, "try: " + trouble.suggestion);
  }
  return text;
}

} // namespace mien
