// SPDX-License-Identifier: Apache-2.0
// `mien explain`.
#include "mien/emotion/generated_scenes.hpp"
#include "mien/io/image.hpp"
#include "tests/cli/fixture.hpp"
#include "tests/cli/run.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"

#include <nlohmann/json.hpp>

#include <cmath>
#include <filesystem>

using namespace mien;
using namespace mien::test;
using Catch::Contains;
namespace fs = std::filesystem;

TEST_CASE("mien explain draws three views of a face, and compares its maps with those of random weights") {
  const TempFolder folder;
  const auto out = (folder / "views.png").string(), face = fixture().faces + "/test/happy/00000.png";
  const auto ran = run({"explain", "--whole", face, "--out", out});
  INFO(ran.err);
  REQUIRE(ran.code == 0);
  CHECK_THAT(ran.out, Contains("happy") && Contains("covering costs most") && Contains("random weights") &&
                          Contains("Grad-CAM") && Contains("occlusion"));
  CHECK_THAT(ran.err, Contains(out));
  const auto views = read_image(out);
  CHECK(views.width >= 3 * 240);
  CHECK(views.height >= 240);
  CHECK(views.channels == 3);
}

TEST_CASE("mien explain --json has both maps; what was learnt is not what random weights show") {
  const TempFolder folder;
  double cam = 0, occlusion = 0;
  const std::vector<std::string> classes{"angry", "happy", "sad", "surprise"};
  for (const auto& name : classes) {
    const auto ran = run({"explain", "--whole", fixture().faces + "/test/" + name + "/00000.png", "--label", "happy",
                          "--json", "--out", (folder / "views.png").string()});
    REQUIRE(ran.code == 0);
    const auto maps = nlohmann::json::parse(ran.out)["faces"][0];
    CHECK(maps["label"] == "happy");
    CHECK(maps["occlusion"]["values"].size() == 48 * 48);
    CHECK(maps["grad_cam"]["values"].size() ==
          maps["grad_cam"]["height"].get<std::size_t>() * maps["grad_cam"]["width"].get<std::size_t>());
    const auto& a = maps["grad_cam"]["random_weights_correlation"];
    cam += a.is_null() ? 0 : a.get<double>() / 4;
    occlusion += maps["occlusion"]["random_weights_correlation"].get<double>() / 4;
  }
  CHECK(std::abs(cam) < 0.5);
  CHECK(std::abs(occlusion) < 0.5);
}

TEST_CASE("mien explain finds the faces of a picture, and says what it cannot do") {
  const TempFolder folder;
  REQUIRE(run({"data", "generate", (folder / "crowd").string(), "--scenes", "1", "--seed", "2", "-q"}).code == 0);
  const auto scene = (folder / "crowd/scenes/00000.png").string();
  const auto ran = run({"explain", scene, "--random", "1"});
  INFO(ran.err);
  REQUIRE(ran.code == 0);
  CHECK(fs::exists(folder / "crowd/scenes/00000-explained.png"));

  const auto face = fixture().faces + "/test/happy/00000.png";
  const auto label = run({"explain", "--whole", face, "--label", "bored"});
  CHECK(label.code == 2);
  CHECK_THAT(label.err, Contains("bored") && Contains("surprise"));
  CHECK(run({"explain", (folder / "no.png").string()}).code == 1);
  write_png(folder / "empty.png", Image{64, 64, 1, std::vector<std::uint8_t>(64 * 64, 90)});
  const auto none = run({"explain", (folder / "empty.png").string()});
  CHECK(none.code == 1);
  CHECK_THAT(none.err, Contains("no face was found") && Contains("--whole"));
  CHECK(run({"explain", "--whole", face, "--patch", "100", "--out", (folder / "x.png").string()}).code == 1);
}
