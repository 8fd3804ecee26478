// SPDX-License-Identifier: Apache-2.0
#include "mien/core/error.hpp"
#include "mien/train/search.hpp"
#include "tests/support/catch.hpp"

#include <cmath>
#include <limits>
#include <map>
#include <set>

using namespace mien;
using Catch::Contains;

namespace {

using Kind = SearchParameter::Kind;

SearchSpace small_space(std::uint64_t seed = 1) {
  return {.parameters = {{.name = "lr", .kind = Kind::log_uniform, .low = 1e-4, .high = 1e-1},
                         {.name = "rotation", .kind = Kind::uniform, .low = 5, .high = 25},
                         {.name = "net", .kind = Kind::choice, .choices = {"seed", "vgg8", "my,net"}}},
          .seed = seed};
}

/// 2 s an epoch; the later the trial the better, until they are all the same: loss decides.
TrialRow ran(const NextTrial& next) {
  return {.trial = next.trial,
          .epochs = next.epochs,
          .accuracy = 0.1 + 0.01 * std::min(next.trial, 20) + 0.001 * next.epochs,
          .loss = 1.0 / (1 + next.trial),
          .seconds = 2.0 * (next.epochs - next.from)};
}

std::vector<NextTrial> whole_search(const SearchOptions& options, std::vector<TrialRow>& rows) {
  std::vector<NextTrial> choices;
  while (const auto next = next_trial(rows, options)) {
    REQUIRE(choices.size() < 1000);
    choices.push_back(*next);
    rows.push_back(ran(*next));
  }
  return choices;
}

} // namespace

TEST_CASE("search: a drawn value depends on seed, trial and place alone") {
  CHECK(draw_trial(small_space(), 3) == draw_trial(small_space(), 3));
  CHECK(draw_trial(small_space(), 3) != draw_trial(small_space(), 4));
  CHECK(draw_trial(small_space(), 3) != draw_trial(small_space(2), 3));
  auto longer = small_space();
  longer.parameters.push_back({.name = "zoom"});
  const auto with = draw_trial(longer, 3), without = draw_trial(small_space(), 3);
  CHECK(std::equal(without.begin(), without.end(), with.begin()));
}

TEST_CASE("search: draws fill their ranges, rates by factors") {
  std::map<int, int> decades;
  std::set<std::string> nets;
  double sum = 0;
  constexpr int n = 900;
  for (int trial = 0; trial < n; ++trial) {
    const auto values = draw_trial(small_space(), trial);
    const double lr = std::stod(values[0]), rotation = std::stod(values[1]);
    REQUIRE((lr >= 1e-4 && lr <= 1e-1 && rotation >= 5 && rotation <= 25));
    ++decades[static_cast<int>(std::floor(std::log10(lr)))];
    sum += rotation;
    nets.insert(values[2]);
  }
  for (const int decade : {-4, -3, -2}) CHECK(std::abs(decades[decade] - n / 3) < 5 * 14.2); // sqrt(900 / 3 * 2 / 3)
  CHECK(std::abs(sum / n - 15) < 5 * 5.78 / 30);                                             // 20 / sqrt(12), sqrt(900)
  CHECK(nets.size() == 3);
}

TEST_CASE("search: a space that cannot be drawn from is refused") {
  const auto refused = [](SearchParameter parameter, const std::string& why) {
    CHECK_THROWS_WITH(draw_trial({.parameters = {std::move(parameter)}}, 0), Contains(why));
  };
  refused({.name = "lr", .kind = Kind::log_uniform, .low = 0, .high = 1}, "above 0");
  refused({.name = "zoom", .low = 1, .high = 1}, "below the second");
  refused({.name = "zoom", .high = std::numeric_limits<double>::infinity()}, "below the second");
  refused({.name = "net", .kind = Kind::choice}, "nothing to choose from");
  refused({}, "no name");
  CHECK_THROWS_WITH(check({.parameters = {{.name = "lr"}, {.name = "lr"}}}), Contains("drawn twice"));
}

TEST_CASE("search: one in three goes on, to three times the epochs") {
  // n trials of 1 epoch, n/3 of 2 more, n/9 of 6 more: 27 + 18 + 18 = 63 epochs of 2 s
  const SearchOptions options{.seconds = 127, .max_epochs = 9, .brackets = 1};
  std::vector<TrialRow> rows;
  const auto choices = whole_search(options, rows);
  REQUIRE(choices.size() == 27 + 9 + 3);
  for (int i = 0; i < 27; ++i) CHECK(choices[static_cast<std::size_t>(i)] == NextTrial{.trial = i, .epochs = 1});
  for (int i = 0; i < 9; ++i) // the best first
    CHECK(choices[static_cast<std::size_t>(27 + i)] == NextTrial{.trial = 26 - i, .epochs = 3, .from = 1, .rung = 1});
  for (int i = 0; i < 3; ++i)
    CHECK(choices[static_cast<std::size_t>(36 + i)] == NextTrial{.trial = 26 - i, .epochs = 9, .from = 3, .rung = 2});
  REQUIRE(best_trial(rows));
  CHECK(best_trial(rows)->trial == 26);
}

TEST_CASE("search: what begins again is paid again") {
  const SearchOptions options{.seconds = 127, .max_epochs = 9, .brackets = 1, .continues = false};
  std::vector<TrialRow> rows;
  const auto choices = whole_search(options, rows);
  CHECK(choices.size() == 23 + 7 + 2); // 23 + 7 * 3 + 2 * 9 = 62 of 63 epochs
  for (const auto& choice : choices) CHECK(choice.from == 0);
}

TEST_CASE("search: brackets share the budget, and later ones judge later") {
  const SearchOptions options{.seconds = 400, .max_epochs = 9, .brackets = 2};
  std::vector<TrialRow> rows;
  const auto choices = whole_search(options, rows);
  double spent[2] = {};
  int earliest[2] = {1000, 1000}, highest = -1, lowest_of_second = 1000;
  for (const auto& choice : choices) {
    spent[choice.bracket] += 2.0 * (choice.epochs - choice.from);
    earliest[choice.bracket] = std::min(earliest[choice.bracket], choice.epochs);
    if (choice.bracket == 0)
      highest = std::max(highest, choice.trial);
    else
      lowest_of_second = std::min(lowest_of_second, choice.trial);
  }
  CHECK(earliest[0] == 1);
  CHECK(earliest[1] == 3);
  CHECK(lowest_of_second == highest + 1);
  for (const double seconds : spent) CHECK((seconds > 150 && seconds <= 200));
}

TEST_CASE("search: resumed at any row it makes the same choices") {
  const SearchOptions options{.seconds = 300, .max_epochs = 20, .brackets = 2};
  std::vector<TrialRow> rows;
  const auto choices = whole_search(options, rows);
  REQUIRE(choices.size() > 20);
  for (std::size_t n = 0; n < choices.size(); ++n) CHECK(next_trial(std::span(rows).first(n), options) == choices[n]);
  CHECK_FALSE(next_trial(rows, options));
}

TEST_CASE("search: ties go to the lower loss, then to the earlier trial; what diverged is the last") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const TrialRow good{.trial = 4, .accuracy = 0.5, .loss = 1}, lower{.trial = 5, .accuracy = 0.5, .loss = 0.9},
      later{.trial = 6, .accuracy = 0.5, .loss = 1}, failed{.trial = 1, .accuracy = 0.5, .loss = nan};
  CHECK(better_trial(lower, good));
  CHECK(better_trial(good, later));
  CHECK_FALSE(better_trial(later, good));
  CHECK(better_trial(later, failed));
  CHECK_FALSE(better_trial(failed, later));
  CHECK_FALSE(better_trial(failed, failed));
  CHECK(best_trial({}) == nullptr);
}

TEST_CASE("search: a number of trials takes the place of the time") {
  std::vector<TrialRow> rows;
  const auto choices = whole_search({.seconds = 1, .trials = 4, .max_epochs = 4, .eta = 2, .brackets = 2}, rows);
  std::vector<std::pair<int, int>> steps; // trial, epochs
  for (const auto& choice : choices) steps.emplace_back(choice.trial, choice.epochs);
  CHECK(steps == std::vector<std::pair<int, int>>{{0, 1},
                                                  {1, 1},
                                                  {2, 1},
                                                  {3, 1},
                                                  {3, 2},
                                                  {2, 2},
                                                  {3, 4}, // judged thrice
                                                  {4, 2},
                                                  {5, 2},
                                                  {6, 2},
                                                  {7, 2},
                                                  {7, 4},
                                                  {6, 4}});
  CHECK_THROWS_WITH(next_trial({}, {.trials = -1}), Contains("-1 trials"));
}

TEST_CASE("search: it ends when the time is used up, and a short one still begins") {
  const std::vector<TrialRow> slow = {{.trial = 0, .epochs = 1, .accuracy = 0.5, .loss = 1, .seconds = 100}};
  CHECK_FALSE(next_trial(slow, {.seconds = 100}));
  CHECK(next_trial({}, {.seconds = 1}) == NextTrial{.trial = 0, .epochs = 1});
  CHECK(next_trial(slow, {.seconds = 250, .brackets = 1}) == NextTrial{.trial = 1, .epochs = 1});
  CHECK_THROWS_WITH(next_trial({}, {.eta = 1}), Contains("2 or more"));
  CHECK_THROWS_WITH(next_trial({}, {.min_epochs = 5, .max_epochs = 4}), Contains("5 to 4 epochs"));
}

TEST_CASE("search: the table is read back to the same bits, and not by another search") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::vector<TrialRow> rows = {{.trial = 0, .epochs = 1, .accuracy = 1.0 / 3, .loss = 1.1, .seconds = 2.5},
                                      {.trial = 1, .epochs = 1, .accuracy = 0, .loss = nan, .seconds = 0.25},
                                      {.trial = 2, .epochs = 1, .accuracy = 0.25, .loss = 0.7, .seconds = 1}};
  const auto csv = search_csv(rows, small_space());
  CHECK_THAT(csv, Contains("trial,epochs,accuracy,loss,seconds,lr,rotation,net\n0,1,0.3333333333333333,1.1,2.5,"));
  const auto again = read_search_csv(csv, small_space());
  REQUIRE(again.size() == 3);
  CHECK(again[0] == rows[0]);
  CHECK(std::isnan(again[1].loss));
  CHECK(again[2] == rows[2]);
  CHECK_THROWS_WITH(read_search_csv(csv, small_space(2)), Contains("line 2 has other values"));
  auto other = small_space();
  other.parameters.pop_back();
  CHECK_THROWS_WITH(read_search_csv(csv, other), Contains("line 1"));
  CHECK_THROWS_WITH(read_search_csv(csv + "3,1,0.", small_space()), Contains("line 5"));
  CHECK_THAT(search_json(rows, small_space()), Contains("\"loss\": null") && Contains("\"rotation\": \""));
}

TEST_CASE("search: table and drawing show every trial and name the best") {
  std::vector<TrialRow> rows;
  whole_search({.seconds = 127, .max_epochs = 9, .brackets = 1}, rows);
  const auto text = search_text(rows, small_space());
  CHECK(std::count(text.begin(), text.end(), '\n') == 28);
  CHECK_THAT(text, Contains("   26       9    30.9 %   0.037") && Contains("best\n"));
  const auto svg = search_svg(rows, small_space());
  std::size_t dots = 0;
  for (auto at = svg.find("<circle"); at != std::string::npos; at = svg.find("<circle", at + 1)) ++dots;
  CHECK(dots == rows.size());
  CHECK_THAT(svg, Contains("Best of 27 trials: 26, accuracy 30.9 % on validation after epoch 9") &&
                      Contains("27 trials") && Contains("9 trials") && Contains("class=\"trial best\""));
  CHECK_THAT(search_svg({}, small_space()), Contains("No trial is finished yet") && Contains("</svg>"));
}
