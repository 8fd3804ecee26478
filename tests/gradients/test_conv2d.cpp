// SPDX-License-Identifier: Apache-2.0
#include "mien/reference/conv2d.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/derivative.hpp"
#include "tests/support/random.hpp"

#include <algorithm>

using namespace mien;
using namespace mien::test;

namespace {

constexpr double step = 0.5; // the loss is linear in every element of x, w and b

Conv2dExtents with_padding(Conv2dExtents e, bool same) {
  const auto windows = same ? same_windows : valid_windows;
  const Windows rows = windows(e.h, e.r, e.stride_h), columns = windows(e.w, e.s, e.stride_w);
  e.p = rows.count, e.pad_top = rows.pad_before;
  e.q = columns.count, e.pad_left = columns.pad_before;
  return e;
}

void check(const Conv2dExtents& e) {
  CAPTURE(e.h, e.w, e.c, e.r, e.s, e.k, e.stride_h, e.stride_w, e.pad_top, e.pad_left, e.p, e.q);
  auto x = random_values<double>(e.n * e.h * e.w * e.c, 1);
  auto w = random_values<double>(e.r * e.s * e.c * e.k, 2);
  auto b = random_values<double>(e.k, 3);
  std::vector<double> y(static_cast<std::size_t>(e.n * e.p * e.q * e.k));
  const auto dy = random_values<double>(e.n * e.p * e.q * e.k, 4);
  const auto loss = [&] {
    reference::conv2d_forward(y.data(), x.data(), w.data(), b.data(), e);
    return weighted_sum(dy, y);
  };

  std::vector<double> dx(x.size(), 7), dw(w.size()), db(b.size()); // dx is overwritten
  reference::conv2d_backward_data(dx.data(), dy.data(), w.data(), e);
  reference::conv2d_backward_filter(dw.data(), x.data(), dy.data(), e);
  reference::conv2d_backward_bias(db.data(), dy.data(), e);
  CHECK(is_derivative(dx, x, step, loss));
  CHECK(is_derivative(dw, w, step, loss));
  CHECK(is_derivative(db, b, step, loss));
}

} // namespace

TEST_CASE("conv2d: backward is the derivative of forward, for every window, stride and padding") {
  struct Window {
    std::int64_t r, s;
  };
  for (const Window window : {Window{1, 1}, Window{3, 3}, Window{2, 3}, Window{5, 5}}) {
    for (const std::int64_t stride_h : {1, 2}) {
      for (const std::int64_t stride_w : {1, 2}) {
        for (const bool same : {false, true}) {
          check(with_padding({.n = 2,
                              .h = 7,
                              .w = 6,
                              .c = 3,
                              .r = window.r,
                              .s = window.s,
                              .k = 2,
                              .stride_h = stride_h,
                              .stride_w = stride_w},
                             same));
        }
      }
    }
  }
}

TEST_CASE("conv2d: backward is the derivative where the window is as large as the picture or reaches beyond it") {
  check(with_padding({.n = 1, .h = 3, .w = 3, .c = 1, .r = 3, .s = 3, .k = 1}, false));
  check(with_padding({.n = 1, .h = 2, .w = 1, .c = 2, .r = 5, .s = 5, .k = 3}, true));
  check(with_padding({.n = 3, .h = 1, .w = 5, .c = 1, .r = 1, .s = 3, .k = 4, .stride_h = 3, .stride_w = 3}, true));
}

TEST_CASE("conv2d: the derivatives by w and b are added to what is there") {
  const Conv2dExtents e = with_padding({.n = 1, .h = 4, .w = 4, .c = 2, .r = 3, .s = 3, .k = 3}, false);
  const auto x = random_values<double>(e.h * e.w * e.c, 1);
  const auto dy = random_values<double>(e.p * e.q * e.k, 2);
  std::vector<double> dw(static_cast<std::size_t>(e.r * e.s * e.c * e.k)), db(static_cast<std::size_t>(e.k));
  reference::conv2d_backward_filter(dw.data(), x.data(), dy.data(), e);
  reference::conv2d_backward_bias(db.data(), dy.data(), e);
  auto twice_dw = dw, twice_db = db;
  reference::conv2d_backward_filter(twice_dw.data(), x.data(), dy.data(), e);
  reference::conv2d_backward_bias(twice_db.data(), dy.data(), e);
  for (double& value : dw) value *= 2;
  for (double& value : db) value *= 2;
  CHECK(close<double>(twice_dw, dw, {.c = 64, .epsilon = double_epsilon}));
  CHECK(close<double>(twice_db, db, {.c = 64, .epsilon = double_epsilon}));
}

TEST_CASE("conv2d: a convolution worked out by hand") {
  // 1 2 3       1 10       the window is laid on the picture as it is, not mirrored
  // 4 5 6   *  100 1000
  // 7 8 9
  const std::vector<double> x{1, 2, 3, 4, 5, 6, 7, 8, 9}, w{1, 10, 100, 1000}, b{0.5};
  const Conv2dExtents valid = with_padding({.h = 3, .w = 3, .r = 2, .s = 2}, false);
  std::vector<double> y(4);
  reference::conv2d_forward(y.data(), x.data(), w.data(), b.data(), valid);
  CHECK(y == std::vector<double>{5421.5, 6532.5, 8754.5, 9865.5});

  // `same` with an even window: the one padded row and column stand behind
  const Conv2dExtents same = with_padding({.h = 3, .w = 3, .r = 2, .s = 2, .stride_h = 2, .stride_w = 2}, true);
  CHECK((same.p == 2 && same.q == 2 && same.pad_top == 0 && same.pad_left == 0));
  reference::conv2d_forward(y.data(), x.data(), w.data(), static_cast<const double*>(nullptr), same);
  CHECK(y == std::vector<double>{5421, 603, 87, 9});

  // `same` with an odd window: one padded row and column on every side
  const Conv2dExtents around = with_padding({.h = 2, .w = 2, .r = 3, .s = 3}, true);
  const std::vector<double> powers{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8};
  reference::conv2d_forward(y.data(), x.data(), powers.data(), b.data(), around);
  CHECK(y == std::vector<double>{430210000.5, 43021000.5, 430210.5, 43021.5});
}

TEST_CASE("extents: windows are counted and padded as TensorFlow does") {
  CHECK(valid_windows(48, 3, 1) == Windows{46, 0});
  CHECK(valid_windows(21, 2, 2) == Windows{10, 0});
  CHECK(valid_windows(2, 3, 1) == Windows{0, 0});
  CHECK(same_windows(48, 3, 1) == Windows{48, 1});
  CHECK(same_windows(48, 3, 2) == Windows{24, 0}); // one element of padding, and it stands behind
  CHECK(same_windows(47, 3, 2) == Windows{24, 1});
  CHECK(same_windows(48, 4, 1) == Windows{48, 1});
  CHECK(same_windows(9, 1, 2) == Windows{5, 0});
}
