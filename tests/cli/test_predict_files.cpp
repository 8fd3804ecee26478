// SPDX-License-Identifier: Apache-2.0
// The files that `mien predict` writes: results that can be resumed, and copies of pictures.
#include "mien/io/image.hpp"
#include "tests/cli/fixture.hpp"
#include "tests/cli/run.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

using namespace mien;
using namespace mien::test;
using Catch::Contains;

namespace {

namespace fs = std::filesystem;

Ran predict(std::vector<std::string> words) {
  words.insert(words.begin(), {"predict", "--whole", "--model", fixture().model});
  return run(words);
}

std::string content(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

} // namespace

TEST_CASE("an interrupted file of results, resumed, is the file of a run that was never stopped") {
  const TempFolder folder;
  // A name that CSV has to quote, and one broken picture
  fs::copy(fixture().faces, folder / "faces", fs::copy_options::recursive);
  fs::rename(folder / "faces/train/fear/00001.png", folder / "faces/train/fear/a, \"b\"\n.png");
  std::ofstream(folder / "faces/train/fear/bad.png") << "not a picture";
  for (const std::string name : {"results.csv", "results.jsonl"}) {
    INFO(name);
    const auto out = (folder / name).string();
    const auto whole_run = predict({(folder / "faces").string(), "--out", out});
    CHECK(whole_run.code == 1);
    CHECK(whole_run.out.empty());
    const auto whole = content(out);
    CHECK(std::ranges::count(whole, '\n') == (name == "results.csv" ? 31 : 29));
    for (const std::size_t cut : {std::size_t{0}, std::size_t{20}, whole.size() / 2, whole.size() - 1, whole.size()}) {
      INFO("cut to " << cut);
      std::ofstream(out, std::ios::binary) << whole.substr(0, cut);
      const auto resumed = predict({(folder / "faces").string(), "--out", out, "--resume"});
      CHECK(content(out) == whole);
      if (cut > whole.size() / 3) CHECK_THAT(resumed.err, Contains("of 29 pictures are in " + out));
    }
  }
}

TEST_CASE("a file of results is never lost by mistake") {
  const TempFolder folder;
  const auto out = (folder / "results.csv").string();
  const auto picture = fixture().faces + "/test/happy/00000.png";
  std::ofstream(out) << "the only copy of a letter\n";
  const auto refused = predict({picture, "--out", out});
  CHECK(refused.code == 1);
  CHECK_THAT(refused.err, Contains("is there already"));
  const auto other = predict({picture, "--out", out, "--resume"});
  CHECK(other.code == 1);
  CHECK_THAT(other.err, Contains("has other columns"));
  CHECK(content(out) == "the only copy of a letter\n");
  CHECK(predict({picture, "--out", out, "--force"}).code == 0);
  CHECK(lines(content(out)).size() == 2);
  const auto nowhere = predict({picture, "--out", (folder / "missing/results.csv").string()});
  CHECK(nowhere.code == 1);
  CHECK_THAT(nowhere.err, Contains("cannot be written"));
}

TEST_CASE("JSON lines of something else are not resumed") {
  const TempFolder folder;
  const auto out = (folder / "results.jsonl").string();
  const std::string other = "{\"name\": \"a letter\"}\n";
  std::ofstream(out) << other;
  const auto ran = predict({fixture().faces + "/test/happy/00000.png", "--out", out, "--resume"});
  CHECK(ran.code == 1);
  CHECK_THAT(ran.err, Contains("is no file of results"));
  CHECK(content(out) == other);
}

TEST_CASE("annotated copies stand where their pictures stood, and no picture is touched") {
  const TempFolder folder;
  const auto marked = folder / "marked";
  CHECK(predict({fixture().faces + "/test", "--annotate", marked.string()}).code == 0);
  for (const std::string expression : {"angry", "surprise"}) {
    const auto before = read_image(fixture().faces + "/test/" + expression + "/00000.png");
    const auto after = read_image(marked / expression / "00000.png");
    CHECK(after.width == before.width);
    CHECK(after.height == before.height);
    CHECK(after.channels == 3);
  }
  CHECK(std::distance(fs::recursive_directory_iterator(marked), {}) == 14);
}

TEST_CASE("copies inside the folder that is searched are no new pictures") {
  const TempFolder folder;
  fs::copy(fixture().faces + "/test", folder / "faces", fs::copy_options::recursive);
  const auto marked = (folder / "faces/marked").string();
  for (int again = 0; again < 2; ++again) {
    const auto ran = predict({(folder / "faces").string(), "--annotate", marked, "--blur", "--json"});
    CHECK(ran.code == 0);
    CHECK(lines(ran.out).size() == 7);
  }
}

TEST_CASE("two copies in one place, or a copy in its picture's place, are refused before any work") {
  const TempFolder folder;
  const auto one = fixture().faces + "/test/happy/00000.png", two = fixture().faces + "/test/sad/00000.png";
  const auto both = predict({one, two, "--annotate", (folder / "marked").string()});
  CHECK(both.code == 1);
  CHECK_THAT(both.err, Contains("would both be written to"));
  fs::copy(one, folder / "face.png");
  const auto itself = predict({(folder / "face.png").string(), "--annotate", folder.path().string()});
  CHECK(itself.code == 1);
  CHECK_THAT(itself.err, Contains("would take its place"));
  CHECK(content(folder / "face.png") == content(one));
}
