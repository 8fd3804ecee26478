// SPDX-License-Identifier: Apache-2.0
// From pictures of several faces to names, and to faces for training.
#include "mien/emotion/generated_scenes.hpp"
#include "mien/emotion/recognizer.hpp"
#include "mien/io/image.hpp"
#include "tests/cli/fixture.hpp"
#include "tests/cli/run.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

using namespace mien;
using namespace mien::test;
using Catch::Contains;
using Catch::StartsWith;
using nlohmann::json;

namespace {

namespace fs = std::filesystem;

/// A scene with several faces, as a file.
std::string scene_file(const TempFolder& folder) {
  const auto path = folder / "scene.png";
  write_png(path, draw_scene(3, 0).picture);
  return path.string();
}

Ran predict(std::vector<std::string> words) {
  words.insert(words.begin(), {"predict", "--model", fixture().model});
  return run(words);
}

void write_plain(const fs::path& path) { write_png(path, {160, 120, 1, std::vector<std::uint8_t>(160 * 120, 90)}); }

} // namespace

TEST_CASE("mien predict finds in a scene what Recognizer finds, and names it alike") {
  const TempFolder folder;
  const auto scene = scene_file(folder);
  const auto ran = predict({scene, "--json"});
  CHECK(ran.code == 0);
  const auto found = json::parse(ran.out);
  CHECK(found["width"] == 640);
  CHECK(found["height"] == 480);
  const Recognizer recognizer(fixture().classifier);
  const auto faces = recognizer.recognize(read_image(scene));
  REQUIRE(faces.size() >= 2);
  REQUIRE(found["faces"].size() == faces.size());
  for (std::size_t i = 0; i < faces.size(); ++i) {
    const auto& face = faces[i];
    CHECK(found["faces"][i]["box"] == json({face.box.x, face.box.y, face.box.width, face.box.height}));
    CHECK(found["faces"][i]["score"] == face.score);
    CHECK(found["faces"][i]["label"] == face.label);
    for (std::size_t c = 0; c < face.probabilities.size(); ++c)
      CHECK(found["faces"][i]["probabilities"][recognizer.labels()[c]].get<float>() == face.probabilities[c]);
  }
  CHECK(predict({scene, "--json", "--threads", "3"}).out == ran.out);
}

TEST_CASE("faces come by size, or from left to right") {
  const TempFolder folder;
  const auto scene = scene_file(folder);
  const auto order = [&](const std::string& how, int place) {
    std::vector<int> numbers;
    const auto found = json::parse(predict({scene, "--json", "--order", how}).out);
    for (const auto& face : found["faces"]) numbers.push_back(face["box"][place]);
    return numbers;
  };
  CHECK(std::ranges::is_sorted(order("size", 2), std::greater()));
  CHECK(std::ranges::is_sorted(order("left", 0)));
  CHECK(order("left", 0) != order("size", 0));
}

TEST_CASE("a picture without a face is told, counted, and no failure") {
  const TempFolder folder;
  write_plain(folder / "plain.png");
  const auto table = predict({(folder / "plain.png").string()});
  CHECK(table.code == 0);
  CHECK_THAT(lines(table.out)[1], Contains("no face found") && Contains("plain.png"));
  CHECK_THAT(table.err, StartsWith("0 faces in 1 picture; 1 picture without a face\n"));
  CHECK(json::parse(predict({(folder / "plain.png").string(), "--json"}).out)["faces"] == json::array());
  const auto csv = lines(predict({(folder / "plain.png").string(), "--csv"}).out);
  REQUIRE(csv.size() == 2);
  CHECK(std::ranges::count(csv[0], ',') == std::ranges::count(csv[1], ','));
}

TEST_CASE("--annotate draws around the faces, --blur hides them, and nothing else changes") {
  const TempFolder folder;
  const auto scene = scene_file(folder);
  const auto before = read_image(scene);
  const auto faces = Recognizer(fixture().classifier).recognize(before);
  const auto changed_share = [&](const Image& after, const Box& box) {
    int changed = 0;
    for (int y = box.y; y < box.y + box.height; ++y)
      for (int x = box.x; x < box.x + box.width; ++x) {
        const auto at = static_cast<std::size_t>(y * before.width + x);
        changed += std::abs(after.pixels[3 * at] - before.pixels[at]) > 4;
      }
    return changed / (1.0 * box.width * box.height);
  };
  CHECK(predict({scene, "--annotate", (folder / "marked").string()}).code == 0);
  CHECK(predict({scene, "--annotate", (folder / "hidden").string(), "--blur"}).code == 0);
  const auto marked = read_image(folder / "marked/scene.png"), hidden = read_image(folder / "hidden/scene.png");
  REQUIRE(marked.pixels.size() == 3 * before.pixels.size());
  const auto& largest = faces[0].box;
  const auto inside = Box{largest.x + largest.width / 4, largest.y + largest.height / 4, largest.width / 2,
                          largest.height / 2}; // a frame does not reach so far
  CHECK(changed_share(marked, largest) > 0.02);
  CHECK(changed_share(marked, inside) == 0);
  CHECK(changed_share(hidden, inside) > 0.5);
  CHECK(changed_share(hidden, {0, 0, 4, 4}) == 0);
}

TEST_CASE("a cut face, taken whole, is named as the face in the photograph") {
  const TempFolder folder;
  fs::create_directories(folder / "photographs/train/happy");
  fs::create_directories(folder / "photographs/train/sad");
  fs::copy(scene_file(folder), folder / "photographs/train/happy/a.png");
  write_plain(folder / "photographs/train/sad/plain.png");
  std::ofstream(folder / "photographs/train/sad/bad.png") << "not a picture";
  const auto photographs = (folder / "photographs").string(), faces = (folder / "faces").string();

  const auto cropped = run({"data", "crop", photographs, faces});
  CHECK(cropped.code == 1); // for bad.png
  CHECK_THAT(cropped.err, Contains("1 face from 3 pictures") && Contains("2 pictures gave none"));
  std::ifstream skipped(folder / "faces/skipped.csv");
  const auto reasons = lines(std::string{std::istreambuf_iterator<char>(skipped), {}});
  REQUIRE(reasons.size() == 4);
  CHECK_THAT(reasons[1], Contains("a.png,1,") && Contains("the largest was taken"));
  CHECK_THAT(reasons[2], Contains("bad.png,0,") && Contains("is not a picture"));
  CHECK_THAT(reasons[3], Contains("plain.png,0,no face found"));

  const auto in_photograph = json::parse(predict({photographs + "/train/happy/a.png", "--json"}).out);
  const auto alone = json::parse(predict({faces + "/train/happy/a.png", "--whole", "--json"}).out);
  CHECK(alone["faces"][0]["probabilities"] == in_photograph["faces"][0]["probabilities"]);

  const auto again = run({"data", "crop", photographs, faces});
  CHECK(again.code == 1);
  CHECK_THAT(again.err, Contains("holds files already"));
  CHECK_THAT(run({"data", "crop", photographs, photographs}).err, Contains("are the same folder"));
  const auto all = run({"data", "crop", photographs, faces, "--all", "--force"});
  CHECK(fs::exists(folder / "faces/train/happy/a-2.png"));
}
