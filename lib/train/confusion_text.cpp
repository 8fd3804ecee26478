// SPDX-License-Identifier: Apache-2.0
#include "mien/train/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace mien {
namespace {

// Blues of the 256 colours that terminals share, dark to light; the text on them is light, then dark.
constexpr std::array shades = {234, 17, 18, 19, 25, 31, 38, 45};
constexpr std::size_t first_light_shade = 6;

std::string shaded(const std::string& cell, double share) {
  const auto level = std::min(static_cast<std::size_t>(share * shades.size()), shades.size() - 1);
  return fmt::format("\033[48;5;{};38;5;{}m{}\033[0m", shades[level], level < first_light_shade ? 255 : 16, cell);
}

} // namespace

std::string confusion_text(const Evaluation& e, bool coloured) {
  std::size_t left = 5;
  for (const auto& label : e.labels) left = std::max(left, label.size());
  std::string text = fmt::format("{:<{}}   answered as\n{:<{}}", "", left, "truth", left);
  for (const auto& label : e.labels) text += fmt::format(" {:>{}}", label, std::max<std::size_t>(label.size(), 5) + 1);
  text += "   right\n";

  for (std::size_t truth = 0; truth < e.labels.size(); ++truth) {
    text += fmt::format("{:<{}}", e.labels[truth], left);
    const auto support = static_cast<double>(std::max<std::int64_t>(e.per_class[truth].support, 1));
    for (std::size_t answer = 0; answer < e.labels.size(); ++answer) {
      const auto count = e.count(truth, answer);
      const auto cell = fmt::format(" {:>{}}", count, std::max<std::size_t>(e.labels[answer].size(), 5) + 1);
      text += coloured ? shaded(cell, static_cast<double>(count) / support) : cell;
    }
    text += fmt::format("  {:4.1f} %\n", 100 * e.per_class[truth].recall);
  }
  return text;
}

} // namespace mien
