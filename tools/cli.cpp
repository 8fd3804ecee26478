// SPDX-License-Identifier: Apache-2.0
#include "tools/cli.hpp"

#include "mien/core/error.hpp"
#include "mien/core/version.hpp"
#include "mien/ops/parallel.hpp"

#include <cxxopts.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <iterator>
#include <sstream>
#include <type_traits>

namespace mien::cli {
namespace {

constexpr std::size_t help_column = 26; // where the descriptions begin

template <class T> std::string range_text(const Range<T>& range) {
  const auto kind = std::is_integral_v<T> ? "a whole number" : "a number";
  const bool has_low = range.low > std::numeric_limits<T>::lowest();
  const bool has_high = range.high < std::numeric_limits<T>::max();
  if (has_low && has_high) return fmt::format("{} from {} to {}", kind, range.low, range.high);
  if (has_low) return fmt::format("{} of at least {}", kind, range.low);
  if (has_high) return fmt::format("{} of at most {}", kind, range.high);
  return std::is_unsigned_v<T> ? fmt::format("{} of at least 0", kind) : kind;
}

} // namespace

Common::Common() : threads(available_threads()) {}

void say(const Common& common, std::string_view text) {
  if (common.quiet) return;
  flush_output(); // so that both streams keep their order where they meet
  std::fwrite(text.data(), 1, text.size(), stderr);
}

Command::Command(Texts texts, Common& common) : texts_(std::move(texts)) {
  group("Everywhere");
  option("threads", common.threads, "N", "Threads to compute with", Range{1, 1024});
  option("seed", common.seed, "N", "Where random draws begin; the same seed gives the same result");
  flag("quiet", common.quiet, "Say nothing but errors");
  flag("version", version_, "Print the version and stop");
  flag("help", help_, "Print this text and stop");
  group("Options");
}

void Command::group(std::string title) { group_ = std::move(title); }

template <class T>
void Command::number(std::string name, T& value, std::string placeholder, std::string help, Range<T> range) {
  auto set = [name, range, &value](std::string_view text) {
    T parsed{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), parsed);
    const bool whole = error == std::errc() && end == text.data() + text.size();
    if (!whole || !(parsed >= range.low && parsed <= range.high)) // NaN is in no range
      throw UsageError(fmt::format("--{} takes {}, got `{}`", name, range_text(range), text));
    value = parsed;
  };
  auto get = [&value] { return fmt::format("{}", value); };
  add({std::move(name), std::move(placeholder), std::move(help), group_, std::move(set), std::move(get)});
}

void Command::add(Option option) {
  Option* const standing = find(option.name);
  if (standing == nullptr) return options_.push_back(std::move(option));
  option.group = standing->group;
  *standing = std::move(option);
}

void Command::option(std::string name, int& value, std::string placeholder, std::string help, Range<int> range) {
  number(std::move(name), value, std::move(placeholder), std::move(help), range);
}
void Command::option(std::string name, std::int64_t& value, std::string placeholder, std::string help,
                     Range<std::int64_t> range) {
  number(std::move(name), value, std::move(placeholder), std::move(help), range);
}
void Command::option(std::string name, std::uint64_t& value, std::string placeholder, std::string help,
                     Range<std::uint64_t> range) {
  number(std::move(name), value, std::move(placeholder), std::move(help), range);
}
void Command::option(std::string name, float& value, std::string placeholder, std::string help, Range<float> range) {
  number(std::move(name), value, std::move(placeholder), std::move(help), range);
}
void Command::option(std::string name, double& value, std::string placeholder, std::string help, Range<double> range) {
  number(std::move(name), value, std::move(placeholder), std::move(help), range);
}

void Command::option(std::string name, std::string& value, std::string placeholder, std::string help) {
  add({std::move(name), std::move(placeholder), std::move(help), group_,
       [&value](std::string_view text) { value = text; }, [&value] { return value; }});
}

void Command::option(std::string name, std::filesystem::path& value, std::string placeholder, std::string help) {
  auto set = [name, &value](std::string_view text) {
    if (text.empty()) throw UsageError(fmt::format("--{} takes a path, got an empty one", name));
    value = text;
  };
  add({std::move(name), std::move(placeholder), std::move(help), group_, std::move(set),
       [&value] { return value.string(); }});
}

void Command::option(std::string name, std::vector<std::string>& values, std::string placeholder, std::string help) {
  auto set = [&values](std::string_view text) {
    std::istringstream words{std::string(text)};
    values.insert(values.end(), std::istream_iterator<std::string>(words), {});
  };
  add({std::move(name), std::move(placeholder), std::move(help), group_, std::move(set),
       [&values] { return fmt::format("{}", fmt::join(values, " ")); }});
}

void Command::choice(std::string name, std::string& value, std::vector<std::string> choices, std::string help) {
  auto placeholder = fmt::format("{}", fmt::join(choices, "|"));
  auto set = [name, choices = std::move(choices), &value](std::string_view text) {
    if (std::find(choices.begin(), choices.end(), text) == choices.end()) {
      const auto near = nearest(text, choices);
      throw UsageError(fmt::format("--{} takes one of {}, got `{}`{}", name, fmt::join(choices, ", "), text,
                                   near.empty() ? "" : fmt::format("; did you mean `{}`?", near)));
    }
    value = text;
  };
  add({std::move(name), std::move(placeholder), std::move(help), group_, std::move(set), [&value] { return value; }});
}

void Command::flag(std::string name, bool& value, std::string help) {
  auto set = [name, &value](std::string_view text) {
    if (text != "true" && text != "false")
      throw UsageError(fmt::format("--{} is a switch and takes no value, got `{}`", name, text));
    value = text == "true";
  };
  add({std::move(name), "", std::move(help), group_, std::move(set), [&value] { return value ? "true" : "false"; }});
}

void Command::argument(std::string name, std::string& value, std::string help, bool may_be_left_out) {
  arguments_.push_back(
      {std::move(name), std::move(help), [&value](std::string_view text) { value = text; }, may_be_left_out, false});
}
void Command::argument(std::string name, std::filesystem::path& value, std::string help, bool may_be_left_out) {
  arguments_.push_back(
      {std::move(name), std::move(help), [&value](std::string_view text) { value = text; }, may_be_left_out, false});
}
void Command::arguments(std::string name, std::vector<std::filesystem::path>& values, std::string help) {
  arguments_.push_back(
      {std::move(name), std::move(help), [&values](std::string_view text) { values.emplace_back(text); }, false, true});
}

bool Command::parse(int argc, char** argv) {
  // cxxopts sees what stands before `--`; what it does not know comes back, which is how mistakes and arguments are
  // found.
  char** const end_of_options = std::find(argv + 1, argv + argc, std::string_view("--"));
  cxxopts::Options grammar(texts_.name);
  grammar.allow_unrecognised_options();
  for (const auto& option : options_) {
    const auto short_name = option.name == "help" || option.name == "quiet" ? option.name.substr(0, 1) + "," : "";
    const auto value = cxxopts::value<std::string>();
    grammar.add_options()(short_name + option.name, "",
                          option.placeholder.empty() ? value->implicit_value("true") : value);
  }
  std::vector<std::string> arguments;
  try {
    const auto parsed = grammar.parse(static_cast<int>(end_of_options - argv), argv);
    arguments = parsed.unmatched();
    for (const auto& argument : arguments)
      if (argument.size() > 1 && argument.front() == '-') {
        // `-json` comes back as its first letter: look for what was typed.
        const auto typed =
            std::find_if(argv + 1, end_of_options, [&](std::string_view a) { return a.starts_with(argument); });
        throw UsageError(concat("there is no option `", *typed, "`", suggestion(*typed)));
      }
    for (const auto& given : parsed.arguments()) set(given.key(), given.value());
  } catch (const cxxopts::exceptions::missing_argument&) {
    throw UsageError(concat("`", *(end_of_options - 1), "` needs a value after it"));
  }
  if (help_) print(help());
  if (version_ && !help_) print(concat("mien ", version(), "\n"));
  if (help_ || version_) return false;
  if (end_of_options != argv + argc) arguments.insert(arguments.end(), end_of_options + 1, argv + argc);
  take(arguments);
  return true;
}

void Command::take(const std::vector<std::string>& arguments) {
  auto next = arguments.begin();
  for (const auto& argument : arguments_) {
    if (next == arguments.end() && argument.may_be_left_out) continue;
    if (next == arguments.end())
      throw UsageError(concat("`mien ", texts_.name, "` needs ", argument.name, ": ", argument.help));
    do {
      if (next->empty()) throw UsageError(concat(argument.name, " is an empty text"));
      argument.set(*next++);
    } while (argument.takes_the_rest && next != arguments.end());
  }
  if (next != arguments.end())
    throw UsageError(concat("`mien ", texts_.name, "` takes no further argument, got `", *next, "`"));
}

Command::Option* Command::find(std::string_view name) {
  const auto found = std::find_if(options_.begin(), options_.end(), [&](const Option& o) { return o.name == name; });
  return found == options_.end() ? nullptr : &*found;
}

void Command::set(std::string_view name, std::string_view text) {
  Option* const option = find(name);
  if (option == nullptr) throw UsageError(concat("there is no option `--", name, "`", suggestion(name)));
  option->set(text);
  option->given = true;
}

bool Command::given(std::string_view name) const {
  return std::any_of(options_.begin(), options_.end(), [&](const Option& o) { return o.name == name && o.given; });
}

std::vector<std::pair<std::string, std::string>> Command::settings() const {
  std::vector<std::pair<std::string, std::string>> all;
  for (const auto& option : options_)
    if (option.name != "help" && option.name != "version") all.emplace_back(option.name, option.get());
  return all;
}

std::string Command::suggestion(std::string_view flag) const {
  std::vector<std::string> names;
  for (const auto& option : options_) names.push_back(option.name);
  const auto bare = flag.substr(std::min(flag.find_first_not_of('-'), flag.size()));
  const auto near = nearest(bare.substr(0, bare.find('=')), names);
  return near.empty() ? concat("; `mien ", texts_.name, " --help` lists them")
                      : concat("; did you mean `--", near, "`?");
}

std::string Command::help() const {
  auto row = [](std::string left, std::string_view right) {
    left.size() + 2 <= help_column ? left.resize(help_column, ' ') : void(left += "\n" + std::string(help_column, ' '));
    return left + wrapped(right, help_column) + "\n";
  };
  std::string usage = "Usage: mien " + texts_.name + " [options]", names;
  for (const auto& argument : arguments_) {
    const auto shown = argument.name + (argument.takes_the_rest ? "..." : "");
    usage += argument.may_be_left_out ? " [" + shown + "]" : " " + shown;
    names += row("  " + shown, argument.help);
  }
  std::string text = wrapped(texts_.about, 0) + "\n\n" + usage + "\n" + (names.empty() ? "" : "\n" + names);
  std::vector<std::string> titles; // in the order of their first option, what means the same everywhere last
  for (const auto& option : options_)
    if (std::find(titles.begin(), titles.end(), option.group) == titles.end()) titles.push_back(option.group);
  std::rotate(titles.begin(), titles.begin() + 1, titles.end());
  for (const auto& title : titles) {
    text += "\n" + title + ":\n";
    for (const auto& option : options_) {
      if (option.group != title) continue;
      const bool short_name = option.name == "help" || option.name == "quiet";
      const auto left = fmt::format("  {}--{} {}", short_name ? fmt::format("-{}, ", option.name.front()) : "",
                                    option.name, option.placeholder);
      const bool shows_default = !option.placeholder.empty() && !option.given && !option.get().empty();
      text += row(left, shows_default ? fmt::format("{} (default: {})", option.help, option.get()) : option.help);
    }
  }
  return texts_.examples.empty() ? text
                                 : text + "\nExamples:\n  " + wrapped(texts_.examples, 2, std::string::npos) + "\n";
}

} // namespace mien::cli
