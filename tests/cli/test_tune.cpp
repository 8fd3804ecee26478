// SPDX-License-Identifier: Apache-2.0
#include "mien/io/atomic_file.hpp"
#include "tests/cli/fixture.hpp"
#include "tests/cli/run.hpp"
#include "tests/cli/small_training.hpp"
#include "tests/support/catch.hpp"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <string>
#include <vector>

using namespace mien;
using namespace mien::test;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

class Place : public SmallTraining {
public:
  /// `mien tune` on the fixture's faces: one bracket of 4 trials, half of which go on from 1 epoch to 2.
  [[nodiscard]] std::string tune(const std::string& out, const std::string& options) const {
    return line("tune", fixture().faces, out, "--trials 4 --eta 2 --brackets 1 --max-epochs 2 " + options);
  }
};

/// The rows of a table.csv without the seconds, the fifth column.
std::vector<std::string> rows_without_times(const std::filesystem::path& table) {
  auto rows = lines(contents(table));
  for (auto& row : rows) {
    std::size_t comma = 0;
    for (int i = 0; i < 4; ++i) comma = row.find(',', comma) + 1;
    row.erase(comma, row.find(',', comma) - comma);
  }
  return rows;
}

nlohmann::json options_in(const std::filesystem::path& run_json) {
  return nlohmann::json::parse(contents(run_json))["options"];
}

} // namespace

TEST_CASE("mien tune lets the better half go on, keeps its table and plot, and says what the figure is worth") {
  const Place place;
  const auto ran = shell(place.tune("search", "--search lr=0.0001..0.01 --search 'rotation=0..20 optimizer=adam|sgd'"));
  INFO(ran.err);
  REQUIRE(ran.code == 0);
  CHECK_THAT(ran.out, StartsWith("trial  epochs  accuracy    loss  lr"));
  CHECK(lines(ran.out).size() == 5);
  CHECK_THAT(ran.out, Contains("  best\n"));
  for (const auto& text : {"best of 4 trials: trial ", "on the 7 validation pictures", "mien train --config ",
                           "its figure flatters it", "mien eval runs/best "})
    CHECK_THAT(ran.err, Contains(text));
  CHECK(rows_without_times(place / "search" / "table.csv").size() == 1 + 4 + 2);
  CHECK_THAT(contents(place / "search" / "plot.svg"), Contains("Best of 4 trials") && Contains("</svg>"));
  CHECK(options_in(place / "search" / "best.json")["epochs"] == 2);
  CHECK(options_in(place / "search" / "trial-0" / "run.json")["batch"] == 4);
}

TEST_CASE("mien train --config repeats a trial") {
  const Place place;
  REQUIRE(shell(place.tune("search", "-q --search lr=0.0001..0.01")).code == 0);
  const auto again = run({"train", "--config", place.text("search/best.json"), "--out", place.text("again")});
  INFO(again.err);
  REQUIRE(again.code == 0);
  const auto table = rows_without_times(place / "search" / "table.csv");
  const auto best = lines(run({"tune", "--resume", place.text("search"), "-q"}).out).at(1); // the first is the heading
  const auto trial = "trial-" + best.substr(4, 1);
  CHECK(contents(place / "again" / "model.safetensors").size() > 1000);
  const auto log = [&](const std::string& folder) {
    auto rows = lines(contents(place / folder / "log.csv"));
    for (auto& row : rows) row.resize(row.rfind(',', row.rfind(',') - 1));
    return rows;
  };
  CHECK(log("again") == log("search/" + trial));
}

TEST_CASE("mien tune stopped by Ctrl-C saves, and goes on to the table of an unbroken search") {
  // Trials that go on, and trials that begin again: one cycle is another one for more epochs.
  const std::string schedule = GENERATE("constant", "one_cycle");
  const auto options = "--schedule " + schedule + " --seed 3 --search lr=0.0001..0.01";
  const Place place;
  auto ran = interrupt(place.tune("broken", options + " --trials 100000"), place, "trial*");
  INFO(schedule << ran.err);
  REQUIRE(ran.code == 130);
  CHECK(ran.out.empty());
  CHECK_THAT(ran.err, Contains("and saved") && Contains("mien tune --resume " + place.text("broken")));
  // It was stopped some trials later than the signal was sent: two more than are in the table are surely not yet done.
  const auto trials = std::to_string(rows_without_times(place / "broken" / "table.csv").size() + 1);
  ran = run({"tune", "--resume", place.text("broken"), "--trials", trials});
  INFO(ran.err);
  REQUIRE(ran.code == 0);
  const auto whole = shell(place.tune("whole", options + " --trials " + trials));
  REQUIRE(whole.code == 0);
  CHECK(ran.out == whole.out);
  CHECK(rows_without_times(place / "broken" / "table.csv") == rows_without_times(place / "whole" / "table.csv"));
}

TEST_CASE("mien tune prints JSON or CSV") {
  const Place place;
  const auto json = shell(place.tune("search", "-q --json"));
  INFO(json.err);
  REQUIRE(json.code == 0);
  const auto rows = nlohmann::json::parse(json.out);
  REQUIRE(rows.size() == 6);
  for (const auto& row : rows) {
    CHECK(row["epochs"].is_number_integer());
    CHECK(row["accuracy"].is_number());
    for (const auto& name : {"lr", "l2", "label-smoothing", "rotation", "shift"}) CHECK(row["options"].contains(name));
  }
  const auto csv = run({"tune", "--resume", place.text("search"), "--csv"}); // it is over: the same rows
  CHECK(csv.code == 0);
  CHECK(csv.out == contents(place / "search" / "table.csv"));
}

TEST_CASE("mien tune does not search what is given") {
  const Place place;
  const auto ran = shell(place.tune("search", "-q --csv --optimizer adamw --lr 0.003 --shift 0"));
  INFO(ran.err);
  REQUIRE(ran.code == 0);
  CHECK(lines(ran.out).at(0) == "trial,epochs,accuracy,loss,seconds,weight-decay,label-smoothing,rotation");
  CHECK(options_in(place / "search" / "trial-3" / "run.json")["lr"] == 0.003);
  const auto both = shell(place.tune("other", "--lr 0.003 --search lr=0.001..0.01"));
  CHECK(both.code == 2);
  CHECK_THAT(both.err, Contains("given and searched"));
}

TEST_CASE("mien tune --from searches how a model goes on") {
  const Place place;
  const auto ran = run({"tune", fixture().faces, "--from", fixture().model, "--out", place.text("search"), "--trials",
                        "2", "--max-epochs", "1", "--search", "freeze=features|conv2d", "-q"});
  INFO(ran.err);
  REQUIRE(ran.code == 0);
  CHECK(options_in(place / "search" / "best.json")["from"] == fixture().model);
  const auto again = run({"train", "--config", place.text("search/best.json"), "--out", place.text("again"), "-q"});
  INFO(again.err);
  CHECK(again.code == 0);
}

TEST_CASE("a trial that diverges is a row of mien tune, not its end") {
  const Place place;
  const auto ran = shell(place.tune("search", "--json --trials 12 --search 'lr=1e30|0.001'"));
  INFO(ran.err);
  REQUIRE(ran.code == 0);
  std::size_t diverged = 0;
  const auto rows = nlohmann::json::parse(ran.out);
  for (const auto& row : rows)
    if (row["loss"].is_null()) {
      ++diverged;
      CHECK(row["accuracy"] == 0);
      CHECK(row["options"]["lr"] == "1e30");
    }
  CHECK((diverged > 0 && diverged < rows.size()));
  CHECK_THAT(ran.err, Contains(": diverged"));
  const auto all = shell(place.tune("all", "--search 'lr=1e30|1e29'"));
  CHECK(all.code == 0);
  CHECK_THAT(all.err, Contains("every trial diverged"));
}

TEST_CASE("mien tune says what is wrong with what it was given") {
  const Place place;
  const auto refused = [&](const std::string& options, const std::string& why) {
    const auto ran = shell(place.tune("search", options));
    INFO(options << "\n" << ran.err);
    CHECK(ran.code == 2);
    CHECK(lines(ran.err).size() == 1);
    CHECK_THAT(ran.err, Contains(why));
  };
  refused("--search lr", "NAME=LOW..HIGH");
  refused("--search lr=0.1", "NAME=LOW..HIGH");
  refused("--search lr=a..b", "NAME=LOW..HIGH");
  refused("--search lr=0.1..0.01", "not below");
  refused("--search lr=-1..1", "--lr takes a number");
  refused("--search label_smoothing=0..0.1", "did you mean `--label-smoothing`?");
  refused("--search 'optimizer=adam|sdg'", "did you mean `sgd`?");
  refused("--search momentum=0.5..0.9999", "got `1`"); // as it would be drawn, to three digits
  refused("--search crop=1.5..4", "a whole number");
  refused("--search epochs=1..9", "--max-epochs");
  refused("--search validation=0.1..0.5", "the same for all trials");
  refused("--search lr=0.1..0.2 --search lr=0.1..0.2", "name it once");
  refused("--minutes 5", "exclude each other");
  refused("--min-epochs 5", "--min-epochs");
  refused("--json --csv", "exclude each other");
  CHECK_FALSE(std::filesystem::exists(place / "search"));
  const auto adam = shell(place.tune("search", "--search weight-decay=0.1..0.2")); // found before the first trial
  CHECK(adam.code == 1);
  CHECK_THAT(adam.err, Contains("adam has no weight_decay"));
}

TEST_CASE("mien tune keeps a folder that holds something, and resumes only what it began") {
  const Place place;
  REQUIRE(shell(place.tune("search", "-q --search batch=2..4 --seed 5")).code == 2); // --batch is given
  REQUIRE(shell(place.tune("search", "-q --search crop=0..2 --seed 5")).code == 0);
  CHECK(options_in(place / "search" / "trial-0" / "run.json")["crop"].is_number_integer());
  const auto refused = shell(place.tune("search", ""));
  CHECK(refused.code == 1);
  CHECK_THAT(refused.err, Contains("mien tune --resume ") && Contains("--force"));
  const auto other = run({"tune", "--resume", place.text("search"), "--lr", "0.1"});
  CHECK(other.code == 2);
  CHECK_THAT(other.err, Contains("leave --lr away"));
  const auto data = run({"tune", fixture().faces + "/test", "--resume", place.text("search")});
  INFO(data.err);
  CHECK(data.code == 1);
  CHECK_THAT(data.err, Contains("began on other pictures"));
  CHECK(run({"tune", "--resume", place.text("nowhere")}).code == 1);
  CHECK(shell(place.tune("search", "-q --force --search lr=0.001..0.01")).code == 0);
  CHECK_THAT(contents(place / "search" / "table.csv"), StartsWith("trial,epochs,accuracy,loss,seconds,lr\n"));
}
