// SPDX-License-Identifier: Apache-2.0
// What detectors find on photographs with labelled faces: the tables of docs/detection.md.
//
//   build/bench/benchmarks/accuracy_detection PHOTOS [FOLDER]      FOLDER: of opencv-data, /usr/share/opencv4
//
// PHOTOS holds pictures, faces.csv (image,x,y,width,height) and dogs.jpg, which shows no face. A box finds the label
// that it covers best, if they share 0.4 of what they cover together; a second box on one label is a false alarm.
#include "mien/core/math.hpp"
#include "mien/data/cut.hpp"
#include "mien/io/image.hpp"
#include "mien/ops/parallel.hpp"
#include "mien/vision/cascade.hpp"
#include "mien/vision/cascade_detector.hpp"
#include "mien/vision/combined_detectors.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

using namespace mien;
namespace fs = std::filesystem;

namespace {

struct Photo {
  Image picture;
  std::vector<Box> faces;
};

std::vector<Photo> read_photos(const fs::path& folder) {
  std::map<std::string, std::vector<Box>> faces;
  std::ifstream file(folder / "faces.csv");
  std::string line;
  for (std::getline(file, line); std::getline(file, line);) {
    std::ranges::replace(line, ',', ' ');
    std::istringstream words(line);
    std::string image;
    Box box;
    words >> image >> box.x >> box.y >> box.width >> box.height;
    faces[image].push_back(box);
  }
  std::vector<Photo> photos;
  for (const auto& [image, boxes] : faces) photos.push_back({read_image(folder / image), boxes});
  return photos;
}

/// What two boxes share of what they cover together.
double overlap(const Box& a, const Box& b) {
  const double width = std::min(a.x + a.width, b.x + b.width) - std::max(a.x, b.x);
  const double height = std::min(a.y + a.height, b.y + b.height) - std::max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  return width * height / (double{1} * a.width * a.height + double{1} * b.width * b.height - width * height);
}

struct Score {
  std::size_t found = 0, false_alarms = 0, labels = 0;
};

Score score_of(const Detector& detector, const std::vector<Photo>& photos) {
  Score score;
  for (const auto& photo : photos) {
    std::set<const Box*> found;
    const auto detections = detector.detect(photo.picture, available_threads());
    for (const auto& detection : detections) {
      const auto share = [&](const Box& face) { return overlap(detection.box, face); };
      const auto best = std::ranges::max_element(photo.faces, {}, share);
      if (best != photo.faces.end() && share(*best) >= 0.4) found.insert(&*best);
    }
    score.found += found.size();
    score.false_alarms += detections.size() - found.size();
    score.labels += photo.faces.size();
  }
  return score;
}

/// The photograph turned anticlockwise as seen, so that its faces lean to the left; labels keep their size.
Photo turned(const Photo& photo, double degrees) {
  const double width = photo.picture.width, height = photo.picture.height, side = std::ceil(std::hypot(width, height));
  Photo result{cut(photo.picture, {.x = width / 2, .y = height / 2, .side = side, .degrees = degrees}), photo.faces};
  const double cosine = math::cos_turns(degrees / 360), sine = math::sin_turns(degrees / 360);
  for (auto& face : result.faces) {
    const double x = face.x + (face.width - width) / 2, y = face.y + (face.height - height) / 2;
    face.x = static_cast<int>(std::lround(x * cosine + y * sine + (side - face.width) / 2));
    face.y = static_cast<int>(std::lround(y * cosine - x * sine + (side - face.height) / 2));
  }
  return result;
}

using Pointer = std::shared_ptr<const Detector>;

class Measurement {
public:
  Measurement(const fs::path& photos, fs::path cascades)
      : photos_(read_photos(photos)), dogs_{{read_image(photos / "dogs.jpg"), {}}}, cascades_(std::move(cascades)) {}

  [[nodiscard]] Pointer cascade(const std::string& name, const CascadeSettings& settings) const {
    const auto folder = name.starts_with("lbp") ? "lbpcascades" : "haarcascades";
    return std::make_shared<CascadeDetector>(read_cascade(cascades_ / folder / (name + ".xml")), settings);
  }

  /// found / false alarms / on dogs.jpg
  void cell(const Detector& detector) const {
    const auto score = score_of(detector, photos_);
    std::printf(" %zu / %zu / %zu |", score.found, score.false_alarms, score_of(detector, dogs_).false_alarms);
    std::fflush(stdout);
  }
  void grid() const {
    std::puts("| cascade | scale | neighbours 2 | 3 | 4 | 5 |\n| --- | --- | --- | --- | --- | --- |");
    for (const char* name :
         {"haarcascade_frontalface_default", "haarcascade_frontalface_alt", "haarcascade_frontalface_alt2",
          "haarcascade_frontalface_alt_tree", "lbpcascade_frontalface", "lbpcascade_frontalface_improved"}) {
      for (const double scale : {1.05, 1.1, 1.2, 1.3}) {
        std::printf("| %s | %g |", name, scale);
        for (const int neighbors : {2, 3, 4, 5})
          cell(*cascade(name, {.scale_factor = scale, .min_neighbors = neighbors}));
        std::puts("");
      }
    }
  }

  void row(const std::string& name, const Detector& detector) const {
    std::printf("| %s |", name.c_str());
    cell(detector);
    for (const double degrees : {15.0, 30.0, 45.0}) {
      std::vector<Photo> leaning;
      for (const auto& photo : photos_) {
        for (const double sign : {-1.0, 1.0}) leaning.push_back(turned(photo, sign * degrees));
      }
      const auto score = score_of(detector, leaning);
      std::printf(" %zu / %zu |", score.found, score.false_alarms);
      std::fflush(stdout);
    }
    std::puts("");
  }
  void looks(int neighbors) const {
    const CascadeSettings settings{.min_neighbors = neighbors};
    const auto frontal = cascade("haarcascade_frontalface_default", settings);
    const Pointer profile = std::make_shared<MirroredDetector>(cascade("haarcascade_profileface", settings));
    const Pointer both = std::make_shared<UnionDetector>(std::vector{frontal, profile});
    std::printf("\nAt 1.1/%d/30:\n\n| looks | as they are | turned by 15 | by 30 | by 45 |\n", neighbors);
    std::puts("| --- | --- | --- | --- | --- |");
    row("frontal", *frontal);
    row("profile", *profile);
    row("frontal and profile", *both);
    for (const float turn : {20.0f, 25.0f, 30.0f, 35.0f})
      row("frontal, tilted by " + std::to_string(static_cast<int>(turn)), TiltedDetector(frontal, {-turn, turn}));
    row("frontal, tilted by 20 and 40", TiltedDetector(frontal, {-40, -20, 20, 40}));
    row("frontal and profile, tilted", TiltedDetector(both));
  }

private:
  std::vector<Photo> photos_, dogs_;
  fs::path cascades_;
};

} // namespace

int main(int argc, char** argv) try {
  if (argc < 2) {
    std::fputs("usage: accuracy_detection PHOTOS [FOLDER of opencv-data]\n", stderr);
    return 2;
  }
  const Measurement measurement(argv[1], argc > 2 ? argv[2] : "/usr/share/opencv4");
  measurement.grid();
  for (const int neighbors : {3, 5}) measurement.looks(neighbors);
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "error: %s\n", error.what());
  return 1;
}
