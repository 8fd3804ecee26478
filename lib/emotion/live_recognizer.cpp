// SPDX-License-Identifier: Apache-2.0
#include "mien/emotion/live_recognizer.hpp"

#include <utility>

namespace mien {

LiveRecognizer::LiveRecognizer(Recognizer recognizer, const LiveSettings& settings)
    : recognizer_(std::move(recognizer)), settings_(settings) {}

std::vector<LiveFace> LiveRecognizer::recognize(const Image& picture, double /*time*/, int threads) {
  std::vector<LiveFace> faces;
  for (auto& face : recognizer_.recognize(picture, threads)) {
    auto label = face.label;
    auto probabilities = face.probabilities;
    faces.push_back({.face = std::move(face), .label = std::move(label), .probabilities = std::move(probabilities)});
  }
  return faces;
}

void LiveRecognizer::reset() {}

} // namespace mien
