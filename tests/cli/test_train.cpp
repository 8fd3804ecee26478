// SPDX-License-Identifier: Apache-2.0
#include "mien/io/atomic_file.hpp"
#include "mien/nn/model_file.hpp"
#include "tests/cli/fixture.hpp"
#include "tests/cli/run.hpp"
#include "tests/cli/small_training.hpp"
#include "tests/support/catch.hpp"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <string>

using namespace mien;
using namespace mien::test;
using Catch::Matchers::Contains;

namespace {

class Place : public SmallTraining {
public:
  Place() : SmallTraining(R"({"type": "Dropout", "name": "dropout", "settings": {"rate": 0.1}},)") {}
  /// `mien train` on the fixture's faces.
  [[nodiscard]] std::string train(const std::string& out, const std::string& options) const {
    return line("train", fixture().faces, out, options);
  }
};

/// The rows of a log.csv without the two columns that hold times.
std::vector<std::string> rows_without_times(const std::filesystem::path& log) {
  auto rows = lines(contents(log));
  for (auto& row : rows) row.resize(row.rfind(',', row.rfind(',') - 1));
  return rows;
}

} // namespace

TEST_CASE("mien train writes its files and says what it found, did, reached, and what comes next") {
  const Place place;
  const auto ran = shell(place.train("run", "--epochs 2"));
  INFO(ran.err);
  REQUIRE(ran.code == 0);
  CHECK(ran.out.empty());
  for (const auto& text : {"21 pictures of 7 classes", "angry 3, disgust 3", "14 to learn from, 7 to measure on",
                           "epochs 2, batch 4, Adam 0.001", "kernels", "\nepoch 1/2  loss ", "\nepoch 2/2  loss ",
                           "on the 7 validation pictures", "mien eval "})
    CHECK_THAT(ran.err, Contains(text));
  CHECK(ran.err.find('\r') == std::string::npos); // no live line where there is no terminal
  for (const auto& name : {"model.safetensors", "last.safetensors", "state.safetensors", "log.csv", "curves.svg",
                           "events.out.tfevents.mien", "report.html", "run.json"})
    CHECK(std::filesystem::exists(place / "run" / name));
  CHECK(rows_without_times(place / "run" / "log.csv").size() == 3);
  CHECK(load_model(place / "run" / "model.safetensors").labels == fixture().classifier.file().labels);
  const auto options = nlohmann::json::parse(contents(place / "run" / "run.json"))["options"];
  CHECK(options["epochs"] == 2);
  CHECK(options["rotation"] == 10);
  CHECK(options["no-flip"] == false);
}

TEST_CASE("mien train --config repeats a run to the same bits, on other threads too") {
  const Place place;
  REQUIRE(shell(place.train("run", "--epochs 2 --seed 3 --zoom 0.2 --threads 1 --quiet")).code == 0);
  const auto again =
      run({"train", "--config", place.text("run/run.json"), "--out", place.text("again"), "--threads", "2"});
  INFO(again.err);
  REQUIRE(again.code == 0);
  CHECK(contents(place / "again" / "model.safetensors") == contents(place / "run" / "model.safetensors"));
  CHECK(rows_without_times(place / "again" / "log.csv") == rows_without_times(place / "run" / "log.csv"));

  const auto other =
      run({"train", "--config", place.text("run/run.json"), "--out", place.text("other"), "--seed", "4"});
  REQUIRE(other.code == 0);
  CHECK(contents(place / "other" / "model.safetensors") != contents(place / "run" / "model.safetensors"));
}

TEST_CASE("mien train stopped by a signal saves, says how to go on, and goes on to the same bits") {
  const auto [signal, code] = GENERATE(table<std::string, int>({{"INT", 130}, {"TERM", 130}, {"KILL", 137}}));
  const Place place;
  const auto stopped = interrupt(place.train("run", "--epochs 1000000 --checkpoint-every 1"), place, "epoch*", signal);
  INFO(signal << stopped.err);
  REQUIRE(stopped.code == code);
  if (signal != "KILL")
    CHECK_THAT(stopped.err, Contains("and saved") && Contains("mien train --resume " + place.text("run")));

  // It was stopped some steps later than the signal was sent: two epochs more are surely not yet done.
  const auto epochs = std::to_string(rows_without_times(place / "run" / "log.csv").size() + 1);
  const auto resumed = run({"train", "--resume", place.text("run"), "--epochs", epochs});
  INFO(resumed.err);
  REQUIRE(resumed.code == 0);
  REQUIRE(shell(place.train("whole", "--quiet --epochs " + epochs)).code == 0);
  for (const auto& name : {"model.safetensors", "last.safetensors"})
    CHECK(contents(place / "run" / name) == contents(place / "whole" / name));
  CHECK(rows_without_times(place / "run" / "log.csv") == rows_without_times(place / "whole" / "log.csv"));
}

TEST_CASE("mien train refuses a folder that holds something, unless it is told to begin again") {
  const Place place;
  REQUIRE(shell(place.train("run", "--epochs 1 -q")).code == 0);
  const auto refused = shell(place.train("run", "--epochs 1"));
  CHECK(refused.code == 1);
  CHECK_THAT(refused.err, Contains("--resume") && Contains("--force") && Contains("--out"));
  CHECK(shell(place.train("run", "--epochs 1 --force")).code == 0);
}

TEST_CASE("mien train keeps out of a folder in which another one is writing") {
  const Place place;
  const auto folder = place.text("run");
  const auto ran = shell("mkdir '" + folder + "' && flock '" + folder + "' " + place.train("run", "--epochs 1"));
  CHECK(ran.code == 1);
  CHECK_THAT(ran.err, Contains("another training is writing here"));
  CHECK(std::filesystem::is_empty(folder));
}

TEST_CASE("mien train --resume refuses what would give other bits") {
  const Place place;
  REQUIRE(shell(place.train("run", "--epochs 1 -q")).code == 0);
  const auto resume = [&](const std::vector<std::string>& options) {
    std::vector<std::string> arguments{"train", "--resume", place.text("run"), "--epochs", "2"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return run(arguments);
  };
  const auto recipe = resume({"--lr", "0.5"});
  CHECK(recipe.code == 1);
  CHECK_THAT(recipe.err, Contains("Adam 0.5") && Contains("Adam 0.001"));
  const auto algorithm = resume({"--algorithm", "direct"});
  CHECK(algorithm.code == 1);
  CHECK_THAT(algorithm.err, Contains("algorithm direct"));
  const auto data = resume({"--validation", "0.5"});
  CHECK(data.code == 1);
  CHECK_THAT(data.err, Contains("began with data"));
  CHECK(resume({"--out", "elsewhere"}).code == 2);
  CHECK(run({"train", "--resume", place.text("nowhere")}).code == 1);
}

TEST_CASE("mien train stops at a loss that is no number") {
  const Place place;
  const auto ran = shell(place.train("run", "--lr 1e30"));
  CHECK(ran.code == 1);
  CHECK_THAT(ran.err, Contains("error: ") && Contains("no longer a finite number") && Contains("1e+30"));
}

TEST_CASE("mien train on a full disk ends with an error and leaves the last state whole") {
  const Place place;
  // The state takes 72 KiB: files may grow to 40, in blocks of 512 bytes, once the first epoch is over.
  REQUIRE(shell(place.train("run", "--epochs 1 -q")).code == 0);
  const auto before = contents(place / "run" / "state.safetensors");
  const auto ran = shell("ulimit -f 80; \"$MIEN\" train --resume '" + place.text("run") + "' --epochs 2");
  CHECK(ran.code == 1);
  CHECK_THAT(ran.err, Contains("error: ") && Contains("state.safetensors") && Contains("is whole"));
  CHECK(contents(place / "run" / "state.safetensors") == before);
}

TEST_CASE("mien train says what is wrong with what it was given") {
  const Place place;
  CHECK(run({"train", "--epoch", "3"}).code == 2);
  CHECK_THAT(run({"train", "--epoch", "3"}).err, Contains("--epochs"));
  CHECK_THAT(run({"train", place.text("nowhere")}).err, Contains("nowhere"));
  CHECK_THAT(run({"train", fixture().faces, "--net", "sed", "--out", place.text("run")}).err, Contains("seed"));
  write_atomically(place / "bad.json", R"({"options": {"epochz": 3}})");
  const auto bad = run({"train", fixture().faces, "--config", place.text("bad.json")});
  CHECK(bad.code == 2);
  CHECK_THAT(bad.err, Contains("bad.json") && Contains("epochz"));
}
