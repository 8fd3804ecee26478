// SPDX-License-Identifier: Apache-2.0
#include "mien/io/image.hpp"
#include "tests/cli/fixture.hpp"
#include "tests/cli/run.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>

using namespace mien;
using namespace mien::test;
using Catch::Contains;

namespace {

namespace fs = std::filesystem;

nlohmann::json checked(const fs::path& data) {
  const auto ran = run({"data", "check", data.string(), "--json"});
  REQUIRE(ran.code == 0);
  return nlohmann::json::parse(ran.out);
}

/// The fixture's faces with one of everything that is wrong.
void spoil(const fs::path& data) {
  fs::copy(fixture().faces, data, fs::copy_options::recursive);
  fs::copy(data / "train/happy/00001.png", data / "test/happy/leak.png");
  fs::copy(data / "train/happy/00001.png", data / "train/sad/wrong, label.png");
  fs::copy(data / "train/fear/00001.png", data / "train/fear/twice.png");
  std::ofstream(data / "train/angry/broken.png") << "no picture";
}

} // namespace

TEST_CASE("mien data check finds nothing wrong with faces that are just drawn") {
  const auto json = checked(fixture().faces);
  CHECK(json["train"]["pictures"] == 21);
  CHECK(json["test"]["pictures"] == 7);
  CHECK(json["exact"]["groups"] == 0);
  CHECK(json["near"]["groups"] == 0);
  CHECK(json["findings"].empty());
  CHECK(json["known_as"].is_null());
  CHECK_THAT(run({"data", "check", fixture().faces}).out, Contains("Nothing is wrong"));
  CHECK(checked(fixture().faces + "/train")["test"].is_null()); // a folder of class folders
}

TEST_CASE("mien data check finds what is wrong, says it, lists it and draws it") {
  const TempFolder folder;
  const auto data = folder / "data";
  spoil(data);
  const auto json = checked(data);
  CHECK(json["exact"]["across"] == 1);
  CHECK(json["exact"]["within_train"] == 2);
  CHECK(json["exact"]["contradictions"] == 1);
  CHECK(json["train"]["unusable"].size() == 1);
  CHECK(json["findings"].size() == 4);

  const auto list = (folder / "copies.csv").string(), sheet = (folder / "sheet.png").string();
  const auto ran = run({"data", "check", data.string(), "--copies", list, "--sheet", sheet});
  CHECK(ran.code == 0);
  CHECK_THAT(ran.out,
             Contains("1 of 8 test pictures (12.5 %)") && Contains("broken.png") && Contains("--drop-conflicts"));
  const auto rows = lines(contents(list));
  CHECK(rows.size() == 1 + 3 + 2);
  CHECK(rows[0] == "kind,group,part,label,name");
  CHECK_THAT(contents(list), Contains("exact,2,train,sad,\"") || Contains("exact,1,train,sad,\""));
  CHECK(read_image(sheet).width > 48);
}

TEST_CASE("mien train leaves out copies and contradictions when asked to") {
  const TempFolder folder;
  spoil(folder / "data");
  const auto trained = [&](std::vector<std::string> words) {
    const auto out = (folder / std::to_string(words.size())).string();
    words.insert(words.begin(), {"train", (folder / "data").string(), "--epochs", "1", "--out", out});
    const auto ran = run(words);
    REQUIRE(ran.code == 0);
    return ran.err;
  };
  CHECK_THAT(trained({}), Contains("23 pictures of 7 classes"));
  CHECK_THAT(trained({"--dedup"}),
             Contains("21 pictures of 7 classes") && Contains("2 pictures left out: exact copies"));
  const auto both = trained({"--dedup", "--drop-conflicts"});
  CHECK_THAT(both, Contains("20 pictures of 7 classes") && Contains("2 pictures left out: copies of each other") &&
                       Contains("1 picture left out: exact copies"));
}

TEST_CASE("mien data check says what it cannot read") {
  CHECK(run({"data", "check", "/nowhere"}).code == 1);
  CHECK(run({"data", "check", fixture().faces, "--sheeet", "x"}).code == 2);
}
