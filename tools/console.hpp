// SPDX-License-Identifier: Apache-2.0
// Where the program's texts go, and how they are laid out.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace mien::cli {

/// Whoever read our output has left (`mien predict ... | head`): the program ends without a word.
class OutputClosed : public std::runtime_error {
public:
  OutputClosed() : std::runtime_error("the reader of the output has closed it") {}
};

/// Writes data to stdout. Throws OutputClosed if nobody reads it, Error if it cannot be written.
void print(std::string_view data);
/// Hands everything printed so far to its reader. Throws as print() does.
void flush_output();
/// Writes `error: ...` or `warning: ...` to stderr, --quiet or not.
void say_error(std::string_view text);
void say_warning(std::string_view text);

/// Whether a person sees the stream (1: stdout, 2: stderr), and whether in colours: on a terminal, unless NO_COLOR is
/// set.
[[nodiscard]] bool is_terminal(int stream);
[[nodiscard]] bool has_colours(int stream);

/// The choice with the fewest typing mistakes (wrong, missing, added or swapped letters) from `word`; empty if none is
/// near.
[[nodiscard]] std::string nearest(std::string_view word, const std::vector<std::string>& choices);
/// `text` in lines of at most `width` characters, every line after the first indented; its own line ends stay.
[[nodiscard]] std::string wrapped(std::string_view text, std::size_t indent, std::size_t width = 80);

/// `text` as a field of a CSV: in quotes where it has to be.
[[nodiscard]] std::string csv_field(std::string_view text);

/// The path as it is typed into a shell.
[[nodiscard]] std::string quoted(const std::filesystem::path& path);

/// `1 picture`, `2 pictures`.
[[nodiscard]] std::string plural(std::size_t n, std::string_view what);

/// A time as a person says it: `0.3 s`, `42 s`, `3m05s`, `12m`, `1h20m`.
[[nodiscard]] std::string duration_text(double seconds);

/// A live line on stderr, `reading 1200 of 28709, 410/s, ETA 1m05s`, where a person sees it; gone when the work is done
/// or has failed.
class Progress {
public:
  Progress(std::string what, bool quiet);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress() { clear(); }
  /// Draws the line again, at most ten times a second; `all` is 0 where nobody knows. Speed and remaining time are told
  /// after the first second.
  void operator()(std::size_t done, std::size_t all);
  /// Takes the line away, so that something else can be said; the next call draws it again.
  void clear();

private:
  using Clock = std::chrono::steady_clock;
  std::string what_;
  bool shown_;
  bool stands_ = false;
  Clock::time_point start_ = Clock::now(), drawn_{};
};

} // namespace mien::cli
