// SPDX-License-Identifier: Apache-2.0
#include "mien/reference/average_pool2d.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/close.hpp"
#include "tests/support/guarded.hpp"
#include "tests/support/kernel_sets.hpp"
#include "tests/support/pooling.hpp"
#include "tests/support/random.hpp"

using namespace mien;
using namespace mien::test;

namespace {

void check(const PoolExtents& e) {
  CAPTURE(e.n, e.h, e.w, e.c, e.r, e.s, e.stride_h, e.stride_w);
  const auto values = random_values(e.n * e.h * e.w * e.c, 1), derivatives = random_values(e.n * e.p * e.q * e.c, 2);
  std::vector<double> expected_y(derivatives.size()), bounds_y(derivatives.size());
  std::vector<double> expected_dx(values.size()), bounds_dx(values.size());
  reference::average_pool2d_forward(expected_y.data(), widened(values).data(), e);
  reference::average_pool2d_forward(bounds_y.data(), magnitudes(values).data(), e);
  reference::average_pool2d_backward(expected_dx.data(), widened(derivatives).data(), e);
  reference::average_pool2d_backward(bounds_dx.data(), magnitudes(derivatives).data(), e);

  for_each_kernel_set([&](const KernelSet& set) {
    for (std::size_t misalignment = 0; misalignment < 4; ++misalignment) {
      CAPTURE(misalignment);
      Guarded<float> x(values, misalignment), dy(derivatives, misalignment + 1);
      Guarded<float> y(expected_y.size(), 7.0f, misalignment + 2), dx(values.size(), 7.0f, misalignment + 3);
      set.average_pool_forward(y.data(), x.data(), e);
      set.average_pool_backward(dx.data(), dy.data(), e);
      CHECK(close<float>(y.values(), expected_y, bounds_y, {.c = 8}));
      CHECK(close<float>(dx.values(), expected_dx, bounds_dx, {.c = 8}));
      CHECK((x.intact() && y.intact() && dy.intact() && dx.intact()));
    }
  });
}

} // namespace

TEST_CASE("kernels: average pooling, for channels around the width of a vector") {
  for (const std::int64_t channels : extents_around_all_lanes()) {
    check(pool_extents(4, 5, channels, 2, 2, 2));
    check(pool_extents(3, 2, channels, 3, 2, 1)); // the whole picture
  }
}

TEST_CASE("kernels: average pooling, for windows that tile, overlap and leave gaps") {
  check(pool_extents(7, 7, 3, 2, 2, 2));
  check(pool_extents(6, 5, 9, 3, 2, 1));
  check(pool_extents(7, 9, 5, 3, 3, 2));
  check(pool_extents(5, 5, 4, 1, 1, 2));
}

TEST_CASE("kernels: average pooling, for whole pictures of real networks") {
  check(pool_extents(3, 3, 256, 3, 3, 1));
  check(pool_extents(6, 6, 128, 6, 6, 1));
  check(pool_extents(12, 12, 37, 12, 12, 1));
}
