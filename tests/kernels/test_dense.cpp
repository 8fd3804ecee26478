// SPDX-License-Identifier: Apache-2.0
#include "mien/reference/dense.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/close.hpp"
#include "tests/support/guarded.hpp"
#include "tests/support/kernel_sets.hpp"
#include "tests/support/random.hpp"

#include <algorithm>

using namespace mien;
using namespace mien::test;

namespace {

constexpr double c = 8;

struct Case {
  DenseExtents e;
  std::vector<float> x, w, b, dy;
  std::vector<double> y, y_magnitudes, dx, dx_magnitudes, dw, dw_magnitudes;

  explicit Case(const DenseExtents& extents)
      : e(extents), x(random_values(e.n * e.i, 1)), w(random_values(e.i * e.o, 2)), b(random_values(e.o, 3)),
        dy(random_values(e.n * e.o, 4)), y(dy.size()), y_magnitudes(dy.size()), dx(x.size()), dx_magnitudes(x.size()),
        dw(w.begin(), w.end()), dw_magnitudes(magnitudes(w)) { // dw starts as w: it is added to
    const auto run = [this](auto& out, auto& dx_out, auto& dw_out, const auto& values) {
      reference::dense_forward(out.data(), values(x).data(), values(w).data(), values(b).data(), e);
      reference::dense_backward_data(dx_out.data(), values(dy).data(), values(w).data(), e);
      reference::dense_backward_filter(dw_out.data(), values(x).data(), values(dy).data(), e);
    };
    run(y, dx, dw, [](const std::vector<float>& v) { return widened(v); });
    run(y_magnitudes, dx_magnitudes, dw_magnitudes, [](const std::vector<float>& v) { return magnitudes(v); });
  }
};

/// Where a thread's share may end: nowhere, or after the first panel.
std::vector<std::int64_t> cuts(const KernelSet& set, std::int64_t extent) {
  return {0, std::min(set.panel, extent), extent};
}

void check(const KernelSet& set, const Case& one, std::size_t misalignment) {
  const DenseExtents& e = one.e;
  Guarded<float> x(one.x, misalignment), w(one.w, misalignment + 1), b(one.b, misalignment + 2);
  Guarded<float> dy(one.dy, misalignment + 3), y(one.y.size(), 0.0f, misalignment), whole(one.y.size(), 0.0f, 1);
  Guarded<float> dx(one.x.size(), 7.0f, misalignment + 1), dw(one.w, misalignment + 2);
  const auto outputs = cuts(set, e.o), inputs = cuts(set, e.i);

  for (const bool relu : {true, false}) {
    auto expected = one.y;
    if (relu) std::ranges::transform(expected, expected.begin(), [](double value) { return std::max(0.0, value); });
    set.dense_forward(whole.data(), x.data(), w.data(), b.data(), relu, e, 0, e.o);
    for (std::size_t i = 0; i < 2; ++i) {
      set.dense_forward(y.data(), x.data(), w.data(), b.data(), relu, e, outputs[i], outputs[i + 1]);
    }
    CHECK(close<float>(y.values(), expected, one.y_magnitudes, {.c = c}));
    CHECK(std::ranges::equal(y.values(), whole.values()));
  }
  for (std::int64_t n = 0; n < e.n; ++n) { // a picture alone has the bits it has in a batch
    set.dense_forward(y.data() + n * e.o, x.data() + n * e.i, w.data(), b.data(), false, {1, e.i, e.o}, 0, e.o);
  }
  CHECK(std::ranges::equal(y.values(), whole.values()));

  for (std::size_t i = 0; i < 2; ++i) {
    set.dense_backward_data(dx.data(), dy.data(), w.data(), e, inputs[i], inputs[i + 1]);
    set.dense_backward_kernel(dw.data(), x.data(), dy.data(), e, outputs[i], outputs[i + 1]);
  }
  CHECK(close<float>(dx.values(), one.dx, one.dx_magnitudes, {.c = c}));
  CHECK(close<float>(dw.values(), one.dw, one.dw_magnitudes, {.c = c}));
  CHECK((x.intact() && w.intact() && b.intact() && dy.intact() && y.intact() && dx.intact() && dw.intact()));
}

void check(const DenseExtents& e) {
  CAPTURE(e.n, e.i, e.o);
  const Case one(e);
  for_each_kernel_set([&](const KernelSet& set) {
    if (set.dense_forward == nullptr) return; // the reference itself
    for (std::size_t misalignment = 0; misalignment < 4; ++misalignment) {
      CAPTURE(misalignment);
      check(set, one, misalignment);
    }
  });
}

} // namespace

TEST_CASE("kernels: dense, outputs around the width of a vector") {
  for (const std::int64_t o : extents_around_all_lanes()) {
    check({.n = 5, .i = 7, .o = o});
    check({.n = 1, .i = 3, .o = o});
  }
}

TEST_CASE("kernels: dense, numbers of inputs and of pictures") {
  for (const std::int64_t i : {1, 2, 3, 4, 5, 17, 33}) check({.n = 2, .i = i, .o = 10});
  for (const std::int64_t n : {1, 2, 3, 4, 6, 7, 11, 13, 33}) check({.n = n, .i = 6, .o = 19});
}

TEST_CASE("kernels: dense, outputs enough for the long run of a single picture") {
  for (const std::int64_t o : {127, 128, 129, 300}) check({.n = 3, .i = 5, .o = o});
}

TEST_CASE("kernels: dense, the field's network") {
  check({.n = 2, .i = 1024, .o = 128});
  check({.n = 32, .i = 512, .o = 7});
}
