// SPDX-License-Identifier: Apache-2.0
#include "mien/core/error.hpp"
#include "mien/emotion/generated_clips.hpp"
#include "mien/emotion/live_recognizer.hpp"
#include "mien/vision/cascade.hpp"
#include "mien/vision/cascade_detector.hpp"
#include "mien/vision/overlap.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/small_classifier.hpp"

#include <algorithm>
#include <atomic>
#include <map>
#include <set>

using namespace mien;

namespace {

/// Says where it was asked to look.
class Watched final : public Detector {
public:
  explicit Watched(std::shared_ptr<const Detector> detector) : detector_(std::move(detector)) {}
  [[nodiscard]] std::vector<Detection> detect(const Image& picture, int threads) const override {
    ++whole;
    return detector_->detect(picture, threads);
  }
  [[nodiscard]] std::vector<Detection> detect_in(const Image& picture, const Search& search,
                                                 int threads) const override {
    ++parts;
    return detector_->detect_in(picture, search, threads);
  }
  mutable std::atomic<int> whole{0}, parts{0};

private:
  std::shared_ptr<const Detector> detector_;
};

std::shared_ptr<const Detector> cascade() {
  return std::make_shared<CascadeDetector>(named_cascade("frontalface_default"));
}

const GeneratedClip& clip() {
  static const GeneratedClip clip({.width = 320, .height = 240, .seconds = 2, .faces = 2, .seed = 3});
  return clip;
}

std::vector<std::vector<LiveFace>> followed(LiveRecognizer& live, int threads = 1) {
  std::vector<std::vector<LiveFace>> all;
  for (int frame = 0; frame < clip().frames(); ++frame)
    all.push_back(live.recognize(clip().picture(frame), clip().time_of(frame), threads));
  return all;
}

} // namespace

TEST_CASE("live: faces keep their numbers, and threads change no bit") {
  const Recognizer recognizer(test::small_classifier(), cascade());
  LiveRecognizer one(recognizer), two(recognizer);
  const auto frames = followed(one);
  CHECK(frames == followed(two, 2));

  std::map<std::uint64_t, int> seen;
  std::map<int, std::set<std::uint64_t>> numbers;
  for (int frame = 0; frame < clip().frames(); ++frame) {
    for (const auto& face : frames[static_cast<std::size_t>(frame)]) {
      ++seen[face.id];
      CHECK(face.face.probabilities.size() == one.labels().size());
      for (const auto& truth : clip().faces(frame))
        if (overlap(truth.box, face.face.box) > 0.4) numbers[truth.id].insert(face.id);
    }
  }
  REQUIRE(numbers.size() == 2);
  for (const auto& [person, of_person] : numbers) {
    CHECK(of_person.size() == 1);
    CHECK(seen[*of_person.begin()] > clip().frames() * 3 / 4);
  }
}

TEST_CASE("live: the whole frame is looked at a few times a second, known faces in every frame") {
  const auto watched = std::make_shared<Watched>(cascade());
  LiveRecognizer live({test::small_classifier(), watched}, {.whole_every = 0.5});
  (void)followed(live);
  CHECK(watched->whole == 4); // two seconds
  CHECK(watched->parts > clip().frames());

  watched->whole = watched->parts = 0;
  LiveRecognizer by_itself({test::small_classifier(), watched}, {.track = false});
  for (const auto& faces : followed(by_itself))
    for (const auto& face : faces) CHECK(face.id == 0);
  CHECK(watched->whole == clip().frames());
  CHECK(watched->parts == 0);
}

TEST_CASE("live: not followed, a frame is what a recognizer makes of it") {
  const Recognizer recognizer(test::small_classifier(), cascade());
  LiveRecognizer live(recognizer, {.track = false});
  const auto faces = live.recognize(clip().picture(0), 0);
  const auto alone = recognizer.recognize(clip().picture(0));
  REQUIRE(!alone.empty());
  REQUIRE(faces.size() == alone.size());
  for (std::size_t i = 0; i < faces.size(); ++i) {
    CHECK(faces[i].face == alone[i]);
    CHECK(faces[i].label == alone[i].label);
    CHECK(faces[i].probabilities == alone[i].probabilities);
  }
}

TEST_CASE("live: steadied or not, each frame by itself is told as well") {
  const Recognizer recognizer(test::small_classifier(), cascade());
  LiveRecognizer steady(recognizer), plain(recognizer, {.steady = false});
  const auto a = followed(steady), b = followed(plain);
  bool filtered = false;
  for (std::size_t frame = 0; frame < a.size(); ++frame) {
    REQUIRE(a[frame].size() == b[frame].size());
    for (std::size_t i = 0; i < a[frame].size(); ++i) {
      CHECK(a[frame][i].face == b[frame][i].face);
      CHECK(b[frame][i].probabilities == b[frame][i].face.probabilities);
      CHECK(b[frame][i].label == b[frame][i].face.label);
      filtered = filtered || a[frame][i].probabilities != a[frame][i].face.probabilities;
    }
  }
  CHECK(filtered);
}

TEST_CASE("live: a stream is taken up again from what was told about it") {
  const Recognizer recognizer(test::small_classifier(), cascade());
  LiveRecognizer whole(recognizer);
  const auto frames = followed(whole);
  for (const int cut : {1, 7, 30}) {
    LiveRecognizer again(recognizer);
    for (int frame = 0; frame < cut; ++frame)
      again.repeat(frames[static_cast<std::size_t>(frame)], clip().time_of(frame));
    for (int frame = cut; frame < clip().frames(); ++frame)
      REQUIRE(again.recognize(clip().picture(frame), clip().time_of(frame)) == frames[static_cast<std::size_t>(frame)]);
  }
  LiveRecognizer other(recognizer);
  auto face = frames[0].at(0);
  face.label = "hungry";
  CHECK_THROWS_AS(other.repeat(std::vector{face}, 0), Error);
  face.label = "";
  face.id = 0;
  CHECK_THROWS_AS(other.repeat(std::vector{face}, 0), Error);
}

TEST_CASE("live: after reset() the next stream begins, and no number comes back") {
  const Recognizer recognizer(test::small_classifier(), cascade());
  LiveRecognizer live(recognizer);
  const auto before = live.recognize(clip().picture(0), 100);
  REQUIRE(!before.empty());
  CHECK_THROWS_AS(live.recognize(clip().picture(0), 99), Error);
  live.reset();
  const auto after = live.recognize(clip().picture(0), 0);
  REQUIRE(after.size() == before.size());
  for (std::size_t i = 0; i < after.size(); ++i) {
    CHECK(after[i].face == before[i].face);
    CHECK(after[i].id > before.back().id);
  }
}

TEST_CASE("live: what is refused") {
  const Recognizer recognizer(test::small_classifier(), cascade());
  CHECK_THROWS_AS(LiveRecognizer(recognizer, {.tracker = {.patience = -1}}), Error);
  CHECK_THROWS_AS(LiveRecognizer(recognizer, {.steadiness = {.margin = 2}}), Error);
  CHECK_THROWS_AS(LiveRecognizer(recognizer, {.whole_every = -1}), Error);
  LiveRecognizer live(recognizer);
  CHECK_THROWS_AS(live.recognize({.width = 3, .height = 3, .channels = 1, .pixels = {1}}, 0), Error);
}
