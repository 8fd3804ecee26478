// SPDX-License-Identifier: Apache-2.0
// A convolution with rectifier, pooling and dropout in one pass, against the same operations one after the other: the
// same bits, both ways.
#include "mien/ops/conv2d.hpp"
#include "mien/ops/dropout.hpp"
#include "mien/ops/max_pool2d.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/guarded.hpp"
#include "tests/support/kernel_sets.hpp"
#include "tests/support/random.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

using namespace mien;
using namespace mien::test;

namespace {

constexpr float rate = 0.25f;

struct Case {
  Shape x, w;
  Conv2dOptions options;
  bool dropout;
};

/// Inputs and every output: y and dx are overwritten, dw and db begin as w and b.
struct Run {
  Shape x_shape, w_shape, b_shape, sum_shape, y_shape;
  Guarded<float> x, w, b, dy, y, dx, dw, db, scratch;
  std::vector<std::uint32_t> samples;

  Run(const Case& one, int threads, std::size_t misalignment)
      : x_shape(one.x), w_shape(one.w), b_shape{one.w[3]}, sum_shape(shape_of(one, false)),
        y_shape(shape_of(one, true)), x(random_values(x_shape.size(), 1), misalignment),
        w(random_values(w_shape.size(), 2), misalignment + 1), b(random_values(b_shape.size(), 3), misalignment + 2),
        dy(random_values(y_shape.size(), 4), misalignment + 3),
        y(static_cast<std::size_t>(y_shape.size()), 7.0f, misalignment), dx(x.values().size(), 7.0f, misalignment + 2),
        dw(w.values(), misalignment), db(b.values(), misalignment + 1),
        scratch(conv2d_scratch(x_shape, w_shape, one.options).floats(threads), 7.0f, 0),
        samples(static_cast<std::size_t>(x_shape[0])) {
    std::iota(samples.begin(), samples.end(), 5u);
  }

  static Shape shape_of(const Case& one, bool pooled) {
    const auto e = conv2d_extents(one.x, one.w, one.options);
    const auto share = pooled && one.options.max_pool ? 2 : 1;
    return {e.n, e.p / share, e.q / share, e.k};
  }
  [[nodiscard]] std::span<float> room() { return {scratch.data(), scratch.values().size()}; }
  [[nodiscard]] DropoutStream stream() const { return {.seed = 1, .layer = 2, .epoch = 3, .samples = samples}; }
  [[nodiscard]] Conv2dGradients gradients() {
    return {.dx = {dx.data(), x_shape}, .dw = {dw.data(), w_shape}, .db = {db.data(), b_shape}};
  }
  [[nodiscard]] bool intact() {
    return x.intact() && w.intact() && b.intact() && dy.intact() && y.intact() && dx.intact() && dw.intact() &&
           db.intact() && scratch.intact();
  }
};

void run_fused(Run& r, const Case& one, int threads) {
  const View<float> y(r.y.data(), r.y_shape);
  Guarded<std::uint8_t> winners(r.y.values().size(), 9, 1);
  const auto scratch = r.room();
  conv2d_forward(y, {r.x.data(), r.x_shape}, {r.w.data(), r.w_shape}, {r.b.data(), r.b_shape}, one.options, scratch,
                 threads, {}, {winners.data(), winners.values().size()});
  if (one.dropout) dropout(y, y, rate, r.stream(), threads);
  conv2d_backward(r.gradients(), {r.dy.data(), r.y_shape}, {r.x.data(), r.x_shape}, y, {r.w.data(), r.w_shape},
                  one.options, scratch, threads, winners.values(), one.dropout ? 1 / (1 - rate) : 1.0f);
  CHECK(winners.intact());
}

void run_apart(Run& r, const Case& one) {
  auto options = one.options;
  options.max_pool = options.relu = false;
  Tensor sum(r.sum_shape), pooled(r.y_shape), dsum(r.sum_shape), dpooled(r.y_shape);
  const View<float> y(r.y.data(), r.y_shape), dy(r.dy.data(), r.y_shape);
  const View<const float> x(r.x.data(), r.x_shape), w(r.w.data(), r.w_shape);
  const auto scratch = r.room();
  conv2d_forward(sum, x, w, {r.b.data(), r.b_shape}, options, scratch, 1);
  if (one.options.relu)
    std::ranges::transform(sum.view<float>(), sum.view<float>().begin(), [](float v) { return std::max(v, 0.0f); });
  if (one.options.max_pool) {
    max_pool2d_forward(pooled, sum, {}, 1);
  } else {
    pooled = sum;
  }
  std::ranges::copy(pooled.view<float>(), y.begin());
  std::ranges::copy(dy, dpooled.view<float>().begin());
  if (one.dropout) {
    dropout(y, y, rate, r.stream(), 1);
    dropout(dpooled, dpooled, rate, r.stream(), 1);
  }
  if (one.options.max_pool) {
    max_pool2d_backward(dsum, sum, dpooled, {}, 1);
  } else {
    dsum = dpooled;
  }
  const auto outputs = sum.view<float>(), gradient = dsum.view<float>();
  if (one.options.relu)
    for (std::size_t i = 0; i < gradient.size(); ++i) gradient[i] = outputs[i] > 0 ? gradient[i] : 0.0f;
  conv2d_backward(r.gradients(), gradient, x, outputs, w, options, scratch, 1);
}

void check(const Case& one) {
  CAPTURE(one.x, one.w, one.options.relu, one.options.max_pool, one.dropout, one.options.algorithm);
  const std::string_view before = kernels().name;
  for_each_kernel_set([&](const KernelSet& set) {
    use_kernels(set.name);
    if (!choose_conv2d(conv2d_extents(one.x, one.w, one.options), one.options.algorithm).fuses_relu) return;
    Run apart(one, 1, 0);
    run_apart(apart, one);
    for (const int threads : {1, 3}) {
      Run fused(one, threads, static_cast<std::size_t>(threads));
      run_fused(fused, one, threads);
      CHECK(std::ranges::equal(fused.y.values(), apart.y.values()));
      CHECK(std::ranges::equal(fused.dx.values(), apart.dx.values()));
      CHECK(std::ranges::equal(fused.dw.values(), apart.dw.values()));
      CHECK(std::ranges::equal(fused.db.values(), apart.db.values()));
      CHECK(fused.intact());
    }
  });
  use_kernels(before);
}

} // namespace

TEST_CASE("conv2d fused: rectifier, pooling and dropout have the bits of single operations") {
  for (const std::string_view algorithm : {"winograd-4x4", "winograd-2x2"}) {
    for (const std::int64_t side : {10, 11, 13}) { // outputs of 8x13, 9x14 and 11x16: an odd row is not pooled
      for (const bool relu : {false, true})
        for (const bool max_pool : {false, true})
          check({{3, side, side + 5, 9},
                 {3, 3, 9, 21},
                 {.relu = relu, .max_pool = max_pool, .algorithm = algorithm},
                 relu && max_pool});
    }
    check({{2, 12, 12, 16}, {3, 3, 16, 32}, {.padding = Padding::same, .relu = true, .algorithm = algorithm}, true});
  }
}

TEST_CASE("conv2d fused: few taps, with rectifier and dropout") {
  for (const std::int64_t k : {5, 16, 33}) {
    check({{3, 7, 9, 1}, {3, 3, 1, k}, {.relu = true}, false});
    check({{3, 7, 9, 1}, {3, 3, 1, k}, {.padding = Padding::same, .relu = true}, true});
    check({{18, 5, 6, 2}, {2, 3, 2, k}, {.strides = {2, 1}, .padding = Padding::same, .relu = true}, true});
  }
}
