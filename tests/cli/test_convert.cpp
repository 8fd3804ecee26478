// SPDX-License-Identifier: Apache-2.0
#include "mien/nn/model_file.hpp"
#include "tests/cli/fixture.hpp"
#include "tests/cli/run.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

using namespace mien;
using namespace mien::test;
using Catch::Contains;

TEST_CASE("mien convert halves a model and keeps where it comes from") {
  const TempFolder folder;
  const auto small = (folder / "small.safetensors").string();
  const auto ran = run({"convert", fixture().model, small, "--note", "for a test"});
  CHECK(ran.code == 0);
  CHECK(ran.out.empty());
  CHECK_THAT(ran.err, Contains(small));
  const auto before = fixture().classifier.file(), after = load_model(small);
  CHECK(after.weights == DType::bf16);
  CHECK(after.notes.empty());
  CHECK(after.preprocessing == before.preprocessing);
  CHECK(after.golden_face == before.golden_face);
  auto provenance = before.provenance;
  provenance["note"] = "for a test";
  CHECK(after.provenance == provenance);
  CHECK(std::filesystem::file_size(small) < std::filesystem::file_size(fixture().model));
}

TEST_CASE("what a training has seen stays with its model") {
  const TempFolder folder;
  const auto out = (folder / "run").string();
  REQUIRE(run({"train", fixture().faces, "--epochs", "1", "--net", "seed", "--out", out, "--quiet"}).code == 0);
  const auto seen = load_model(folder / "run/model.safetensors").seen;
  CHECK(seen.size() == 21);
  CHECK(load_model(folder / "run/last.safetensors").seen == seen);
  const auto small = (folder / "small.safetensors").string();
  REQUIRE(run({"convert", out, small}).code == 0);
  CHECK(load_model(small).seen == seen);
  // Trained further on other pictures, it has seen both.
  const auto others = (folder / "others").string();
  REQUIRE(run({"data", "generate", others, "--per-class", "4", "--seed", "9"}).code == 0);
  REQUIRE(run({"train", others, "--from", out, "--epochs", "1", "--out", (folder / "on").string(), "--quiet"}).code ==
          0);
  CHECK(load_model(folder / "on/model.safetensors").seen.size() == 21 + 28);
  // Of a model that does not tell, nothing is claimed.
  REQUIRE(run({"train", fixture().faces, "--from", fixture().model, "--epochs", "1", "--out",
               (folder / "unknown").string(), "--quiet"})
              .code == 0);
  CHECK(load_model(folder / "unknown/model.safetensors").seen.empty());
}

TEST_CASE("a training calibrates its model, conversion an older one, and --abstain heeds it") {
  const TempFolder folder;
  const auto faces = (folder / "faces").string(), out = (folder / "run").string();
  REQUIRE(run({"data", "generate", faces, "--per-class", "12"}).code == 0);
  REQUIRE(run({"train", faces, "--epochs", "2", "--validation", "0.3", "--out", out, "--quiet"}).code == 0);
  const auto trained = load_model(folder / "run/model.safetensors");
  REQUIRE(trained.calibration);
  CHECK(trained.calibration->pictures == 28);
  CHECK_THAT(run({"info", out}).out, Contains("temperature") && Contains("28 pictures"));

  // The same pictures are found again by conversion: the same temperature.
  auto plain = trained;
  plain.calibration.reset();
  save_model(folder / "plain.safetensors", plain);
  const auto converted = (folder / "converted.safetensors").string();
  const auto ran = run({"convert", (folder / "plain.safetensors").string(), converted, "--weights", "f32",
                        "--calibrate", faces, "--validation", "0.3"});
  REQUIRE(ran.code == 0);
  CHECK(load_model(converted).calibration == trained.calibration);

  const auto uncalibrated =
      run({"predict", "--whole", "--model", fixture().model, faces + "/test/happy", "--abstain", "0.1"});
  CHECK(uncalibrated.code == 1);
  CHECK_THAT(uncalibrated.err, Contains("--calibrate"));
  // A table by which nothing below 0.9 may be answered.
  auto strict = plain;
  Calibration c{.temperature = 1, .pictures = 100'000};
  for (std::size_t i = 0; i < Calibration::steps; ++i) {
    c.answered.push_back(100'000);
    c.right.push_back(i < 90 ? 50'000 : 99'999);
  }
  strict.calibration = c;
  save_model(folder / "strict.safetensors", strict);
  const auto unsure = run({"predict", "--whole", "--model", (folder / "strict.safetensors").string(),
                           faces + "/test/happy", "--abstain", "0.1", "--json"});
  REQUIRE(unsure.code == 0);
  for (const auto& line : lines(unsure.out)) {
    const auto face = nlohmann::json::parse(line)["faces"][0];
    double highest = 0;
    for (const auto& p : face["probabilities"]) highest = std::max(highest, p.get<double>());
    CHECK(face["label"].is_null() == (highest < 0.9));
  }
  CHECK_THAT(run({"eval", (folder / "strict.safetensors").string(), faces, "--abstain", "0.1"}).out,
             Contains("answers of at least 90 %") && Contains("calibration error"));
}

TEST_CASE("mien convert --measured-on keeps figures, and mien info writes the card with them") {
  const TempFolder folder;
  const auto out = (folder / "measured.safetensors").string();
  const auto ran = run({"convert", fixture().model, out, "--measured-on", fixture().faces, "--measured-as",
                        "drawn faces", "--licence", "CC0"});
  INFO(ran.err);
  REQUIRE(ran.code == 0);
  CHECK_THAT(ran.err, Contains("on 7 pictures") && Contains("the file keeps it"));
  CHECK_THAT(run({"info", out}).out, Contains("measured on") && Contains("drawn faces: accuracy"));
  // What it keeps are the figures of the file as it stands, rounded to bf16.
  const auto figures = nlohmann::json::parse(run({"eval", out, fixture().faces, "--json"}).out);
  const auto kept = nlohmann::json::parse(load_model(out).provenance.at("measured.drawn faces"));
  CHECK(kept["all"]["log_loss"] == figures["log_loss"]);

  const auto markdown = (folder / "card.md").string(), page = (folder / "card.html").string();
  CHECK(run({"info", out, "--card", markdown}).code == 0);
  CHECK(run({"info", out, "--card", page}).code == 0);
  CHECK_THAT(contents(markdown), Contains("| drawn faces, all") && Contains("CC0"));
  CHECK_THAT(contents(page), Contains("<!DOCTYPE html>") && Contains("drawn faces, all"));
  CHECK(run({"info", out, "--card", (folder / "card.pdf").string()}).code == 2);

  const auto nothing = (folder / "nothing.safetensors").string();
  CHECK(run({"convert", fixture().model, nothing, "--measured-on", (folder / "none").string()}).code == 1);
  CHECK(!std::filesystem::exists(nothing));
}

TEST_CASE("mien convert to f32 changes no bit, even onto the file itself") {
  const TempFolder folder;
  const auto copy = (folder / "copy.safetensors").string();
  CHECK(run({"convert", fixture().model, copy, "--weights", "f32"}).code == 0);
  CHECK(std::ranges::equal(load_model(copy).model.parameters(), fixture().classifier.file().model.parameters()));
  CHECK(run({"convert", copy, copy, "--weights", "bf16"}).code == 0);
  CHECK(load_model(copy).weights == DType::bf16);
  CHECK(run({"convert", copy, copy, "--weights", "f16"}).code == 2);
}
