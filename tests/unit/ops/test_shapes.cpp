// SPDX-License-Identifier: Apache-2.0
// Wrong shapes are refused, with a text that says what was expected and what was found.
#include "mien/core/error.hpp"
#include "mien/ops/adam.hpp"
#include "mien/ops/add.hpp"
#include "mien/ops/average_pool2d.hpp"
#include "mien/ops/conv2d.hpp"
#include "mien/ops/dense.hpp"
#include "mien/ops/depthwise_conv2d.hpp"
#include "mien/ops/dropout.hpp"
#include "mien/ops/leaky_relu.hpp"
#include "mien/ops/max_pool2d.hpp"
#include "mien/ops/moving_average.hpp"
#include "mien/ops/relu.hpp"
#include "mien/ops/sgd.hpp"
#include "mien/ops/silu.hpp"
#include "mien/ops/softmax.hpp"
#include "mien/ops/sum_of_squares.hpp"
#include "tests/support/catch.hpp"

#include <array>
#include <vector>

using namespace mien;
using Catch::Matchers::Contains;

namespace {

/// What `f` says when it refuses.
template <class F> std::string refusal(F f) {
  try {
    f();
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

/// A tensor to pass where only the shape matters.
Tensor t(const Shape& shape) { return Tensor(shape); }

std::string conv2d_refusal(const Shape& y, const Shape& x, const Shape& w, const Shape& b, Conv2dOptions options = {}) {
  std::vector<float> scratch(10'000);
  return refusal([&] {
    Tensor out(y);
    conv2d_forward(out, t(x), t(w), t(b), options, scratch, 1);
  });
}

} // namespace

TEST_CASE("conv2d: shapes that do not fit are refused in words") {
  CHECK(conv2d_refusal({2, 3, 3, 4}, {2, 5, 5, 1}, {3, 3, 1, 4}, {4}) == "accepted");
  CHECK(conv2d_refusal({2, 3, 3, 4}, {2, 5, 5, 1}, {3, 3, 1, 4}, {0}) == "accepted"); // no bias
  CHECK(conv2d_refusal({64, 46, 46, 32}, {64, 48, 48, 3}, {3, 3, 1, 32}, {32}) ==
        "conv2d: x has 3 channels, the weights expect 1 (x 64x48x48x3, w 3x3x1x32); turn the image grey first");
  CHECK_THAT(conv2d_refusal({2, 3, 3, 4}, {5, 5, 1}, {3, 3, 1, 4}, {4}), Contains("(N,H,W,C)") && Contains("5x5x1"));
  CHECK_THAT(conv2d_refusal({2, 3, 3, 4}, {2, 2, 5, 1}, {3, 3, 1, 4}, {4}),
             Contains("3x3 does not fit") && Contains("2x5"));
  CHECK_THAT(conv2d_refusal({2, 3, 3, 5}, {2, 5, 5, 1}, {3, 3, 1, 4}, {4}),
             Contains("y is 2x3x3x5, it must be 2x3x3x4"));
  CHECK_THAT(conv2d_refusal({2, 3, 3, 4}, {2, 5, 5, 1}, {3, 3, 1, 4}, {5}), Contains("b is 5, it must be 4"));
  CHECK_THAT(conv2d_refusal({2, 3, 3, 4}, {2, 5, 5, 1}, {3, 3, 1, 4}, {4}, {.strides = {0, 1}}),
             Contains("strides (0, 1)"));
}

TEST_CASE("conv2d: derivatives of other shapes, and too little scratch, are refused") {
  const Shape x{2, 5, 5, 1}, w{3, 3, 1, 4}, y{2, 3, 3, 4}, b{4};
  const Conv2dOptions same{.padding = Padding::same}; // which needs scratch, whatever the kernel set but the reference
  std::vector<float> scratch(10'000), none;
  Tensor dx(x), dw(w), db(b), db5(Shape{5}), out(Shape{2, 5, 5, 4});
  Tensor dy(y), dy_like_x(x);
  CHECK_NOTHROW(conv2d_backward({.dx = dx, .dw = dw, .db = db}, dy, t(x), t(y), t(w), {}, scratch, 1));
  const auto backward = [&](const Conv2dGradients& to, View<float> gradient, const Shape& picture) {
    return refusal([&] { conv2d_backward(to, gradient, t(picture), t(y), t(w), {}, scratch, 1); });
  };
  CHECK_THAT(backward({.dx = dx}, dy_like_x, x), Contains("dy is 2x5x5x1"));
  CHECK_THAT(backward({.dx = dy}, dy, x), Contains("dx is 2x3x3x4, it must be 2x5x5x1"));
  CHECK_THAT(backward({.dw = dx}, dy, x), Contains("dw is 2x5x5x1, it must be 3x3x1x4"));
  CHECK_THAT(backward({.dw = dw, .db = db5}, dy, x), Contains("db is 5"));
  CHECK_THAT(refusal([&] { conv2d_forward(dy, t(x), t(w), t(b), {.algorithm = "fast"}, scratch, 1); }),
             Contains("no algorithm \"fast\"") && Contains("winograd-4x4, winograd-2x2, narrow, direct, reference"));
  CHECK_THAT(refusal([&] { conv2d_forward(dy, t(x), t(w), t(b), {.max_pool = true}, scratch, 1); }),
             Contains("cannot pool"));
  if (conv2d_scratch(x, w, same).floats(1) > 0) {
    CHECK_THAT(refusal([&] { conv2d_forward(out, t(x), t(w), t(b), same, none, 1); }),
               Contains("0 floats of scratch") && Contains("conv2d_scratch"));
  }
}

TEST_CASE("depthwise_conv2d: shapes that do not fit are refused in words") {
  const Shape x{2, 5, 5, 3}, w{3, 3, 3, 1}, y{2, 3, 3, 3};
  Tensor out(y), dx(x), dw(w), db(Shape{3}), db4(Shape{4});
  const auto forward = [&](const Shape& picture, const Shape& filter, const Shape& b,
                           DepthwiseConv2dOptions options = {}) {
    return refusal([&] { depthwise_conv2d_forward(out, t(picture), t(filter), t(b), options, 1); });
  };
  CHECK(forward(x, w, {3}) == "accepted");
  CHECK(forward(x, w, {0}) == "accepted"); // no bias
  CHECK(forward(x, {3, 3, 3, 2}, {3}) ==
        "depthwise_conv2d: x must be (N,H,W,C) and w (R,S,C,1) (x 2x5x5x3, w 3x3x3x2)");
  CHECK_THAT(forward(x, {3, 3, 4, 1}, {3}), Contains("x has 3 channels, the weights expect 4"));
  CHECK_THAT(forward({2, 2, 5, 3}, w, {3}), Contains("3x3 does not fit") && Contains("2x5"));
  CHECK_THAT(forward({2, 6, 5, 3}, w, {3}), Contains("y is 2x3x3x3, it must be 2x4x3x3"));
  CHECK_THAT(forward(x, w, {4}), Contains("b is 4, it must be 3"));
  CHECK_THAT(forward(x, w, {3}, {.strides = {1, 0}}), Contains("strides (1, 0)"));
  CHECK_NOTHROW(depthwise_conv2d_backward_data(dx, t(y), t(w), {}, 1));
  CHECK_NOTHROW(depthwise_conv2d_backward_filter(dw, db, t(x), t(y), {}, 1));
  CHECK_THAT(refusal([&] { depthwise_conv2d_backward_data(dx, t(x), t(w), {}, 1); }), Contains("dy is 2x5x5x3"));
  CHECK_THAT(refusal([&] { depthwise_conv2d_backward_filter(dw, db, t(x), t(x), {}, 1); }), Contains("dy is 2x5x5x3"));
  CHECK_THAT(refusal([&] { depthwise_conv2d_backward_filter(dw, db4, t(x), t(y), {}, 1); }), Contains("db is 4"));
}

TEST_CASE("max_pool2d: shapes that do not fit are refused in words") {
  Tensor y(Shape{1, 2, 2, 3}), dx(Shape{1, 5, 4, 3});
  CHECK_NOTHROW(max_pool2d_forward(y, t({1, 5, 4, 3}), {}, 1));
  CHECK_NOTHROW(max_pool2d_backward(dx, t({1, 5, 4, 3}), t({1, 2, 2, 3}), {}, 1));
  CHECK_THAT(refusal([&] { max_pool2d_forward(y, t({5, 4, 3}), {}, 1); }), Contains("(N,H,W,C)"));
  CHECK_THAT(refusal([&] {
               max_pool2d_forward(y, t({1, 6, 4, 3}), {}, 1);
             }),
             Contains("1x2x2x3") && Contains("1x3x2x3"));
  CHECK_THAT(refusal([&] { max_pool2d_forward(y, t({1, 1, 4, 3}), {}, 1); }), Contains("2x2 does not fit"));
  CHECK_THAT(refusal([&] { max_pool2d_forward(y, t({1, 5, 4, 3}), {.strides = {2, 0}}, 1); }), Contains("(2, 0)"));
  CHECK_THAT(refusal([&] { max_pool2d_backward(dx, t({1, 4, 4, 3}), t({1, 2, 2, 3}), {}, 1); }), Contains("1x5x4x3"));
}

TEST_CASE("average_pool2d: shapes that do not fit are refused in words") {
  Tensor y(Shape{1, 2, 2, 3}), dx(Shape{1, 5, 4, 3}), means(Shape{1, 3});
  CHECK_NOTHROW(average_pool2d_forward(y, t({1, 5, 4, 3}), {}, 1));
  CHECK_NOTHROW(average_pool2d_backward(dx, t({1, 2, 2, 3}), {}, 1));
  CHECK(refusal([&] {
          average_pool2d_forward(y, t({5, 4, 3}), {}, 1);
        }) == "average_pool2d: x must be (N,H,W,C) (x 5x4x3)");
  CHECK(refusal([&] {
          average_pool2d_forward(y, t({1, 6, 4, 3}), {}, 1);
        }) == "average_pool2d: y is 1x2x2x3, it must be 1x3x2x3");
  CHECK_THAT(refusal([&] { average_pool2d_forward(y, t({1, 1, 4, 3}), {}, 1); }), Contains("2x2 does not fit"));
  CHECK_THAT(refusal([&] {
               average_pool2d_forward(y, t({1, 5, 4, 3}), {.pool_size = {0, 2}}, 1);
             }),
             Contains("pool size (0, 2)"));
  CHECK_THAT(refusal([&] { average_pool2d_backward(dx, t({1, 2, 1, 3}), {}, 1); }), Contains("dy is 1x2x1x3"));
  CHECK_NOTHROW(global_average_pool2d_forward(means, t({1, 5, 4, 3}), 1));
  CHECK_NOTHROW(global_average_pool2d_backward(dx, t({1, 3}), 1));
  CHECK(refusal([&] {
          global_average_pool2d_forward(means, t({5, 4, 3}), 1);
        }) == "global_average_pool2d: x must be (N,H,W,C) (x 5x4x3)");
  CHECK(refusal([&] {
          global_average_pool2d_forward(means, t({2, 5, 4, 3}), 1);
        }) == "global_average_pool2d: y is 1x3, it must be 2x3");
  CHECK_THAT(refusal([&] { global_average_pool2d_backward(dx, t({1, 4}), 1); }), Contains("dy is 1x4"));
  CHECK_THAT(refusal([&] { global_average_pool2d_forward(means, t({1, 0, 4, 3}), 1); }), Contains("at least 1"));
}

TEST_CASE("dense: shapes that do not fit are refused in words") {
  Tensor y(Shape{2, 4}), dx(Shape{2, 3}), dw(Shape{3, 4}), db(Shape{4}), db3(Shape{3});
  CHECK_NOTHROW(dense_forward(y, t({2, 3}), t({3, 4}), t({4}), false, 1));
  CHECK_NOTHROW(dense_forward(y, t({2, 3}), t({3, 4}), t({0}), false, 1)); // no bias
  CHECK_THAT(refusal([&] {
               dense_forward(y, t({2, 5}), t({3, 4}), t({4}), false, 1);
             }),
             Contains("2x5") && Contains("3x4"));
  CHECK_THAT(refusal([&] {
               dense_forward(y, t({2, 3}), t({3, 4}), t({3}), false, 1);
             }),
             Contains("bias is 3, it must be 4"));
  CHECK_THAT(refusal([&] { dense_backward_data(dx, t({2, 3}), t({3, 4}), 1); }), Contains("3x4"));
  CHECK_THAT(refusal([&] { dense_backward_kernel(dw, db, t({2, 3}), t({1, 4}), 1); }), Contains("1x4"));
  CHECK_THAT(refusal([&] { dense_backward_kernel(dw, db3, t({2, 3}), t({2, 4}), 1); }), Contains("3, it must be 4"));
}

TEST_CASE("relu, dropout and adam: tensors that do not agree are refused in words") {
  Tensor y(Shape{2, 3});
  const std::vector<std::uint32_t> samples{0, 1};
  const DropoutStream stream{.samples = samples};
  CHECK_THAT(refusal([&] { relu_forward(y, t({3, 2}), 1); }), Contains("2x3") && Contains("3x2"));
  CHECK_THAT(refusal([&] { relu_backward(y, t({2, 3}), t({6}), 1); }), Contains("2x3") && Contains("dy is 6"));
  CHECK_NOTHROW(dropout(y, t({2, 3}), 0.5f, stream, 1));
  CHECK_THAT(refusal([&] { dropout(y, t({3, 2}), 0.5f, stream, 1); }), Contains("2x3") && Contains("3x2"));
  CHECK_THAT(refusal([&] { dropout(y, t({2, 3}), 1.0f, stream, 1); }), Contains("rate is 1"));
  CHECK_THAT(refusal([&] { dropout(y, t({2, 3}), -0.1f, stream, 1); }), Contains("rate is -0.1"));
  Tensor three(Shape{3, 3});
  CHECK_THAT(refusal([&] { dropout(three, t({3, 3}), 0.5f, stream, 1); }), Contains("2 sample numbers given for 3"));
  Tensor m(Shape{2, 3}), v(Shape{6});
  CHECK_THAT(refusal([&] { adam(y, m, v, t({2, 3}), {}, 1); }), Contains("v 6"));
  CHECK_THAT(refusal([&] { sgd(y, v, t({2, 3}), {}, 1); }), Contains("b 6"));
  CHECK_THAT(refusal([&] { moving_average(y, v, 0.1f, 1); }), Contains("x is 6"));
  CHECK_THAT(refusal([&] { sum_of_squares(y, {}, 1); }), Contains("needs 1"));
}

TEST_CASE("add, leaky_relu and silu: tensors that do not agree are refused in words") {
  Tensor y(Shape{2, 3});
  const Tensor a(Shape{2, 3}), b(Shape{3, 2});
  CHECK_THAT(refusal([&] {
               add_forward(y, std::vector<View<const float>>{a, b}, 1);
             }),
             Contains("y is 2x3") && Contains("3x2"));
  CHECK_THAT(refusal([&] { add_forward(y, std::vector<View<const float>>{a}, 1); }), Contains("at least 2"));
  CHECK_THAT(refusal([&] { add_backward(std::vector<View<float>>{y}, b, 1); }), Contains("dy is 3x2"));
  CHECK_THAT(refusal([&] { leaky_relu_forward(y, b, 0.3f, 1); }), Contains("2x3") && Contains("3x2"));
  CHECK_THAT(refusal([&] { leaky_relu_backward(y, a, b, 0.3f, 1); }), Contains("dy is 3x2"));
  CHECK_THAT(refusal([&] { leaky_relu_forward(y, a, -0.3f, 1); }), Contains("slope is -0.3"));
  CHECK_THAT(refusal([&] { leaky_relu_backward(y, a, a, -0.3f, 1); }), Contains("at least 0"));
  CHECK_THAT(refusal([&] { silu_forward(y, b, 1); }), Contains("2x3") && Contains("3x2"));
  CHECK_THAT(refusal([&] { silu_backward(y, b, a, 1); }), Contains("x is 3x2"));
}

TEST_CASE("softmax: shapes and labels that do not fit are refused in words") {
  Tensor y(Shape{2, 7});
  const std::vector<std::int32_t> labels{0, 6}, wrong{0, 7}, negative{-1, 0}, few{0};
  CHECK_NOTHROW(softmax(y, t({2, 7})));
  CHECK_THAT(refusal([&] { softmax(y, t({7, 2})); }), Contains("2x7") && Contains("7x2"));
  CHECK_THAT(refusal([&] { softmax(y, t({14})); }), Contains("(N,K)"));
  CHECK_NOTHROW(softmax_cross_entropy(y, t({2, 7}), labels, 1));
  CHECK_NOTHROW(softmax_cross_entropy({}, t({2, 7}), labels, 1)); // the loss alone
  CHECK_THAT(refusal([&] {
               softmax_cross_entropy(y, t({2, 7}), wrong, 1);
             }),
             Contains("label 7") && Contains("0 to 6"));
  CHECK_THAT(refusal([&] { softmax_cross_entropy(y, t({2, 7}), negative, 1); }), Contains("label -1"));
  CHECK_THAT(refusal([&] { softmax_cross_entropy(y, t({2, 7}), few, 1); }), Contains("1 labels"));
  const std::vector<float> three(3);
  CHECK_NOTHROW(soft_cross_entropy(y, t({2, 7}), t({2, 7}), {}, 1));
  CHECK_THAT(refusal([&] { soft_cross_entropy(y, t({2, 7}), t({2, 6}), {}, 1); }), Contains("targets 2x6"));
  CHECK_THAT(refusal([&] { soft_cross_entropy(y, t({2, 7}), t({2, 7}), three, 1); }), Contains("3 weights"));
}

TEST_CASE("conv2d: what a batch needs is enough for an epoch's last, shorter one") {
  for (const auto& algorithm : conv2d_algorithms()) {
    for (const auto& [side, c, k] :
         {std::array{48, 1, 32}, {24, 32, 64}, {12, 64, 128}, {12, 128, 128}, {6, 256, 256}}) {
      const Shape w{3, 3, c, k};
      const Conv2dOptions options{.padding = Padding::same, .algorithm = algorithm.name};
      const auto full = conv2d_scratch({64, side, side, c}, w, options, true);
      for (std::int64_t n = 1; n < 64; ++n) {
        const auto part = conv2d_scratch({n, side, side, c}, w, options, true);
        INFO(algorithm.name << ", " << n << " pictures of " << side << "x" << side << ", " << c << " to " << k);
        CHECK(part.floats(2) <= full.floats(2));
      }
    }
  }
}
