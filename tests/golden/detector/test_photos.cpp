// SPDX-License-Identifier: Apache-2.0
// The real photographs, where they are: MIEN_PHOTOS names the folder, opencv-haar.json in it says what OpenCV finds.
#include "mien/vision/cascade.hpp"
#include "mien/vision/cascade_detector.hpp"
#include "tests/support/cascades.hpp"
#include "tests/support/catch.hpp"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <cstdlib>
#include <fstream>

using namespace mien;

namespace {

std::vector<int> numbers(const Box& box) { return {box.x, box.y, box.width, box.height}; }

/// "1.1/3/30": scale factor, neighbours, least size.
CascadeSettings settings_of(const std::string& key) {
  CascadeSettings settings;
  REQUIRE(std::sscanf(key.c_str(), "%lf/%d/%d", &settings.scale_factor, &settings.min_neighbors, &settings.min_face) ==
          3);
  return settings;
}

} // namespace

TEST_CASE("detector: photographs have OpenCV's windows, boxes, neighbours and weights") {
  const char* folder = std::getenv("MIEN_PHOTOS");
  if (!folder) {
    std::puts("SKIPPED: MIEN_PHOTOS does not name a folder with photographs");
    return;
  }
  const auto data = test::opencv_data();
  if (data.empty()) return;
  const auto cascade = read_cascade(data / "haarcascades/haarcascade_frontalface_default.xml");
  const std::filesystem::path photos = folder;
  const auto expected = nlohmann::json::parse(std::ifstream(photos / "opencv-haar.json"));
  for (const auto& [name, photo] : expected.at("images").items()) {
    const auto picture = read_image((photos / "gray" / name).replace_extension(".pgm"));
    for (const auto& [key, run] : photo.at("runs").items()) {
      INFO(name << " at " << key);
      const CascadeDetector detector(cascade, settings_of(key));
      const auto windows = detector.windows(picture);
      const auto& raw = run.at("raw");
      REQUIRE(windows.size() == raw.size());
      for (std::size_t i = 0; i < raw.size(); ++i) CHECK(numbers(windows[i].box) == raw[i].get<std::vector<int>>());
      const auto faces = detector.detect(picture, 3);
      const auto& boxes = run.at("boxes");
      REQUIRE(faces.size() == boxes.size());
      for (std::size_t i = 0; i < boxes.size(); ++i) {
        CHECK(numbers(faces[i].box) == boxes[i].at("box").get<std::vector<int>>());
        CHECK(faces[i].neighbors == boxes[i].at("neighbours").get<int>());
        CHECK(faces[i].score == boxes[i].at("weight").get<double>()); // the same double, not nearly
      }
    }
  }
}
