// SPDX-License-Identifier: Apache-2.0
#include "tools/live_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

namespace mien::cli {
namespace {

bool begins_character(char byte) noexcept { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }

} // namespace

std::string sparkline(std::span<const double> numbers, std::size_t cells, bool unicode) {
  constexpr std::string_view ascii = "_.:-=+*#";
  constexpr int top = 7;
  const auto shown = numbers.last(std::min(numbers.size(), cells));
  double least = std::numeric_limits<double>::infinity(), greatest = -least;
  for (const double number : shown) {
    if (!std::isfinite(number)) continue;
    least = std::min(least, number);
    greatest = std::max(greatest, number);
  }
  std::string text;
  for (const double number : shown) {
    const double place = greatest > least ? (number - least) / (greatest - least) : 0.5;
    if (!std::isfinite(number)) {
      text += ' ';
      continue;
    }
    const int level = static_cast<int>(std::lround(top * place));
    if (unicode)
      text += {'\xE2', '\x96', static_cast<char>(0x81 + level)}; // U+2581, one eighth of a block, to U+2588
    else
      text += ascii[static_cast<std::size_t>(level)];
  }
  return text;
}

std::size_t columns(std::string_view text) noexcept {
  return static_cast<std::size_t>(std::ranges::count_if(text, begins_character));
}

std::string clipped(std::string_view text, std::size_t columns) {
  std::size_t end = 0;
  for (; end < text.size(); ++end)
    if (begins_character(text[end]) && columns-- == 0) break;
  return std::string(text.substr(0, end));
}

bool has_unicode() {
  for (const auto* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const char* value = std::getenv(name);
    if (!value || !*value) continue;
    std::string small(value);
    std::ranges::transform(small, small.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
    return small.find("utf-8") != std::string::npos || small.find("utf8") != std::string::npos;
  }
  return false;
}

std::string live_line(const LiveLine& line, std::size_t width, bool unicode) {
  const auto& step = line.step;
  const auto spark = [unicode](std::span<const double> numbers) {
    return numbers.size() < 2 ? std::string() : " " + sparkline(numbers, spark_cells, unicode);
  };
  const auto text = [&](const std::string& losses, const std::string& accuracies) {
    const auto validation = line.accuracies.empty()
                                ? std::string()
                                : fmt::format("  val {:.1f} %{}", 100 * line.accuracies.back(), accuracies);
    return fmt::format("epoch {}/{}  step {}/{}  loss {:.3f}{}  acc {:.1f} %{}  {:.0f} images/s  ETA {}", step.epoch,
                       line.epochs, step.step, step.steps, step.loss, losses, 100 * step.accuracy, validation,
                       line.images_per_second, line.time_left);
  };
  for (const auto& candidate : {text(spark(line.losses), spark(line.accuracies)), text({}, spark(line.accuracies))})
    if (columns(candidate) <= width) return candidate;
  return clipped(text({}, {}), width);
}

} // namespace mien::cli
