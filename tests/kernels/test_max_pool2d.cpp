// SPDX-License-Identifier: Apache-2.0
#include "mien/reference/max_pool2d.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/guarded.hpp"
#include "tests/support/kernel_sets.hpp"
#include "tests/support/pooling.hpp"
#include "tests/support/random.hpp"

#include <algorithm>
#include <cmath>

using namespace mien;
using namespace mien::test;

namespace {

void check(const PoolExtents& e, const std::vector<float>& values) {
  CAPTURE(e.n, e.h, e.w, e.c, e.r, e.s, e.stride_h, e.stride_w);
  // small whole numbers: their sums are exact, in whatever order
  auto derivatives = random_values(e.n * e.p * e.q * e.c, 2, 1, 100);
  for (float& value : derivatives) value = std::floor(value);
  std::vector<float> expected_y(derivatives.size()), expected_dx(values.size());
  reference::max_pool2d_forward(expected_y.data(), values.data(), e);
  reference::max_pool2d_backward(expected_dx.data(), values.data(), derivatives.data(), e);

  for_each_kernel_set([&](const KernelSet& set) {
    for (std::size_t misalignment = 0; misalignment < 4; ++misalignment) {
      CAPTURE(misalignment);
      Guarded<float> x(values, misalignment), dy(derivatives, misalignment + 1);
      Guarded<float> y(expected_y.size(), 7.0f, misalignment + 2), dx(values.size(), 7.0f, misalignment + 3);
      set.max_pool_forward(y.data(), x.data(), e);
      set.max_pool_backward(dx.data(), x.data(), dy.data(), e);
      CHECK(std::ranges::equal(y.values(), expected_y));
      CHECK(std::ranges::equal(dx.values(), expected_dx));
      CHECK((x.intact() && y.intact() && dy.intact() && dx.intact()));
    }
  });
}

void check(std::int64_t h, std::int64_t w, std::int64_t c, std::int64_t r, std::int64_t s, std::int64_t stride) {
  const PoolExtents e = pool_extents(h, w, c, r, s, stride);
  check(e, random_values(e.n * h * w * c, 1));
  auto ties = random_values(e.n * h * w * c, 1, -2, 2);
  for (float& value : ties) value = std::floor(value);
  check(e, ties); // many equal maxima: the first takes the derivative
}

} // namespace

TEST_CASE("kernels: max pooling is the reference's, bit for bit, for channels around the width of a vector") {
  for (const std::int64_t channels : extents_around_all_lanes()) check(4, 5, channels, 2, 2, 2);
}

TEST_CASE("kernels: max pooling is the reference's, bit for bit, for windows that tile, overlap and leave gaps") {
  check(7, 7, 3, 2, 2, 2);
  check(6, 5, 9, 3, 2, 1);
  check(7, 9, 5, 3, 3, 2);
  check(5, 5, 4, 1, 1, 2);
  check(3, 3, 2, 3, 3, 1);
}

TEST_CASE("kernels: max pooling is the reference's, bit for bit, for rows of the field's network") {
  check(2, 44, 64, 2, 2, 2);
  check(3, 20, 128, 2, 2, 2);
  check(8, 8, 256, 2, 2, 2);
}
