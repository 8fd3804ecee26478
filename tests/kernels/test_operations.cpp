// SPDX-License-Identifier: Apache-2.0
// Operations on tensors large enough to be cut into pieces, with every kernel set and number of threads.
#include "mien/ops/adam.hpp"
#include "mien/ops/average_pool2d.hpp"
#include "mien/ops/dense.hpp"
#include "mien/ops/dropout.hpp"
#include "mien/ops/max_pool2d.hpp"
#include "mien/ops/relu.hpp"
#include "mien/reference/adam.hpp"
#include "mien/reference/average_pool2d.hpp"
#include "mien/reference/dense.hpp"
#include "mien/reference/dropout.hpp"
#include "mien/reference/max_pool2d.hpp"
#include "mien/reference/relu.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/close.hpp"
#include "tests/support/kernel_sets.hpp"
#include "tests/support/random.hpp"

#include <algorithm>

using namespace mien;
using namespace mien::test;

namespace {

constexpr std::int64_t many = 40'007; // some pieces, and a rest that is no whole vector

View<const float> view(const std::vector<float>& values, const Shape& shape) { return {values.data(), shape}; }
View<float> view(std::vector<float>& values, const Shape& shape) { return {values.data(), shape}; }

} // namespace

TEST_CASE("operations: relu on many elements is the reference's, bit for bit") {
  const auto x = random_values(many, 1), dy = random_values(many, 2);
  const Shape shape{many};
  auto expected_y = x, expected_dx = x;
  reference::relu_forward(expected_y.data(), x.data(), many);
  reference::relu_backward(expected_dx.data(), expected_y.data(), dy.data(), many);
  for_each_set_and_threads([&](int threads) {
    std::vector<float> y(x.size()), dx(x.size());
    relu_forward(view(y, shape), view(x, shape), threads);
    relu_backward(view(dx, shape), view(y, shape), view(dy, shape), threads);
    CHECK(y == expected_y);
    CHECK(dx == expected_dx);
  });
}

TEST_CASE("operations: dropout on a batch takes each picture's own stream") {
  constexpr std::int64_t size = 1003;
  const std::vector<std::uint32_t> samples{7, 3, 1000};
  const auto x = random_values(3 * size, 1);
  for (const float rate : {0.1f, 0.5f}) {
    const DropoutStream stream{.seed = 1, .layer = 2, .epoch = 3, .samples = samples};
    std::vector<float> expected(x.size());
    for (std::size_t n = 0; n < 3; ++n) {
      const auto at = static_cast<std::int64_t>(n) * size;
      const Rng draws(1, of_layer(Purpose::dropout, 2), 3, samples[n]);
      reference::dropout_forward(expected.data() + at, x.data() + at, size, rate, draws.key(), draws.counter());
    }
    for_each_set_and_threads([&](int threads) {
      std::vector<float> y(x.size());
      dropout(view(y, {3, size}), view(x, {3, size}), rate, stream, threads);
      CHECK(y == expected);
    });
  }
}

TEST_CASE("operations: max pooling on a batch is the reference's, bit for bit") {
  const PoolExtents e{.n = 5, .h = 9, .w = 8, .c = 19, .p = 4, .q = 4};
  const auto x = random_values(e.n * e.h * e.w * e.c, 1), dy = random_values(e.n * e.p * e.q * e.c, 2);
  std::vector<float> expected_y(dy.size()), expected_dx(x.size());
  reference::max_pool2d_forward(expected_y.data(), x.data(), e);
  reference::max_pool2d_backward(expected_dx.data(), x.data(), dy.data(), e);
  const Shape in{e.n, e.h, e.w, e.c}, out{e.n, e.p, e.q, e.c};
  CHECK(pool2d_extents("max_pool2d", in, {}) == e);
  for_each_set_and_threads([&](int threads) {
    std::vector<float> y(dy.size()), dx(x.size(), 7.0f);
    max_pool2d_forward(view(y, out), view(x, in), {}, threads);
    max_pool2d_backward(view(dx, in), view(x, in), view(dy, out), {}, threads);
    CHECK(y == expected_y);
    CHECK(dx == expected_dx);
  });
}

TEST_CASE("operations: average pooling on a batch, of windows and of whole pictures, is close to the reference") {
  const PoolExtents windows{.n = 5, .h = 9, .w = 8, .c = 19, .p = 4, .q = 4};
  const PoolExtents whole{.n = 5, .h = 9, .w = 8, .c = 19, .r = 9, .s = 8, .stride_h = 1, .stride_w = 1};
  const auto x = random_values(5 * 9 * 8 * 19, 1);
  const Shape in{5, 9, 8, 19};
  for (const PoolExtents& e : {windows, whole}) {
    CAPTURE(e.r, e.s);
    const auto dy = random_values(e.n * e.p * e.q * e.c, 2);
    std::vector<double> expected_y(dy.size()), bounds_y(dy.size()), expected_dx(x.size()), bounds_dx(x.size());
    reference::average_pool2d_forward(expected_y.data(), widened(x).data(), e);
    reference::average_pool2d_forward(bounds_y.data(), magnitudes(x).data(), e);
    reference::average_pool2d_backward(expected_dx.data(), widened(dy).data(), e);
    reference::average_pool2d_backward(bounds_dx.data(), magnitudes(dy).data(), e);
    std::vector<float> first_y;
    for_each_set_and_threads([&](int threads) {
      std::vector<float> y(dy.size()), dx(x.size(), 7.0f);
      if (e == whole) {
        global_average_pool2d_forward(view(y, {e.n, e.c}), view(x, in), threads);
        global_average_pool2d_backward(view(dx, in), view(dy, {e.n, e.c}), threads);
      } else {
        const Shape out{e.n, e.p, e.q, e.c};
        average_pool2d_forward(view(y, out), view(x, in), {}, threads);
        average_pool2d_backward(view(dx, in), view(dy, out), {}, threads);
      }
      CHECK(close<float>(y, expected_y, bounds_y, {.c = 8}));
      CHECK(close<float>(dx, expected_dx, bounds_dx, {.c = 4}));
      if (threads == 1) first_y = y;
      CHECK(y == first_y);
    });
  }
}

TEST_CASE("operations: dense layers cut into shares are close to the reference and the same for any threads") {
  const DenseExtents e{.n = 9, .i = 130, .o = 203};
  const auto x = random_values(e.n * e.i, 1), w = random_values(e.i * e.o, 2), b = random_values(e.o, 3);
  const auto dy = random_values(e.n * e.o, 4);
  const Shape in{e.n, e.i}, weights{e.i, e.o}, bias{e.o}, out{e.n, e.o};
  struct Outputs {
    std::vector<double> y, dx, dw, db;
  };
  const auto reference_of = [&](const auto& as) { // dw starts as w, db as b: they are added to
    Outputs o{as(dy), as(x), as(w), as(b)};
    reference::dense_forward(o.y.data(), as(x).data(), as(w).data(), as(b).data(), e);
    reference::dense_backward_data(o.dx.data(), as(dy).data(), as(w).data(), e);
    reference::dense_backward_filter(o.dw.data(), as(x).data(), as(dy).data(), e);
    reference::dense_backward_bias(o.db.data(), as(dy).data(), e);
    return o;
  };
  const Outputs expected = reference_of([](const std::vector<float>& v) { return widened(v); });
  const Outputs bounds = reference_of([](const std::vector<float>& v) { return magnitudes(v); });
  std::vector<float> first_dw;
  for_each_set_and_threads([&](int threads) {
    std::vector<float> y(dy.size()), rectified(dy.size()), dx(x.size()), dw = w, db = b;
    dense_forward(view(y, out), view(x, in), view(w, weights), view(b, bias), false, threads);
    dense_forward(view(rectified, out), view(x, in), view(w, weights), view(b, bias), true, threads);
    dense_backward_data(view(dx, in), view(dy, out), view(w, weights), threads);
    dense_backward_kernel(view(dw, weights), view(db, bias), view(x, in), view(dy, out), threads);
    CHECK(close<float>(y, expected.y, bounds.y, {.c = 8}));
    CHECK(close<float>(dx, expected.dx, bounds.dx, {.c = 8}));
    CHECK(close<float>(dw, expected.dw, bounds.dw, {.c = 8}));
    CHECK(close<float>(db, expected.db, bounds.db, {.c = 8}));
    CHECK(std::ranges::equal(rectified, y, [](float relu, float sum) { return relu == std::max(0.0f, sum); }));
    if (threads == 1) first_dw = dw;
    CHECK(dw == first_dw);
  });
}

TEST_CASE("operations: a step of Adam on many elements is the same for any threads") {
  const auto w = random_values(many, 1), dw = random_values(many, 2);
  const Shape shape{many};
  const AdamStep step = adam_step({}, 3);
  auto expected_w = widened(w);
  std::vector<double> expected_m(w.size()), expected_v(w.size());
  reference::adam(expected_w.data(), expected_m.data(), expected_v.data(), widened(dw).data(), many, step);
  std::vector<float> first_w;
  for_each_set_and_threads([&](int threads) {
    auto moved = w;
    std::vector<float> m(w.size()), v(w.size());
    adam(view(moved, shape), view(m, shape), view(v, shape), view(dw, shape), step, threads);
    CHECK(close<float>(moved, expected_w, Bound{.c = 4}));
    CHECK(close<float>(m, expected_m, magnitudes(expected_m), Bound{.c = 4}));
    CHECK(close<float>(v, expected_v, expected_v, Bound{.c = 4}));
    if (threads == 1) first_w = moved;
    CHECK(moved == first_w);
  });
}
