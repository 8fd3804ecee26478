// SPDX-License-Identifier: Apache-2.0
#include "mien/core/error.hpp"
#include "mien/core/rng.hpp"
#include "mien/train/label_errors.hpp"
#include "tests/support/catch.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <set>
#include <vector>

using namespace mien;

namespace {

const nlohmann::json& fixture() {
  static const auto json = [] {
    std::ifstream file("tests/unit/train/label_errors_fixture.json");
    REQUIRE(file);
    return nlohmann::json::parse(file);
  }();
  return json;
}

Answers answers_of(std::vector<std::int32_t> labels, const std::vector<std::vector<double>>& rows) {
  Answers a{std::move(labels),
            Tensor(Shape{static_cast<std::int64_t>(rows.size()), static_cast<std::int64_t>(rows[0].size())})};
  std::size_t i = 0;
  for (const auto& row : rows)
    for (const double p : row) a.probabilities.view<float>()[i++] = static_cast<float>(p);
  return a;
}

std::vector<std::size_t> pictures(const LabelErrors& found) {
  std::vector<std::size_t> all;
  for (const auto& error : found.errors) all.push_back(error.picture);
  return all;
}

} // namespace

TEST_CASE("label errors: thresholds, joint, pictures and their order are cleanlab's") {
  for (const auto* labels : {"given", "one_class_missing"}) {
    const auto& expected = fixture()[labels];
    const auto found = find_label_errors(answers_of(expected["labels"], fixture()["probabilities"]));
    for (std::size_t j = 0; j < 5; ++j) {
      CHECK(found.thresholds[j] == Approx(expected["thresholds"][j].get<double>()).epsilon(1e-12));
      for (std::size_t i = 0; i < 5; ++i) { // cleanlab raises its diagonal to 1
        const auto counted = i == j ? std::max<std::int64_t>(found.joint[6 * i], 1) : found.joint[5 * i + j];
        CHECK(counted == expected["joint"][i][j].get<std::int64_t>());
      }
    }
    CHECK(pictures(found) == expected["ranked"].get<std::vector<std::size_t>>());
    for (std::size_t r = 0; r < found.errors.size(); ++r) {
      const auto& error = found.errors[r];
      CHECK(error.margin == Approx(expected["margins"][r].get<double>()).epsilon(1e-9));
      CHECK(error.given == expected["labels"][error.picture].get<std::int32_t>());
      CHECK(error.suggested != error.given);
    }
  }
}

TEST_CASE("label errors: wrong labels come first, far above chance") {
  const std::vector<std::size_t> wrong = fixture()["wrong"];
  const auto ranked = pictures(find_label_errors(answers_of(fixture()["given"]["labels"], fixture()["probabilities"])));
  REQUIRE(ranked.size() >= wrong.size() / 2);
  const auto hits = [&](std::size_t first) {
    return std::count_if(ranked.begin(), ranked.begin() + static_cast<std::ptrdiff_t>(first),
                         [&](std::size_t i) { return std::ranges::binary_search(wrong, i); });
  };
  CHECK(hits(20) >= 16); // one in ten is wrong: chance would find 2
  CHECK(hits(ranked.size()) >= 36);
}

TEST_CASE("label errors: a class that the model knows less well needs less to be suggested") {
  // t = 0.9, 0.5: the third picture is confidently of class 1 alone, the fourth of neither.
  const auto found = find_label_errors(
      answers_of({0, 0, 0, 0, 1, 1}, {{1, 0}, {1, 0}, {0.45, 0.55}, {0.55, 0.45}, {0.5, 0.5}, {0.4, 0.6}}));
  CHECK(found.thresholds[0] == Approx(0.75));
  CHECK(found.thresholds[1] == Approx(0.55));
  CHECK(pictures(found) == std::vector<std::size_t>{2});
  CHECK(found.joint == std::vector<std::int64_t>{2, 1, 0, 1});
  CHECK(found.errors[0].given == 0);
  CHECK(found.errors[0].suggested == 1);
  CHECK(found.errors[0].margin == Approx(-0.1));
}

TEST_CASE("label errors: what is confident but not most probable is counted, and no error") {
  // The model seldom says 1, so t[1] is low; the first picture is confidently a 1, most probably a 0.
  const auto found = find_label_errors(answers_of({0, 0, 1}, {{0.6, 0.4}, {0.99, 0.01}, {0.7, 0.3}}));
  CHECK(found.joint == std::vector<std::int64_t>{1, 1, 0, 1});
  CHECK(found.errors.empty());
}

TEST_CASE("label errors: none where all is well, equal ones in the order of the pictures") {
  CHECK(find_label_errors(answers_of({0, 1}, {{0.8, 0.2}, {0.1, 0.9}})).errors.empty());
  const auto same = answers_of({0, 1, 1, 0, 0}, {{0.9, 0.1}, {0.9, 0.1}, {0.9, 0.1}, {0.9, 0.1}, {0.9, 0.1}});
  CHECK(pictures(find_label_errors(same)) == std::vector<std::size_t>{1, 2});
}

TEST_CASE("label errors: what cannot be ranked is refused") {
  CHECK_THROWS_AS(find_label_errors({{}, Tensor(Shape{0, 3})}), Error);
  CHECK_THROWS_WITH(find_label_errors(answers_of({0}, {{1.0}})), Catch::Contains("one class only"));
  CHECK_THROWS_AS(find_label_errors(answers_of({2}, {{0.5, 0.5}})), Error);
}
