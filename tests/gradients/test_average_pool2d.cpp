// SPDX-License-Identifier: Apache-2.0
#include "mien/reference/average_pool2d.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/derivative.hpp"
#include "tests/support/pooling.hpp"
#include "tests/support/random.hpp"

using namespace mien;
using namespace mien::test;

TEST_CASE("average_pool2d: backward is the derivative of forward, for windows that tile, overlap and leave gaps") {
  for (const PoolExtents& e :
       {pool_extents(4, 6, 3, 2, 2, 2), pool_extents(5, 7, 3, 2, 2, 2), pool_extents(6, 5, 3, 3, 2, 1),
        pool_extents(7, 7, 3, 3, 3, 2), pool_extents(5, 5, 3, 1, 1, 2), pool_extents(3, 4, 3, 3, 4, 1)}) {
    CAPTURE(e.h, e.w, e.r, e.s, e.stride_h);
    auto x = random_values<double>(e.n * e.h * e.w * e.c, 1);
    std::vector<double> y(static_cast<std::size_t>(e.n * e.p * e.q * e.c));
    const auto dy = random_values<double>(e.n * e.p * e.q * e.c, 2);
    const auto loss = [&] {
      reference::average_pool2d_forward(y.data(), x.data(), e);
      return weighted_sum(dy, y);
    };
    std::vector<double> dx(x.size(), 7); // overwritten
    reference::average_pool2d_backward(dx.data(), dy.data(), e);
    CHECK(is_derivative(dx, x, 0.5, loss));
  }
}

TEST_CASE("average_pool2d: means worked out by hand, of windows and of the whole picture") {
  const std::vector<double> x{1, 10, 2, 20, 6, 30, 7, 80}; // two channels of 2 x 2
  std::vector<double> y(2);
  reference::average_pool2d_forward(y.data(), x.data(), {.h = 2, .w = 2, .c = 2});
  CHECK(y == std::vector<double>{4, 35});
  y.resize(4);
  reference::average_pool2d_forward(
      y.data(), x.data(), {.h = 2, .w = 2, .c = 2, .r = 1, .s = 2, .stride_h = 1, .stride_w = 1, .p = 2, .q = 1});
  CHECK(y == std::vector<double>{1.5, 15, 6.5, 55});
}
