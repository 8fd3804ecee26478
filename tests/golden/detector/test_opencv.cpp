// SPDX-License-Identifier: Apache-2.0
// What OpenCV finds in generated pictures, for many cascades and settings: make_fixtures.py writes opencv.json.
#include "mien/vision/cascade.hpp"
#include "mien/vision/cascade_detector.hpp"
#include "tests/support/cascades.hpp"
#include "tests/support/catch.hpp"

#include <nlohmann/json.hpp>

#include <fstream>
#include <map>

using namespace mien;

namespace {

const std::filesystem::path here = "tests/golden/detector";

CascadeSettings settings_of(const nlohmann::json& numbers) {
  return {.scale_factor = numbers[0], .min_neighbors = numbers[1], .min_face = numbers[2], .max_face = numbers[3]};
}

std::vector<Detection> detections_of(const nlohmann::json& boxes) {
  std::vector<Detection> all;
  for (const auto& b : boxes) all.push_back({{b[0], b[1], b[2], b[3]}, b[5], b[4], 0});
  return all;
}

} // namespace

TEST_CASE("detector: generated pictures have OpenCV's boxes in OpenCV's order, for any number of threads") {
  const auto data = test::opencv_data();
  if (data.empty()) return;
  const auto file = nlohmann::json::parse(std::ifstream(here / "opencv.json"));
  std::map<std::string, Cascade> cascades;
  std::size_t boxes = 0;
  for (const auto& run : file.at("runs")) {
    INFO(run.at("cascade") << " on " << run.at("picture") << " at " << run.at("settings"));
    const std::string name = run.at("cascade");
    if (!cascades.contains(name))
      cascades[name] = read_cascade(data / (name.substr(0, name.find('_')) + "s") / (name + ".xml"));
    const auto picture = read_image(here / std::string(run.at("picture")));
    const CascadeDetector detector(cascades[name], settings_of(run.at("settings")));
    const auto expected = detections_of(run.at("boxes"));
    boxes += expected.size();
    for (const int threads : {1, 4}) CHECK((detector.detect(picture, threads) == expected));
  }
  CHECK(boxes > 500); // else nothing was compared
}

TEST_CASE("detector: the compiled-in cascade finds what OpenCV finds") {
  const auto file = nlohmann::json::parse(std::ifstream(here / "opencv.json"));
  for (const auto& run : file.at("runs")) {
    if (run.at("cascade") != "haarcascade_frontalface_default") continue;
    INFO(run.at("picture") << " at " << run.at("settings"));
    const CascadeDetector detector(named_cascade("frontalface_default"), settings_of(run.at("settings")));
    const auto picture = read_image(here / std::string(run.at("picture")));
    CHECK((detector.detect(picture) == detections_of(run.at("boxes"))));
  }
}
