// SPDX-License-Identifier: Apache-2.0
// A search for good options: drawn at random, most tried for a short time, the best of them for longer.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mien {

/// An option that a search draws, and from what.
struct SearchParameter {
  enum class Kind { log_uniform, uniform, choice };
  std::string name;          ///< of the option, without its dashes
  Kind kind = Kind::uniform; ///< log_uniform: every factor is as likely, for rates and the like
  double low = 0;            ///< the numbers lie in [low, high] ...
  double high = 1;
  std::vector<std::string> choices{}; ///< ... or each of these words is as likely
};

/// What trials are drawn from. A value depends on the seed, the trial and the place of its parameter alone.
struct SearchSpace {
  std::vector<SearchParameter> parameters;
  std::uint64_t seed = 1;
};

/// Throws Error if a parameter has no name or the name of another, a range is empty, not finite or, on a logarithmic
/// scale, not above 0, or there is nothing to choose from.
void check(const SearchSpace& space);

/// The values of a trial (0, 1, ...), in the order of the parameters, as they are typed: numbers have three digits.
///
///   uniform: low + u (high - low);  log_uniform: low (high / low)^u;  u uniform in [0, 1)
///
/// Throws Error as check() does. Source: Bergstra and Bengio 2012.
[[nodiscard]] std::vector<std::string> draw_trial(const SearchSpace& space, int trial);

/// How long trials are, and how many of them go on.
struct SearchOptions {
  double seconds = 1800; ///< the budget
  int trials = 0;        ///< each bracket begins with so many, and the time does not count; 0: as many as it pays for
  int min_epochs = 1;    ///< after which a trial is judged for the first time
  int max_epochs = 27;   ///< no trial takes more
  int eta = 3;           ///< one in so many goes on, to so many times the epochs
  int brackets = 2;      ///< bracket b judges for the first time after eta^b times min_epochs, with an equal share each
  bool continues = true; ///< a trial goes on where it stopped; false: it begins again (a schedule over all epochs)
};

/// A trial after some epochs: a row of the table that a search is resumed from.
struct TrialRow {
  int trial = 0;
  int epochs = 0;      ///< in all
  double accuracy = 0; ///< on validation
  double loss = 0;     ///< on validation; not a finite number if it diverged
  double seconds = 0;  ///< for this row alone

  friend bool operator==(const TrialRow&, const TrialRow&) = default;
};

/// What a search does next.
struct NextTrial {
  int trial = 0;
  int epochs = 0; ///< in all
  int from = 0;   ///< epochs that are done already; 0: it begins
  int bracket = 0;
  int rung = 0; ///< of this bracket

  friend bool operator==(const NextTrial&, const NextTrial&) = default;
};

/// What to run next, from the rows so far, in the order they were made; nothing when the search is done.
///
/// Successive halving: in each bracket, n trials run to the first number of epochs, the best floor(n / eta) of them go
/// on to eta times as many, and so on up to max_epochs. n is the largest number that the bracket's share of the budget
/// pays for, by the seconds an epoch took in the first row; the search ends besides when the seconds are used up. A
/// pure function: a search resumed from any first rows makes the same choices. Throws Error unless 1 <= min_epochs <=
/// max_epochs, eta >= 2, brackets >= 1, trials >= 0 and seconds > 0. Sources: Jamieson and Talwalkar 2016; Li et al.
/// 2018.
[[nodiscard]] std::optional<NextTrial> next_trial(std::span<const TrialRow> rows, const SearchOptions& options);

/// Whether `a` goes on before `b`: higher accuracy, then lower loss (one that is not finite is the worst), then the
/// earlier trial.
[[nodiscard]] bool better_trial(const TrialRow& a, const TrialRow& b) noexcept;

/// The best of all rows; null if there are none.
[[nodiscard]] const TrialRow* best_trial(std::span<const TrialRow> rows) noexcept;

/// The trials in lines for a terminal, the longest first, then the best: figures and drawn values.
[[nodiscard]] std::string search_text(std::span<const TrialRow> rows, const SearchSpace& space);
/// All rows as CSV with a header, drawn values included; figures read back to the same bits.
[[nodiscard]] std::string search_csv(std::span<const TrialRow> rows, const SearchSpace& space);
/// All rows as a JSON array of objects; a loss that is not finite is null.
[[nodiscard]] std::string search_json(std::span<const TrialRow> rows, const SearchSpace& space);
/// Reads what search_csv wrote. Throws Error, with the line, if it is not that or was drawn from another space.
[[nodiscard]] std::vector<TrialRow> read_search_csv(std::string_view text, const SearchSpace& space);
/// Draws accuracy over epochs, a line a trial; the best is marked. Text and colours as in curves_svg.
[[nodiscard]] std::string search_svg(std::span<const TrialRow> rows, const SearchSpace& space);

} // namespace mien
