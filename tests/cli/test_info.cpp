// SPDX-License-Identifier: Apache-2.0
#include "mien/emotion/shipped_model.hpp"
#include "tests/cli/fixture.hpp"
#include "tests/cli/run.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"

#include <nlohmann/json.hpp>

#include <fstream>
#include <iostream>

using namespace mien;
using namespace mien::test;
using Catch::Contains;
using Catch::StartsWith;

TEST_CASE("mien info shows layers, preprocessing, labels and provenance") {
  const auto ran = run({"info", fixture().model});
  CHECK(ran.code == 0);
  CHECK(ran.err.empty());
  CHECK_THAT(ran.out, StartsWith(fixture().classifier.file().model.summary()));
  CHECK_THAT(ran.out, Contains("angry, disgust, fear, happy, neutral, sad, surprise"));
  CHECK_THAT(ran.out, Contains("48x48, grey"));
  CHECK_THAT(ran.out, Contains("validation_loss     1.75"));
}

TEST_CASE("mien info --json says the same to programs") {
  const auto ran = run({"info", fixture().model, "--json"});
  CHECK(ran.code == 0);
  const auto json = nlohmann::json::parse(ran.out);
  const auto& model = fixture().classifier.file().model;
  CHECK(json["parameters"] == model.parameter_count());
  CHECK(json["bytes"] == std::filesystem::file_size(fixture().model));
  CHECK(json["input"] == nlohmann::json({48, 48, 1}));
  CHECK(json["labels"].size() == 7);
  CHECK(json["preprocessing"]["scale"].get<float>() == 1.0f / 255);
  CHECK(json["preprocessing"]["version"] == 3);
  CHECK(json["preprocessing"]["standardize"] == false);
  CHECK(json["provenance"]["seed"] == "1");
  CHECK(json["notes"].empty());
  REQUIRE(json["layers"].size() == model.nodes().size());
  std::int64_t sum = 0;
  for (const auto& layer : json["layers"]) sum += layer["parameters"].get<std::int64_t>();
  CHECK(sum == model.parameter_count());
  CHECK(json["layers"][0]["type"] == "Conv2D");
  CHECK(json["layers"][0]["output"] == nlohmann::json({15, 15, 4}));
}

TEST_CASE("mien info - shows the model that mien ships, and eval and predict take it as well") {
  if (shipped_model().empty()) {
    std::cout << "SKIPPED: this build ships no model (MIEN_WITH_MODEL)" << std::endl;
    return;
  }
  const auto ran = run({"info", "-", "--json"});
  CHECK(ran.code == 0);
  CHECK(ran.err.empty());
  const auto json = nlohmann::json::parse(ran.out);
  CHECK(json["bytes"] == shipped_model().size());
  CHECK(json["weights"] == "bf16");
  CHECK_THAT(json["provenance"]["note"].get<std::string>(), Contains("FER2013"));
  CHECK(nlohmann::json::parse(run({"eval", "-", fixture().faces, "--json"}).out)["n"] == 7);
  const auto face = fixture().faces + "/test/happy/00000.png";
  CHECK(run({"predict", "--whole", face}).out == run({"predict", "--whole", "--model", "-", face}).out);
}

TEST_CASE("mien info refuses what is no model, or a damaged one, in a sentence") {
  const TempFolder folder;
  const auto damaged = folder / "damaged.safetensors";
  std::filesystem::copy_file(fixture().model, damaged);
  {
    std::fstream file(damaged, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(-1, std::ios::end);
    const auto last = static_cast<char>(file.get() ^ 1);
    file.seekp(-1, std::ios::end);
    file.put(last);
  }
  for (const auto& path : {damaged.string(), std::string("/nowhere.safetensors"), fixture().faces}) {
    const auto ran = run({"info", path});
    CHECK(ran.code == 1);
    CHECK(ran.out.empty());
    CHECK_THAT(ran.err, StartsWith("error: " + path));
    CHECK(lines(ran.err).size() == 1);
  }
}
