// SPDX-License-Identifier: Apache-2.0
// What detectors find on photographs with labelled faces: the tables of docs/detection.md.
//
//   build/bench/benchmarks/accuracy_detection PHOTOS [FOLDER]      FOLDER: of opencv-data, /usr/share/opencv4
//
// PHOTOS holds pictures, faces.csv (image,x,y,width,height) and dogs.jpg, which shows no face. A box finds the label
// that it covers best, if they share 0.4 of what they cover together; a second box on one label is a false alarm.
#include "mien/io/image.hpp"
#include "mien/ops/parallel.hpp"
#include "mien/vision/cascade.hpp"
#include "mien/vision/cascade_detector.hpp"
#include "mien/vision/combined_detectors.hpp"

#include <algorithm>
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
  std::size_t found = 0, false_alarms = 0;
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
  }
  return score;
}

class Measurement {
public:
  Measurement(const fs::path& photos, fs::path cascades)
      : photos_(read_photos(photos)), dogs_{{read_image(photos / "dogs.jpg"), {}}}, cascades_(std::move(cascades)) {
    std::size_t labels = 0;
    for (const auto& photo : photos_) labels += photo.faces.size();
    std::printf("| detector | found of %zu | false | on dogs.jpg |\n| --- | ---: | ---: | ---: |\n", labels);
  }

  [[nodiscard]] std::shared_ptr<const Detector> cascade(const std::string& name,
                                                        const CascadeSettings& settings) const {
    const auto folder = name.starts_with("lbp") ? "lbpcascades" : "haarcascades";
    return std::make_shared<CascadeDetector>(read_cascade(cascades_ / folder / (name + ".xml")), settings);
  }
  void row(const std::string& name, const Detector& detector) const {
    const auto score = score_of(detector, photos_), dogs = score_of(detector, dogs_);
    std::printf("| %s | %zu | %zu | %zu |\n", name.c_str(), score.found, score.false_alarms, dogs.false_alarms);
  }
  void grid(const std::string& name) const {
    for (const double scale : {1.05, 1.1, 1.2, 1.3}) {
      for (const int neighbors : {2, 3, 4, 5}) {
        char settings[32];
        std::snprintf(settings, sizeof settings, " %g/%d/30", scale, neighbors);
        row(name + settings, *cascade(name, {.scale_factor = scale, .min_neighbors = neighbors}));
      }
    }
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
  for (const char* name :
       {"haarcascade_frontalface_default", "haarcascade_frontalface_alt", "haarcascade_frontalface_alt2",
        "haarcascade_frontalface_alt_tree", "lbpcascade_frontalface", "lbpcascade_frontalface_improved"})
    measurement.grid(name);
  for (const int neighbors : {3, 5}) {
    const CascadeSettings settings{.min_neighbors = neighbors};
    const auto label = " 1.1/" + std::to_string(neighbors) + "/30";
    const auto frontal = measurement.cascade("haarcascade_frontalface_default", settings);
    const auto profile = std::make_shared<MirroredDetector>(measurement.cascade("haarcascade_profileface", settings));
    const auto both = std::make_shared<UnionDetector>(std::vector<std::shared_ptr<const Detector>>{frontal, profile});
    for (const float turn : {15.0f, 20.0f, 25.0f, 30.0f, 35.0f, 40.0f, 45.0f})
      measurement.row("turned by " + std::to_string(static_cast<int>(turn)) + label,
                      TiltedDetector(frontal, {-turn, turn}));
    measurement.row("turned by 20 and 40" + label, TiltedDetector(frontal, {-40, -20, 20, 40}));
    measurement.row("profile" + label, *profile);
    measurement.row("frontal and profile" + label, *both);
    measurement.row("frontal and profile, turned by 30" + label, TiltedDetector(both));
  }
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "error: %s\n", error.what());
  return 1;
}
