// SPDX-License-Identifier: Apache-2.0
#include "mien/reference/conv2d.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/close.hpp"
#include "tests/support/guarded.hpp"
#include "tests/support/kernel_sets.hpp"
#include "tests/support/random.hpp"

#include <algorithm>

using namespace mien;
using namespace mien::test;

namespace {

constexpr double c = 8; // rounding errors of random signs; one term left out of the longest sum is 100 times as much

/// One picture, its convolution in double, and the sums of magnitudes that bound what floats may be off.
struct Case {
  Conv2dExtents e;
  std::vector<float> x, w, b, dy;
  std::vector<double> y, y_magnitudes, dw, dw_magnitudes;

  explicit Case(const Conv2dExtents& extents)
      : e(extents), x(random_values(e.h * e.w * e.c, 1)), w(random_values(e.r * e.s * e.c * e.k, 2)),
        b(random_values(e.k, 3)), dy(random_values(e.p * e.q * e.k, 4)), y(dy.size()), y_magnitudes(dy.size()),
        dw(w.begin(), w.end()), dw_magnitudes(magnitudes(w)) { // dw starts as w: it is added to
    const auto forward = [this](std::vector<double>& out, const auto& values) {
      reference::conv2d_forward(out.data(), values(x).data(), values(w).data(), values(b).data(), e);
    };
    const auto backward = [this](std::vector<double>& out, const auto& values) {
      reference::conv2d_backward_filter(out.data(), values(x).data(), values(dy).data(), e);
    };
    forward(y, [](const std::vector<float>& v) { return widened(v); });
    forward(y_magnitudes, [](const std::vector<float>& v) { return magnitudes(v); });
    backward(dw, [](const std::vector<float>& v) { return widened(v); });
    backward(dw_magnitudes, [](const std::vector<float>& v) { return magnitudes(v); });
  }

  /// Columns of the padded picture: as many as the windows read.
  [[nodiscard]] std::int64_t padded_columns() const { return (e.q - 1) * e.stride_w + e.s; }

  [[nodiscard]] std::vector<float> padded_x() const {
    std::vector<float> padded(static_cast<std::size_t>(e.h * padded_columns() * e.c));
    for (std::int64_t h = 0; h < e.h; ++h) {
      const auto columns = std::min(e.w, padded_columns() - e.pad_left);
      std::copy_n(x.begin() + h * e.w * e.c, columns * e.c, padded.begin() + (h * padded_columns() + e.pad_left) * e.c);
    }
    return padded;
  }

  [[nodiscard]] ConvRows rows() const {
    return {.rows = e.h,
            .pad_top = e.pad_top,
            .stride_h = e.stride_h,
            .r = e.r,
            .p = e.p,
            .q = e.q,
            .taps = e.s * e.c,
            .x_row = padded_columns() * e.c,
            .x_step = e.stride_w * e.c,
            .k = e.k};
  }
};

void check_forward(const KernelSet& set, const Case& one, std::size_t misalignment) {
  Guarded<float> x(one.padded_x(), misalignment), w(one.w, misalignment + 1), b(one.b, misalignment + 2);
  Guarded<float> y(one.y.size(), 0.0f, misalignment + 3), whole(one.y.size(), 0.0f, 0);
  for (const bool relu : {false, true}) {
    auto expected = one.y;
    if (relu) std::ranges::transform(expected, expected.begin(), [](double value) { return std::max(0.0, value); });
    set.conv_rows(whole.data(), x.data(), w.data(), b.data(), relu, one.rows(), 0, one.e.p);
    for (std::int64_t p = 0; p < one.e.p; ++p) { // row by row, as threads may do it: the same bits
      set.conv_rows(y.data(), x.data(), w.data(), b.data(), relu, one.rows(), p, p + 1);
    }
    CHECK(close<float>(y.values(), expected, one.y_magnitudes, {.c = c}));
    CHECK(std::ranges::equal(y.values(), whole.values()));
  }
  CHECK((x.intact() && w.intact() && b.intact() && y.intact() && whole.intact()));
}

void check_filter_gradient(const KernelSet& set, const Case& one, std::size_t misalignment) {
  Guarded<float> x(one.padded_x(), misalignment), dy(one.dy, misalignment + 1), dw(one.w, misalignment + 2);
  for (std::int64_t r = 0; r < one.e.r; ++r) {
    for (std::int64_t k0 = 0; k0 < one.e.k; k0 += set.panel) {
      set.conv_filter_gradient(dw.data(), x.data(), dy.data(), one.rows(), r, k0);
    }
  }
  CHECK(close<float>(dw.values(), one.dw, one.dw_magnitudes, {.c = c}));
  CHECK((x.intact() && dy.intact() && dw.intact()));
}

void check(const Conv2dExtents& e) {
  CAPTURE(e.h, e.w, e.c, e.r, e.s, e.k, e.stride_h, e.stride_w, e.pad_top, e.pad_left);
  const Case one(e);
  for_each_kernel_set([&](const KernelSet& set) {
    if (set.conv_rows == nullptr) return; // the reference itself
    for (std::size_t misalignment = 0; misalignment < 4; ++misalignment) {
      CAPTURE(misalignment);
      check_forward(set, one, misalignment);
      check_filter_gradient(set, one, misalignment);
    }
  });
}

Conv2dExtents placed(Conv2dExtents e, bool same) {
  const auto windows = same ? same_windows : valid_windows;
  const Windows rows = windows(e.h, e.r, e.stride_h), columns = windows(e.w, e.s, e.stride_w);
  e.p = rows.count, e.pad_top = rows.pad_before;
  e.q = columns.count, e.pad_left = columns.pad_before;
  return e;
}

} // namespace

TEST_CASE("kernels: convolution, output channels around the width of a vector") {
  for (const std::int64_t k : extents_around_all_lanes())
    check(placed({.h = 5, .w = 6, .c = 3, .r = 3, .s = 3, .k = k}, false));
}

TEST_CASE("kernels: convolution, numbers of pixels around the height of a tile") {
  for (std::int64_t q = 1; q <= 26; ++q) check(placed({.h = 3, .w = q, .c = 2, .r = 1, .s = 1, .k = 5}, false));
}

TEST_CASE("kernels: convolution, input channels from one to a prime") {
  for (const std::int64_t channels : {1, 2, 4, 7, 8, 16, 31}) {
    check(placed({.h = 4, .w = 4, .c = channels, .r = 2, .s = 3, .k = 9}, true));
  }
}

TEST_CASE("kernels: convolution, every window, stride and padding") {
  struct Window {
    std::int64_t r, s;
  };
  for (const Window window : {Window{1, 1}, Window{2, 3}, Window{3, 3}, Window{5, 5}}) {
    for (const std::int64_t stride_h : {1, 2, 3}) {
      for (const std::int64_t stride_w : {1, 2}) {
        for (const bool same : {false, true}) {
          check(placed({.h = 7,
                        .w = 6,
                        .c = 3,
                        .r = window.r,
                        .s = window.s,
                        .k = 11,
                        .stride_h = stride_h,
                        .stride_w = stride_w},
                       same));
        }
      }
    }
  }
  check(placed({.h = 2, .w = 1, .c = 2, .r = 5, .s = 5, .k = 3}, true)); // the window is larger than the picture
}

TEST_CASE("kernels: convolution, single rows of the field's network") {
  check(placed({.h = 3, .w = 48, .c = 1, .r = 3, .s = 3, .k = 32}, false));
  check(placed({.h = 3, .w = 46, .c = 32, .r = 3, .s = 3, .k = 64}, false));
  check(placed({.h = 3, .w = 22, .c = 64, .r = 3, .s = 3, .k = 128}, false));
  check(placed({.h = 3, .w = 10, .c = 128, .r = 3, .s = 3, .k = 256}, false));
}
