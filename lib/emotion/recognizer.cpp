// SPDX-License-Identifier: Apache-2.0
#include "mien/emotion/recognizer.hpp"

#include "mien/emotion/shipped_model.hpp"
#include "mien/vision/cascade.hpp"
#include "mien/vision/face_detector.hpp"

#include <algorithm>
#include <mutex>
#include <utility>

namespace mien {
namespace {

/// Faces in one pass: as many as most pictures show, and memory for few; it is touched when a program starts.
constexpr std::int64_t batch = 4;

std::shared_ptr<const Detector> detector_of(const Classifier& classifier) {
  return face_detector(named_cascade(classifier.preprocessing().face.detector));
}

} // namespace

/// What copies of a Recognizer share.
class Recognizer::Parts {
public:
  Parts(Classifier classifier, std::shared_ptr<const Detector> detector)
      : classifier_(std::move(classifier)), finder_(std::move(detector), classifier_.preprocessing().face) {}

  [[nodiscard]] const Classifier& classifier() const noexcept { return classifier_; }
  [[nodiscard]] const FaceFinder& finder() const noexcept { return finder_; }

  /// Names faces; `bytes` are their prepared pixels, one face after the other.
  void name(std::span<Face> faces, std::span<const std::uint8_t> bytes, int threads) {
    if (faces.empty()) return;
    auto session = take(threads); // lost if the next lines throw, and made anew
    const auto labels = classifier_.labels();
    const float* p = session.probabilities(bytes).data();
    for (auto& face : faces) {
      face.probabilities.assign(p, p + labels.size());
      const auto largest = std::ranges::max_element(face.probabilities) - face.probabilities.begin();
      face.label = labels[static_cast<std::size_t>(largest)];
      p += labels.size();
    }
    const std::lock_guard lock(mutex_);
    idle_.emplace_back(threads, std::move(session));
  }

private:
  using Idle = std::pair<int, Classifier::Session>; ///< with its number of threads

  /// A session that nobody else uses.
  [[nodiscard]] Classifier::Session take(int threads) {
    {
      const std::lock_guard lock(mutex_);
      const auto found = std::ranges::find(idle_, threads, &Idle::first);
      if (found != idle_.end()) {
        auto session = std::move(found->second);
        idle_.erase(found);
        return session;
      }
    }
    return {classifier_, batch, threads}; // outside the lock: it takes megabytes
  }

  Classifier classifier_;
  FaceFinder finder_;
  std::mutex mutex_;
  std::vector<Idle> idle_;
};

Recognizer::Recognizer() : Recognizer(shipped_classifier()) {}

Recognizer::Recognizer(Classifier classifier) : parts_(std::make_shared<Parts>(classifier, detector_of(classifier))) {}

Recognizer::Recognizer(Classifier classifier, std::shared_ptr<const Detector> detector)
    : parts_(std::make_shared<Parts>(std::move(classifier), std::move(detector))) {}

const Classifier& Recognizer::classifier() const noexcept { return parts_->classifier(); }
const FaceFinder& Recognizer::finder() const noexcept { return parts_->finder(); }

std::vector<Face> Recognizer::recognize(const Image& picture, int threads, FaceOrder order) const {
  return name(picture, finder().find(picture, threads, order), threads);
}

std::vector<Face> Recognizer::name(const Image& picture, std::span<const FoundFace> found, int threads) const {
  std::vector<Face> faces;
  std::vector<std::uint8_t> bytes;
  for (const auto& [detection, square] : found) {
    faces.push_back({.box = detection.box, .score = detection.score, .roll = detection.roll, .square = square});
    const auto input = to_input_bytes(cut(picture, square), classifier().preprocessing());
    bytes.insert(bytes.end(), input.pixels.begin(), input.pixels.end());
  }
  parts_->name(faces, bytes, threads);
  return faces;
}

Face Recognizer::recognize_whole(const Image& picture, int threads) const {
  Face face{.box = {0, 0, picture.width, picture.height},
            .score = 1, // nobody looked for it: it is a face because the caller says so
            .square = {.x = picture.width / 2.0,
                       .y = picture.height / 2.0,
                       .side = std::max(picture.width, picture.height) * 1.0}};
  const auto input = to_input_bytes(picture, classifier().preprocessing());
  parts_->name({&face, 1}, input.pixels, threads);
  return face;
}

} // namespace mien
