// SPDX-License-Identifier: Apache-2.0
// Winograd's algorithm against the convolution it computes, and the bound on its error (docs/derivations/winograd.md).
#include "mien/reference/conv2d.hpp"
#include "mien/reference/winograd.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/close.hpp"
#include "tests/support/derivative.hpp"
#include "tests/support/random.hpp"
#include "tests/support/winograd.hpp"

#include <algorithm>
#include <cmath>

using namespace mien;
using namespace mien::test;
using reference::winograd::f2;
using reference::winograd::f4;
using reference::winograd::Matrices;

namespace {

Conv2dExtents windows_of_3x3(std::int64_t n, std::int64_t h, std::int64_t w, std::int64_t c, std::int64_t k,
                             bool same) {
  const Windows rows = same ? same_windows(h, 3, 1) : valid_windows(h, 3, 1);
  const Windows columns = same ? same_windows(w, 3, 1) : valid_windows(w, 3, 1);
  return {.n = n,
          .h = h,
          .w = w,
          .c = c,
          .r = 3,
          .s = 3,
          .k = k,
          .pad_top = rows.pad_before,
          .pad_left = columns.pad_before,
          .p = rows.count,
          .q = columns.count};
}

/// Every extent from 3 (for `same` from 1) beyond two tiles of 4 outputs in one direction, a few in the other.
template <class F> void for_each_extent(F f) {
  for (const bool same : {false, true}) {
    for (std::int64_t h = same ? 1 : 3; h <= 11; ++h) {
      for (const std::int64_t w : {3, 4, 7, 10}) f(windows_of_3x3(2, h, w, 3, 2, same));
    }
  }
}

template <class T> struct Inputs {
  std::vector<T> x, w, b, dy;

  explicit Inputs(const Conv2dExtents& e)
      : x(random_values<T>(e.n * e.h * e.w * e.c, 1)), w(random_values<T>(e.r * e.s * e.c * e.k, 2)),
        b(random_values<T>(e.k, 3)), dy(random_values<T>(e.n * e.p * e.q * e.k, 4)) {}

  [[nodiscard]] Inputs<double> without_signs() const {
    Inputs<double> result({});
    result.x = magnitudes(x), result.w = magnitudes(w), result.b = magnitudes(b), result.dy = magnitudes(dy);
    return result;
  }
};

/// What an algorithm makes of its inputs. dw and db are added to what is there.
template <class T> struct Results {
  std::vector<T> y, dx, dw, db;

  explicit Results(const Inputs<T>& in) : y(in.dy.size(), 7), dx(in.x.size(), 7), dw(in.w), db(in.b) {}
};

template <class T> Results<T> directly(const Inputs<T>& in, const Conv2dExtents& e) {
  Results<T> out(in);
  reference::conv2d_forward(out.y.data(), in.x.data(), in.w.data(), in.b.data(), e);
  reference::conv2d_backward_data(out.dx.data(), in.dy.data(), in.w.data(), e);
  reference::conv2d_backward_filter(out.dw.data(), in.x.data(), in.dy.data(), e);
  reference::conv2d_backward_bias(out.db.data(), in.dy.data(), e);
  return out;
}

template <class T, std::size_t m>
Results<T> by_tiles(const Inputs<T>& in, const Conv2dExtents& e, const Matrices<T, m>& with) {
  Results<T> out(in);
  reference::winograd_forward(out.y.data(), in.x.data(), in.w.data(), in.b.data(), e, with);
  reference::winograd_backward_data(out.dx.data(), in.dy.data(), in.w.data(), e, with);
  reference::winograd_backward_filter(out.dw.data(), in.x.data(), in.dy.data(), e, with);
  reference::winograd_backward_bias(out.db.data(), in.dy.data(), e, with);
  return out;
}

double largest_difference(const std::vector<double>& a, const std::vector<double>& b) {
  REQUIRE(a.size() == b.size());
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

template <std::size_t m> void check_in_double(const Conv2dExtents& e, const Matrices<double, m>& with) {
  CAPTURE(m, e.h, e.w, e.pad_top, e.p, e.q);
  const Inputs<double> in(e);
  const auto expected = directly(in, e), actual = by_tiles(in, e, with);
  CHECK(largest_difference(actual.y, expected.y) < 1e-12);
  CHECK(largest_difference(actual.dx, expected.dx) < 1e-12);
  CHECK(largest_difference(actual.dw, expected.dw) < 1e-12);
  CHECK(largest_difference(actual.db, expected.db) < 1e-12);
}

/// Proven are C + 27, K + 27 and (number of tiles) + 27; rounding random numbers cancels for the most part.
constexpr double c = 3;

template <std::size_t m>
void check_in_float(const Conv2dExtents& e, const Matrices<float, m>& with, const Matrices<double, m>& exact) {
  CAPTURE(m, e.h, e.w, e.c, e.k, e.pad_top, e.p, e.q);
  const Inputs<float> in(e);
  const auto expected = directly(Inputs<double>(e), e);
  const auto bounds = by_tiles(in.without_signs(), e, without_signs(exact));
  const auto actual = by_tiles(in, e, with);
  CHECK(close<float>(actual.y, expected.y, bounds.y, {.c = c}));
  CHECK(close<float>(actual.dx, expected.dx, bounds.dx, {.c = c}));
  CHECK(close<float>(actual.dw, expected.dw, bounds.dw, {.c = c}));
  CHECK(close<float>(actual.db, expected.db, bounds.db, {.c = c}));
}

} // namespace

TEST_CASE("winograd: in double it is the convolution, for odd extents and both paddings") {
  for_each_extent([](const Conv2dExtents& e) {
    check_in_double(e, f2<double>);
    check_in_double(e, f4<double>);
  });
}

TEST_CASE("winograd: in float the error stays within the bound, for odd extents and both paddings") {
  const auto check = [](const Conv2dExtents& e) {
    check_in_float(e, f2<float>, f2<double>);
    check_in_float(e, f4<float>, f4<double>);
  };
  for_each_extent(check);
  check(windows_of_3x3(1, 10, 10, 128, 8, false)); // long sums over input channels,
  check(windows_of_3x3(1, 10, 10, 8, 128, true));  // over output channels,
  check(windows_of_3x3(4, 30, 30, 8, 8, true));    // and over tiles
}

TEST_CASE("winograd: each backward is the derivative of its forward") {
  const auto check = [](const auto& with) {
    const Conv2dExtents e = windows_of_3x3(1, 5, 7, 2, 3, true);
    Inputs<double> in(e);
    std::vector<double> y(in.dy.size()), dx(in.x.size()), dw(in.w.size()), db(in.b.size());
    const auto loss = [&] {
      reference::winograd_forward(y.data(), in.x.data(), in.w.data(), in.b.data(), e, with);
      return weighted_sum(in.dy, y);
    };
    reference::winograd_backward_data(dx.data(), in.dy.data(), in.w.data(), e, with);
    reference::winograd_backward_filter(dw.data(), in.x.data(), in.dy.data(), e, with);
    reference::winograd_backward_bias(db.data(), in.dy.data(), e, with);
    CHECK(is_derivative(dx, in.x, 0.5, loss)); // the loss is linear in every element of x, w and b
    CHECK(is_derivative(dw, in.w, 0.5, loss));
    CHECK(is_derivative(db, in.b, 0.5, loss));
  };
  check(f2<double>);
  check(f4<double>);
}

TEST_CASE("winograd: three rows of numbers make a correlation") {
  const auto check = []<std::size_t m>(const Matrices<double, m>& with) {
    for (std::size_t p = 0; p < m;
         ++p) { // y[p] = sum over r of g[r] d[p + r], so g[r] d[l] counts once where l = p + r
      for (std::size_t r = 0; r < 3; ++r) {
        for (std::size_t l = 0; l < m + 2; ++l) {
          double sum = 0;
          for (std::size_t i = 0; i < m + 2; ++i) sum += with.at[p][i] * with.g[i][r] * with.bt[i][l];
          CHECK(std::abs(sum - (l == p + r ? 1 : 0)) < 1e-15);
        }
      }
    }
  };
  check(f2<double>);
  check(f4<double>);
}

TEST_CASE("winograd: how much larger than the direct sum's the bound is, as the derivation says") {
  const auto check = [](const auto& with, const std::vector<double>& y, const std::vector<double>& dx,
                        const std::vector<double>& dw) {
    const auto m = static_cast<std::int64_t>(y.size()), side = 3 * m + 2; // the tile in the middle has neighbours
    const Conv2dExtents e = windows_of_3x3(1, side, side, 1, 1, false);
    Inputs<double> ones(e);
    for (auto* values : {&ones.x, &ones.w, &ones.b, &ones.dy}) std::ranges::fill(*values, 1);
    const auto bound = by_tiles(ones, e, without_signs(with));
    const auto at = [](std::int64_t i) { return static_cast<std::size_t>(i); };
    for (std::int64_t i = 0; i < m; ++i) {
      CHECK(bound.y[at((m + i) * e.q + m + i)] - 1 == Approx(y[at(i)] * y[at(i)])); // 1 is the bias
      CHECK(bound.dx[at((m + i) * e.w + m + i)] == Approx(dx[at(i)] * dx[at(i)]));
    }
    for (std::int64_t i = 0; i < 3; ++i) CHECK(bound.dw[at(4 * i)] - 1 == Approx(9 * dw[at(i)] * dw[at(i)])); // 9 tiles
  };
  check(f2<double>, {8, 8}, {8, 8}, {6, 4, 6});
  check(f4<double>, {16, 17, 24, 48}, {14, 38.5, 26, 26.5}, {70.0 / 3, 85.0 / 3, 160.0 / 3});
}
