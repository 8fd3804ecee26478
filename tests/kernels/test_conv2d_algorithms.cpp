// SPDX-License-Identifier: Apache-2.0
// Every way to compute a convolution, with every kernel set it takes, against the reference.
#include "mien/ops/conv2d.hpp"
#include "mien/reference/conv2d.hpp"
#include "mien/reference/winograd.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/close.hpp"
#include "tests/support/guarded.hpp"
#include "tests/support/kernel_sets.hpp"
#include "tests/support/random.hpp"
#include "tests/support/winograd.hpp"

#include <algorithm>

using namespace mien;
using namespace mien::test;
using reference::winograd::f2;
using reference::winograd::f4;

namespace {

constexpr double c = 8;

/// dw and db are added to.
struct Expected {
  std::vector<double> y, dx, dw, db;

  /// What the reference makes of these inputs.
  Expected(const Conv2dExtents& e, const std::vector<double>& x, const std::vector<double>& w,
           const std::vector<double>& b, const std::vector<double>& dy)
      : y(dy.size()), dx(x.size()), dw(w), db(b) {
    reference::conv2d_forward(y.data(), x.data(), w.data(), b.data(), e);
    reference::conv2d_backward_data(dx.data(), dy.data(), w.data(), e);
    reference::conv2d_backward_filter(dw.data(), x.data(), dy.data(), e);
    reference::conv2d_backward_bias(db.data(), dy.data(), e);
  }

  /// What Winograd's makes of magnitudes by matrices without signs: the sums of the magnitudes of all terms.
  template <std::size_t m>
  Expected(const Conv2dExtents& e, const reference::winograd::Matrices<double, m>& by, const std::vector<double>& x,
           const std::vector<double>& w, const std::vector<double>& b, const std::vector<double>& dy)
      : y(dy.size()), dx(x.size()), dw(w), db(b) {
    reference::winograd_forward(y.data(), x.data(), w.data(), b.data(), e, by);
    reference::winograd_backward_data(dx.data(), dy.data(), w.data(), e, by);
    reference::winograd_backward_filter(dw.data(), x.data(), dy.data(), e, by);
    reference::winograd_backward_bias(db.data(), dy.data(), e, by);
  }
};

/// Inputs, and outputs of one run with so many threads: dw starts as w, db as b.
struct Run {
  Guarded<float> x, w, b, dy, y, dx, dw, db, packed, scratch;

  Run(const Conv2dExtents& e, const Conv2dAlgorithm& algorithm, int threads, std::size_t misalignment)
      : x(random_values(e.n * e.h * e.w * e.c, 1), misalignment),
        w(random_values(e.r * e.s * e.c * e.k, 2), misalignment + 1), b(random_values(e.k, 3), misalignment + 2),
        dy(random_values(e.n * e.p * e.q * e.k, 4), misalignment + 3), y(dy.values().size(), 7.0f, misalignment + 1),
        dx(x.values().size(), 7.0f, misalignment + 2), dw(w.values(), misalignment), db(b.values(), misalignment + 3),
        packed(algorithm.packed(e), 7.0f, 0), scratch(algorithm.scratch(e, true).floats(threads), 7.0f, 0) {
    if (algorithm.pack != nullptr) algorithm.pack(packed.data(), w.data(), e, threads);
    forward(algorithm, e, threads, {.b = b.data()});
    algorithm.backward(
        {.dx = dx.data(), .dw = dw.data(), .db = db.data(), .x = x.data(), .dy = dy.data(), .w = w.data()}, e,
        scratch.data(), threads);
  }

  void forward(const Conv2dAlgorithm& algorithm, const Conv2dExtents& e, int threads, const ConvEpilogue& after) {
    const float* filters = algorithm.pack == nullptr ? w.data() : packed.data();
    algorithm.forward({.y = y.data(), .x = x.data(), .packed = filters, .after = after}, e, scratch.data(), threads);
  }

  [[nodiscard]] bool intact() {
    return x.intact() && w.intact() && b.intact() && dy.intact() && y.intact() && dx.intact() && dw.intact() &&
           db.intact() && packed.intact() && scratch.intact();
  }
};

void check(const Conv2dExtents& e, const Expected& expected, const Expected& bounds, const Conv2dAlgorithm& algorithm,
           const std::vector<int>& other_threads) {
  Run run(e, algorithm, 1, 0);
  CHECK(close<float>(run.y.values(), expected.y, bounds.y, {.c = c}));
  CHECK(close<float>(run.dx.values(), expected.dx, bounds.dx, {.c = c}));
  CHECK(close<float>(run.dw.values(), expected.dw, bounds.dw, {.c = c}));
  CHECK(close<float>(run.db.values(), expected.db, bounds.db, {.c = c}));
  CHECK(run.intact());

  for (const int threads : other_threads) { // the same bits, on other addresses, too
    CAPTURE(threads);
    Run again(e, algorithm, threads, static_cast<std::size_t>(threads));
    CHECK(std::ranges::equal(again.y.values(), run.y.values()));
    CHECK(std::ranges::equal(again.dx.values(), run.dx.values()));
    CHECK(std::ranges::equal(again.dw.values(), run.dw.values()));
    CHECK(std::ranges::equal(again.db.values(), run.db.values()));
    CHECK(again.intact());
  }

  auto alone = e; // the first picture has the same bits without the others
  alone.n = 1;
  Run first(alone, algorithm, 1, 1);
  CHECK(std::ranges::equal(first.y.values(), run.y.values().first(first.y.values().size())));
  CHECK(std::ranges::equal(first.dx.values(), run.dx.values().first(first.dx.values().size())));

  Run rectified(e, algorithm, 1, 0);
  rectified.forward(algorithm, e, 1, {.b = rectified.b.data(), .relu = true});
  CHECK(std::ranges::equal(rectified.y.values(), run.y.values(),
                           [](float relu, float y) { return relu == std::max(0.0f, y); }));
}

void check(const Shape& x, const Shape& w, const Conv2dOptions& options, const std::vector<int>& other_threads = {}) {
  const Conv2dExtents e = conv2d_extents(x, w, options);
  CAPTURE(x, w, e.stride_h, e.stride_w, e.pad_top, e.pad_left);
  const auto x_values = random_values(e.n * e.h * e.w * e.c, 1), w_values = random_values(e.r * e.s * e.c * e.k, 2),
             b_values = random_values(e.k, 3), dy_values = random_values(e.n * e.p * e.q * e.k, 4);
  const Expected expected(e, widened(x_values), widened(w_values), widened(b_values), widened(dy_values));
  const auto bounds = [&](const auto&... by) {
    return Expected(e, by..., magnitudes(x_values), magnitudes(w_values), magnitudes(b_values), magnitudes(dy_values));
  };

  const std::string_view before = kernels().name;
  for_each_kernel_set([&](const KernelSet& set) {
    use_kernels(set.name);
    for (const Conv2dAlgorithm& algorithm : conv2d_algorithms()) {
      if (!algorithm.refuses(e, set).empty()) continue;
      INFO("algorithm " << algorithm.name);
      const bool by_4 = algorithm.name == "winograd-4x4", by_2 = algorithm.name == "winograd-2x2";
      check(e, expected,
            by_4   ? bounds(without_signs(f4<double>))
            : by_2 ? bounds(without_signs(f2<double>))
                   : bounds(),
            algorithm, other_threads);
    }
  });
  use_kernels(before);
}

} // namespace

TEST_CASE("conv2d algorithms: every window, stride and padding") {
  struct Window {
    std::int64_t r, s;
  };
  for (const Window window : {Window{1, 1}, Window{2, 3}, Window{3, 3}, Window{5, 5}}) {
    for (const std::int64_t stride_h : {1, 2, 3}) {
      for (const std::int64_t stride_w : {1, 2}) {
        for (const Padding padding : {Padding::valid, Padding::same}) {
          check({2, 7, 6, 3}, {window.r, window.s, 3, 5}, {.strides = {stride_h, stride_w}, .padding = padding},
                window.r == 3 ? std::vector{3} : std::vector<int>());
        }
      }
    }
  }
}

TEST_CASE("conv2d algorithms: pictures as large as the window, and smaller") {
  check({3, 3, 3, 2}, {3, 3, 2, 4}, {});
  check({2, 1, 1, 3}, {3, 3, 3, 4}, {.padding = Padding::same});
  check({1, 2, 1, 2}, {5, 5, 2, 3}, {.strides = {2, 2}, .padding = Padding::same});
  check({1, 1, 9, 1}, {1, 4, 1, 1}, {.strides = {5, 5}});
}

TEST_CASE("conv2d algorithms: input and output channels around the width of a vector") {
  for (const std::int64_t channels : extents_around_all_lanes()) {
    check({2, 4, 5, channels}, {3, 3, channels, 6}, {});
    check({2, 4, 5, 2}, {3, 3, 2, channels}, {.padding = Padding::same});
  }
}

TEST_CASE("conv2d algorithms: single rows of the field's network") {
  check({2, 4, 48, 1}, {3, 3, 1, 32}, {}, {2, 3});
  check({1, 3, 46, 32}, {3, 3, 32, 64}, {}, {2, 3});
  check({1, 3, 22, 64}, {3, 3, 64, 128}, {}, {2, 3});
  check({1, 3, 10, 128}, {3, 3, 128, 256}, {}, {3});
}

TEST_CASE("conv2d algorithms: few taps") {
  for (const Padding padding : {Padding::valid, Padding::same})
    for (const std::int64_t stride : {1, 2})
      check({19, 9, 8, 1}, {3, 3, 1, 33}, {.strides = {stride, stride}, .padding = padding}, {2, 3});
}

TEST_CASE("conv2d algorithms: tiles that end with the picture and beyond it, valid and same") {
  for (const std::int64_t side : {6, 7, 8, 9, 13})
    for (const Padding padding : {Padding::valid, Padding::same})
      check({3, side, side + 5, 9}, {3, 3, 9, 20}, {.padding = padding}, {2, 3});
  check({5, 10, 10, 32}, {3, 3, 32, 48}, {}, {2, 3});
  check({3, 24, 24, 16}, {3, 3, 16, 16}, {.padding = Padding::same}, {2, 3});
}

TEST_CASE("conv2d algorithms: the list ends with the reference, which refuses nothing") {
  const auto& last = conv2d_algorithms().back();
  CHECK(last.name == "reference");
  for (const KernelSet& set : kernel_sets()) CHECK(last.refuses({}, set).empty());
}
