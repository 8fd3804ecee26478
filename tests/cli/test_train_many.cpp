// SPDX-License-Identifier: Apache-2.0
// `mien train --seeds` and `--folds`.
#include "mien/io/atomic_file.hpp"
#include "mien/io/image.hpp"
#include "mien/nn/model_file.hpp"
#include "tests/cli/fixture.hpp"
#include "tests/cli/run.hpp"
#include "tests/cli/small_training.hpp"
#include "tests/support/catch.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <set>
#include <string>

using namespace mien;
using namespace mien::test;
using Catch::Matchers::Contains;

namespace fs = std::filesystem;

namespace {

class Place : public SmallTraining {
public:
  [[nodiscard]] std::string train(const std::string& data, const std::string& out, const std::string& options) const {
    return line("train", data, out, options);
  }
};

nlohmann::json json_of(const fs::path& path) { return nlohmann::json::parse(contents(path)); }

/// The fields of a CSV without quotes.
std::vector<std::vector<std::string>> fields(const fs::path& csv) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& line : lines(contents(csv))) {
    rows.emplace_back();
    for (std::size_t begin = 0; begin <= line.size();) {
      const auto end = std::min(line.find(',', begin), line.size());
      rows.back().push_back(line.substr(begin, end - begin));
      begin = end + 1;
    }
  }
  return rows;
}

} // namespace

TEST_CASE("mien train --seeds is so many trainings, and tells how far they lie apart") {
  const Place place;
  const auto ran = shell(place.train(fixture().faces, "three", "--epochs 2 --seeds 3 --seed 4"));
  INFO(ran.err);
  REQUIRE(ran.code == 0);
  for (const auto& text : {"seed", "accuracy %", "macro F1", "mean", "deviation", "lowest", "highest"})
    CHECK_THAT(ran.out, Contains(text));
  CHECK(lines(ran.err)[0] == fixture().faces + ": 21 pictures of 7 classes"); // read once
  const auto json = json_of(place / "three" / "seeds.json");
  REQUIRE(json["runs"].size() == 3);
  double mean = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    const auto& run = json["runs"][i];
    CHECK(run["seed"] == 4 + i);
    CHECK(load_model(place / "three" / run["folder"] / "model.safetensors").calibration);
    mean += run["accuracy"].get<double>() / 3;
  }
  const auto& spread = json["spread"]["accuracy"];
  CHECK(spread["mean"].get<double>() == Approx(mean));
  CHECK(spread["lowest"] <= spread["highest"]);
  CHECK(json["spread"].contains("epoch"));

  // Each is the training of its seed alone, and goes on like one.
  REQUIRE(shell(place.train(fixture().faces, "alone", "--epochs 2 --seed 5 -q")).code == 0);
  CHECK(contents(place / "three/seed-5/model.safetensors") == contents(place / "alone/model.safetensors"));
  auto a = json_of(place / "three/seed-5/run.json"), b = json_of(place / "alone/run.json");
  CHECK(a["options"] == b["options"]);
  CHECK(run({"train", "--resume", place.text("three/seed-5"), "--epochs", "3"}).code == 0);
}

TEST_CASE("mien train --seeds stopped by Ctrl-C goes on where it stopped, and with more seeds") {
  const Place place;
  const auto stopped = interrupt(place.train(fixture().faces, "many", "--epochs 200 --seeds 2 --checkpoint-every 1"),
                                 place, "\"seed 2 (\"*");
  INFO(stopped.err);
  REQUIRE(stopped.code == 130);
  CHECK_THAT(stopped.err, Contains("mien train --resume " + place.text("many")));
  CHECK_FALSE(fs::exists(place / "many" / "seeds.json"));
  const auto first = fs::last_write_time(place / "many/seed-1/model.safetensors");
  const auto resumed = run({"train", "--resume", place.text("many"), "--seeds", "3"});
  INFO(resumed.err);
  REQUIRE(resumed.code == 0);
  CHECK_THAT(resumed.err, Contains("seed 1 (1 of 3)\nfinished before"));
  CHECK(fs::last_write_time(place / "many/seed-1/model.safetensors") == first);
  CHECK(json_of(place / "many" / "seeds.json")["runs"].size() == 3);
  REQUIRE(shell(place.train(fixture().faces, "alone", "--epochs 200 --seed 2 -q")).code == 0);
  CHECK(contents(place / "many/seed-2/last.safetensors") == contents(place / "alone/last.safetensors"));
}

TEST_CASE("mien train --folds names every picture once, by a model that has not learnt from it") {
  const Place place;
  const auto ran = shell(place.train(fixture().faces, "folds", "--epochs 2 --folds 3"));
  INFO(ran.err);
  REQUIRE(ran.code == 0);
  for (const auto& text : {"fold ", "accuracy %", "deviation", "Out of fold", "(95 % interval)"})
    CHECK_THAT(ran.out, Contains(text));
  const auto rows = fields(place / "folds" / "answers.csv");
  REQUIRE(rows.size() == 22);
  CHECK(rows[0][0] == "name");
  CHECK(rows[0][1] == "label");
  CHECK(rows[0].size() == 9);
  std::map<std::string, std::vector<std::string>> by_name;
  for (std::size_t r = 1; r < rows.size(); ++r) {
    double sum = 0;
    for (std::size_t c = 2; c < 9; ++c) sum += std::stod(rows[r][c]);
    CHECK(sum == Approx(1).epsilon(1e-4));
    by_name[rows[r][0]] = rows[r];
  }
  CHECK(by_name.size() == 21);

  std::set<std::string> held;
  for (const std::string fold : {"fold-1", "fold-2", "fold-3"}) {
    const auto model = load_model(place / "folds" / fold / "model.safetensors");
    CHECK(model.calibration);
    CHECK(model.seen.size() == 14);
    const auto own = fields(place / "folds" / fold / "answers.csv");
    REQUIRE(own.size() == 8);
    for (std::size_t r = 1; r < own.size(); ++r) {
      CHECK(held.insert(own[r][0]).second);
      CHECK(by_name.at(own[r][0]) == own[r]);
    }
  }
  const auto json = json_of(place / "folds" / "folds.json");
  CHECK(json["runs"].size() == 3);
  CHECK(json["out_of_fold"]["n"] == 21);
  CHECK(json["out_of_fold"]["ci95"].contains("macro_f1"));
  CHECK(json["spread"]["accuracy"].contains("deviation"));
  CHECK(json["label_errors"] == fields(place / "folds" / "label-errors.csv").size() - 1);
}

TEST_CASE("mien train --folds: eval says of a held fold that its model has not seen it") {
  const Place place;
  REQUIRE(shell(place.train(fixture().faces, "folds", "--epochs 1 --folds 3 -q")).code == 0);
  const auto figures = run({"eval", place.text("folds/fold-1"), fixture().faces + "/train", "--json"});
  REQUIRE(figures.code == 0);
  const auto json = nlohmann::json::parse(figures.out);
  CHECK(json["seen"] == 14);
  CHECK(json["unseen"]["n"] == 7);
  CHECK(json["unseen"]["accuracy"] == json_of(place / "folds" / "folds.json")["runs"][0]["accuracy"]);
}

TEST_CASE("mien train --folds stopped by Ctrl-C goes on to the same answers") {
  const Place place;
  const auto stopped = interrupt(place.train(fixture().faces, "some", "--epochs 200 --folds 3 --checkpoint-every 1"),
                                 place, "\"fold 2 of\"*");
  INFO(stopped.err);
  REQUIRE(stopped.code == 130);
  CHECK_FALSE(fs::exists(place / "some" / "folds.json"));
  const auto resumed = run({"train", "--resume", place.text("some")});
  INFO(resumed.err);
  REQUIRE(resumed.code == 0);
  CHECK_THAT(resumed.err, Contains("finished before"));
  REQUIRE(shell(place.train(fixture().faces, "whole", "--epochs 200 --folds 3 --threads 1 -q")).code == 0);
  for (const auto* name : {"answers.csv", "folds.json", "label-errors.csv"})
    CHECK(contents(place / "some" / name) == contents(place / "whole" / name));
}

TEST_CASE("mien train --folds lists the labels that were swapped") {
  const Place place;
  REQUIRE(run({"data", "generate", place.text("faces"), "--per-class", "50", "--seed", "3", "--quiet"}).code == 0);
  // Of each class two faces go into the next one's folder, under a name that tells.
  const std::vector<std::string> classes{"angry", "disgust", "fear", "happy", "neutral", "sad", "surprise"};
  std::size_t all = 0, swapped = 0;
  for (std::size_t c = 0; c < classes.size(); ++c) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(place / "faces/train" / classes[c])) files.push_back(entry);
    std::ranges::sort(files);
    files.erase(std::remove_if(files.begin(), files.end(),
                               [](const fs::path& file) { return file.filename().string().starts_with("swapped"); }),
                files.end());
    all += files.size();
    for (const std::size_t i : {3, 7}) {
      const auto name = "swapped-" + classes[c] + "-" + files[i].filename().string();
      fs::rename(files[i], place / "faces/train" / classes[(c + 3) % classes.size()] / name);
      ++swapped;
    }
  }
  const auto ran = shell(place.train(place.text("faces"), "folds", "--epochs 60 --folds 3 --lr 0.005 --batch 16"));
  INFO(ran.err << ran.out);
  REQUIRE(ran.code == 0);
  const auto rows = fields(place / "folds" / "label-errors.csv");
  CHECK(rows[0] ==
        std::vector<std::string>{"name", "given", "suggested", "probability_given", "probability_suggested", "margin"});
  REQUIRE(rows.size() > 10);
  std::size_t found = 0, named_rightly = 0;
  for (std::size_t r = 1; r <= std::min(swapped, rows.size() - 1); ++r) {
    const auto name = fs::path(rows[r][0]).filename().string();
    found += name.starts_with("swapped");
    named_rightly += name.starts_with("swapped-" + rows[r][2]);
    CHECK(rows[r][1] != rows[r][2]);
    if (r > 1) CHECK(std::stod(rows[r][5]) >= std::stod(rows[r - 1][5]));
  }
  INFO("swapped " << swapped << " of " << all << ", found " << found << ", named rightly " << named_rightly);
  CHECK(found * 2 >= swapped); // one in twenty-five is swapped
  CHECK(named_rightly * 10 >= found * 8);
  const auto sheet = read_image(place / "folds" / "label-errors.png");
  CHECK(sheet.width > 100);
  CHECK_THAT(ran.out, Contains("are contradicted with confidence") && Contains("Look before you change any"));
}

TEST_CASE("mien train refuses repetitions that make no sense") {
  const Place place;
  const auto both = shell(place.train(fixture().faces, "run", "--seeds 2 --folds 2"));
  CHECK(both.code == 2);
  CHECK_THAT(both.err, Contains("exclude each other"));
  CHECK(shell(place.train(fixture().faces, "run", "--seeds 1")).code == 2);
  const auto many = shell(place.train(fixture().faces, "run", "--epochs 1 --folds 100"));
  CHECK(many.code == 1);
  CHECK_THAT(many.err, Contains("100 folds") && Contains("21 different pictures"));

  REQUIRE(
      run({"data", "pack", fixture().faces, "--part", "train", "--size", "16", "--out", place.text("train.mienpack")})
          .code == 0);
  const auto packed = shell(place.train(place.text("train.mienpack"), "packed", "--epochs 1 --folds 2"));
  CHECK(packed.code == 1);
  CHECK_THAT(packed.err, Contains("pack may be larger than memory"));

  REQUIRE(shell(place.train(fixture().faces, "single", "--epochs 1 -q")).code == 0);
  const auto other = run({"train", "--resume", place.text("single"), "--seeds", "2"});
  CHECK(other.code == 1);
  CHECK_THAT(other.err, Contains("no folder of several trainings"));
}

TEST_CASE("mien train --force begins several trainings anew") {
  const Place place;
  REQUIRE(shell(place.train(fixture().faces, "many", "--epochs 1 --seeds 3 -q")).code == 0);
  CHECK(shell(place.train(fixture().faces, "many", "--epochs 1 --seeds 2 -q")).code == 1);
  REQUIRE(shell(place.train(fixture().faces, "many", "--epochs 1 --folds 2 --force -q")).code == 0);
  CHECK_FALSE(fs::exists(place / "many" / "seed-1"));
  CHECK_FALSE(fs::exists(place / "many" / "seeds.json"));
  CHECK(fs::exists(place / "many" / "fold-2"));
}
