// SPDX-License-Identifier: Apache-2.0
#include "mien/ops/depthwise_conv2d.hpp"
#include "mien/reference/conv2d.hpp"
#include "mien/reference/depthwise_conv2d.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/close.hpp"
#include "tests/support/guarded.hpp"
#include "tests/support/kernel_sets.hpp"
#include "tests/support/random.hpp"
#include "tests/support/windows.hpp"

#include <algorithm>

using namespace mien;
using namespace mien::test;

namespace {

constexpr double c = 8; // rounding errors of random signs

struct Results {
  std::vector<double> y, dx, dw, db;
};

/// A depthwise convolution in double, and the sums of magnitudes that bound what floats may be off.
struct Case {
  Conv2dExtents e;
  std::vector<float> x, w, b, dy;
  Results expected, bounds;

  explicit Case(const Conv2dExtents& extents)
      : e(extents), x(random_values(e.n * e.h * e.w * e.c, 1)), w(random_values(e.r * e.s * e.c, 2)),
        b(random_values(e.c, 3)), dy(random_values(e.n * e.p * e.q * e.c, 4)),
        expected(results([](const std::vector<float>& v) { return widened(v); })),
        bounds(results([](const std::vector<float>& v) { return magnitudes(v); })) {}

private:
  template <class As> [[nodiscard]] Results results(const As& as) const { // dw starts as w, db as b: they are added to
    Results o{as(dy), as(x), as(w), as(b)};
    reference::depthwise_conv2d_forward(o.y.data(), as(x).data(), as(w).data(), as(b).data(), e);
    reference::depthwise_conv2d_backward_data(o.dx.data(), as(dy).data(), as(w).data(), e);
    reference::depthwise_conv2d_backward_filter(o.dw.data(), as(x).data(), as(dy).data(), e);
    reference::conv2d_backward_bias(o.db.data(), as(dy).data(), e);
    return o;
  }
};

void check(const KernelSet& set, const Case& one, std::size_t misalignment) {
  const auto& e = one.e;
  Guarded<float> x(one.x, misalignment), w(one.w, misalignment + 1), dy(one.dy, misalignment + 2);
  Guarded<float> b(one.b, misalignment + 1), dw(one.w, misalignment + 3), parts(one.w, misalignment);
  Guarded<float> y(one.dy.size(), 7.0f, misalignment + 3), dx(one.x.size(), 7.0f, misalignment + 1);
  for (std::int64_t p = 0; p < e.p; ++p) set.depthwise_rows(y.data(), x.data(), w.data(), b.data(), e, p, p + 1);
  for (std::int64_t h = 0; h < e.h; ++h) set.depthwise_gradient_rows(dx.data(), dy.data(), w.data(), e, h, h + 1);
  const auto cut = e.c / 2; // channels and filter rows in parts, as threads take them
  for (std::int64_t r = 0; r < e.r; ++r) {
    set.depthwise_filter_gradient(dw.data(), x.data(), dy.data(), e, r, 0, e.c);
    set.depthwise_filter_gradient(parts.data(), x.data(), dy.data(), e, r, 0, cut);
    set.depthwise_filter_gradient(parts.data(), x.data(), dy.data(), e, r, cut, e.c);
  }
  CHECK(close<float>(y.values(), one.expected.y, one.bounds.y, {.c = c}));
  CHECK(close<float>(dx.values(), one.expected.dx, one.bounds.dx, {.c = c}));
  CHECK(close<float>(dw.values(), one.expected.dw, one.bounds.dw, {.c = c}));
  CHECK(std::ranges::equal(parts.values(), dw.values()));
  CHECK((x.intact() && w.intact() && b.intact() && dy.intact()));
  CHECK((y.intact() && dx.intact() && dw.intact() && parts.intact()));

  Guarded<float> whole(one.dy.size(), 7.0f, misalignment), no_bias(one.dy.size(), 7.0f, misalignment);
  set.depthwise_rows(whole.data(), x.data(), w.data(), b.data(), e, 0, e.p);
  CHECK(std::ranges::equal(whole.values(), y.values()));
  set.depthwise_rows(no_bias.data(), x.data(), w.data(), nullptr, e, 0, e.p);
  Guarded<float> zeros(one.b.size(), 0.0f, misalignment);
  set.depthwise_rows(whole.data(), x.data(), w.data(), zeros.data(), e, 0, e.p);
  CHECK(std::ranges::equal(no_bias.values(), whole.values()));
}

void check(const Conv2dExtents& e) {
  CAPTURE(e.h, e.w, e.c, e.r, e.s, e.stride_h, e.stride_w, e.pad_top, e.pad_left, e.p, e.q);
  const Case one(e);
  for_each_kernel_set([&](const KernelSet& set) {
    if (set.depthwise_rows == nullptr) return; // the reference set
    for (std::size_t misalignment = 0; misalignment < 4; ++misalignment) {
      CAPTURE(misalignment);
      check(set, one, misalignment);
    }
  });
}

} // namespace

TEST_CASE("kernels: depthwise convolution, for channels around the width of a vector") {
  for (const std::int64_t channels : extents_around_all_lanes()) {
    check(depthwise_extents(1, 4, 7, channels, 3, 3, 1, 1, true));
    check(depthwise_extents(1, 5, 6, channels, 3, 3, 2, 2, true));
  }
}

TEST_CASE("kernels: depthwise convolution, for every window, stride and padding") {
  for_each_window([](std::int64_t r, std::int64_t s, std::int64_t stride_h, std::int64_t stride_w, bool same) {
    check(depthwise_extents(1, 6, 11, 5, r, s, stride_h, stride_w, same));
  });
}

TEST_CASE("kernels: depthwise convolution, where the window is as large as the picture or reaches beyond it") {
  check(depthwise_extents(1, 3, 3, 4, 3, 3, 1, 1, false));
  check(depthwise_extents(1, 2, 1, 2, 5, 7, 1, 1, true));
  check(depthwise_extents(1, 1, 6, 9, 1, 9, 1, 1, true));
  check(depthwise_extents(1, 1, 5, 3, 1, 3, 3, 3, true));
}

TEST_CASE("kernels: depthwise convolution, for a picture of a real network") {
  check(depthwise_extents(1, 24, 24, 37, 3, 3, 1, 1, true));
  check(depthwise_extents(1, 24, 24, 64, 3, 3, 2, 2, true));
}

TEST_CASE("operations: depthwise convolution of a batch is close to the reference and the same for any threads") {
  const Case one(depthwise_extents(3, 9, 8, 71, 3, 3, 2, 1, true));
  const auto& e = one.e;
  const DepthwiseConv2dOptions options{.strides = {2, 1}, .padding = Padding::same};
  const Shape in{e.n, e.h, e.w, e.c}, out{e.n, e.p, e.q, e.c}, filter{e.r, e.s, e.c, 1}, bias{e.c};
  CHECK(depthwise_conv2d_extents(in, filter, options) == e);
  const auto view = [](const std::vector<float>& values, const Shape& shape) {
    return View<const float>(values.data(), shape);
  };
  const std::string_view before = kernels().name;
  for_each_kernel_set([&](const KernelSet& set) {
    use_kernels(set.name);
    std::vector<float> first;
    for (const int threads : {1, 2, 3, 7}) {
      CAPTURE(threads);
      std::vector<float> y(one.dy.size()), dx(one.x.size()), dw = one.w, db = one.b;
      depthwise_conv2d_forward({y.data(), out}, view(one.x, in), view(one.w, filter), view(one.b, bias), options,
                               threads);
      depthwise_conv2d_backward_data({dx.data(), in}, view(one.dy, out), view(one.w, filter), options, threads);
      depthwise_conv2d_backward_filter({dw.data(), filter}, {db.data(), bias}, view(one.x, in), view(one.dy, out),
                                       options, threads);
      CHECK(close<float>(y, one.expected.y, one.bounds.y, {.c = c}));
      CHECK(close<float>(dx, one.expected.dx, one.bounds.dx, {.c = c}));
      CHECK(close<float>(dw, one.expected.dw, one.bounds.dw, {.c = c}));
      CHECK(close<float>(db, one.expected.db, one.bounds.db, {.c = c}));
      std::vector<float> all = y;
      for (const auto* part : {&dx, &dw, &db}) all.insert(all.end(), part->begin(), part->end());
      if (threads == 1) first = all;
      CHECK(all == first);
    }
  });
  use_kernels(before);
}
