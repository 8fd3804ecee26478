// SPDX-License-Identifier: Apache-2.0
#include "mien/reference/dense.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/derivative.hpp"
#include "tests/support/random.hpp"

using namespace mien;
using namespace mien::test;

TEST_CASE("dense: backward is the derivative of forward") {
  for (const DenseExtents e : {DenseExtents{.n = 1, .i = 1, .o = 1}, DenseExtents{.n = 3, .i = 5, .o = 7},
                               DenseExtents{.n = 2, .i = 17, .o = 4}}) {
    CAPTURE(e.n, e.i, e.o);
    auto x = random_values<double>(e.n * e.i, 1);
    auto w = random_values<double>(e.i * e.o, 2);
    auto b = random_values<double>(e.o, 3);
    std::vector<double> y(static_cast<std::size_t>(e.n * e.o));
    const auto dy = random_values<double>(e.n * e.o, 4);
    const auto loss = [&] {
      reference::dense_forward(y.data(), x.data(), w.data(), b.data(), e);
      return weighted_sum(dy, y);
    };

    std::vector<double> dx(x.size(), 7), dw(w.size()), db(b.size()); // dx is overwritten
    reference::dense_backward_data(dx.data(), dy.data(), w.data(), e);
    reference::dense_backward_filter(dw.data(), x.data(), dy.data(), e);
    reference::dense_backward_bias(db.data(), dy.data(), e);
    CHECK(is_derivative(dx, x, 0.5, loss));
    CHECK(is_derivative(dw, w, 0.5, loss));
    CHECK(is_derivative(db, b, 0.5, loss));

    auto twice = dw; // dw and db are added to
    reference::dense_backward_filter(twice.data(), x.data(), dy.data(), e);
    reference::dense_backward_bias(db.data(), dy.data(), e);
    for (double& value : dw) value *= 2;
    CHECK(close<double>(twice, dw, {.c = 16, .epsilon = double_epsilon}));
    for (double& value : db) value /= 2;
    CHECK(is_derivative(db, b, 0.5, loss));
  }
}

TEST_CASE("dense: a product worked out by hand") {
  const std::vector<double> x{1, 2, 3}, w{1, 10, 100, 1000, 10000, 100000}, b{0.5, 0.25};
  std::vector<double> y(2);
  reference::dense_forward(y.data(), x.data(), w.data(), b.data(), {.i = 3, .o = 2});
  CHECK(y == std::vector<double>{30201.5, 302010.25});
}
