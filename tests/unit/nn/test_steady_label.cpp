// SPDX-License-Identifier: Apache-2.0
#include "mien/core/error.hpp"
#include "mien/core/rng.hpp"
#include "mien/nn/steady_label.hpp"
#include "tests/support/catch.hpp"

#include <limits>
#include <vector>

using namespace mien;

namespace {

using P = std::vector<float>;

/// How long after a complete change, from `0` to `1`, the label follows, looked at so often a second.
double measured_delay(const SteadySettings& settings, double rate) {
  SteadyLabel steady(settings);
  for (int i = 0; i < 100; ++i) steady.update(P{1, 0}, i / rate);
  for (int i = 100; i < 10'000; ++i) {
    steady.update(P{0, 1}, i / rate);
    if (steady.label() == 1u) return (i - 99) / rate; // since the last answer that was the old one
  }
  return 1e9;
}

/// How often the label changes over answers that jump about the middle between two classes.
int changes(const SteadySettings& settings, float jump) {
  SteadyLabel steady(settings);
  Rng rng(3, Purpose::test);
  int count = 0;
  std::optional<std::size_t> before;
  for (int i = 0; i < 500; ++i) {
    const float p = 0.5f + rng.uniform(-jump, jump);
    steady.update(P{p, 1 - p}, i / 30.0);
    count += i > 0 && steady.label() != before;
    before = steady.label();
  }
  return count;
}

} // namespace

TEST_CASE("steady label: a complete change is told after the stated delay, at any frame rate") {
  for (const double time_constant : {0.1, 0.15, 1.0}) {
    for (const bool hysteresis : {false, true}) {
      const SteadySettings settings{.time_constant = time_constant, .hysteresis = hysteresis, .margin = 0.2};
      for (const double rate : {15.0, 30.0, 1000.0}) {
        const double delay = measured_delay(settings, rate);
        CHECK(delay >= label_delay(settings));
        CHECK(delay <= label_delay(settings) + 1 / rate + 1e-9);
      }
    }
  }
  CHECK(label_delay({.filter = false}) == 0);
  CHECK(measured_delay({.filter = false}, 30) == Approx(1.0 / 30)); // the very next answer
  CHECK(label_delay({}) == Approx(0.1198).epsilon(0.001));          // what docs/live.md says
}

TEST_CASE("steady label: the filter and the hysteresis each calm what flickers") {
  const SteadySettings nothing{.filter = false, .hysteresis = false, .unsure = false};
  auto filtered = nothing, held = nothing;
  filtered.filter = true;
  held.hysteresis = true;
  const int flicker = changes(nothing, 0.1f);
  CHECK(flicker > 200);
  CHECK(changes(filtered, 0.1f) < flicker / 2);
  CHECK(changes(held, 0.04f) == 0); // p of the other is never 0.1 above: 2 x 0.04
  CHECK(changes(held, 0.1f) < flicker);
  CHECK(changes({}, 0.04f) == 0);
}

TEST_CASE("steady label: unsure where nothing is probable, until something is") {
  const SteadySettings settings{.filter = false, .hysteresis = false, .doubt = 0.3, .trust = 0.4};
  SteadyLabel steady(settings);
  CHECK(!steady.label());
  steady.update(P{0.35f, 0.33f, 0.32f}, 0); // not yet
  CHECK(!steady.label());
  steady.update(P{0.2f, 0.41f, 0.39f}, 1);
  CHECK(steady.label() == 1u);
  steady.update(P{0.33f, 0.35f, 0.32f}, 2); // still
  CHECK(steady.label() == 1u);
  steady.update(P{0.25f, 0.29f, 0.28f}, 3);
  CHECK(!steady.label());

  SteadyLabel always({.filter = false, .hysteresis = false, .unsure = false});
  always.update(P{0.2f, 0.21f, 0.19f}, 0);
  CHECK(always.label() == 1u);
}

TEST_CASE("steady label: without its parts it says what the classifier says") {
  SteadyLabel steady({.filter = false, .hysteresis = false, .unsure = false});
  for (int i = 0; i < 10; ++i) {
    const P p = i % 2 == 0 ? P{0.6f, 0.4f} : P{0.4f, 0.6f};
    steady.update(p, i);
    CHECK(steady.label() == static_cast<std::size_t>(i % 2));
    CHECK(std::ranges::equal(steady.probabilities(), p));
  }
}

TEST_CASE("steady label: the filter is the formula") {
  SteadyLabel steady({.time_constant = 0.5});
  steady.update(P{0.8f, 0.2f}, 1);
  CHECK(std::ranges::equal(steady.probabilities(), P{0.8f, 0.2f})); // the first answer counts wholly
  steady.update(P{0, 1}, 1.5);
  CHECK(steady.probabilities()[0] == Approx(0.8 * 0.36787944).epsilon(1e-6)); // e^-1
  CHECK(steady.probabilities()[1] == Approx(1 - 0.8 * 0.36787944).epsilon(1e-6));
  steady.update(P{1, 0}, 1.5); // no time has gone: nothing is known about another moment
  CHECK(steady.probabilities()[0] == Approx(0.8 * 0.36787944).epsilon(1e-6));
}

TEST_CASE("steady label: what is refused") {
  SteadyLabel steady;
  CHECK_THROWS_AS(steady.update(P{}, 0), Error);
  CHECK_THROWS_AS(steady.update(P{0.5f, std::numeric_limits<float>::quiet_NaN()}, 0), Error);
  CHECK_THROWS_AS(steady.update(P{1.5f, 0}, 0), Error);
  CHECK(steady.probabilities().empty());
  steady.update(P{0.5f, 0.5f}, 1);
  CHECK_THROWS_AS(steady.update(P{1}, 2), Error);
  CHECK_THROWS_AS(steady.update(P{0.5f, 0.5f}, 0.5), Error);
  CHECK_THROWS_AS(steady.update(P{0.5f, 0.5f}, std::numeric_limits<double>::quiet_NaN()), Error);
  for (const SteadySettings& wrong : {SteadySettings{.time_constant = 0}, SteadySettings{.margin = 1},
                                      SteadySettings{.margin = -0.1}, SteadySettings{.doubt = 0.5, .trust = 0.4}})
    CHECK_THROWS_AS(SteadyLabel(wrong), Error);
}
