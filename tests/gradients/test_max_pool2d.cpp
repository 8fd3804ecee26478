// SPDX-License-Identifier: Apache-2.0
#include "mien/reference/max_pool2d.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/derivative.hpp"
#include "tests/support/pooling.hpp"
#include "tests/support/random.hpp"

using namespace mien;
using namespace mien::test;

TEST_CASE("max_pool2d: backward is the derivative of forward, where no window has two maxima") {
  for (const PoolExtents& e :
       {pool_extents(4, 6, 3, 2, 2, 2), pool_extents(5, 7, 3, 2, 2, 2), pool_extents(6, 5, 3, 3, 2, 1),
        pool_extents(7, 7, 3, 3, 3, 2), pool_extents(5, 5, 3, 1, 1, 2), pool_extents(3, 3, 3, 3, 3, 1)}) {
    CAPTURE(e.h, e.w, e.r, e.s, e.stride_h);
    auto x = distinct_values(e.n * e.h * e.w * e.c, 1, 0.25); // further apart than two steps
    std::vector<double> y(static_cast<std::size_t>(e.n * e.p * e.q * e.c));
    const auto dy = random_values<double>(e.n * e.p * e.q * e.c, 2);
    const auto loss = [&] {
      reference::max_pool2d_forward(y.data(), x.data(), e);
      return weighted_sum(dy, y);
    };
    std::vector<double> dx(x.size(), 7); // overwritten
    reference::max_pool2d_backward(dx.data(), x.data(), dy.data(), e);
    CHECK(is_derivative(dx, x, 0.1, loss));
  }
}

TEST_CASE("max_pool2d: of equal maxima the first, row by row, takes the derivative") {
  const std::vector<float> x{1, 5, 5, 5}, dy{3};
  std::vector<float> y(1), dx(4);
  const PoolExtents e{.h = 2, .w = 2};
  reference::max_pool2d_forward(y.data(), x.data(), e);
  reference::max_pool2d_backward(dx.data(), x.data(), dy.data(), e);
  CHECK(y == std::vector<float>{5});
  CHECK(dx == std::vector<float>{0, 3, 0, 0});
}

TEST_CASE("max_pool2d: where windows overlap, derivatives add up") {
  const std::vector<float> x{0, 9, 0}, dy{3, 4};
  std::vector<float> dx(3);
  reference::max_pool2d_backward(dx.data(), x.data(), dy.data(),
                                 {.h = 1, .w = 3, .r = 1, .s = 2, .stride_h = 1, .stride_w = 1, .p = 1, .q = 2});
  CHECK(dx == std::vector<float>{0, 7, 0});
}
