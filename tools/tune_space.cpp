// SPDX-License-Identifier: Apache-2.0
#include "tools/tune_space.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>

namespace mien::cli {
namespace {

using Kind = SearchParameter::Kind;

constexpr std::array rates{"lr", "weight-decay", "l2", "lr-floor", "clip-norm"};
constexpr std::array lengths{"epochs", "patience"};
/// What decides which pictures are measured on, and what decides nothing.
constexpr std::array common_to_all{"recipe", "validation", "usage",  "channels", "aligned", "strict",
                                   "out",    "weights",    "resume", "config",   "force",   "checkpoint-every",
                                   "seed",   "threads",    "quiet",  "help",     "version"};
constexpr double most_whole_numbers = 1000;

bool is_in(std::string_view name, std::span<const char* const> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::optional<double> number(std::string_view text) {
  double value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return {};
  return value;
}

/// Sets an option as `mien train` would; what it says against that, with the text of `--search` in front.
void try_value(TrialSettings& trial, const std::string& name, const std::string& value, const std::string& text) {
  try {
    trial.command.set(name, value);
  } catch (const UsageError& error) {
    throw UsageError(fmt::format("--search {}: {}", text, error.what()));
  }
}

bool takes(TrialSettings& trial, const std::string& name, double value) {
  try {
    trial.command.set(name, fmt::format("{}", value));
    return true;
  } catch (const UsageError&) {
    return false;
  }
}

std::vector<std::string> parts(std::string_view text, char separator) {
  std::vector<std::string> all;
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto end = std::min(text.find(separator, begin), text.size());
    all.emplace_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return all;
}

void expect_searchable(TrialSettings& trial, const std::string& name, const OptionTexts& fixed,
                       const std::string& text) {
  if (is_in(name, lengths))
    throw UsageError(fmt::format("--search {}: how long trials are is said by --min-epochs and --max-epochs", text));
  if (is_in(name, common_to_all))
    throw UsageError(fmt::format("--search {}: --{} is the same for all trials, as they are compared", text, name));
  const auto known = trial.command.settings();
  const auto has_name = [&](const auto& option) { return option.first == name; };
  if (std::none_of(known.begin(), known.end(), has_name)) try_value(trial, name, "", text); // says what is near
  if (std::any_of(fixed.begin(), fixed.end(), has_name))
    throw UsageError(fmt::format("--{0} is given and searched; leave --{0} or --search {1} away", name, text));
}

SearchParameter choice(TrialSettings& trial, std::string name, std::vector<std::string> words,
                       const std::string& text) {
  for (const auto& word : words) {
    if (std::count(words.begin(), words.end(), word) > 1 || word.empty())
      throw UsageError(fmt::format("--search {}: `{}` stands there twice or is empty", text, word));
    try_value(trial, name, word, text);
  }
  return {.name = std::move(name), .kind = Kind::choice, .choices = std::move(words)};
}

SearchParameter range(TrialSettings& trial, const std::string& name, double low, double high, const std::string& text) {
  if (!(low < high)) throw UsageError(fmt::format("--search {}: {} is not below {}", text, low, high));
  for (const double end : {low, high}) try_value(trial, name, fmt::format("{}", end), text);
  const bool whole = low == std::floor(low) && high == std::floor(high) && !takes(trial, name, low + 0.5);
  if (whole) {
    if (high - low >= most_whole_numbers)
      throw UsageError(
          fmt::format("--search {}: too many whole numbers; name some, as in {}={}|{}", text, name, low, high));
    std::vector<std::string> numbers;
    for (double n = low; n <= high; ++n) numbers.push_back(fmt::format("{:.0f}", n));
    return choice(trial, name, std::move(numbers), text);
  }
  for (const double end : {low, high}) try_value(trial, name, fmt::format("{:.3g}", end), text); // as it is drawn
  const bool by_factors = is_in(name, rates) && low > 0;
  return {.name = name, .kind = by_factors ? Kind::log_uniform : Kind::uniform, .low = low, .high = high};
}

SearchParameter parameter(TrialSettings& trial, const std::string& text, const OptionTexts& fixed) {
  const auto equals = std::min(text.find('='), text.size());
  auto name = text.substr(0, equals);
  name.erase(0, std::min(name.find_first_not_of('-'), name.size()));
  const auto value = text.substr(std::min(equals + 1, text.size()));
  expect_searchable(trial, name, fixed, text);
  if (const auto dots = value.find(".."); dots != std::string::npos) {
    const auto low = number(value.substr(0, dots)), high = number(value.substr(dots + 2));
    if (low && high) return range(trial, name, *low, *high, text);
  } else if (value.find('|') != std::string::npos) {
    return choice(trial, name, parts(value, '|'), text);
  }
  throw UsageError(fmt::format("--search takes NAME=LOW..HIGH or NAME=ONE|OTHER, as in lr=0.001..0.1 or "
                               "optimizer=adam|sgd, got `{}`",
                               text));
}

/// A factor of ten to both sides; where there is nothing to begin from, a usual range.
std::string around(double value, const char* usual) {
  return value > 0 ? fmt::format("{:.3g}..{:.3g}", value / 10, value * 10) : usual;
}

std::vector<std::string> usual_texts(const std::string& recipe, const OptionTexts& fixed) {
  TrialSettings trial(recipe, Common());
  for (const auto& [name, text] : fixed) trial.command.set(name, text);
  trial.settings.settle(trial.command, trial.common);
  const auto& options = trial.settings.recipe;
  const bool has_decay = options.optimizer.kind != OptimizerKind::adam;
  const std::vector<std::string> all{"lr=" + around(options.learning_rate, ""),
                                     has_decay
                                         ? "weight-decay=" + around(options.optimizer.weight_decay, "1e-05..0.01")
                                         : "l2=" + around(options.optimizer.l2, "1e-06..0.001"), // adam has no other
                                     "label-smoothing=0..0.2", "rotation=0..25", "shift=0..0.15"};
  std::vector<std::string> free;
  for (const auto& text : all) {
    const auto is_fixed = [&](const auto& option) { return text.starts_with(option.first + "="); };
    if (std::none_of(fixed.begin(), fixed.end(), is_fixed)) free.push_back(text);
  }
  return free;
}

} // namespace

TrialSettings::TrialSettings(const std::string& recipe, const Common& as_said)
    : common(as_said), settings(recipe), command({.name = "train", .about = "", .examples = ""}, common) {
  settings.bind(command);
  common.quiet = true;
}

std::vector<SearchParameter> search_parameters(std::span<const std::string> texts, const std::string& recipe,
                                               const OptionTexts& fixed) {
  const auto usual = texts.empty() ? usual_texts(recipe, fixed) : std::vector<std::string>();
  TrialSettings trial(recipe, Common());
  std::vector<SearchParameter> parameters;
  for (const auto& text : texts.empty() ? usual : std::vector(texts.begin(), texts.end())) {
    parameters.push_back(parameter(trial, text, fixed));
    const auto& name = parameters.back().name;
    const auto same = [&](const SearchParameter& other) { return other.name == name; };
    if (std::count_if(parameters.begin(), parameters.end(), same) > 1)
      throw UsageError(fmt::format("--search {}: {} is searched already; name it once", text, name));
  }
  if (parameters.empty()) throw UsageError("nothing is left to search: say what with --search, as in lr=0.001..0.1");
  return parameters;
}

std::string search_texts(std::span<const SearchParameter> parameters) {
  std::string all;
  for (const auto& p : parameters) {
    const auto values =
        p.kind == Kind::choice ? fmt::format("{}", fmt::join(p.choices, "|")) : fmt::format("{}..{}", p.low, p.high);
    all += fmt::format("{}{}={}", all.empty() ? "" : " ", p.name, values);
  }
  return all;
}

bool trials_continue(std::span<const SearchParameter> parameters, const TrainSettings& settings) {
  for (const auto& p : parameters)
    if (p.name == "schedule")
      return std::none_of(p.choices.begin(), p.choices.end(),
                          [](const std::string& name) { return depends_on_length({.kind = schedule_named(name)}); });
  return !depends_on_length(settings.recipe.schedule);
}

} // namespace mien::cli
