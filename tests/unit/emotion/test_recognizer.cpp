// SPDX-License-Identifier: Apache-2.0
#include "mien/core/error.hpp"
#include "mien/data/read_dataset.hpp"
#include "mien/emotion/generated_faces.hpp"
#include "mien/emotion/labels.hpp"
#include "mien/emotion/recognizer.hpp"
#include "mien/nn/layers.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/pictures.hpp"
#include "tests/support/small_classifier.hpp"
#include "tests/support/temp_folder.hpp"

#include <algorithm>
#include <atomic>
#include <thread>

using namespace mien;
using mien::test::TempFolder;

namespace {

/// Finds the same boxes in every picture.
class FixedDetector final : public Detector {
public:
  explicit FixedDetector(std::vector<Detection> found) : found_(std::move(found)) {}
  [[nodiscard]] std::vector<Detection> detect(const Image&, int) const override { return found_; }

private:
  std::vector<Detection> found_;
};

Recognizer fixed_recognizer(std::vector<Detection> found, const FaceCrop& crop = {}) {
  return {test::small_classifier(crop), std::make_shared<FixedDetector>(std::move(found))};
}

const FaceCrop tight{.scale = 0.9, .x = -0.02, .y = 0.05};

std::vector<float> probabilities_of(const Classifier& classifier, std::span<const std::uint8_t> bytes) {
  Classifier::Session session(classifier);
  const auto p = session.probabilities(bytes);
  return {p.begin(), p.end()};
}

} // namespace

TEST_CASE("recognizer: training on a cropped face and recognizing it in its photograph see the same bytes") {
  const Image photograph = test::noise(200, 150, 3);
  for (const float roll : {0.0f, 17.0f}) {
    // One box within the picture, one beyond its edge.
    const auto recognizer =
        fixed_recognizer({{.box = {40, 30, 61, 61}, .roll = roll}, {.box = {160, 110, 70, 70}}}, tight);
    const auto& preprocessing = recognizer.classifier().preprocessing();
    const auto faces = recognizer.recognize(photograph);
    REQUIRE(faces.size() == 2);

    const TempFolder folder; // what `mien data crop` writes and training reads
    std::filesystem::create_directories(folder / "happy");
    for (std::size_t i = 0; i < faces.size(); ++i)
      write_png(folder / "happy" / (std::to_string(i) + ".png"), cut(photograph, faces[i].square));
    const auto data = read_image_folder(folder.path(), {.preprocessing = preprocessing}).data;
    REQUIRE(data.size() == 2);
    for (std::size_t i = 0; i < faces.size(); ++i) {
      const auto trained = data.picture(i);
      CHECK(std::ranges::equal(trained, to_input_bytes(cut(photograph, faces[i].square), preprocessing).pixels));
      CHECK(faces[i].probabilities == probabilities_of(recognizer.classifier(), trained));
      const auto alone = recognizer.recognize_whole(read_image(folder / "happy" / (std::to_string(i) + ".png")));
      CHECK(faces[i].probabilities == alone.probabilities); // --whole
    }
    CHECK(faces[0].probabilities != faces[1].probabilities);
  }
}

TEST_CASE("recognizer: the square of a box follows the record in the model") {
  const Detection upright{.box = {100, 200, 50, 50}};
  CHECK(face_square(upright, {}) == FaceSquare{125, 225, 50, 0});
  CHECK(face_square(upright, {.scale = 0.8, .x = 0.1, .y = -0.2}) == FaceSquare{130, 215, 40, 0});
  CHECK(face_square({.box = {0, 0, 40, 60}}, {.x = 0.5, .y = 0.5}) == FaceSquare{40, 60, 50, 0});
  const auto turned = face_square({.box = {100, 200, 50, 50}, .roll = 90}, {.scale = 1, .y = 0.2});
  CHECK(turned.x == Approx(115)); // down in the face is left in the picture
  CHECK(turned.y == Approx(225));
  CHECK(turned.degrees == 90);
}

TEST_CASE("recognizer: faces come by size or from left to right") {
  const auto recognizer = fixed_recognizer({{.box = {90, 5, 20, 20}, .score = 1},
                                            {.box = {50, 5, 40, 40}, .score = 2},
                                            {.box = {10, 9, 20, 20}, .score = 3},
                                            {.box = {10, 9, 30, 30}, .score = 4}});
  const Image picture = test::noise(120, 60, 1);
  const auto scores = [&](FaceOrder order) {
    std::vector<double> result;
    for (const auto& face : recognizer.recognize(picture, 1, order)) result.push_back(face.score);
    return result;
  };
  CHECK(scores(FaceOrder::by_size) == std::vector<double>{2, 4, 3, 1});
  CHECK(scores(FaceOrder::left_to_right) == std::vector<double>{4, 3, 2, 1});
}

TEST_CASE("recognizer: a face has the label of its largest probability, and probabilities sum to one") {
  const auto recognizer = fixed_recognizer({{.box = {0, 0, 48, 48}}});
  for (std::uint32_t person = 0; person < 3; ++person) {
    const auto face = recognizer.recognize(draw_face(person, 1, person)).at(0);
    const auto largest = std::ranges::max_element(face.probabilities) - face.probabilities.begin();
    CHECK(face.label == recognizer.labels()[static_cast<std::size_t>(largest)]);
    double sum = 0;
    for (const float p : face.probabilities) sum += static_cast<double>(p);
    CHECK(sum == Approx(1));
  }
}

TEST_CASE("recognizer: any number of threads, callers and faces at a time changes no bit") {
  std::vector<Detection> boxes;
  for (int i = 0; i < 11; ++i) boxes.push_back({.box = {7 * i, 5 * i, 20 + i, 20 + i}}); // more than one batch
  const auto recognizer = fixed_recognizer(boxes, tight);
  const Image picture = test::noise(120, 90, 3);
  const auto expected = recognizer.recognize(picture);
  REQUIRE(expected.size() == boxes.size());
  for (const auto& face : expected) { // each alone
    const auto alone = to_input_bytes(cut(picture, face.square), recognizer.classifier().preprocessing());
    CHECK(face.probabilities == probabilities_of(recognizer.classifier(), alone.pixels));
  }
  std::atomic<int> same = 0;
  std::vector<std::thread> callers;
  for (int caller = 0; caller < 4; ++caller) {
    callers.emplace_back([&, threads = 1 + caller % 2, copy = recognizer] {
      for (int i = 0; i < 5; ++i) same += copy.recognize(picture, threads) == expected;
    });
  }
  for (auto& caller : callers) caller.join();
  CHECK(same == 20);
}

TEST_CASE("recognizer: no face is an empty list, a whole picture is one face") {
  CHECK(fixed_recognizer({}).recognize(test::noise(30, 20, 1)).empty());
  const auto face = fixed_recognizer({}).recognize_whole(test::noise(30, 20, 3));
  CHECK(face.box == Box{0, 0, 30, 20});
  CHECK(face.probabilities.size() == 7);
  CHECK_FALSE(face.label.empty());
}

TEST_CASE("recognizer: it needs a detector") {
  CHECK_THROWS_WITH(Recognizer(test::small_classifier({}), nullptr), Catch::Contains("a detector is needed"));
}
