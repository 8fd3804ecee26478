// SPDX-License-Identifier: Apache-2.0
// What `mien bench` is made of: verifying finds what is wrong, and counting is right.
#include "mien/core/error.hpp"
#include "mien/kernels.hpp"
#include "mien/nn/layers.hpp"
#include "tests/support/catch.hpp"
#include "tools/bench_check.hpp"
#include "tools/bench_timing.hpp"

#include <algorithm>
#include <limits>
#include <string>

using namespace mien;
using namespace mien::cli;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

BenchSubject small_subject(std::uint64_t weights) {
  const Model model({12, 10, 1},
                    {conv2d({.filters = 5, .activation = Activation::relu}), batch_normalization(), max_pooling2d(),
                     dropout({.rate = 0.5}), flatten(), dense({.units = 4})},
                    weights);
  Preprocessing preprocessing;
  preprocessing.height = 12;
  preprocessing.width = 10;
  return bench_subject("small", model, preprocessing, 6, 1);
}

} // namespace

TEST_CASE("bench: a distance is a share of the expected length, and what is too far or no number is WRONG") {
  const std::vector<float> expected{3, 4}, same = expected, near{3, 4.05f}, far{3, 5},
                                           none{3, std::numeric_limits<float>::quiet_NaN()}, zeros{0, 0};
  CHECK(expect_close("x", same, expected, 0) == 0);
  CHECK(expect_close("x", near, expected, 0.02) == Approx(0.01));
  CHECK(expect_close("x", far, expected, 0.02, 100) == Approx(0.01)); // of a hundred
  CHECK(expect_close("x", zeros, zeros, 0.02) == 0);
  for (const auto& wrong : {far, none, zeros})
    CHECK_THROWS_WITH(expect_close("the sum", wrong, expected, 0.02), StartsWith("WRONG: the sum of kernels "));
  CHECK_THROWS_AS(expect_close("x", expected, none, 0.02), Error);
  CHECK_THROWS_AS(expect_close("x", expected, zeros, 0.02), Error);
}

TEST_CASE("bench: training and inference are what the reference computes; another network is not") {
  const std::string before(kernels().name);
  const auto subject = small_subject(1), other = small_subject(2);
  const auto check = check_training(subject, 2, GENERATE(false, true));
  CHECK((check.loss <= allowed_loss && check.gradients <= allowed_gradients));
  const InferenceCheck inference(subject, 1);
  for (const std::int64_t batch : {1, 3, 6}) {
    InferenceWork right(subject, batch, 2), wrong(other, batch, 2);
    CHECK(inference(right) <= allowed_logits);
    CHECK_THROWS_WITH(inference(wrong), StartsWith("WRONG: the logits of kernels " + before));
  }
  CHECK(kernels().name == before);
}

TEST_CASE("bench: a training goes on from step to step, an inference stays where it is") {
  const auto subject = small_subject(1);
  TrainingWork training(subject, 6, 1, false);
  training.call();
  const double first = training.loss();
  for (int step = 0; step < 200; ++step) training.call();
  CHECK(training.loss() < first);
  CHECK(training.parts().size() == 4);
  InferenceWork inference(subject, 6, 1);
  inference.call();
  const std::vector<float> once(inference.probabilities().begin(), inference.probabilities().end());
  inference.call();
  CHECK(std::ranges::equal(inference.probabilities(), once));
}

TEST_CASE("bench: every run counts all of its calls, the warm-up none") {
  int calls = 0, begun = 0;
  const auto timing = time_calls([&] { ++calls; }, {.runs = 3, .seconds = 0},
                                 [&](int run) {
                                   CHECK(run == begun++);
                                   CHECK(calls == 1 + run); // with no time to fill, one call a run
                                 });
  CHECK(begun == 3);
  CHECK(timing.seconds.size() == 3);
  REQUIRE(timing.calls_per_second.size() == 3);
  CHECK(std::ranges::is_sorted(timing.calls_per_second));
  CHECK(std::ranges::is_sorted(timing.seconds));
}

TEST_CASE("bench: a percentile is the least value that enough others do not exceed") {
  const std::vector<double> values{1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  CHECK(percentile(values, 0.5) == 5);
  CHECK(percentile(values, 0.99) == 10);
  CHECK(percentile(values, 0.9) == 9);
  CHECK(percentile(values, 0) == 1);
  CHECK(percentile(std::vector<double>{7, 8, 9}, 0.5) == 8);
  CHECK(percentile(std::vector<double>{7}, 0.99) == 7);
}
