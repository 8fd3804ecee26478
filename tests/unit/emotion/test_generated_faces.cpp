// SPDX-License-Identifier: Apache-2.0
#include "mien/core/error.hpp"
#include "mien/emotion/generated_faces.hpp"
#include "mien/emotion/labels.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <set>

using namespace mien;

namespace {

/// FNV-1a, 64 bits: short enough to stand here, so that the golden figure depends on nothing else.
std::uint64_t fnv1a(const std::vector<std::uint8_t>& bytes) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const std::uint8_t byte : bytes) hash = (hash ^ byte) * 0x100000001b3u;
  return hash;
}

double deviation(const Image& image) {
  double sum = 0, squares = 0;
  for (const std::uint8_t pixel : image.pixels) sum += pixel, squares += double{1} * pixel * pixel;
  const auto n = static_cast<double>(image.pixels.size());
  return std::sqrt(squares / n - sum / n * (sum / n));
}

/// The mean difference of two pictures of one size, in greys of 255.
double difference(const Image& a, const Image& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.pixels.size(); ++i) sum += std::abs(a.pixels[i] - b.pixels[i]);
  return sum / static_cast<double>(a.pixels.size());
}

} // namespace

TEST_CASE("generated faces: a seed gives these bytes on every machine") {
  // Every expression and every style of hair is in these 7 x 20 faces. Whoever changes the drawing writes the new
  // figures here; whoever did not mean to change it has found a difference between machines or compilers.
  CHECK(fnv1a(generated_dataset(20, 1).pixels) == 0x1c99b258f195550f);
  CHECK(fnv1a(draw_face(3, 0xfedcba9876543210u, 4'000'000'000u, 96).pixels) == 0x1b035d9b3983d9b1);
}

TEST_CASE("generated faces: another expression, seed or index is another picture") {
  const Image face = draw_face(0, 1, 0);
  CHECK(draw_face(0, 1, 0) == face);
  for (std::size_t expression = 1; expression < expression_names.size(); ++expression) {
    CHECK(difference(draw_face(expression, 1, 0), face) > 5);
  }
  CHECK(difference(draw_face(0, 2, 0), face) > 5);
  CHECK(difference(draw_face(0, 1ull << 32 | 1, 0), face) > 5);
  CHECK(difference(draw_face(0, 1, 1), face) > 5);
  CHECK(difference(draw_face(0, 1, first_test_index), face) > 5);
}

TEST_CASE("generated faces: no two of a thousand are the same, and none is blank") {
  const Dataset faces = generated_dataset(143, 5, 24);
  std::set<std::uint64_t> seen;
  for (std::size_t i = 0; i < faces.size(); ++i) {
    const auto picture = faces.picture(i);
    const Image image{faces.width, faces.height, 1, {picture.begin(), picture.end()}};
    CHECK(deviation(image) > 12);
    seen.insert(fnv1a(image.pixels));
  }
  CHECK(seen.size() == faces.size());
}

TEST_CASE("generated faces: any size shows the same face") {
  const auto shrunk = [](const Image& image, int size) { // the mean of each block
    const int block = image.width / size;
    Image small{size, size, 1, {}};
    for (int y = 0; y < size; ++y) {
      for (int x = 0; x < size; ++x) {
        int sum = 0;
        for (int i = 0; i < block * block; ++i) {
          sum += image.pixels[static_cast<std::size_t>((y * block + i / block) * image.width + x * block + i % block)];
        }
        small.pixels.push_back(static_cast<std::uint8_t>(sum / (block * block)));
      }
    }
    return small;
  };
  for (const std::size_t expression : {0u, 3u, 6u}) {
    const Image reference = shrunk(draw_face(expression, 7, 3, 96), 24);
    const Image stranger = shrunk(draw_face(expression, 7, 4, 96), 24);
    for (const int size : {24, 48, 72}) {
      const Image face = draw_face(expression, 7, 3, size);
      CHECK(face.width == size);
      CHECK(face.height == size);
      CHECK(face.channels == 1);
      REQUIRE(face.pixels.size() == static_cast<std::size_t>(size * size));
      CHECK(difference(shrunk(face, 24), reference) < 10);
      CHECK(difference(shrunk(face, 24), reference) < difference(stranger, reference) / 2);
    }
  }
  CHECK(draw_face(2, 1, 0, smallest_face).pixels.size() == 256);
  CHECK(draw_face(2, 1, 0, 47).pixels.size() == 47 * 47);
}

TEST_CASE("generated faces: the nearest mean face names most unseen faces") {
  // The weakest of classifiers: were the expressions not drawn, it would fall to chance, 1 in 7.
  const Dataset known = generated_dataset(60, 2), unseen = generated_dataset(20, 2, 48, first_test_index);
  const auto centred = [](std::span<const std::uint8_t> picture) { // without brightness, the middle of the face only
    std::vector<double> values;
    for (int y = 10; y < 46; ++y) {
      for (int x = 8; x < 40; ++x) values.push_back(picture[static_cast<std::size_t>(y * 48 + x)]);
    }
    const double mean = std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
    for (double& value : values) value -= mean;
    return values;
  };
  std::vector<std::vector<double>> means(7, std::vector<double>(36 * 32));
  for (std::size_t i = 0; i < known.size(); ++i) {
    const auto face = centred(known.picture(i));
    auto& mean = means[static_cast<std::size_t>(known.labels[i])];
    for (std::size_t k = 0; k < face.size(); ++k) mean[k] += face[k] / 60;
  }
  std::size_t right = 0;
  for (std::size_t i = 0; i < unseen.size(); ++i) {
    const auto face = centred(unseen.picture(i));
    const auto far = [&](const std::vector<double>& mean) {
      return std::transform_reduce(face.begin(), face.end(), mean.begin(), 0.0, std::plus<>(),
                                   [](double a, double b) { return (a - b) * (a - b); });
    };
    const auto nearest =
        std::min_element(means.begin(), means.end(), [&](const auto& a, const auto& b) { return far(a) < far(b); });
    right += nearest - means.begin() == unseen.labels[i];
  }
  CAPTURE(right);
  CHECK(right > 70); // of 140
}

TEST_CASE("generated faces: what cannot be drawn is refused with a sentence") {
  CHECK_THROWS_AS(draw_face(7, 1, 0), Error);
  CHECK_THROWS_AS(draw_face(0, 1, 0, smallest_face - 1), Error);
  CHECK_THROWS_AS(draw_face(0, 1, 0, largest_face + 1), Error);
  CHECK_THROWS_AS(draw_face(0, 1, 0, -48), Error);
  CHECK_THROWS_AS(generated_dataset(0), Error);
  CHECK_THROWS_WITH(draw_face(7, 1, 0), "draw_face: there is no expression 7; they count from 0 to 6, see "
                                        "expression_index()");
}

TEST_CASE("generated faces: a dataset in memory holds the faces that draw_face draws") {
  const Dataset faces = generated_dataset(3, 9, 32, 100);
  REQUIRE(faces.size() == 21);
  CHECK(faces.classes == expression_classes());
  CHECK(faces.height == 32);
  CHECK(faces.width == 32);
  CHECK(faces.channels == 1);
  for (std::size_t i = 0; i < 21; ++i) CHECK(faces.labels[i] == static_cast<std::int32_t>(i / 3));
  CHECK(faces.names[4] == "generated/disgust/101");
  const auto picture = faces.picture(4);
  CHECK(std::vector<std::uint8_t>(picture.begin(), picture.end()) == draw_face(1, 9, 101, 32).pixels);
}
