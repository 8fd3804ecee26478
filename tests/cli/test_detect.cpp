// SPDX-License-Identifier: Apache-2.0
#include "mien/vision/cascade.hpp"
#include "mien/vision/face_detector.hpp"
#include "mien/vision/face_finder.hpp"
#include "tests/cli/run.hpp"
#include "tests/support/cascades.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"

#include <nlohmann/json.hpp>

#include <fstream>

using namespace mien;
using namespace mien::test;
using Catch::Contains;
using nlohmann::json;

namespace {

const std::string scene = "tests/golden/detector/scene-1.png";

/// What `mien detect --json` has to print as faces of the scene.
json expected(const std::shared_ptr<const Detector>& detector) {
  json faces = json::array();
  for (const auto& [face, square] : FaceFinder(detector).find(read_image(scene))) {
    const auto& box = face.box;
    faces.push_back({{"box", {box.x, box.y, box.width, box.height}}, {"score", face.score}});
    if (face.roll != 0) faces.back()["roll"] = face.roll;
  }
  return faces;
}

json faces_of(std::vector<std::string> words) {
  words.insert(words.begin(), {"detect", scene, "--json"});
  const auto ran = run(words);
  CHECK(ran.code == 0);
  CHECK(ran.err.empty());
  return json::parse(ran.out).at("faces");
}

} // namespace

TEST_CASE("mien detect --json gives the detector's boxes, a line a picture") {
  const auto ran = run({"detect", scene, "--json"});
  CHECK(ran.code == 0);
  REQUIRE(lines(ran.out).size() == 1);
  const auto line = json::parse(ran.out);
  CHECK(line.size() == 4);
  CHECK(line["image"] == scene);
  CHECK(line["width"] == 200);
  CHECK(line["height"] == 150);
  CHECK(line["faces"] == expected(default_detector()));
  CHECK(line["faces"].size() >= 2);
  CHECK(faces_of({"--threads", "3"}) == line["faces"]);
}

TEST_CASE("mien detect: each option reaches the detector") {
  const auto changes = [&](const std::vector<std::string>& words, const FaceDetectorSettings& settings,
                           const FaceDetectorSettings& without = {}) {
    INFO(words[0]);
    CHECK(faces_of(words) == expected(default_detector(settings)));
    CHECK(faces_of(words) != expected(default_detector(without)));
  };
  const CascadeSettings every_window{.min_neighbors = 0};
  changes({"--scale", "1.3"}, {.cascade = {.scale_factor = 1.3}});
  changes({"--neighbors", "0"}, {.cascade = every_window});
  changes({"--min-face", "50"}, {.cascade = {.min_face = 50}});
  changes({"--max-face", "50"}, {.cascade = {.max_face = 50}});
  changes({"--tilted", "--neighbors", "0"}, {.cascade = every_window, .tilted = true}, {.cascade = every_window});
  changes({"--profile", "--neighbors", "0"}, {.cascade = every_window, .profile = true}, {.cascade = every_window});
  CHECK(faces_of({"--cascade", "haarcascade_frontalface_alt2"}) ==
        expected(face_detector(named_cascade("frontalface_alt2"))));
}

TEST_CASE("mien detect takes a cascade file") {
  const TempFolder folder;
  const auto path = (folder / "mine.xml").string();
  std::ofstream(path) << lbp_xml;
  CHECK(faces_of({"--cascade", path, "--neighbors", "0"}) ==
        expected(face_detector(read_cascade(path), {.cascade = {.min_neighbors = 0}})));
}

TEST_CASE("mien detect: a cascade that does not exist, or settings that contradict, are wrong usage") {
  const auto unknown = run({"detect", scene, "--cascade", "frontalface"});
  CHECK(unknown.code == 2);
  CHECK_THAT(unknown.err, Contains("`frontalface`") && Contains("frontalface_alt2, frontalface_default, profileface"));
  CHECK(lines(unknown.err).size() == 1);
  const auto missing = run({"detect", scene, "--cascade", "no/such.xml"});
  CHECK(missing.code == 1);
  CHECK_THAT(missing.err, Contains("no/such.xml"));
  CHECK(run({"detect", scene, "--min-face", "50", "--max-face", "40"}).code == 2);
  CHECK(run({"detect", scene, "--scale", "1"}).code == 2);
  CHECK(run({"detect"}).code == 2);
}

TEST_CASE("mien detect prints a table for people") {
  const auto printed = lines(run({"detect", scene}).out);
  const auto faces = expected(default_detector());
  REQUIRE(printed.size() == faces.size() + 1);
  const auto& box = faces[0]["box"];
  CHECK_THAT(printed[1], Contains(box[2].dump() + "x" + box[3].dump() + " at " + box[0].dump() + "," + box[1].dump()) &&
                             Contains(scene));
}

TEST_CASE("mien detect goes through folders; a picture that fails is a line, and the rest goes on") {
  const TempFolder folder;
  std::filesystem::create_directories(folder / "a/b");
  std::filesystem::copy_file(scene, folder / "a/b/1.png");
  std::filesystem::copy_file(scene, folder / "a/3.png");
  std::ofstream(folder / "a/2.png") << "not a picture";
  const auto path = folder.path().string();
  const auto ran = run({"detect", path, "--json"});
  CHECK(ran.code == 1);
  CHECK(ran.err.empty());
  const auto printed = lines(ran.out);
  REQUIRE(printed.size() == 3);
  std::size_t errors = 0;
  for (const auto& text : printed) {
    const auto line = json::parse(text);
    errors += line.contains("error") && line["image"] == path + "/a/2.png" && line.size() == 2;
    if (!line.contains("error")) CHECK(line["faces"] == expected(default_detector()));
  }
  CHECK(errors == 1);
  const auto table = run({"detect", path});
  CHECK(table.code == 1);
  CHECK_THAT(table.err, Contains("a/2.png"));
  CHECK(lines(table.err).size() == 1);
}
