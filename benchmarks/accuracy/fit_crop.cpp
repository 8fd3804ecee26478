// SPDX-License-Identifier: Apache-2.0
// How a detector's box becomes the square that the network sees: fitted on FER2013's training folder, in Markdown.
//
//   build/bench/benchmarks/accuracy_fit_crop $MIEN_FER2013 [MODEL [CASCADE]]
//
// Each picture is enlarged four times and laid on a plain canvas in its own mean grey, and the detector looks for it.
// The first table compares the picture's square with the box; the others classify the validation pictures (those that
// `mien train --seed 1` keeps apart) from their boxes. A face that is not found counts as wrong. Nothing is timed.
#include "mien/core/error.hpp"
#include "mien/data/cut.hpp"
#include "mien/data/read_dataset.hpp"
#include "mien/data/resize.hpp"
#include "mien/data/split.hpp"
#include "mien/emotion/shipped_model.hpp"
#include "mien/ops/parallel.hpp"
#include "mien/vision/alignment.hpp"
#include "mien/vision/cascade_detector.hpp"
#include "mien/vision/face_finder.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <numeric>
#include <optional>

namespace {

using namespace mien;

constexpr int enlarged = 192, margin = 96, canvas_side = enlarged + 2 * margin;
constexpr double middle = canvas_side / 2.0;

/// A labelled picture, and what was found of it on its canvas.
struct Sample {
  Image picture;
  int label = 0;
  double turned = 0; ///< degrees, clockwise
  std::optional<Detection> face{};
  std::optional<Eyes> eyes{};
};

Image canvas(const Sample& sample) {
  const auto& pixels = sample.picture.pixels;
  const auto mean = std::accumulate(pixels.begin(), pixels.end(), std::size_t{0}) / pixels.size();
  Image result{canvas_side, canvas_side, 1, {}};
  result.pixels.assign(static_cast<std::size_t>(canvas_side * canvas_side), static_cast<std::uint8_t>(mean));
  const Image face = resized(sample.picture, enlarged, enlarged);
  for (int y = 0; y < enlarged; ++y)
    std::copy_n(&face.pixels[static_cast<std::size_t>(y * enlarged)], enlarged,
                &result.pixels[static_cast<std::size_t>((y + margin) * canvas_side + margin)]);
  if (sample.turned == 0) return result;
  return cut(result, {.x = middle, .y = middle, .side = canvas_side, .degrees = -sample.turned});
}

/// Every `step`th of these pictures, with the largest face that is found on its canvas.
std::vector<Sample> samples(const Dataset& data, const std::vector<std::size_t>& indices, std::size_t step,
                            double turned, const Detector& detector, int threads) {
  std::vector<Sample> result;
  for (std::size_t i = 0; i < indices.size(); i += step) {
    const auto pixels = data.picture(indices[i]);
    result.push_back({.picture = {data.width, data.height, 1, {pixels.begin(), pixels.end()}},
                      .label = data.labels[indices[i]],
                      .turned = turned});
  }
  const EyeFinder eyes;
  parallel_for(threads, static_cast<int>(result.size()), [&](int part, int) {
    auto& sample = result[static_cast<std::size_t>(part)];
    const Image picture = canvas(sample);
    const auto found = detector.detect(picture);
    if (found.empty()) return;
    sample.face = *std::ranges::max_element(found, {}, [](const Detection& face) { return face.box.width; });
    sample.eyes = eyes.find(picture, *sample.face);
  });
  return result;
}

void print_ratios(const std::vector<Sample>& samples) {
  std::vector<double> side, x, y;
  for (const auto& sample : samples) {
    if (!sample.face) continue;
    const auto& box = sample.face->box;
    side.push_back(enlarged / static_cast<double>(box.width));
    x.push_back((middle - box.x - box.width / 2.0) / box.width);
    y.push_back((middle - box.y - box.height / 2.0) / box.height);
  }
  std::printf("%zu training pictures, %zu found\n\n| of the box's side | 10 %% | 25 %% | median | 75 %% | 90 %% |\n"
              "| --- | --- | --- | --- | --- | --- |\n",
              samples.size(), side.size());
  for (auto [name, values] : {std::pair{"side", &side}, {"right", &x}, {"down", &y}}) {
    std::ranges::sort(*values);
    std::printf("| %s |", name);
    for (const double share : {0.1, 0.25, 0.5, 0.75, 0.9})
      std::printf(" %.3f |", (*values)[static_cast<std::size_t>(share * static_cast<double>(values->size() - 1))]);
    std::printf("\n");
  }
}

/// The share of pictures that are named right when `input` prepares them; those it prepares nothing for are wrong.
template <class Input>
void print_accuracy(const char* name, const std::vector<Sample>& samples, const Classifier& classifier, int threads,
                    const Input& input) {
  std::vector<std::optional<Image>> prepared(samples.size());
  parallel_for(threads, static_cast<int>(samples.size()), [&](int part, int) {
    prepared[static_cast<std::size_t>(part)] = input(samples[static_cast<std::size_t>(part)]);
  });
  std::vector<std::uint8_t> bytes;
  std::vector<int> labels;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (!prepared[i]) continue;
    bytes.insert(bytes.end(), prepared[i]->pixels.begin(), prepared[i]->pixels.end());
    labels.push_back(samples[i].label);
  }
  Classifier::Session session(classifier, 32, threads);
  const auto* p = session.probabilities(bytes).data();
  const auto classes = static_cast<std::ptrdiff_t>(classifier.labels().size());
  std::size_t right = 0;
  for (const int label : labels) {
    right += std::max_element(p, p + classes) - p == label;
    p += classes;
  }
  const auto share = [&](std::size_t all) { return 100.0 * static_cast<double>(right) / static_cast<double>(all); };
  std::printf("| %s | %zu | %zu | %.1f %% | %.1f %% |\n", name, labels.size(), right, share(labels.size()),
              share(samples.size()));
  std::fflush(stdout);
}

void print_heading(const std::vector<Sample>& samples) {
  std::printf(
      "\n| %zu validation pictures | found | right | of the found | of all |\n| --- | --- | --- | --- | --- |\n",
      samples.size());
}

void measure(const std::string& data_path, const Classifier& classifier, const std::string& cascade) {
  const int threads = available_threads();
  const auto& preprocessing = classifier.preprocessing();
  const CascadeDetector detector(named_cascade(cascade), {.min_face = enlarged * 3 / 8});
  const auto data = open_data(data_path, DataPart::train, {.threads = threads}).data;
  const auto [kept, held] = holdout(data, 0.1, 1);
  std::printf("detector %s\n\n", cascade.c_str());
  print_ratios(samples(data, kept, 9, 0, detector, threads));

  const auto validation = samples(data, held, 1, 0, detector, threads);
  const auto accuracy = [&](const char* name, const std::vector<Sample>& from, const auto& input) {
    print_accuracy(name, from, classifier, threads, input);
  };
  const auto by_box = [&](const FaceCrop& crop) {
    return [&preprocessing, crop](const Sample& sample) -> std::optional<Image> {
      if (!sample.face) return std::nullopt;
      auto face = *sample.face;
      if (crop.aligned && sample.eyes) face.roll = static_cast<float>(sample.eyes->roll());
      return to_input_bytes(cut(canvas(sample), face_square(face, crop)), preprocessing);
    };
  };
  // Eyes are 0.385 of the box's width apart, in the median.
  const auto by_eyes = [&](const Sample& sample) -> std::optional<Image> {
    if (!sample.eyes) return by_box({})(sample);
    auto square = face_square(*sample.face, {});
    const auto& [left_x, left_y, right_x, right_y] = *sample.eyes;
    square.degrees = sample.eyes->roll();
    square.side = std::hypot(right_x - left_x, right_y - left_y) / 0.385;
    return to_input_bytes(cut(canvas(sample), square), preprocessing);
  };
  print_heading(validation);
  accuracy("all, as they are", validation,
           [&](const Sample& sample) { return std::optional(to_input_bytes(sample.picture, preprocessing)); });
  accuracy("those found, as they are", validation, [&](const Sample& sample) {
    return sample.face ? std::optional(to_input_bytes(sample.picture, preprocessing)) : std::nullopt;
  });
  accuracy("those found, enlarged, their own square", validation, [&](const Sample& sample) {
    return sample.face
               ? std::optional(to_input_bytes(
                     cut(canvas(sample), {.x = middle, .y = middle, .side = enlarged, .degrees = 0}), preprocessing))
               : std::nullopt;
  });
  for (const double scale : {0.9, 0.95, 1.0, 1.05, 1.1, 1.2}) {
    for (const double y : {-0.05, 0.0, 0.05}) {
      if (y != 0 && (scale < 0.95 || scale > 1.1)) continue;
      accuracy(concat("box, side times ", scale, ", down ", y).c_str(), validation, by_box({.scale = scale, .y = y}));
    }
  }
  for (const double turned : {0.0, 10.0, 20.0}) {
    const auto tilted = turned == 0 ? validation : samples(data, held, 1, turned, detector, threads);
    std::printf("\nturned by %g degrees, both eyes found in %td\n", turned,
                std::ranges::count_if(tilted, [](const Sample& sample) { return sample.eyes.has_value(); }));
    print_heading(tilted);
    accuracy("box as it is", tilted, by_box({}));
    accuracy("eyes turned level", tilted, by_box({.aligned = true}));
    accuracy("eyes turned level, and side by their distance", tilted, by_eyes);
  }
}

} // namespace

int main(int argc, char** argv) try {
  if (argc < 2 || argc > 4) throw Error("usage: accuracy_fit_crop FER2013 [MODEL [CASCADE]]");
  const auto classifier = argc > 2 ? Classifier::load(argv[2]) : shipped_classifier();
  measure(argv[1], classifier, argc > 3 ? argv[3] : classifier.preprocessing().face.detector);
} catch (const std::exception& error) {
  std::cerr << "error: " << error.what() << '\n';
  return 1;
}
