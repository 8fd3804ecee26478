// SPDX-License-Identifier: Apache-2.0
// `mien train` with recipes, other networks, and from what a model has learned.
#include "mien/io/atomic_file.hpp"
#include "mien/nn/model_file.hpp"
#include "tests/cli/fixture.hpp"
#include "tests/cli/run.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <string>
#include <utility>

using namespace mien;
using namespace mien::test;
using Catch::Matchers::Contains;

namespace {

/// A folder with a small network that has a batch normalisation, and with other classes than expressions.
class Place : public TempFolder {
public:
  Place() {
    write_atomically(*this / "net.json", R"({"input": [16, 16, 1], "layers": [
      {"type": "Conv2D", "name": "conv", "settings": {"filters": 4, "use_bias": false}},
      {"type": "BatchNormalization", "name": "norm", "settings": {"activation": "relu"}},
      {"type": "Flatten", "name": "flatten", "settings": {}},
      {"type": "Dense", "name": "out", "settings": {"units": 7}}]})");
    for (const auto& [hat, face] : {std::pair{"bowler", "happy"}, {"cap", "sad"}, {"none", "fear"}}) {
      std::filesystem::create_directories(*this / "hats" / "train");
      std::filesystem::copy(std::filesystem::path(fixture().faces) / "train" / face, *this / "hats" / "train" / hat);
    }
  }
  [[nodiscard]] std::string text(const std::string& name) const { return (*this / name).string(); }
  /// `mien train` on the hats, from the fixture's model, files in `out`.
  [[nodiscard]] Ran tuned(const std::string& out, std::vector<std::string> options = {}) const {
    options.insert(options.begin(), {"train", text("hats"), "--from", fixture().model, "--epochs", "2", "--batch", "4",
                                     "--out", text(out)});
    return run(options);
  }
};

nlohmann::json options_in(const std::filesystem::path& folder) {
  return nlohmann::json::parse(contents(folder / "run.json"))["options"];
}

} // namespace

TEST_CASE("mien train --recipe modern writes every value down; each can be overridden, and --config repeats all") {
  const Place place;
  const auto ran = run({"train", fixture().faces, "--recipe", "modern", "--net", place.text("net.json"), "--epochs",
                        "2", "--batch", "4", "--lr", "0.05", "--erase", "0", "--out", place.text("run")});
  INFO(ran.err);
  REQUIRE(ran.code == 0);
  CHECK_THAT(ran.err, Contains("SGD 0.05, Nesterov momentum 0.9") && Contains("label smoothing 0.1"));
  const auto options = options_in(place / "run");
  const auto expected = nlohmann::json::parse(R"({"recipe": "modern", "epochs": 2, "batch": 4, "lr": 0.05,
    "optimizer": "sgd", "momentum": 0.9, "no-nesterov": false, "weight-decay": 0.0005, "decay-on": "kernel", "l2": 0,
    "clip-norm": 0, "weight-average": 0, "schedule": "one_cycle", "warmup": 0, "lr-rise": 0.15,
    "label-smoothing": 0.1, "class-weights": "none", "input": "standardised", "channels": 1, "patience": 0,
    "rotation": 12, "zoom": 0.1, "shift": 0.06, "no-flip": false, "erase": 0, "seed": 1})");
  for (const auto& [name, value] : expected.items()) {
    CAPTURE(name);
    REQUIRE(options.contains(name));
    CHECK(options[name] == value);
  }
  CHECK(load_model(place / "run" / "model.safetensors").preprocessing.standardize);

  const auto again =
      run({"train", "--config", place.text("run/run.json"), "--out", place.text("again"), "--threads", "2"});
  INFO(again.err);
  REQUIRE(again.code == 0);
  CHECK(contents(place / "again" / "model.safetensors") == contents(place / "run" / "model.safetensors"));
  CHECK(options_in(place / "again") == options);
}

TEST_CASE("mien train without a recipe is the field's") {
  const Place place;
  REQUIRE(run({"train", fixture().faces, "--net", place.text("net.json"), "--epochs", "1", "--out", place.text("run")})
              .code == 0);
  const auto options = options_in(place / "run");
  CHECK(options["recipe"] == "seed");
  CHECK(options["optimizer"] == "adam");
  CHECK(options["schedule"] == "constant");
  CHECK(options["input"] == "scaled");
}

TEST_CASE("mien train --from names new classes from three pictures each, warns, resumes and repeats") {
  const Place place;
  const auto ran = place.tuned("run");
  INFO(ran.err);
  REQUIRE(ran.code == 0);
  CHECK_THAT(ran.err, Contains("its last layer begins anew, for 3"));
  CHECK_THAT(ran.err, Contains("has 3 pictures, and 3 are there to measure on") && Contains("a first look"));
  const auto model = load_model(place / "run" / "last.safetensors");
  CHECK(model.labels == std::vector<std::string>{"bowler", "cap", "none"});
  CHECK(model.model.output_shape() == Shape{3});
  CHECK_FALSE(options_in(place / "run").contains("net"));
  CHECK(run({"predict", "--whole", "--model", place.text("run"), fixture().faces + "/test/sad/00000.png"}).code == 0);

  const auto again = run({"train", "--config", place.text("run/run.json"), "--out", place.text("again")});
  INFO(again.err);
  REQUIRE(again.code == 0);
  CHECK(contents(place / "again" / "last.safetensors") == contents(place / "run" / "last.safetensors"));

  const auto resumed = run({"train", "--resume", place.text("run"), "--epochs", "3"});
  INFO(resumed.err);
  REQUIRE(resumed.code == 0);
  REQUIRE(place.tuned("whole", {"--epochs", "3"}).code == 0);
  CHECK(contents(place / "run" / "last.safetensors") == contents(place / "whole" / "last.safetensors"));
}

TEST_CASE("mien train --from a model with the same classes goes on from its last layer") {
  const Place place;
  const auto ran = run({"train", fixture().faces, "--from", fixture().model, "--lr", "1e-30", "--epochs", "1", "--out",
                        place.text("run")});
  INFO(ran.err);
  REQUIRE(ran.code == 0);
  CHECK(ran.err.find("begins anew") == std::string::npos);
  const auto before = fixture().classifier.file().model.parameters();
  const auto model = load_model(place / "run" / "last.safetensors");
  for (const std::size_t kernel : {0u, 2u}) CHECK(model.model.parameters()[kernel] == before[kernel]);
}

TEST_CASE("mien train --freeze leaves layers as they are to the bit") {
  const Place place;
  const auto ran = place.tuned("run", {"--freeze", "features"});
  INFO(ran.err);
  REQUIRE(ran.code == 0);
  CHECK_THAT(ran.err, Contains("frozen features"));
  const auto before = fixture().classifier.file().model.parameters();
  const auto after = load_model(place / "run" / "last.safetensors");
  CHECK(after.model.parameters()[0] == before[0]);
  CHECK(after.model.parameters()[1] == before[1]);
  REQUIRE(place.tuned("free").code == 0);
  const auto free = load_model(place / "free" / "last.safetensors");
  CHECK_FALSE(free.model.parameters()[0] == before[0]);

  const auto unknown = place.tuned("none", {"--freeze", "conv"});
  CHECK(unknown.code == 1);
  CHECK_THAT(unknown.err, Contains("no layer is named \"conv\"") && Contains("conv2d"));
  const auto all = place.tuned("none", {"--freeze", "conv2d*,dense"});
  CHECK(all.code == 1);
  CHECK_THAT(all.err, Contains("nothing is left to train"));
}

TEST_CASE("mien train --channels 3 trains a network for colour, which predict then uses") {
  const Place place;
  const auto ran = run({"train", place.text("hats"), "--net", "tiny", "--channels", "3", "--epochs", "1", "--batch",
                        "6", "--out", place.text("run")});
  INFO(ran.err);
  REQUIRE(ran.code == 0);
  const auto model = load_model(place / "run" / "model.safetensors");
  CHECK(model.model.input_shape() == Shape{48, 48, 3});
  CHECK(model.preprocessing.channels == 3);
  const auto predicted =
      run({"predict", "--whole", "--json", "--model", place.text("run"), fixture().faces + "/test/sad/00000.png"});
  INFO(predicted.err);
  REQUIRE(predicted.code == 0);
  CHECK_THAT(predicted.out, Contains("bowler"));
}

TEST_CASE("mien train refuses what does not go together with exit code 2 and a sentence") {
  const Place place;
  const auto refused = [&](std::vector<std::string> options, const std::string& text) {
    options.insert(options.begin(), {"train", fixture().faces, "--out", place.text("run")});
    const auto ran = run(options);
    CHECK(ran.code == 2);
    CHECK_THAT(ran.err, Contains("error: ") && Contains(text));
    CHECK_FALSE(std::filesystem::exists(place / "run"));
  };
  refused({"--recipe", "modem"}, "modern");
  refused({"--from", fixture().model, "--net", "tiny"}, "leave --net, --channels and --input away");
  refused({"--from", fixture().model, "--channels", "3"}, "leave --net, --channels and --input away");
  refused({"--from", fixture().model, "--input", "scaled"}, "leave --net, --channels and --input away");
  refused({"--recipe", "modern", "--config", place.text("net.json")}, "leave --recipe away");
  refused({"--channels", "2"}, "1 (grey) or 3 (colour)");
  refused({"--channels", "4"}, "channels");
  refused({"--net", place.text("net.json"), "--channels", "3"}, "leave --channels away");
  refused({"--optimizer", "adamx"}, "adamw");
  refused({"--schedule", "one-cycle"}, "one_cycle");
  refused({"--class-weights", "even"}, "balanced");
  refused({"--weight-average", "1"}, "weight-average");
}
