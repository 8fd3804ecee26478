// SPDX-License-Identifier: Apache-2.0
// --votes: raters as a second truth, and as what is learnt.
#include "mien/core/error.hpp"
#include "mien/io/atomic_file.hpp"
#include "tests/cli/fixture.hpp"
#include "tests/cli/run.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

using namespace mien;
using namespace mien::test;
using Catch::Contains;
namespace fs = std::filesystem;

namespace {

const std::vector<std::string> columns{"happy", "sad", "angry", "disgust", "fear", "neutral", "surprise"};

/// The fixture's faces under names that differ, and ten votes for each: six for its class (or the next column, of the
/// first training face of each class), three for the column after that, one for no face.
class Rated : public TempFolder {
public:
  Rated() {
    std::string text = "Image name,happiness,sadness,anger,disgust,fear,neutral,surprise,NF\n";
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(fixture().faces))) {
      if (!entry.is_regular_file() || entry.path().extension() != ".png") continue;
      const auto part = fs::relative(entry.path(), fixture().faces).parent_path(); // test/happy
      const auto name =
          concat(part.begin()->string(), "-", part.filename().string(), "-", entry.path().filename().string());
      fs::create_directories(*this / "faces" / part);
      fs::copy_file(entry.path(), *this / "faces" / part / name);
      const bool wrong = *part.begin() == "train" && entry.path().stem() == "00000";
      const auto own = std::ranges::find(columns, part.filename().string()) - columns.begin();
      text += name;
      for (std::ptrdiff_t k = 0; k < 7; ++k) {
        const auto after = (k - own - (wrong ? 1 : 0) + 14) % 7;
        text += after == 0 ? ",6" : after == 1 ? ",3" : ",0";
      }
      text += ",1\n";
    }
    write_atomically(*this / "votes.csv", text);
    write_atomically(*this / "net.json", R"({"input": [16, 16, 1], "layers": [
      {"type": "Flatten", "name": "flatten", "settings": {}},
      {"type": "Dense", "name": "out", "settings": {"units": 7}}]})");
  }
  [[nodiscard]] std::string text(const std::string& name) const { return (*this / name).string(); }
  [[nodiscard]] Ran train(const std::string& out, const std::string& targets) const {
    return run({"train", text("faces"), "--net", text("net.json"), "--epochs", "1", "--batch", "4", "--validation",
                "0.3", "--votes", text("votes.csv"), "--targets", targets, "--out", text(out)});
  }
};

} // namespace

TEST_CASE("mien eval --votes measures against what raters named, in words and in JSON") {
  const Rated rated;
  const std::vector<std::string> words{"eval", fixture().model, rated.text("faces"), "--votes",
                                       rated.text("votes.csv")};
  const auto ran = run(words);
  INFO(ran.err);
  REQUIRE(ran.code == 0);
  CHECK_THAT(ran.out, Contains("truth: the raters' votes") && Contains("one class has the most") &&
                          Contains("one has more than half") && Contains("agree with the raters on 100.0 %"));
  auto with_json = words;
  with_json.push_back("--json");
  const auto json = nlohmann::json::parse(run(with_json).out);
  CHECK(json["votes"]["pictures"] == 7);
  CHECK(json["votes"]["plurality"]["confusion"] == json["confusion"]); // the raters agree with the labels here
  CHECK(json["votes"]["majority"]["n"] == 7);
  auto with_csv = words;
  with_csv.push_back("--csv");
  CHECK_THAT(run(with_csv).out, Contains("votes: majority,,accuracy,"));
}

TEST_CASE("mien train --votes learns what raters named, hard or soft") {
  const Rated rated;
  const auto hard = rated.train("hard", "hard"), soft = rated.train("soft", "soft");
  INFO(hard.err << soft.err);
  REQUIRE(hard.code == 0);
  REQUIRE(soft.code == 0);
  CHECK_THAT(hard.err, Contains("21 of 21 pictures have a label from the votes"));
  CHECK_THAT(soft.err, Contains("21 of 21 pictures have shares from the votes"));
  const auto loss = [&](const std::string& name) { return lines(contents(rated / name / "log.csv")).at(1); };
  CHECK(loss("hard").substr(0, 12) != loss("soft").substr(0, 12));
  // What was told stands in run.json, so that a training goes on by itself.
  CHECK(run({"train", "--resume", rated.text("soft")}).code == 0);
}

TEST_CASE("mien: votes that cannot be used are told in a sentence") {
  const Rated rated;
  CHECK_THAT(run({"train", rated.text("faces"), "--targets", "soft"}).err, Contains("--votes FILE"));
  CHECK(run({"eval", fixture().model, rated.text("faces"), "--votes", rated.text("net.json")}).code == 1);
  const auto other = run({"eval", fixture().model, fixture().faces, "--votes", rated.text("votes.csv")});
  CHECK(other.code == 1);
  CHECK_THAT(other.err, Contains("none of the 7 pictures is in the table"));
  CHECK(run({"eval", fixture().model, fixture().model, fixture().faces, "--votes", rated.text("votes.csv")}).code == 2);
}
