// SPDX-License-Identifier: Apache-2.0
#include "tools/console.hpp"

#include "mien/core/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <numeric>
#include <unistd.h>
#include <utility>

namespace mien::cli {
namespace {

[[noreturn]] void throw_output_error() {
  if (errno == EPIPE) throw OutputClosed();
  throw Error(concat("cannot write the output: ", std::strerror(errno)));
}

void say_with_mark(std::string_view mark, const char* colour, std::string_view text) {
  const bool coloured = has_colours(STDERR_FILENO);
  const auto line = concat(coloured ? colour : "", mark, coloured ? "\033[0m" : "", " ", text, "\n");
  std::fwrite(line.data(), 1, line.size(), stderr);
}

} // namespace

void print(std::string_view data) {
  if (std::fwrite(data.data(), 1, data.size(), stdout) != data.size()) throw_output_error();
}

void flush_output() {
  if (std::fflush(stdout) != 0) throw_output_error();
}

void say_error(std::string_view text) { say_with_mark("error:", "\033[1;31m", text); }
void say_warning(std::string_view text) { say_with_mark("warning:", "\033[1;33m", text); }

bool is_terminal(int stream) { return isatty(stream) == 1; }

bool has_colours(int stream) {
  const char* no_color = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  const bool refused =
      (no_color != nullptr && *no_color != '\0') || (term != nullptr && std::string_view(term) == "dumb");
  return !refused && is_terminal(stream);
}

std::string nearest(std::string_view word, const std::vector<std::string>& choices) {
  std::string best;
  std::size_t fewest = 1 + std::max<std::size_t>(2, word.size() / 3); // farther away is another word
  for (const auto& choice : choices) {
    // Optimal string alignment: three rows of the table of distances between the words' beginnings.
    std::vector<std::size_t> before(choice.size() + 1), above(choice.size() + 1), row(choice.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= word.size(); ++i) {
      before = std::exchange(above, row);
      row[0] = i;
      for (std::size_t j = 1; j <= choice.size(); ++j) {
        row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (word[i - 1] != choice[j - 1])});
        const bool swapped = i > 1 && j > 1 && word[i - 1] == choice[j - 2] && word[i - 2] == choice[j - 1];
        if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    const bool abbreviated = word.size() >= 3 && choice.starts_with(word);
    const auto distance = abbreviated ? std::min<std::size_t>(row.back(), 1) : row.back();
    if (distance < fewest) {
      fewest = distance;
      best = choice;
    }
  }
  return best;
}

std::string wrapped(std::string_view text, std::size_t indent, std::size_t width) {
  std::string lines;
  std::size_t column = indent;
  while (!text.empty()) {
    const auto end = std::min(text.find_first_of(" \n"), text.size());
    const auto word = text.substr(0, end);
    const bool begins_line = column == indent;
    if (!begins_line && column + 1 + word.size() > width) {
      lines += "\n" + std::string(indent, ' ');
      column = indent;
    } else if (!begins_line) {
      lines += ' ';
      ++column;
    }
    lines += word;
    column += word.size();
    if (end < text.size() && text[end] == '\n') {
      lines += "\n" + std::string(indent, ' ');
      column = indent;
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string field = "\"";
  for (const char c : text) field += c == '"' ? "\"\"" : std::string(1, c);
  return field + "\"";
}

std::string quoted(const std::filesystem::path& path) {
  const auto text = path.string();
  if (text.find_first_of(" \t\n'\"\\$&;()[]{}*?<>|`!#~") == std::string::npos) return text;
  std::string inside;
  for (const char c : text) inside += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return "'" + inside + "'";
}

std::string plural(std::size_t n, std::string_view what) { return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s"); }

std::string duration_text(double seconds) {
  const auto s = std::llround(seconds);
  if (s < 10) return fmt::format("{:.1f} s", seconds);
  if (s < 60) return fmt::format("{} s", s);
  if (s < 600) return fmt::format("{}m{:02}s", s / 60, s % 60);
  const auto m = std::llround(seconds / 60);
  return m < 60 ? fmt::format("{}m", m) : fmt::format("{}h{:02}m", m / 60, m % 60);
}

Progress::Progress(std::string what, bool quiet)
    : what_(std::move(what)), shown_(!quiet && is_terminal(STDERR_FILENO)) {}

void Progress::operator()(std::size_t done, std::size_t all) {
  using namespace std::chrono_literals;
  const auto now = Clock::now();
  if (!shown_ || (stands_ && now - drawn_ < 100ms)) return;
  drawn_ = now;
  auto line = concat("\r\033[K", what_, " ", done);
  if (all > 0) line += concat(" of ", all);
  const auto seconds = std::chrono::duration<double>(now - start_).count();
  if (seconds > 1 && done > 0) {
    const auto speed = static_cast<double>(done) / seconds;
    line += fmt::format(", {:.{}f}/s", speed, speed < 10 ? 1 : 0);
    if (all > done) line += ", ETA " + duration_text(static_cast<double>(all - done) / speed);
  }
  std::fwrite(line.data(), 1, line.size(), stderr);
  stands_ = true;
}

void Progress::clear() {
  if (stands_) std::fputs("\r\033[K", stderr);
  stands_ = false;
}

} // namespace mien::cli
