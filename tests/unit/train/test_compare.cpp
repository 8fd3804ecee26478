// SPDX-License-Identifier: Apache-2.0
#include "mien/core/error.hpp"
#include "mien/core/rng.hpp"
#include "mien/train/compare.hpp"
#include "tests/support/catch.hpp"

#include <nlohmann/json.hpp>

#include <cmath>
#include <fstream>

using namespace mien;

namespace {

/// Answers to n pictures of three classes: each right with this probability, drawn for this model alone.
Answers drawn_answers(std::size_t n, double accuracy, std::uint32_t model) {
  Answers answers{{}, Tensor(Shape{static_cast<std::int64_t>(n), 3})};
  for (std::size_t i = 0; i < n; ++i) {
    const auto truth = static_cast<std::int32_t>(i % 3);
    Rng rng(5, Purpose::test, model, static_cast<std::uint32_t>(i));
    const bool right = rng.uniform() < accuracy;
    const auto answer = static_cast<std::size_t>((truth + (right ? 0 : 1)) % 3);
    for (std::size_t c = 0; c < 3; ++c) answers.probabilities.view<float>()[i * 3 + c] = c == answer ? 0.8f : 0.1f;
    answers.truth.push_back(truth);
  }
  return answers;
}

const std::vector<std::string> labels = {"a", "b", "c"};

} // namespace

TEST_CASE("compare: McNemar's test is that of statsmodels") {
  std::ifstream file("tests/unit/train/compare_fixture.json");
  REQUIRE(file);
  const auto fixture = nlohmann::json::parse(file);
  for (const auto& row : fixture["mcnemar"])
    CHECK(mcnemar(row["only_a"], row["only_b"]) == Approx(row["p"].get<double>()).epsilon(1e-9));
  CHECK(mcnemar(0, 0) == 1);
  CHECK(mcnemar(0, 100'000) == Approx(0).margin(1e-300));
}

TEST_CASE("compare: counts, figures and their differences are those of each model alone") {
  const auto a = drawn_answers(900, 0.6, 1), b = drawn_answers(900, 0.7, 2);
  const auto c = compare(a, b);
  const auto alone_a = evaluate(a.truth, a.probabilities.view<float>(), labels);
  const auto alone_b = evaluate(b.truth, b.probabilities.view<float>(), labels);
  CHECK(c.n == 900);
  CHECK(c.both + c.only_a + c.only_b + c.neither == 900);
  CHECK(static_cast<double>(c.both + c.only_a) / 900 == Approx(alone_a.accuracy));
  CHECK(c.a.macro_f1 == alone_a.macro_f1);
  CHECK(c.b.log_loss == alone_b.log_loss);
  CHECK(c.difference.uar.value == Approx(alone_b.uar - alone_a.uar));
  CHECK(c.p == mcnemar(c.only_a, c.only_b));
  CHECK(c.difference.accuracy.ci95.low < c.difference.accuracy.value);
  CHECK(c.difference.accuracy.value < c.difference.accuracy.ci95.high);
  CHECK_THAT(comparison_text(c, "one", "two"), Catch::Contains("B is better"));
  CHECK_THAT(comparison_text(compare(b, a), "two", "one"), Catch::Contains("A is better"));
}

TEST_CASE("compare: the interval is as wide as the paired standard error says") {
  const auto a = drawn_answers(2000, 0.65, 1), b = drawn_answers(2000, 0.68, 2);
  const auto c = compare(a, b, {.resamples = 2000});
  const double d = c.difference.accuracy.value, n = 2000;
  const double variance = (static_cast<double>(c.only_a + c.only_b) / n - d * d) / n;
  const auto& ci = c.difference.accuracy.ci95;
  CHECK(ci.high - ci.low == Approx(2 * 1.96 * std::sqrt(variance)).epsilon(0.06));
  CHECK(compare(a, b, {.threads = 3}).difference.macro_f1.ci95.low == compare(a, b).difference.macro_f1.ci95.low);
}

TEST_CASE("compare: of two models that are equally good, none is called better more often than one in twenty") {
  int called = 0;
  for (std::uint32_t pair = 0; pair < 200; ++pair)
    called +=
        compare(drawn_answers(300, 0.6, 2 * pair), drawn_answers(300, 0.6, 2 * pair + 1), {.resamples = 1}).p < 0.05;
  CHECK(called <= 20); // 5 % of 200, and three deviations more
  const auto a = drawn_answers(300, 0.6, 1);
  const auto same = compare(a, a);
  CHECK(same.p == 1);
  CHECK(same.difference.log_loss.ci95.low == 0);
  CHECK(same.difference.log_loss.ci95.high == 0);
  CHECK_THAT(comparison_text(same, "one", "one"), Catch::Contains("no difference"));
}

TEST_CASE("compare: copies make no interval narrower") {
  auto a = drawn_answers(300, 0.6, 1), b = drawn_answers(300, 0.7, 2);
  std::vector<std::size_t> twice, groups;
  for (std::size_t i = 0; i < 600; ++i) {
    twice.push_back(i / 2);
    groups.push_back(i / 2);
  }
  const auto plain = compare(a, b).difference.macro_f1.ci95;
  const auto grouped = compare(some_of(a, twice), some_of(b, twice), {.groups = groups}).difference.macro_f1.ci95;
  CHECK(grouped.low == Approx(plain.low));
  CHECK(grouped.high == Approx(plain.high));
}

TEST_CASE("compare: labels in another order, and what is refused") {
  const auto a = drawn_answers(30, 0.6, 1);
  const std::vector<std::string> other = {"c", "a", "b"}, wrong = {"c", "a", "d"};
  const auto moved = reordered(a, labels, other);
  CHECK(moved.truth[0] == 1); // "a"
  CHECK(moved.probabilities.view<float>()[1] == a.probabilities.view<float>()[0]);
  const auto back = reordered(moved, other, labels);
  CHECK(back.truth == a.truth);
  CHECK(std::ranges::equal(back.probabilities.view<float>().span(), a.probabilities.view<float>().span()));
  CHECK_THROWS_WITH(reordered(a, labels, wrong), Catch::Contains("name the same"));
  CHECK_THROWS_AS(compare(a, moved), Error);
  CHECK_THROWS_AS(compare(a, drawn_answers(31, 0.6, 1)), Error);
  CHECK_THROWS_AS(compare({{}, Tensor(Shape{0, 3})}, {{}, Tensor(Shape{0, 3})}), Error);
}
