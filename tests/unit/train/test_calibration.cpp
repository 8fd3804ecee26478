// SPDX-License-Identifier: Apache-2.0
#include "mien/core/error.hpp"
#include "mien/core/rng.hpp"
#include "mien/nn/model_file.hpp"
#include "mien/train/calibration.hpp"
#include "mien/train/evaluate.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/support/tiny_model.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <fstream>

using namespace mien;

namespace {

/// Answers that are too sure, and what NumPy and SciPy say of them: see make_calibration_fixture.py.
struct Fixture {
  nlohmann::json expected;
  Answers answers{{}, Tensor(Shape{400, 5})};

  Fixture() {
    std::ifstream file("tests/unit/train/calibration_fixture.json");
    REQUIRE(file);
    expected = nlohmann::json::parse(file);
    expected["truth"].get_to(answers.truth);
    std::size_t i = 0;
    for (const auto& row : expected["probabilities"])
      for (const float p : row) answers.probabilities.view<float>()[i++] = p;
  }
};

double log_loss(const Answers& a) {
  const std::vector<std::string> labels = {"a", "b", "c", "d", "e"};
  return evaluate(a.truth, a.probabilities.view<float>(), labels).log_loss;
}

} // namespace

TEST_CASE("calibration: error, bins, risk and coverage are NumPy's") {
  const Fixture fixture;
  const auto r = reliability(fixture.answers);
  const auto& expected = fixture.expected["measured"];
  CHECK(r.ece == Approx(expected["ece"].get<double>()).epsilon(1e-9));
  CHECK(r.confidence == Approx(expected["confidence"].get<double>()).epsilon(1e-9));
  CHECK(r.aurc == Approx(expected["aurc"].get<double>()).epsilon(1e-9));
  CHECK(r.risk_of_surest_half == Approx(expected["half"].get<double>()).epsilon(1e-9));
  REQUIRE(r.bins.size() == 15);
  for (std::size_t b = 0; b < 15; ++b) CHECK(r.bins[b].n == expected["bins"][b].get<std::int64_t>());
}

TEST_CASE("calibration: the temperature is SciPy's, and takes most of the error away") {
  const Fixture fixture;
  const auto c = fit_calibration(fixture.answers);
  CHECK(c.temperature == Approx(fixture.expected["temperature"].get<double>()).epsilon(1e-5));
  const auto cooled = at_temperature(fixture.answers, c.temperature);
  CHECK(reliability(cooled).ece < reliability(fixture.answers).ece / 3);
  CHECK(log_loss(cooled) < log_loss(fixture.answers));
  CHECK(reliability(cooled).accuracy == reliability(fixture.answers).accuracy); // no answer changes
  CHECK(fit_calibration(cooled).temperature == Approx(1).epsilon(1e-4));
  CHECK(at_temperature(fixture.answers, 1).probabilities.view<float>()[7] ==
        Approx(fixture.answers.probabilities.view<float>()[7]).epsilon(1e-5));
}

TEST_CASE("calibration: nobody is infallible because a few pictures were named rightly") {
  Answers all_right{{}, Tensor(Shape{50, 2})};
  for (std::size_t i = 0; i < 50; ++i) {
    all_right.truth.push_back(static_cast<std::int32_t>(i % 2));
    all_right.probabilities.view<float>()[2 * i + i % 2] = 0.9f;
    all_right.probabilities.view<float>()[2 * i + 1 - i % 2] = 0.1f;
  }
  const auto cooled = at_temperature(all_right, fit_calibration(all_right).temperature);
  CHECK(cooled.probabilities.view<float>()[0] == Approx(51.0 / 52)); // Laplace's rule of succession
}

TEST_CASE("calibration: the table says how many answers are left, and how many of them are right") {
  const Fixture fixture;
  const auto c = fit_calibration(fixture.answers);
  const auto cooled = at_temperature(fixture.answers, c.temperature);
  CHECK(c.pictures == 400);
  CHECK(c.answered[0] == 400);
  for (const std::size_t i : {0, 40, 75, 99}) {
    const auto left = abstention(cooled, static_cast<double>(i) / 100);
    CHECK(c.answered[i] == left.answered);
    CHECK(c.right[i] == left.right);
  }
  CHECK_NOTHROW(check(c));
}

TEST_CASE("calibration: whoever abstains at a risk errs no more often, in new pictures too") {
  // Answers whose highest probability is what comes true, drawn anew.
  const auto drawn = [](std::uint32_t epoch) {
    Answers a{std::vector<std::int32_t>(3000), Tensor(Shape{3000, 2})};
    for (std::uint32_t i = 0; i < 3000; ++i) {
      Rng rng(1, Purpose::test, epoch, i);
      const float p = rng.uniform(0.5f, 1.0f);
      a.probabilities.view<float>()[2 * i] = p;
      a.probabilities.view<float>()[2 * i + 1] = 1 - p;
      a.truth[i] = rng.uniform() < p ? 0 : 1;
    }
    return a;
  };
  const auto c = fit_calibration(drawn(0));
  CHECK(c.temperature == Approx(1).epsilon(0.1));
  for (const double risk : {0.05, 0.1, 0.2}) {
    const double threshold = threshold_for(c, risk);
    int broken = 0;
    for (std::uint32_t again = 1; again <= 20; ++again) {
      const auto left = abstention(at_temperature(drawn(again), c.temperature), threshold);
      REQUIRE(left.answered > 0);
      broken += static_cast<double>(left.right) < (1 - risk) * static_cast<double>(left.answered);
    }
    CHECK(broken <= 3);
    CHECK(abstention(drawn(0), threshold).answered > 300); // not by answering nothing
  }
  CHECK(threshold_for(c, 0.0001) > 1);
  CHECK_THROWS_AS(threshold_for(c, 0), Error);
}

TEST_CASE("calibration: a model file keeps it, and its classifier heeds it") {
  const test::TempFolder folder;
  auto file = test::tiny_model();
  const Classifier plain(file);
  Calibration c{.temperature = 2.5, .pictures = 10};
  c.answered.assign(Calibration::steps, 4);
  c.right.assign(Calibration::steps, 3);
  file.calibration = c;
  save_model(folder / "a.safetensors", file);
  const auto loaded = Classifier::load(folder / "a.safetensors");
  REQUIRE(loaded.file().calibration);
  CHECK(*loaded.file().calibration == c);

  Classifier::Session a(plain), b(loaded);
  const auto before = a.probabilities(file.golden_face.pixels), after = b.probabilities(file.golden_face.pixels);
  double sum = 0;
  for (std::size_t i = 0; i < before.size(); ++i) sum += std::pow(before[i], 1 / 2.5);
  for (std::size_t i = 0; i < before.size(); ++i)
    CHECK(after[i] == Approx(std::pow(before[i], 1 / 2.5) / sum).epsilon(1e-4));

  c.temperature = 0;
  file.calibration = c;
  CHECK_THROWS_AS(save_model(folder / "a.safetensors", file), Error);
  c.temperature = 1;
  c.right[3] = 5;
  file.calibration = c;
  CHECK_THROWS_AS(save_model(folder / "a.safetensors", file), Error);
}

TEST_CASE("calibration: what cannot be measured is refused") {
  CHECK_THROWS_AS(reliability({{}, Tensor(Shape{0, 3})}), Error);
  CHECK_THROWS_AS(fit_calibration({{}, Tensor(Shape{0, 3})}), Error);
  CHECK_THROWS_AS(check(Calibration{}), Error);
}
