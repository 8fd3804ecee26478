// SPDX-License-Identifier: Apache-2.0
#include "mien/core/error.hpp"
#include "mien/train/metrics.hpp"
#include "tests/support/catch.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <fstream>

using namespace mien;

namespace {

/// Answers on pictures, and what scikit-learn says of them: see make_metrics_fixture.py.
struct Fixture {
  nlohmann::json expected;
  std::vector<std::string> labels;
  std::vector<std::int32_t> truth;
  std::vector<float> probabilities;

  Fixture() {
    std::ifstream file("tests/unit/train/metrics_fixture.json");
    REQUIRE(file);
    expected = nlohmann::json::parse(file);
    expected["labels"].get_to(labels);
    expected["truth"].get_to(truth);
    for (const auto& row : expected["probabilities"])
      for (const float p : row) probabilities.push_back(p);
  }
  [[nodiscard]] View<const float> view() const {
    return {probabilities.data(),
            Shape{static_cast<std::int64_t>(truth.size()), static_cast<std::int64_t>(labels.size())}};
  }
  [[nodiscard]] Evaluation evaluated(const IntervalOptions& options = {}) const {
    return evaluate(truth, view(), labels, options);
  }
};

void check_equal(double ours, double scikit_learns) {
  INFO("ours " << ours << ", scikit-learn's " << scikit_learns);
  CHECK(std::abs(ours - scikit_learns) <= 1e-12 * std::max(1.0, std::abs(scikit_learns)));
}

bool inside(double figure, const Interval& i) { return i.low < figure && figure < i.high; }

} // namespace

TEST_CASE("the figures are scikit-learn's") {
  const Fixture fixture;
  const auto e = fixture.evaluated();
  const auto& expected = fixture.expected;
  CHECK(e.n == expected["n"].get<std::int64_t>());
  check_equal(e.accuracy, expected["accuracy"]);
  check_equal(e.macro_f1, expected["macro_f1"]);
  check_equal(e.weighted_f1, expected["weighted_f1"]);
  check_equal(e.uar, expected["uar"]);
  check_equal(e.log_loss, expected["log_loss"]);
  REQUIRE(e.per_class.size() == fixture.labels.size());
  for (std::size_t c = 0; c < fixture.labels.size(); ++c) {
    INFO(fixture.labels[c]);
    check_equal(e.per_class[c].precision, expected["precision"][c]);
    check_equal(e.per_class[c].recall, expected["recall"][c]);
    check_equal(e.per_class[c].f1, expected["f1"][c]);
    CHECK(e.per_class[c].support == expected["support"][c].get<std::int64_t>());
    for (std::size_t a = 0; a < fixture.labels.size(); ++a)
      CHECK(e.count(c, a) == expected["confusion"][c][a].get<std::int64_t>());
  }
}

TEST_CASE("a class that was never answered and one without pictures are named and count as 0") {
  const auto e = Fixture().evaluated();
  CHECK(e.undefined == std::vector<std::string>{"disgust", "fear"});
  CHECK(e.per_class[1].precision == 0);
  CHECK(e.per_class[2].recall == 0);
}

TEST_CASE("of equal probabilities the first label is the answer") {
  const std::vector<float> probabilities = {0.25f, 0.375f, 0.375f};
  const auto e = evaluate(std::vector<std::int32_t>{1}, View<const float>(probabilities.data(), Shape{1, 3}),
                          std::vector<std::string>{"a", "b", "c"});
  CHECK(e.accuracy == 1);
}

TEST_CASE("the accuracy's interval is Wilson's") {
  // 51 of 150 right; scipy.stats.binomtest(51, 150).proportion_ci(method="wilson")
  const auto e = Fixture().evaluated();
  CHECK(e.ci95.accuracy.low == Approx(0.2690333503042941).epsilon(1e-12));
  CHECK(e.ci95.accuracy.high == Approx(0.4189571278934905).epsilon(1e-12));
}

TEST_CASE("the bootstrap's intervals hold their figures and depend on the seed, not on the threads") {
  const Fixture fixture;
  const auto e = fixture.evaluated({.seed = 1});
  CHECK(inside(e.macro_f1, e.ci95.macro_f1));
  CHECK(inside(e.weighted_f1, e.ci95.weighted_f1));
  CHECK(inside(e.uar, e.ci95.uar));
  CHECK(inside(e.log_loss, e.ci95.log_loss));
  CHECK(to_json(fixture.evaluated({.seed = 1, .threads = 3})) == to_json(e));
  CHECK(fixture.evaluated({.seed = 2}).ci95.log_loss.low != e.ci95.log_loss.low);
}

TEST_CASE("the bootstrap's interval of a mean is as wide as its standard error says") {
  const Fixture fixture;
  const auto e = fixture.evaluated();
  double squares = 0;
  for (std::size_t i = 0; i < fixture.truth.size(); ++i) {
    const double p = fixture.probabilities[i * fixture.labels.size() + static_cast<std::size_t>(fixture.truth[i])];
    squares += std::pow(-std::log(std::clamp(p, 0x1p-52, 1 - 0x1p-52)) - e.log_loss, 2);
  }
  const auto n = static_cast<double>(e.n);
  const double half = 1.96 * std::sqrt(squares / n / n);
  CHECK(e.ci95.log_loss.high - e.ci95.log_loss.low == Approx(2 * half).epsilon(0.1));
  CHECK((e.ci95.log_loss.high + e.ci95.log_loss.low) / 2 == Approx(e.log_loss).margin(0.15 * half));
}

TEST_CASE("the JSON has the names that are promised") {
  const auto e = Fixture().evaluated();
  const auto json = nlohmann::ordered_json::parse(to_json(e));
  std::vector<std::string> names;
  for (const auto& [name, value] : json.items()) names.push_back(name);
  CHECK(names == std::vector<std::string>{"n", "accuracy", "macro_f1", "weighted_f1", "uar", "log_loss", "per_class",
                                          "confusion", "labels", "undefined", "ci95", "seen", "unseen"});
  CHECK(json["accuracy"].get<double>() == e.accuracy); // every bit
  CHECK(json["per_class"]["happy"]["recall"].get<double>() == e.per_class[3].recall);
  CHECK(json["per_class"]["happy"]["support"].get<std::int64_t>() == e.per_class[3].support);
  CHECK(json["confusion"][5][3].get<std::int64_t>() == e.count(5, 3));
  CHECK(json["ci95"]["uar"][1].get<double>() == e.ci95.uar.high);
  CHECK(json["seen"].is_null());
  CHECK(json["unseen"].is_null());
}

TEST_CASE("copies make no interval narrower") {
  const Fixture once;
  Fixture thrice = once;
  std::vector<std::size_t> groups;
  for (std::size_t i = 0; i < once.truth.size(); ++i) groups.push_back(i);
  const auto all = groups;
  for (int copy = 0; copy < 2; ++copy) {
    thrice.truth.insert(thrice.truth.end(), once.truth.begin(), once.truth.end());
    thrice.probabilities.insert(thrice.probabilities.end(), once.probabilities.begin(), once.probabilities.end());
    groups.insert(groups.end(), all.begin(), all.end());
  }
  const auto plain = once.evaluated(), grouped = thrice.evaluated({.groups = groups}), taken_in = thrice.evaluated();
  CHECK(grouped.ci95.macro_f1.low == Approx(plain.ci95.macro_f1.low));
  CHECK(grouped.ci95.macro_f1.high == Approx(plain.ci95.macro_f1.high));
  CHECK(grouped.ci95.log_loss.low == Approx(plain.ci95.log_loss.low));
  const auto width = [](const Interval& i) { return i.high - i.low; };
  CHECK(width(taken_in.ci95.macro_f1) < 0.7 * width(grouped.ci95.macro_f1)); // 1 / sqrt(3)
  CHECK(once.evaluated({.groups = all}).ci95.uar.low == plain.ci95.uar.low);
  CHECK_THROWS_WITH(once.evaluated({.groups = {1, 2}}), Catch::Contains("2 groups"));
}

TEST_CASE("answers that cannot be measured are refused") {
  const std::vector<std::string> labels = {"a", "b"};
  auto measure = [&](std::vector<std::int32_t> truth, std::vector<float> p, std::int64_t columns = 2) {
    return evaluate(truth, View<const float>(p.data(), Shape{static_cast<std::int64_t>(p.size()) / columns, columns}),
                    labels);
  };
  CHECK_NOTHROW(measure({0}, {1, 0}));
  CHECK_THROWS_WITH(measure({}, {}), Catch::Contains("no picture"));
  CHECK_THROWS_WITH(measure({0, 1}, {1, 0}), Catch::Contains("as many probabilities (4)"));
  CHECK_THROWS_WITH(measure({2}, {1, 0}), Catch::Contains("picture 0 has 2"));
  CHECK_THROWS_WITH(measure({-1}, {1, 0}), Catch::Contains("picture 0 has -1"));
  CHECK_THROWS_WITH(measure({0, 0}, {1, 0, NAN, 0}), Catch::Contains("picture 1 has nan"));
  CHECK_THROWS_WITH(measure({0}, {1, -0.5f}), Catch::Contains("between 0 and 1"));
}
