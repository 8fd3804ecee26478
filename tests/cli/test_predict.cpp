// SPDX-License-Identifier: Apache-2.0
#include "mien/io/image.hpp"
#include "tests/cli/fixture.hpp"
#include "tests/cli/run.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>

using namespace mien;
using namespace mien::test;
using Catch::Contains;
using Catch::StartsWith;
using nlohmann::json;

namespace {

Ran predict(std::vector<std::string> words) {
  words.insert(words.begin(), {"predict", "--whole", "--model", fixture().model});
  return run(words);
}

std::string face(const std::string& expression) { return fixture().faces + "/test/" + expression + "/00000.png"; }

/// Two good pictures and, between them, one that is none.
std::vector<std::string> two_good_one_bad(const TempFolder& folder) {
  const auto bad = (folder / "bad.png").string();
  std::ofstream(bad) << "not a picture";
  return {face("happy"), bad, face("sad")};
}

} // namespace

TEST_CASE("mien predict --json gives the classifier's probabilities, a line a picture") {
  const auto ran = predict({face("happy"), face("sad"), "--json"});
  CHECK(ran.code == 0);
  CHECK(ran.err == "2 faces in 2 pictures\n");
  const auto printed = lines(ran.out);
  REQUIRE(printed.size() == 2);
  for (const auto& expression : {"happy", "sad"}) {
    const auto line = json::parse(printed[expression == std::string("sad")]);
    CHECK(line["image"] == face(expression));
    CHECK(line["width"] == 48);
    CHECK(line["height"] == 48);
    REQUIRE(line["faces"].is_array());
    REQUIRE(line["faces"].size() == 1);
    const auto& only = line["faces"][0];
    CHECK(only["box"] == json({0, 0, 48, 48}));
    CHECK(only["score"] == 1);

    Classifier::Session session(fixture().classifier);
    const auto p = session.probabilities(read_image(face(expression)).pixels);
    const auto labels = fixture().classifier.labels();
    for (std::size_t c = 0; c < labels.size(); ++c) CHECK(only["probabilities"][labels[c]].get<float>() == p[c]);
    const auto best = static_cast<std::size_t>(std::max_element(p.begin(), p.end()) - p.begin());
    CHECK(only["label"] == labels[best]);
  }
}

TEST_CASE("mien predict goes through folders in the order of names, and threads change nothing") {
  const auto one = predict({fixture().faces, "--json", "--threads", "1"});
  const auto many = predict({fixture().faces, "--json", "--threads", "3"});
  CHECK(one.code == 0);
  CHECK(lines(one.out).size() == 28);
  CHECK(one.out == many.out);
  std::vector<std::string> names;
  for (const auto& line : lines(one.out)) names.push_back(json::parse(line)["image"]);
  CHECK(std::is_sorted(names.begin(), names.end()));
}

TEST_CASE("mien predict prints a table for people and CSV for tables") {
  const auto table = lines(predict({face("happy")}).out);
  REQUIRE(table.size() == 2);
  CHECK_THAT(table[1], Contains(" %   ") && Contains(face("happy")));
  const auto csv = lines(predict({face("happy"), "--csv"}).out);
  REQUIRE(csv.size() == 2);
  CHECK(csv[0] == "image,width,height,face,x,y,box_width,box_height,score,label,probability,angry,disgust,fear,happy,"
                  "neutral,sad,surprise,error");
  CHECK_THAT(csv[1], StartsWith(face("happy") + ",48,48,1,0,0,48,48,1,"));
  CHECK(std::ranges::count(csv[1], ',') == std::ranges::count(csv[0], ','));
}

TEST_CASE("file names with commas, quotes and spaces pass through") {
  const TempFolder folder;
  const auto name = (folder / "a, \"b\".png").string();
  std::filesystem::copy_file(face("fear"), name);
  CHECK(json::parse(predict({name, "--json"}).out)["image"] == name);
  CHECK_THAT(lines(predict({name, "--csv"}).out)[1], Contains("a, \"\"b\"\".png\",48"));
}

TEST_CASE("a bad picture is one error line and exit code 1 at the end; the others are done") {
  const TempFolder folder;
  const auto paths = two_good_one_bad(folder);
  const auto table = predict(paths);
  CHECK(table.code == 1);
  CHECK(lines(table.out).size() == 3); // with the heading
  const auto errors = lines(table.err);
  REQUIRE(errors.size() == 2);
  CHECK_THAT(errors[0], StartsWith("error: " + paths[1]));
  CHECK(errors[1] == "2 faces in 3 pictures; 1 picture failed");
}

TEST_CASE("in CSV the reason stands in the last column") {
  const TempFolder folder;
  auto words = two_good_one_bad(folder);
  const auto bad = words[1];
  words.push_back("--csv");
  const auto ran = predict(words);
  CHECK(ran.code == 1);
  const auto printed = lines(ran.out);
  REQUIRE(printed.size() == 4);
  CHECK_THAT(printed[2], StartsWith(bad + ",,,") && Contains("is not a picture"));
  CHECK(std::ranges::count(printed[2], ',') >= std::ranges::count(printed[0], ','));
}

TEST_CASE("in JSON the error stands in the place of the bad picture") {
  const TempFolder folder;
  auto words = two_good_one_bad(folder);
  words.push_back("--json");
  const auto ran = predict(words);
  CHECK(ran.code == 1);
  const auto printed = lines(ran.out);
  REQUIRE(printed.size() == 3);
  const auto bad = json::parse(printed[1]);
  CHECK(bad.size() == 2);
  CHECK(bad["image"] == words[1]);
  CHECK_THAT(bad["error"].get<std::string>(), Contains("bad.png"));
  CHECK(json::parse(printed[2]).contains("faces"));
}

TEST_CASE("a picture that is not there fails alone") {
  const auto ran = predict({"/nowhere.png", face("happy")});
  CHECK(ran.code == 1);
  CHECK(lines(ran.out).size() == 2);
  CHECK_THAT(ran.err, Contains("/nowhere.png"));
}

TEST_CASE("mien predict says what it needs") {
  const TempFolder empty;
  const auto no_path = predict({});
  CHECK(no_path.code == 2);
  CHECK_THAT(no_path.err, Contains("needs PATH"));
  const auto nothing_there = predict({empty.path().string()});
  CHECK(nothing_there.code == 1);
  CHECK_THAT(nothing_there.err, Contains("no picture"));
  for (const std::vector<std::string>& wrong : {std::vector<std::string>{"--json", "--csv"},
                                                {"--resume"},
                                                {"--force"},
                                                {"--out", "a.csv", "--json"},
                                                {"--out", "a.csv", "--resume", "--force"},
                                                {"--blur"},
                                                {"--min-face", "50", "--max-face", "40"}}) {
    std::vector<std::string> words = {face("happy")};
    words.insert(words.end(), wrong.begin(), wrong.end());
    CHECK(predict(words).code == 2);
  }
}
