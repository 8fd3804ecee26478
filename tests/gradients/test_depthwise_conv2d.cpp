// SPDX-License-Identifier: Apache-2.0
#include "mien/reference/conv2d.hpp"
#include "mien/reference/depthwise_conv2d.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/derivative.hpp"
#include "tests/support/random.hpp"
#include "tests/support/windows.hpp"

using namespace mien;
using namespace mien::test;

namespace {

void check(const Conv2dExtents& e) {
  CAPTURE(e.h, e.w, e.c, e.r, e.s, e.stride_h, e.stride_w, e.pad_top, e.pad_left, e.p, e.q);
  auto x = random_values<double>(e.n * e.h * e.w * e.c, 1);
  auto w = random_values<double>(e.r * e.s * e.c, 2);
  auto b = random_values<double>(e.c, 3);
  std::vector<double> y(static_cast<std::size_t>(e.n * e.p * e.q * e.c));
  const auto dy = random_values<double>(e.n * e.p * e.q * e.c, 4);
  const auto loss = [&] {
    reference::depthwise_conv2d_forward(y.data(), x.data(), w.data(), b.data(), e);
    return weighted_sum(dy, y);
  };
  std::vector<double> dx(x.size(), 7), dw(w.size()), db(b.size()); // dx is overwritten
  reference::depthwise_conv2d_backward_data(dx.data(), dy.data(), w.data(), e);
  reference::depthwise_conv2d_backward_filter(dw.data(), x.data(), dy.data(), e);
  reference::conv2d_backward_bias(db.data(), dy.data(), e);
  constexpr double step = 0.5; // the loss is linear in every element of x, w and b
  CHECK(is_derivative(dx, x, step, loss));
  CHECK(is_derivative(dw, w, step, loss));
  CHECK(is_derivative(db, b, step, loss));
}

} // namespace

TEST_CASE("depthwise_conv2d: backward is the derivative of forward, for every window, stride and padding") {
  for_each_window([](std::int64_t r, std::int64_t s, std::int64_t stride_h, std::int64_t stride_w, bool same) {
    check(depthwise_extents(2, 7, 6, 3, r, s, stride_h, stride_w, same));
  });
}

TEST_CASE("depthwise_conv2d: the derivative where the window is as large as the picture or reaches beyond it") {
  check(depthwise_extents(1, 3, 3, 1, 3, 3, 1, 1, false));
  check(depthwise_extents(1, 2, 1, 2, 5, 5, 1, 1, true));
  check(depthwise_extents(3, 1, 5, 4, 1, 3, 3, 3, true));
}

TEST_CASE("depthwise_conv2d: the derivative by w is added to what is there") {
  const auto e = depthwise_extents(1, 4, 4, 2, 3, 3, 1, 1, false);
  const auto x = random_values<double>(e.h * e.w * e.c, 1), dy = random_values<double>(e.p * e.q * e.c, 2);
  std::vector<double> dw(18);
  reference::depthwise_conv2d_backward_filter(dw.data(), x.data(), dy.data(), e);
  auto twice = dw;
  reference::depthwise_conv2d_backward_filter(twice.data(), x.data(), dy.data(), e);
  for (double& value : dw) value *= 2;
  CHECK(close<double>(twice, dw, {.c = 64, .epsilon = double_epsilon}));
}

TEST_CASE("depthwise_conv2d: of one channel it is a convolution") {
  const auto e = depthwise_extents(2, 5, 6, 1, 3, 2, 2, 1, true);
  const auto x = random_values<double>(e.n * e.h * e.w, 1), w = random_values<double>(6, 2);
  const std::vector<double> b{0.5};
  std::vector<double> y(static_cast<std::size_t>(e.n * e.p * e.q)), expected(y.size());
  reference::depthwise_conv2d_forward(y.data(), x.data(), w.data(), b.data(), e);
  reference::conv2d_forward(expected.data(), x.data(), w.data(), b.data(), e);
  CHECK(y == expected);
}

TEST_CASE("depthwise_conv2d: channels do not mix") {
  const std::vector<double> x{1, 10, 2, 20}, w{3, 5, 7, 11}, b{0.5, 0.25}; // two pixels of two channels
  std::vector<double> y(2);
  reference::depthwise_conv2d_forward(y.data(), x.data(), w.data(), b.data(),
                                      depthwise_extents(1, 1, 2, 2, 1, 2, 1, 1, false));
  CHECK(y == std::vector<double>{1 * 3 + 2 * 7 + 0.5, 10 * 5 + 20 * 11 + 0.25});
}
