// SPDX-License-Identifier: Apache-2.0
// ReLU, dropout, optimisers and sums.
#include "mien/core/rng.hpp"
#include "mien/reference/adam.hpp"
#include "mien/reference/dropout.hpp"
#include "mien/reference/moving_average.hpp"
#include "mien/reference/relu.hpp"
#include "mien/reference/sgd.hpp"
#include "mien/reference/sum_of_squares.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/close.hpp"
#include "tests/support/guarded.hpp"
#include "tests/support/kernel_sets.hpp"
#include "tests/support/random.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

using namespace mien;
using namespace mien::test;

namespace {

/// |a[i]| + |b[i]|.
std::vector<double> sums_of_magnitudes(const std::vector<float>& a, const std::vector<float>& b) {
  auto sums = magnitudes(a);
  for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += std::abs(static_cast<double>(b[i]));
  return sums;
}

std::vector<double> squares_of(std::vector<double> values) {
  for (double& value : values) value *= value;
  return values;
}

} // namespace

TEST_CASE("kernels: relu is the reference's, bit for bit, in place too") {
  for_each_length([](const KernelSet& set, std::int64_t count, std::size_t misalignment) {
    auto values = random_values(count, 1);
    values[0] = 0;
    const auto derivatives = random_values(count, 2);
    std::vector<float> expected_y(values.size()), expected_dx(values.size());
    reference::relu_forward(expected_y.data(), values.data(), count);
    reference::relu_backward(expected_dx.data(), expected_y.data(), derivatives.data(), count);

    Guarded<float> x(values, misalignment), dy(derivatives, misalignment + 1);
    Guarded<float> y(values.size(), 7.0f, misalignment + 2), dx(values.size(), 7.0f, misalignment + 3);
    set.relu_forward(y.data(), x.data(), count);
    set.relu_backward(dx.data(), y.data(), dy.data(), count);
    CHECK(std::ranges::equal(y.values(), expected_y));
    CHECK(std::ranges::equal(dx.values(), expected_dx));
    set.relu_forward(x.data(), x.data(), count);
    set.relu_backward(dy.data(), y.data(), dy.data(), count);
    CHECK(std::ranges::equal(x.values(), expected_y));
    CHECK(std::ranges::equal(dy.values(), expected_dx));
    CHECK((x.intact() && y.intact() && dy.intact() && dx.intact()));
  });
}

TEST_CASE("kernels: relu lets a NaN through in every lane") {
  for_each_kernel_set([](const KernelSet& set) {
    const std::vector<float> x(static_cast<std::size_t>(2 * set.lanes + 1), std::numeric_limits<float>::quiet_NaN());
    std::vector<float> y(x.size());
    set.relu_forward(y.data(), x.data(), static_cast<std::int64_t>(x.size()));
    CHECK(std::ranges::all_of(y, [](float value) { return std::isnan(value); }));
  });
}

TEST_CASE("kernels: dropout is the reference's, bit for bit, in place too") {
  for_each_length([](const KernelSet& set, std::int64_t count, std::size_t misalignment) {
    constexpr float rate = 0.25f; // 1 / (1 - rate) is rounded
    const Rng draws(3, of_layer(Purpose::dropout, 2), 5, 7);
    const DropoutDraw draw{
        .key = draws.key(), .counter = draws.counter(), .threshold = 1u << 22, .scale = 1 / (1 - rate)};
    const auto values = random_values(count, 1);
    std::vector<float> expected(values.size());
    reference::dropout_forward(expected.data(), values.data(), count, rate, draws.key(), draws.counter());

    Guarded<float> x(values, misalignment), y(values.size(), 7.0f, misalignment + 1);
    set.dropout(y.data(), x.data(), count, draw);
    CHECK(std::ranges::equal(y.values(), expected));
    set.dropout(x.data(), x.data(), count, draw);
    CHECK(std::ranges::equal(x.values(), expected));
    CHECK((x.intact() && y.intact()));
  });
}

TEST_CASE("kernels: three steps of Adam") {
  for_each_length([](const KernelSet& set, std::int64_t count, std::size_t misalignment) {
    const auto start = random_values(count, 1), gradient = random_values(count, 2);
    const std::vector<float> zeros(start.size());
    Guarded<float> w(start, misalignment), m(zeros, misalignment + 1), v(zeros, misalignment + 2);
    Guarded<float> dw(gradient, misalignment + 3);
    auto expected_w = widened(start), expected_m = widened(zeros), expected_v = widened(zeros);
    const auto wide_gradient = widened(gradient);
    for (std::int64_t t = 1; t <= 3; ++t) {
      AdamStep step = adam_step({.learning_rate = 0.5}, t);
      step.gradient_scale = 0.75f;
      step.l2 = 0.125f;
      step.decay = 0.0625f;
      set.adam(w.data(), m.data(), v.data(), dw.data(), count, step);
      reference::adam(expected_w.data(), expected_m.data(), expected_v.data(), wide_gradient.data(), count, step);
    }
    const auto sum_of_moves = std::vector<double>(start.size(), 1 + 3 * 0.5);
    CHECK(close<float>(w.values(), expected_w, sum_of_moves, {.c = 8}));
    CHECK(close<float>(m.values(), expected_m, sums_of_magnitudes(gradient, start), {.c = 4}));
    CHECK(close<float>(v.values(), expected_v, squares_of(sums_of_magnitudes(gradient, start)), {.c = 8}));
    CHECK((w.intact() && m.intact() && v.intact() && dw.intact()));
  });
}

TEST_CASE("kernels: three steps of gradient descent, with and without Nesterov") {
  for_each_length([](const KernelSet& set, std::int64_t count, std::size_t misalignment) {
    for (const bool nesterov : {false, true}) {
      const auto start = random_values(count, 1), gradient = random_values(count, 2);
      const std::vector<float> zeros(start.size());
      Guarded<float> w(start, misalignment), b(zeros, misalignment + 1), dw(gradient, misalignment + 2);
      auto expected_w = widened(start), expected_b = widened(zeros);
      const auto wide_gradient = widened(gradient);
      const SgdStep step{
          .rate = 0.25f, .momentum = 0.875f, .nesterov = nesterov, .gradient_scale = 0.75f, .l2 = 0.125f};
      for (int t = 0; t < 3; ++t) {
        set.sgd(w.data(), b.data(), dw.data(), count, step);
        reference::sgd(expected_w.data(), expected_b.data(), wide_gradient.data(), count, step);
      }
      auto bound = sums_of_magnitudes(gradient, start);
      for (double& magnitude : bound) magnitude *= 3; // momentum adds three gradients up
      CHECK(close<float>(w.values(), expected_w, bound, {.c = 8}));
      CHECK(close<float>(b.values(), expected_b, bound, {.c = 8}));
      CHECK((w.intact() && b.intact() && dw.intact()));
    }
  });
}

TEST_CASE("kernels: a sum of squares is taken in double") {
  for_each_length([](const KernelSet& set, std::int64_t count, std::size_t misalignment) {
    auto values = random_values(count, 1);
    values.back() = 3e25f; // whose square no float holds
    Guarded<float> x(values, misalignment);
    const double expected = reference::sum_of_squares(values.data(), count);
    CHECK(std::abs(set.sum_of_squares(x.data(), count) - expected) <= 1e-14 * expected);
    x.data()[count - 1] = 0.5f;
    const double small = reference::sum_of_squares(x.data(), count);
    CHECK(std::abs(set.sum_of_squares(x.data(), count) - small) <= 1e-14 * small);
    CHECK(x.intact());
  });
}

TEST_CASE("kernels: a moving average goes its part of the way") {
  for_each_length([](const KernelSet& set, std::int64_t count, std::size_t misalignment) {
    const auto old = random_values(count, 1), now = random_values(count, 2);
    Guarded<float> y(old, misalignment), x(now, misalignment + 1);
    auto expected = widened(old);
    set.moving_average(y.data(), x.data(), count, 0.1f);
    reference::moving_average(expected.data(), widened(now).data(), count, 0.1f);
    CHECK(close<float>(y.values(), expected, sums_of_magnitudes(old, now), {.c = 4}));
    CHECK((y.intact() && x.intact()));
  });
}

TEST_CASE("kernels: sums of columns are added to what is there, whole or in parts") {
  for_each_length([](const KernelSet& set, std::int64_t k, std::size_t misalignment) {
    for (const std::int64_t rows : {1, 2, 37}) {
      const auto values = random_values(rows * k, 1), start = random_values(k, 2);
      auto expected = widened(start), bounds = magnitudes(start);
      for (std::size_t i = 0; i < values.size(); ++i) {
        expected[i % start.size()] += static_cast<double>(values[i]);
        bounds[i % start.size()] += std::abs(static_cast<double>(values[i]));
      }
      Guarded<float> x(values, misalignment), sums(start, misalignment + 1), whole(start, misalignment + 2);
      set.column_sums(whole.data(), x.data(), rows, k, 0, k);
      const std::int64_t cut = std::min(set.panel, k);
      set.column_sums(sums.data(), x.data(), rows, k, 0, cut);
      set.column_sums(sums.data(), x.data(), rows, k, cut, k);
      CHECK(close<float>(sums.values(), expected, bounds, {.c = 8}));
      CHECK(std::ranges::equal(sums.values(), whole.values()));
      CHECK((x.intact() && sums.intact() && whole.intact()));
    }
  });
}
