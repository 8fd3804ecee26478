// SPDX-License-Identifier: Apache-2.0
// The frame of every subcommand: its command line, and its help.
//
// A subcommand binds variables to options, then parses; what a variable held before is the default that the help shows:
//
//   int run_greet(int argc, char** argv) {
//     Common common;
//     int times = 1;
//     std::string name;
//     Command command({.name = "greet", .about = "Greets somebody.", .examples = "mien greet Ada --times 3"}, common);
//     command.argument("NAME", name, "Who is greeted");
//     command.group("Greeting");
//     command.option("times", times, "N", "How often", Range{1, 10});
//     if (!command.parse(argc, argv)) return 0; // --help or --version was printed
//     print(fmt::format("{}\n", name));         // data: to stdout
//     say(common, "done\n");                    // to a person: to stderr, unless --quiet
//     return 0;
//   }
#pragma once

#include "tools/console.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mien::cli {

/// The user asked for something that does not exist: `error: ...` and exit code 2.
class UsageError : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// The options that mean the same in every subcommand.
struct Common {
  Common();
  int threads; ///< from the start what CPU affinity and cgroup quota leave
  std::uint64_t seed = 1;
  bool quiet = false;
};

/// Writes to a person, on stderr, unless --quiet was given.
void say(const Common& common, std::string_view text);

/// The values that a number may take, both ends included.
template <class T> struct Range {
  T low = std::numeric_limits<T>::lowest();
  T high = std::numeric_limits<T>::max();
};
template <class T> Range(T, T) -> Range<T>;

/// The command line of one subcommand.
class Command {
public:
  /// Texts of the help. `examples` has one command a line; `about` is wrapped to the page.
  struct Texts {
    std::string name; ///< "data generate": as it is typed after `mien`
    std::string about;
    std::string examples;
  };
  /// `common` is filled by parse().
  Command(Texts texts, Common& common);

  /// The options that follow stand under this title in the help.
  void group(std::string title);
  /// `--name VALUE`. A number outside `range`, or text that is no number, is a UsageError. An option whose name is
  /// taken (`--threads`, where several numbers make sense) stands in the place of the earlier one.
  void option(std::string name, int& value, std::string placeholder, std::string help, Range<int> range = {});
  void option(std::string name, std::int64_t& value, std::string placeholder, std::string help,
              Range<std::int64_t> range = {});
  void option(std::string name, std::uint64_t& value, std::string placeholder, std::string help,
              Range<std::uint64_t> range = {});
  void option(std::string name, float& value, std::string placeholder, std::string help, Range<float> range = {});
  void option(std::string name, double& value, std::string placeholder, std::string help, Range<double> range = {});
  void option(std::string name, std::string& value, std::string placeholder, std::string help);
  void option(std::string name, std::filesystem::path& value, std::string placeholder, std::string help);
  /// `--name VALUE`, as often as one likes; several values may stand in one text, with blanks between them.
  void option(std::string name, std::vector<std::string>& values, std::string placeholder, std::string help);
  /// `--name WORD`, where WORD is one of `choices`; a misspelt one is a UsageError that names the nearest.
  void choice(std::string name, std::string& value, std::vector<std::string> choices, std::string help);
  /// `--name`: sets `value` to true.
  void flag(std::string name, bool& value, std::string help);

  /// An argument without a name, in the order of these calls. One that may be left out keeps its value.
  void argument(std::string name, std::string& value, std::string help, bool may_be_left_out = false);
  void argument(std::string name, std::filesystem::path& value, std::string help, bool may_be_left_out = false);
  /// All arguments that are left, at least one.
  void arguments(std::string name, std::vector<std::filesystem::path>& values, std::string help);

  /// Fills the bound variables. False: --help or --version was asked for and printed. Throws UsageError.
  [[nodiscard]] bool parse(int argc, char** argv);

  /// Whether the user gave this option, on the command line or through set().
  [[nodiscard]] bool given(std::string_view name) const;
  /// Every option but --help and --version with its present value as text, in the order of the help: what a run.json
  /// records.
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> settings() const;
  /// Sets an option as the command line would. Throws UsageError.
  void set(std::string_view name, std::string_view text);
  /// The text that --help prints.
  [[nodiscard]] std::string help() const;

private:
  struct Option {
    std::string name, placeholder, help, group;
    std::function<void(std::string_view)> set;
    std::function<std::string()> get;
    bool given = false;
  };
  struct Argument {
    std::string name, help;
    std::function<void(std::string_view)> set;
    bool may_be_left_out = false;
    bool takes_the_rest = false;
  };
  template <class T> void number(std::string name, T& value, std::string placeholder, std::string help, Range<T> range);
  void add(Option option);
  void take(const std::vector<std::string>& arguments);
  [[nodiscard]] Option* find(std::string_view name);
  [[nodiscard]] std::string suggestion(std::string_view flag) const;

  Texts texts_;
  std::string group_ = "Options";
  std::vector<Option> options_;
  std::vector<Argument> arguments_;
  bool help_ = false;
  bool version_ = false;
};

} // namespace mien::cli
