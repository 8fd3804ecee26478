// SPDX-License-Identifier: Apache-2.0
#include "mien/core/error.hpp"
#include "mien/data/resize.hpp"
#include "mien/emotion/generated_faces.hpp"
#include "mien/emotion/labels.hpp"
#include "mien/emotion/recognizer.hpp"
#include "mien/emotion/shipped_model.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <iostream>

using namespace mien;

namespace {

bool left_out() {
  if (shipped_model().empty()) std::cout << "SKIPPED: this build ships no model (MIEN_WITH_MODEL)" << std::endl;
  return shipped_model().empty();
}

/// A drawn face of 160 pixels in the middle of a plain picture.
Image portrait(std::string_view expression, std::uint32_t person) {
  const Image face = draw_face(expression_index(expression), 1, person, 160);
  Image picture{320, 240, 1, std::vector<std::uint8_t>(320 * 240, 128)};
  for (std::size_t y = 0; y < 160; ++y) std::copy_n(&face.pixels[y * 160], 160, &picture.pixels[(y + 40) * 320 + 80]);
  return picture;
}

} // namespace

TEST_CASE("shipped model: it computes here what it did where it was made, and says where it comes from") {
  if (left_out()) return;
  const auto classifier = shipped_classifier();
  CHECK(std::ranges::equal(classifier.labels(), expression_names));
  CHECK(classifier.preprocessing() == Preprocessing{.standardize = true});
  CHECK(classifier.file().weights == DType::bf16);
  CHECK(classifier.file().notes.empty());
  CHECK_THAT(classifier.file().provenance.at("note"), Catch::Contains("FER2013"));
}

TEST_CASE("shipped model: the face in its file is a drawn one") {
  if (left_out()) return;
  CHECK(shipped_classifier().file().golden_face == draw_face(expression_index("happy"), 1, 0));
}

TEST_CASE("shipped model: five lines find a face and name it") {
  if (left_out()) return;
  const Recognizer recognizer;
  const auto faces = recognizer.recognize(portrait("happy", 0));
  REQUIRE(faces.size() == 1);
  CHECK(faces[0].label == "happy");
  CHECK(faces[0].box.x > 60);
  CHECK(faces[0].box.x + faces[0].box.width < 260);
  CHECK(recognizer.recognize(Image{320, 240, 1, std::vector<std::uint8_t>(320 * 240, 128)}).empty());
}

TEST_CASE("shipped model: a build without it says so") {
  if (!shipped_model().empty()) return;
  CHECK_THROWS_WITH(shipped_classifier(), Catch::Contains("MIEN_WITH_MODEL"));
}
