// SPDX-License-Identifier: Apache-2.0
#include "mien/data/read_dataset.hpp"
#include "mien/nn/model_file.hpp"
#include "mien/train/evaluate.hpp"
#include "tests/cli/fixture.hpp"
#include "tests/cli/run.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"

#include <nlohmann/json.hpp>

#include <fstream>

using namespace mien;
using namespace mien::test;
using Catch::Contains;
using Catch::StartsWith;
namespace fs = std::filesystem;

TEST_CASE("mien eval prints the figures, the confusion matrix and what the model recorded") {
  const auto ran = run({"eval", fixture().model, fixture().faces});
  INFO(ran.err);
  CHECK(ran.code == 0);
  CHECK(ran.err.empty());
  CHECK_THAT(ran.out, Contains("7 pictures   (95 % interval)") && Contains("accuracy") && Contains("log loss"));
  CHECK_THAT(ran.out, Contains("truth     angry  disgust"));
  CHECK_THAT(ran.out, Contains("on its 2 validation pictures:\naccuracy 50.0 %, macro F1 25.0 %, log loss 1.750"));
  CHECK_THAT(ran.out, !Contains("\033"));
}

TEST_CASE("mien eval --json is the library's evaluation, whatever batch and threads") {
  const auto data = open_data(fixture().faces, DataPart::test).data;
  const auto expected = to_json(evaluate(fixture().classifier, data));
  for (const auto& options : {std::vector<std::string>{}, {"--batch", "2", "--threads", "3"}}) {
    std::vector<std::string> words = {"eval", fixture().model, fixture().faces, "--json"};
    words.insert(words.end(), options.begin(), options.end());
    const auto ran = run(words);
    CHECK(ran.code == 0);
    CHECK(nlohmann::json::parse(ran.out)["n"] == 7);
    CHECK(ran.out == expected + "\n");
  }
}

TEST_CASE("mien eval --algorithm takes the algorithms there are, and measures the same") {
  const auto direct = run({"eval", fixture().model, fixture().faces, "--json", "--algorithm", "direct"});
  CHECK(direct.code == 0);
  CHECK(nlohmann::json::parse(direct.out)["confusion"] ==
        nlohmann::json::parse(run({"eval", fixture().model, fixture().faces, "--json"}).out)["confusion"]);
  const auto wrong = run({"eval", fixture().model, fixture().faces, "--algorithm", "dirct"});
  CHECK(wrong.code == 2);
  CHECK_THAT(wrong.err, Contains("direct"));
}

TEST_CASE("mien eval --stress tells what spoilt pictures cost") {
  const auto ran = run({"eval", fixture().model, fixture().faces, "--stress"});
  CHECK(ran.code == 0);
  CHECK_THAT(ran.out, Contains("spoilt on purpose: 7 pictures") && Contains("30 degrees") && Contains("mouth"));
  const auto json = nlohmann::json::parse(run({"eval", fixture().model, fixture().faces, "--stress", "--json"}).out);
  CHECK(json["stress"]["accuracy"] == json["accuracy"]);
  CHECK(json["stress"]["levels"].size() == 18);
  CHECK(run({"eval", fixture().model, fixture().model, fixture().faces, "--stress"}).code == 2);
}

TEST_CASE("mien eval --groups tells figures group by group") {
  const TempFolder folder;
  std::ofstream(folder / "groups.csv") << "name,group\nhappy/00000.png,a\nsad/00000.png,b\nfear/00000.png,b\n";
  const std::vector<std::string> words{"eval", fixture().model, fixture().faces, "--groups",
                                       (folder / "groups.csv").string()};
  const auto ran = run(words);
  INFO(ran.err);
  CHECK(ran.code == 0);
  CHECK_THAT(ran.out, Contains("mean recall") && Contains("few: do not conclude") &&
                          Contains("4 pictures have no group") && Contains("cannot be told"));
  auto with_json = words;
  with_json.push_back("--json");
  const auto json = nlohmann::json::parse(run(with_json).out);
  CHECK(json["by_group"]["groups"][1]["figures"]["n"] == 2);
  std::ofstream(folder / "groups.csv") << "picture,group\n";
  CHECK(run(words).code == 1);
}

TEST_CASE("mien eval --html writes a page with figures, drawings, mistakes and the data's faults") {
  const TempFolder folder;
  const auto page = (folder / "report.html").string();
  const auto ran = run({"eval", fixture().model, fixture().faces, "--html", page});
  CHECK(ran.code == 0);
  CHECK_THAT(ran.err, Contains("the report is " + page));
  const auto html = contents(page);
  for (const auto* part : {"of 7 pictures", "id=\"confusion\"", "Reliability", "Risk over coverage", "id=\"mistakes\"",
                           "exact copies of another", "fingerprint"})
    CHECK_THAT(html, Contains(part));
  CHECK(run({"eval", fixture().model, fixture().faces, "--html", (folder / "no" / "such.html").string()}).code == 1);
}

TEST_CASE("mien eval --csv has one figure a line") {
  const auto csv = lines(run({"eval", fixture().model, fixture().faces, "--csv"}).out);
  REQUIRE(csv.size() == 1 + 6 + 7 * 4);
  CHECK(csv[0] == "pictures,class,figure,value,low,high");
  CHECK(csv[1] == "all,,n,7,,");
  CHECK(csv.back() == "all,surprise,support,1,,");
}

TEST_CASE("mien eval tells apart what the model has learnt from") {
  const TempFolder folder;
  const auto figures = [&](const std::string& model, const std::filesystem::path& data) {
    const auto ran = run({"eval", model, data.string(), "--json"});
    REQUIRE(ran.code == 0);
    return nlohmann::json::parse(ran.out);
  };
  const auto unknown = figures(fixture().model, fixture().faces);
  CHECK(unknown["seen"].is_null());
  CHECK(unknown["unseen"].is_null());
  CHECK_THAT(run({"eval", fixture().model, fixture().faces}).out, Contains("--trained-on"));

  const auto model = (folder / "model.safetensors").string();
  REQUIRE(run({"convert", fixture().model, model, "--weights", "f32", "--trained-on", fixture().faces}).code == 0);
  const auto clean = figures(model, fixture().faces);
  CHECK(clean["seen"] == 0);
  CHECK(clean["unseen"]["n"] == clean["n"]);
  CHECK(clean["unseen"]["accuracy"] == clean["accuracy"]);

  // A test set into which three training pictures have leaked, and one of the test pictures is there twice.
  const auto leaky = folder / "leaky/test";
  std::filesystem::create_directories(folder / "leaky");
  std::filesystem::copy(fixture().faces + "/test", leaky, std::filesystem::copy_options::recursive);
  for (const std::string name : {"happy", "sad", "fear"})
    std::filesystem::copy(fixture().faces + "/train/" + name + "/00001.png", leaky / name / "leaked.png");
  const auto leaked = figures(model, folder / "leaky");
  CHECK(leaked["n"] == 10);
  CHECK(leaked["seen"] == 3);
  CHECK(leaked["unseen"]["n"] == 7);
  CHECK(leaked["unseen"]["confusion"] == clean["confusion"]);
  const auto text = run({"eval", model, (folder / "leaky").string()}).out;
  CHECK_THAT(text, Contains("3 of these pictures") && Contains("10 pictures") && Contains("7 pictures"));
  CHECK(lines(run({"eval", model, (folder / "leaky").string(), "--csv"}).out).size() == 1 + 2 * (6 + 7 * 4));
  const auto trained = run({"eval", model, fixture().faces + "/train"}).out;
  CHECK_THAT(trained, Contains("every one of these pictures"));
  CHECK_THAT(run({"info", model}).out, Contains("21 different pictures"));
}

TEST_CASE("mien eval A B DATA compares two models in pairs") {
  const TempFolder folder;
  const auto other = (folder / "other.safetensors").string();
  auto file = fixture().classifier.file();
  for (auto& parameter : file.model.parameters())
    if (parameter.name.ends_with("kernel"))
      for (auto& x : parameter.value.view<float>()) x = -x;
  save_model(other, file);
  const auto ran = run({"eval", fixture().model, other, fixture().faces + "/train", "--json"});
  REQUIRE(ran.code == 0);
  const auto json = nlohmann::json::parse(ran.out);
  CHECK(json["n"] == 21);
  CHECK(json["both"].get<int>() + json["only_a"].get<int>() + json["only_b"].get<int>() + json["neither"].get<int>() ==
        21);
  const auto alone = nlohmann::json::parse(run({"eval", other, fixture().faces + "/train", "--json"}).out);
  CHECK(json["b"]["accuracy"] == alone["accuracy"]);
  CHECK(json["b"]["log_loss"] == alone["log_loss"]);
  CHECK(json["unseen"].is_null());
  CHECK_THAT(run({"eval", fixture().model, other, fixture().faces}).out,
             Contains("McNemar") || Contains("no difference"));
  CHECK(run({"eval", fixture().model, other, fixture().faces, "--csv"}).code == 2);
  CHECK(run({"eval", fixture().model}).code == 2);
  CHECK(run({"eval", fixture().model, other, other, fixture().faces}).code == 2);
}

TEST_CASE("mien eval --confusion draws the matrix into a file") {
  const TempFolder folder;
  const auto file = folder / "matrix.svg";
  const auto ran = run({"eval", fixture().model, fixture().faces, "--confusion", file.string(), "--json"});
  CHECK(ran.code == 0);
  CHECK_THAT(ran.err, Contains(file.string()));
  CHECK(nlohmann::json::accept(ran.out));
  std::ifstream svg(file);
  std::string first;
  std::getline(svg, first);
  CHECK_THAT(first, StartsWith("<svg "));
}

TEST_CASE("mien eval takes the folder of a run for its model") {
  const auto ran = run({"eval", fixture().folder.string(), fixture().faces, "--json"});
  CHECK(ran.code == 0);
}

TEST_CASE("mien eval names pictures it leaves out, counts them, and with --strict refuses them") {
  const TempFolder folder;
  fs::copy(fixture().faces + "/test", folder / "faces", fs::copy_options::recursive);
  std::ofstream(folder / "faces" / "happy" / "torn.png") << "not a picture";
  const auto ran = run({"eval", fixture().model, (folder / "faces").string()});
  CHECK(ran.code == 0);
  CHECK_THAT(ran.err, Contains("torn.png") && Contains("1 of 8 pictures could not be used"));
  CHECK_THAT(ran.out, Contains("7 pictures") && Contains("1 more could not be used and are in no figure"));
  const auto strict = run({"eval", fixture().model, (folder / "faces").string(), "--strict"});
  CHECK(strict.code == 1);
  CHECK_THAT(strict.err, StartsWith("error: ") && Contains("torn.png"));
}

TEST_CASE("mien eval refuses a class that the model lacks") {
  const TempFolder folder;
  fs::create_directory(folder / "faces");
  fs::copy(fixture().faces + "/test/happy", folder / "faces" / "bored");
  const auto ran = run({"eval", fixture().model, (folder / "faces").string()});
  CHECK(ran.code == 1);
  CHECK(ran.out.empty());
  CHECK_THAT(ran.err, Contains("bored") && Contains("surprise"));
}

TEST_CASE("mien eval says what is wrong with its arguments") {
  auto refused = [](std::vector<std::string> words, int code) {
    words.insert(words.begin(), "eval");
    const auto ran = run(words);
    CHECK(ran.code == code);
    CHECK(ran.out.empty());
    CHECK_THAT(ran.err, StartsWith("error: "));
    return ran.err;
  };
  const auto &model = fixture().model, &faces = fixture().faces;
  CHECK_THAT(refused({model}, 2), Contains("needs DATA"));
  CHECK_THAT(refused({model, faces, "--json", "--csv"}, 2), Contains("exclude each other"));
  CHECK_THAT(refused({"/nowhere.safetensors", faces}, 1), Contains("/nowhere.safetensors"));
  CHECK_THAT(refused({model, "/nowhere"}, 1), Contains("/nowhere"));
  CHECK_THAT(refused({faces + "/test/happy/00000.png", faces}, 1), Contains("00000.png"));
}
