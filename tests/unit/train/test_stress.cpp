// SPDX-License-Identifier: Apache-2.0
// Pictures spoilt on purpose, and what that costs.
#include "mien/train/stress.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/pictures.hpp"
#include "tests/support/small_classifier.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

using namespace mien;
using namespace mien::test;
using Catch::Contains;

namespace {

/// Pictures of noise, as many as asked for, of the classifier's classes in turn.
Dataset noisy(std::size_t n, int side, const std::vector<std::string>& classes) {
  Dataset data;
  data.classes = classes;
  data.height = data.width = side;
  for (std::size_t i = 0; i < n; ++i) {
    const auto picture = noise(side, side, 1, static_cast<std::uint32_t>(i + 1));
    data.pixels.insert(data.pixels.end(), picture.pixels.begin(), picture.pixels.end());
    data.labels.push_back(static_cast<std::int32_t>(i % classes.size()));
    data.names.push_back(std::to_string(i));
  }
  return data;
}

const Disturbance& named(const std::vector<Disturbance>& all, const std::string& kind, const std::string& level) {
  const auto found = std::ranges::find_if(all, [&](const auto& d) { return d.kind == kind && d.level == level; });
  REQUIRE(found != all.end());
  return *found;
}

/// How rough a picture is: the mean of the squared differences of neighbours in a row.
double roughness(std::span<const std::uint8_t> pixels) {
  double sum = 0;
  for (std::size_t i = 1; i < pixels.size(); ++i) sum += std::pow(double{1} * pixels[i] - pixels[i - 1], 2);
  return sum / static_cast<double>(pixels.size());
}

} // namespace

TEST_CASE("stress: every disturbance changes a picture, leaves labels alone, and repeats itself") {
  const auto data = noisy(6, 48, {"a", "b"});
  std::set<std::string> kinds;
  for (const auto& one : disturbances()) {
    INFO(one.kind << " " << one.level);
    kinds.insert(one.kind);
    const auto spoilt = disturbed(data, one);
    CHECK(spoilt.labels == data.labels);
    CHECK(spoilt.names == data.names);
    CHECK(spoilt.pixels != data.pixels);
    CHECK(spoilt.pixels == disturbed(data, one, 3).pixels);
  }
  CHECK(kinds == std::set<std::string>{"light", "blur", "rotation", "scale", "occlusion"});
}

TEST_CASE("stress: light multiplies, blur and scale smooth, occlusion covers its band alone") {
  const auto data = noisy(2, 48, {"a", "b"});
  const auto all = disturbances();
  const auto dark = disturbed(data, named(all, "light", "x 0.5"));
  for (std::size_t i = 0; i < data.pixels.size(); ++i) CHECK(std::abs(dark.pixels[i] - 0.5 * data.pixels[i]) <= 1);
  double before = roughness(data.picture(0));
  for (const auto* level : {"1 / 48", "2 / 48", "3 / 48"}) {
    const auto after = roughness(disturbed(data, named(all, "blur", level)).picture(0));
    CHECK(after < before / 2);
    before = after;
  }
  CHECK(roughness(disturbed(data, named(all, "scale", "1/4")).picture(0)) < roughness(data.picture(0)) / 4);

  const auto eyes = disturbed(data, named(all, "occlusion", "eyes"));
  for (int row = 0; row < 48; ++row) {
    const auto from = data.pixels.begin() + row * 48, covered = eyes.pixels.begin() + row * 48;
    if (row >= 10 && row < 21)
      CHECK(std::all_of(covered, covered + 48, [&](auto p) { return p == *covered; }));
    else if (row < 9 || row > 22)
      CHECK(std::equal(covered, covered + 48, from));
  }
}

TEST_CASE("stress: a blur is the Gaussian, and keeps what is even as it is") {
  Dataset data = noisy(2, 48, {"a", "b"});
  std::ranges::fill(data.pixels, std::uint8_t{77});
  data.pixels[24 * 48 + 24] = 255; // one bright pixel in the first picture
  const auto blurred = disturbed(data, named(disturbances(), "blur", "2 / 48"));
  for (const auto p : blurred.picture(1)) CHECK(p == 77);
  double sum = 0;
  for (int d = -7; d <= 7; ++d) sum += std::exp(-d * d / 8.0);
  for (const auto& [y, x] : {std::pair{0, 0}, {1, 0}, {0, 2}, {2, 3}, {7, 0}}) {
    const double expected = 77 + 178 * std::exp(-(y * y + x * x) / 8.0) / (sum * sum);
    CHECK(blurred.pixels[static_cast<std::size_t>((24 + y) * 48 + 24 + x)] == Approx(expected).margin(0.51));
  }
}

TEST_CASE("stress: a model is measured on spoilt pictures that it has not learnt from") {
  auto classifier = small_classifier();
  const auto& input = classifier.preprocessing();
  const auto data = noisy(30, input.height, classifier.file().labels);
  const EvaluateOptions options{.threads = 2};
  const auto plain = answers(classifier, data, options);
  const auto all = evaluate_stress(classifier, data, plain, options);
  CHECK(all.n == 30);
  CHECK_FALSE(all.unseen_alone);
  CHECK(all.levels.size() == disturbances().size());
  for (const auto& level : all.levels) {
    CHECK(level.against_plain.a.accuracy == all.plain.accuracy);
    CHECK(level.against_plain.difference.accuracy.value == Approx(level.against_plain.b.accuracy - all.plain.accuracy));
  }
  CHECK_THAT(stress_text(all), Contains("30 pictures\n") && Contains("occlusion  eyes"));

  auto file = classifier.file();
  const std::vector<std::size_t> first{0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  file.seen = PictureSet(data.subset(first));
  const Classifier knowing(file);
  const auto json = nlohmann::json::parse(to_json(evaluate_stress(knowing, data, plain, options)));
  CHECK(json["n"] == 20);
  CHECK(json["unseen_alone"] == true);
  CHECK(json["levels"].size() == disturbances().size());
}
