// SPDX-License-Identifier: Apache-2.0
// What a search draws, and what it does next.
#include "mien/train/search.hpp"

#include "mien/core/error.hpp"
#include "mien/core/math.hpp"
#include "mien/core/rng.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace mien {
namespace {

/// One bracket: how many trials run to how many epochs.
struct Bracket {
  int first_trial = 0;
  std::vector<int> epochs; // of each rung
  int trials = 0;          // in the first rung

  [[nodiscard]] int trials_in(std::size_t rung, int eta) const {
    int n = trials;
    for (std::size_t i = 0; i < rung; ++i) n /= eta;
    return std::max(n, 1);
  }
  /// Epochs that are run in all.
  [[nodiscard]] double cost(const SearchOptions& options) const {
    double sum = 0;
    for (std::size_t rung = 0; rung < epochs.size(); ++rung) {
      const int before = rung > 0 && options.continues ? epochs[rung - 1] : 0;
      sum += static_cast<double>(trials_in(rung, options.eta)) * (epochs[rung] - before);
    }
    return sum;
  }
};

/// The epochs of all rungs: min, eta min, ... and max.
std::vector<int> rungs(const SearchOptions& options) {
  std::vector<int> epochs;
  for (int e = options.min_epochs; e < options.max_epochs; e *= options.eta) {
    epochs.push_back(e);
    if (e > options.max_epochs / options.eta) break;
  }
  epochs.push_back(options.max_epochs);
  return epochs;
}

/// All brackets, with as many trials as these epochs pay for; what is too long for its share ends a rung earlier.
std::vector<Bracket> plan(const SearchOptions& options, double affordable_epochs) {
  const auto all = rungs(options);
  const auto count = std::min(static_cast<std::size_t>(options.brackets), all.size());
  std::vector<Bracket> brackets;
  int first_trial = 0;
  for (std::size_t b = 0; b < count; ++b) {
    Bracket bracket{.first_trial = first_trial, .epochs = {all.begin() + static_cast<std::ptrdiff_t>(b), all.end()}};
    const double share = affordable_epochs / static_cast<double>(count);
    bracket.trials = std::max(options.trials, 1);
    if (options.trials > 0) {
      first_trial += bracket.trials;
      brackets.push_back(std::move(bracket));
      continue;
    }
    while (bracket.epochs.size() > 1 && bracket.cost(options) > share) bracket.epochs.pop_back();
    const auto with = [&](int trials) {
      auto tried = bracket;
      tried.trials = trials;
      return tried.cost(options);
    };
    int low = 1, high = 2; // the cost grows with the trials
    constexpr int most = 1'000'000;
    while (high < most && with(high) <= share) high *= 2;
    while (high - low > 1) {
      const int middle = low + (high - low) / 2;
      (with(middle) <= share ? low : high) = middle;
    }
    bracket.trials = low;
    first_trial += bracket.trials;
    brackets.push_back(std::move(bracket));
  }
  return brackets;
}

/// Rows by trial and epochs: of equal ones the first.
using Index = std::map<std::pair<int, int>, const TrialRow*>;

/// The first thing of this bracket that is not done.
std::optional<NextTrial> next_in(const Bracket& bracket, int number, const Index& rows, int eta) {
  std::vector<int> trials;
  for (int i = 0; i < bracket.trials; ++i) trials.push_back(bracket.first_trial + i);
  for (std::size_t rung = 0; rung < bracket.epochs.size(); ++rung) {
    std::vector<TrialRow> done;
    for (const int trial : trials) {
      const auto row = rows.find({trial, bracket.epochs[rung]});
      if (row == rows.end())
        return NextTrial{.trial = trial,
                         .epochs = bracket.epochs[rung],
                         .from = rung > 0 ? bracket.epochs[rung - 1] : 0,
                         .bracket = number,
                         .rung = static_cast<int>(rung)};
      done.push_back(*row->second);
    }
    std::sort(done.begin(), done.end(), better_trial);
    done.resize(std::min(done.size(), static_cast<std::size_t>(bracket.trials_in(rung + 1, eta))));
    trials.clear(); // the best first: they are done if the time runs out
    for (const auto& row : done) trials.push_back(row.trial);
  }
  return std::nullopt;
}

void check(const SearchOptions& o) {
  if (o.min_epochs < 1 || o.max_epochs < o.min_epochs || o.max_epochs > 1'000'000 || o.eta < 2 || o.brackets < 1 ||
      o.trials < 0 || o.trials > 1'000'000 || !(o.seconds > 0))
    throw Error(concat("search: ", o.trials, " trials, ", o.min_epochs, " to ", o.max_epochs, " epochs, one in ", o.eta,
                       " goes on, ", o.brackets, " brackets, ", o.seconds,
                       " seconds; at least one epoch, one bracket and some time "
                       "are needed, and 2 or more of which one goes on"));
}

} // namespace

void check(const SearchSpace& space) {
  for (std::size_t i = 0; i < space.parameters.size(); ++i) {
    const auto& p = space.parameters[i];
    const auto same = [&](const SearchParameter& other) { return other.name == p.name; };
    if (p.name.empty()) throw Error(concat("search: parameter ", i, " has no name; give that of an option"));
    if (std::count_if(space.parameters.begin(), space.parameters.end(), same) > 1)
      throw Error(concat("search: ", p.name, " is drawn twice; name it once"));
    if (p.kind == SearchParameter::Kind::choice) {
      if (p.choices.empty()) throw Error(concat("search: there is nothing to choose from for ", p.name));
      continue;
    }
    const bool log_scale = p.kind == SearchParameter::Kind::log_uniform;
    if (!std::isfinite(p.low) || !std::isfinite(p.high) || !(p.low < p.high) || (log_scale && !(p.low > 0)))
      throw Error(concat("search: ", p.name, " from ", p.low, " to ", p.high, "; the first must be ",
                         log_scale ? "above 0 and " : "", "below the second"));
  }
}

std::vector<std::string> draw_trial(const SearchSpace& space, int trial) {
  check(space);
  std::vector<std::string> values;
  for (std::size_t i = 0; i < space.parameters.size(); ++i) {
    const auto& p = space.parameters[i];
    Rng rng(space.seed, Purpose::tune, static_cast<std::uint32_t>(trial), static_cast<std::uint32_t>(i));
    if (p.kind == SearchParameter::Kind::choice) {
      values.push_back(p.choices[rng.below(static_cast<std::uint32_t>(p.choices.size()))]);
      continue;
    }
    const double u = rng.uniform();
    const double value = p.kind == SearchParameter::Kind::log_uniform ? p.low * math::exp(u * math::log(p.high / p.low))
                                                                      : p.low + u * (p.high - p.low);
    values.push_back(fmt::format("{:.3g}", value));
  }
  return values;
}

bool better_trial(const TrialRow& a, const TrialRow& b) noexcept {
  if (a.accuracy != b.accuracy) return a.accuracy > b.accuracy;
  const bool a_finite = std::isfinite(a.loss), b_finite = std::isfinite(b.loss);
  if (a_finite != b_finite) return a_finite;
  if (a_finite && a.loss != b.loss) return a.loss < b.loss;
  return a.trial < b.trial;
}

const TrialRow* best_trial(std::span<const TrialRow> rows) noexcept {
  const auto best = std::min_element(rows.begin(), rows.end(), better_trial);
  return best == rows.end() ? nullptr : &*best;
}

std::optional<NextTrial> next_trial(std::span<const TrialRow> rows, const SearchOptions& options) {
  check(options);
  if (rows.empty()) return NextTrial{.trial = 0, .epochs = options.min_epochs};
  double used = 0;
  for (const auto& row : rows) used += row.seconds;
  if (options.trials == 0 && used >= options.seconds) return std::nullopt;
  const auto& first = rows.front();
  const double epoch = std::max(first.seconds, 1e-9) / std::max(first.epochs, 1);
  const auto brackets = plan(options, options.seconds / epoch);
  Index index;
  for (const auto& row : rows) index.emplace(std::pair(row.trial, row.epochs), &row);
  for (std::size_t b = 0; b < brackets.size(); ++b)
    if (auto next = next_in(brackets[b], static_cast<int>(b), index, options.eta)) {
      if (!options.continues) next->from = 0;
      return next;
    }
  return std::nullopt;
}

} // namespace mien
