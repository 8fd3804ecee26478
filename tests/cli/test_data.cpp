// SPDX-License-Identifier: Apache-2.0
#include "mien/data/grey.hpp"
#include "mien/io/image.hpp"
#include "tests/cli/fixture.hpp"
#include "tests/cli/run.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"

using namespace mien;
using namespace mien::test;
using Catch::Contains;
using Catch::StartsWith;

TEST_CASE("mien data generate writes faces of every class, says where, and keeps stdout clean") {
  const TempFolder folder;
  const auto faces = (folder / "faces").string();
  const auto ran = run({"data", "generate", faces, "--per-class", "5", "--size", "32", "--seed", "3"});
  CHECK(ran.code == 0);
  CHECK(ran.out.empty());
  CHECK_THAT(ran.err, Contains("42 faces are in " + faces));
  const auto face = read_image(folder / "faces" / "train" / "happy" / "00004.png");
  CHECK(face.width == 32);
  CHECK(face.height == 32);

  const auto again = run({"data", "generate", faces});
  CHECK(again.code == 1);
  CHECK_THAT(again.err, StartsWith("error: " + faces));
  CHECK(run({"data", "generate", faces, "--per-class", "1", "--force", "--quiet"}).err.empty());
}

TEST_CASE("the same seed writes the same faces, another seed others") {
  const TempFolder folder;
  auto face = [&](const std::string& name, const std::string& seed) {
    const auto to = folder / name;
    REQUIRE(run({"data", "generate", to.string(), "--per-class", "1", "--seed", seed}).code == 0);
    return read_image(to / "test" / "sad" / "00000.png");
  };
  const auto first = face("a", "1");
  CHECK(face("b", "1") == first);
  CHECK_FALSE(face("c", "2") == first);
}

TEST_CASE("mien data generate --scenes writes scenes and a list of their faces, and nothing to train on") {
  const TempFolder folder;
  const auto crowd = (folder / "crowd").string();
  const auto ran = run({"data", "generate", crowd, "--scenes", "2", "--tilted", "1", "--seed", "3"});
  CHECK(ran.code == 0);
  CHECK(ran.out.empty());
  CHECK_THAT(ran.err, Contains("2 scenes are in " + crowd + "/scenes, the boxes and labels of the faces in " + crowd +
                               "/scenes.json"));
  const auto scene = read_image(folder / "crowd" / "scenes" / "00001.png");
  CHECK((scene.width == 640 && scene.height == 480));
  CHECK(std::filesystem::exists(folder / "crowd" / "scenes.json"));
  CHECK_FALSE(std::filesystem::exists(folder / "crowd" / "train"));

  const auto both = run({"data", "generate", crowd, "--scenes", "2", "--per-class", "3"});
  CHECK(both.code == 2);
  CHECK_THAT(both.err, Contains("--per-class is about faces for training, and --scenes draws none"));
  const auto none = run({"data", "generate", crowd, "--tilted", "0.5"});
  CHECK(none.code == 2);
  CHECK_THAT(none.err, Contains("say how many with --scenes N"));
  CHECK(run({"data", "generate", crowd, "--scenes", "1"}).code == 1); // it holds something
}

TEST_CASE("mien data preview draws a sheet, and another one without augmentation") {
  const TempFolder folder;
  auto sheet = [&](const std::string& name, std::vector<std::string> options) {
    const auto to = folder / name;
    options.insert(options.begin(), {"data", "preview", fixture().faces, "--out", to.string(), "--per-class", "2"});
    const auto ran = run(options);
    INFO(ran.err);
    REQUIRE(ran.code == 0);
    CHECK(ran.out.empty());
    return read_image(to);
  };
  const auto varied = sheet("a.png", {});
  CHECK(varied.width > 2 * 48);
  CHECK(varied.height > 7 * 48);
  CHECK(sheet("b.png", {}) == varied);
  CHECK_FALSE(sheet("c.png", {"--seed", "2"}) == varied);
  const auto plain = sheet("d.png", {"--rotation", "0", "--zoom", "0", "--no-flip"});
  CHECK_FALSE(plain == varied);
  CHECK_FALSE(sheet("e.png", {"--rotation", "0", "--zoom", "0"}) == plain); // mirrored, some of them
  CHECK_FALSE(sheet("f.png", {"--validation", "0.6"}) == varied);           // fewer are left to train on
  for (const auto& [option, value] : {std::pair{"--shear", "20"},
                                      {"--crop", "6"},
                                      {"--brightness", "0.5"},
                                      {"--contrast", "0.5"},
                                      {"--erase", "1"},
                                      {"--shift", "0.3"}}) {
    INFO(option);
    CHECK_FALSE(sheet("g.png", {"--rotation", "0", "--zoom", "0", "--no-flip", option, value}) == plain);
  }
  CHECK(sheet("h.png", {"--channels", "1"}) == varied);
  const auto colours = sheet("i.png", {"--channels", "3"});
  CHECK((colours.channels == 3 && colours.width == varied.width));
  CHECK(to_grey(colours) == varied); // these faces are grey
}

TEST_CASE("mien data preview says what is wrong with its data or options") {
  const auto nowhere = run({"data", "preview", "/nowhere"});
  CHECK(nowhere.code == 1);
  CHECK_THAT(nowhere.err, StartsWith("error: /nowhere"));
  const auto unwritable = run({"data", "preview", fixture().faces, "--out", "/nowhere/sheet.png"});
  CHECK(unwritable.code == 1);
  CHECK_THAT(unwritable.err, Contains("/nowhere/sheet.png"));
  const auto turned = run({"data", "preview", fixture().faces, "--rotation", "200"});
  CHECK(turned.code == 2);
  CHECK_THAT(turned.err, Contains("--rotation takes a number from 0 to 180, got `200`"));
  for (const auto& [option, value, sentence] :
       {std::tuple{"--shear", "61", "--shear takes a number from 0 to 60, got `61`"},
        {"--crop", "-1", "--crop takes a whole number from 0 to 1024, got `-1`"},
        {"--brightness", "1", "--brightness takes a number from 0 to 0.99, got `1`"},
        {"--contrast", "dark", "--contrast takes a number from 0 to 0.99, got `dark`"},
        {"--erase", "2", "--erase takes a number from 0 to 1, got `2`"},
        {"--channels", "2", "--channels"}}) {
    const auto wrong = run({"data", "preview", fixture().faces, option, value});
    CHECK(wrong.code == 2);
    CHECK_THAT(wrong.err, Contains(sentence));
  }
}
