// SPDX-License-Identifier: Apache-2.0
// Figures group by group.
#include "mien/core/error.hpp"
#include "mien/train/groups.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/support/tiny_model.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <fstream>

using namespace mien;
using namespace mien::test;
using Catch::Contains;

namespace {

GroupTable table_from(const std::string& text) {
  const TempFolder folder;
  std::ofstream(folder / "groups.csv", std::ios::binary) << text;
  return read_groups(folder / "groups.csv");
}

/// Pictures 0 to n-1 called happy/0.png, ...; all show class 0, and the first `wrong` of each ten are answered wrongly.
struct Sample {
  Classifier classifier{tiny_model()};
  Dataset data;
  Answers answers;

  Sample(std::size_t n, std::size_t wrong) : answers{{}, Tensor(Shape{static_cast<std::int64_t>(n), 3})} {
    data.classes = classifier.file().labels;
    data.height = data.width = 6;
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t p = 0; p < 36; ++p) data.pixels.push_back(static_cast<std::uint8_t>(i * 7 + p * (i + 1)));
      data.labels.push_back(0);
      data.names.push_back("faces/happy/" + std::to_string(i) + ".png");
      answers.truth.push_back(0);
      const auto answer = i % 10 < wrong ? 1U : 0U;
      for (std::size_t c = 0; c < 3; ++c) answers.probabilities.view<float>()[3 * i + c] = c == answer ? 0.8f : 0.1f;
    }
  }
  [[nodiscard]] GroupEvaluation by(const GroupTable& table) const {
    return evaluate_groups(answers, classifier, data, table, {});
  }
};

} // namespace

TEST_CASE("groups: the table has its columns in any order, and says what is wrong where") {
  CHECK(table_from("\xef\xbb\xbfgroup,age,name\r\nold,70,a.png\r\n\r\nyoung,7,\"b.png\"\r\n") ==
        GroupTable{{"a.png", "old"}, {"b.png", "young"}});
  CHECK_THROWS_WITH(table_from(""), Contains("is empty"));
  CHECK_THROWS_WITH(table_from("name,age\n"), Contains(":1: has no column group"));
  CHECK_THROWS_WITH(table_from("name,group\na,\n"), Contains(":2: the group is empty"));
  CHECK_THROWS_WITH(table_from("name,group\na,x\n,y\n"), Contains(":3: the name is empty"));
  CHECK_THROWS_WITH(table_from("name,group\n\"a,x\n"), Contains("quote"));
  CHECK_THROWS_WITH(table_from("name,group\na,x\na,x\na,y\n"), Contains(":4: a is in group y, and in x before"));
}

TEST_CASE("groups: each by itself; small ones are marked, and what is in none is counted") {
  const Sample sample(100, 2);
  GroupTable table;
  for (int i = 0; i < 40; ++i) table[std::to_string(i) + ".png"] = "a";             // by the file's name
  for (int i = 40; i < 80; ++i) table["happy/" + std::to_string(i) + ".png"] = "b"; // with its folder
  for (int i = 80; i < 85; ++i) table["faces/happy/" + std::to_string(i) + ".png"] = "few";
  table["nobody.png"] = "a";
  const auto all = sample.by(table);
  REQUIRE(all.groups.size() == 3);
  CHECK(all.without_group == 15);
  CHECK(all.without_picture == 1);
  CHECK(all.groups[0].figures.n == 40);
  CHECK(all.groups[0].figures.accuracy == Approx(0.8));
  CHECK(all.groups[0].mean_recall == Approx(0.8)); // of the one class that there is
  CHECK(all.groups[0].mean_recall_ci.low < 0.8);
  CHECK(all.groups[0].mean_recall_ci.high > 0.8);
  CHECK(all.groups[0].figures.reliability->confidence == Approx(0.8));
  CHECK(all.groups[2].few);
  CHECK_FALSE(all.groups[1].few);
  REQUIRE(all.widest); // the few are not judged
  CHECK(all.widest->difference == 0);
  const auto text = groups_text(all);
  CHECK_THAT(text, Contains("few: do not conclude") && Contains("15 pictures have no group") &&
                       Contains("no more than chance"));
  const auto json = nlohmann::json::parse(to_json(all));
  CHECK(json["groups"][2]["name"] == "few");
  CHECK(json["groups"][2]["few"] == true);
  CHECK(json["groups"][1]["figures"]["n"] == 40);
}

TEST_CASE("groups: a gap beyond chance is told") {
  const Sample sample(400, 5);
  GroupTable table;
  for (int i = 0; i < 400; ++i) table[std::to_string(i) + ".png"] = i % 10 < 6 ? "worse" : "better";
  const auto all = sample.by(table);
  REQUIRE(all.widest);
  CHECK(all.groups[all.widest->best].name == "better");
  CHECK(all.widest->difference == Approx(1 - 1.0 / 6));
  CHECK(all.widest->ci.low > 0.7);
  CHECK_THAT(groups_text(all), Contains("better and worse, 83.3 points"));
}

TEST_CASE("groups: tables that do not fit are refused") {
  const Sample sample(3, 0);
  CHECK_THROWS_WITH(sample.by({{"x.png", "a"}}), Contains("none of the 3 pictures") && Contains("x.png"));
  CHECK_THROWS_WITH(sample.by({{"1.png", "a"}, {"happy/1.png", "b"}}), Contains("in two of them, b and a"));
  Sample twins(2, 0);
  twins.data.names = {"faces/happy/1.png", "faces/sad/1.png"};
  CHECK_THROWS_WITH(twins.by({{"1.png", "a"}}), Contains("may be faces/happy/1.png or faces/sad/1.png"));
}

TEST_CASE("groups: rows of a CSV are found by their numbers") {
  Sample sample(3, 0);
  for (std::size_t i = 0; i < 3; ++i) sample.data.names[i] = "faces.csv:" + std::to_string(i + 2);
  const auto all = sample.by({{"0", "a"}, {"2", "b"}});
  CHECK(all.groups.size() == 2);
  CHECK(all.without_group == 1);
}

TEST_CASE("groups: the interval of a difference is statsmodels'") {
  // statsmodels 0.15: confint_proportions_2indep(c1, n1, c2, n2, method="newcomb", compare="diff")
  const std::vector<std::array<double, 6>> cases{{90, 100, 70, 100, 0.09000209070489983, 0.30578929058543947},
                                                 {3, 10, 1, 50, 0.06985373411895252, 0.5836683187793457},
                                                 {40, 40, 0, 30, 0.8566025264300505, 1.0},
                                                 {660, 1000, 655, 1200, 0.07320046907631791, 0.1544518828780466}};
  for (const auto& [c1, n1, c2, n2, low, high] : cases) {
    const auto ci = newcombe_interval(c1 / n1, std::int64_t(n1), c2 / n2, std::int64_t(n2));
    CHECK(ci.low == Approx(low).epsilon(1e-9));
    CHECK(ci.high == Approx(high).epsilon(1e-9));
  }
}
