// SPDX-License-Identifier: Apache-2.0
// Batch normalisation: kernels of every set, and the operation on tensors of many pieces.
#include "mien/ops/batch_norm.hpp"
#include "mien/reference/batch_norm.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/close.hpp"
#include "tests/support/guarded.hpp"
#include "tests/support/kernel_sets.hpp"
#include "tests/support/random.hpp"

#include <cmath>

using namespace mien;
using namespace mien::test;

namespace {

constexpr std::int64_t rows = 11;

/// A channel's numbers: those that every function takes.
struct Constants {
  std::vector<float> mean, scale, beta, slope, offset;
  explicit Constants(std::int64_t k)
      : mean(random_values(k, 5)), scale(random_values(k, 6)), beta(random_values(k, 7)), slope(random_values(k, 8)),
        offset(random_values(k, 9)) {}
};

std::vector<double> doubled(std::vector<double> values, double by) {
  for (double& value : values) value *= by;
  return values;
}

} // namespace

TEST_CASE("kernels: batch normalisation is close to the reference, touches nothing beside, and works in place") {
  for_each_kernel_set([](const KernelSet& set) {
    auto widths = extents_around(set.lanes);
    widths.merge(extents_around(2 * set.lanes));
    for (const std::int64_t k : widths) {
      for (std::size_t misalignment = 0; misalignment < 4; ++misalignment) {
        CAPTURE(k, misalignment);
        const Constants c(k);
        const auto values = random_values(rows * k, 1), derivatives = random_values(rows * k, 2);
        const auto dx_values = widened(values), dy_values = widened(derivatives);
        const auto wide = [](const std::vector<float>& v) { return widened(v); };
        const auto mean = wide(c.mean), scale = wide(c.scale), beta = wide(c.beta), slope = wide(c.slope),
                   offset = wide(c.offset);
        const auto n = values.size(), channels = static_cast<std::size_t>(k);

        std::vector<double> moments(channels), squares(channels), y(n), sum(channels), product(channels), dx(n);
        reference::column_moments(moments.data(), squares.data(), dx_values.data(), rows, k);
        Guarded<float> x(values, misalignment), dy(derivatives, misalignment + 1);
        Guarded<float> m(channels, 7.0f, misalignment), s(channels, 7.0f, misalignment + 2);
        set.column_moments(m.data(), s.data(), x.data(), rows, k);
        CHECK(close<float>(m.values(), moments, std::vector<double>(channels, 1.0), {.c = 2 * rows}));
        CHECK(close<float>(s.values(), squares, std::vector<double>(channels, 4.0 * rows), {.c = 2 * rows}));

        for (const bool relu : {false, true}) {
          CAPTURE(relu);
          reference::batch_norm_forward(y.data(), dx_values.data(), mean.data(), scale.data(), beta.data(), relu, rows,
                                        k);
          Guarded<float> out(n, 7.0f, misalignment + 3);
          set.batch_norm_forward(out.data(), x.data(), c.mean.data(), c.scale.data(), c.beta.data(), relu, rows, k);
          CHECK(close<float>(out.values(), y, std::vector<double>(n, 3.0), {.c = 4}));

          // From here on with the set's own y: where a value is all but zero, rounding decides what the rectifier does.
          const auto own = widened(out.values());
          reference::batch_norm_sums(sum.data(), product.data(), own.data(), dx_values.data(), dy_values.data(),
                                     mean.data(), relu, rows, k);
          set.batch_norm_sums(m.data(), s.data(), out.data(), x.data(), dy.data(), c.mean.data(), relu, rows, k);
          CHECK(close<float>(m.values(), sum, std::vector<double>(channels, rows), {.c = rows}));
          CHECK(close<float>(s.values(), product, std::vector<double>(channels, 2.0 * rows), {.c = rows + 2}));

          reference::batch_norm_backward(dx.data(), own.data(), dx_values.data(), dy_values.data(), mean.data(),
                                         scale.data(), slope.data(), offset.data(), relu, rows, k);
          Guarded<float> gradient(derivatives, misalignment);
          set.batch_norm_backward(gradient.data(), out.data(), x.data(), gradient.data(), c.mean.data(), c.scale.data(),
                                  c.slope.data(), c.offset.data(), relu, rows, k);
          CHECK(close<float>(gradient.values(), dx, std::vector<double>(n, 4.0), {.c = 4}));
          CHECK((out.intact() && gradient.intact()));
        }
        CHECK((x.intact() && dy.intact() && m.intact() && s.intact()));
      }
    }
  });
}

TEST_CASE("operations: batch statistics far from zero keep their digits, and no bit depends on the threads") {
  const std::int64_t n = 9, h = 21, k = 37; // many pieces, the last one cut short
  const Shape shape{n, h, h, k}, channels{k};
  auto values = random_values(shape.size(), 1);
  for (float& value : values) value += 1000;
  std::vector<double> mean(static_cast<std::size_t>(k)), variance(mean.size());
  reference::column_moments(mean.data(), variance.data(), widened(values).data(), n * h * h, k);
  variance = doubled(variance, 1.0 / static_cast<double>(n * h * h));

  const std::string_view before = kernels().name;
  for_each_kernel_set([&](const KernelSet& set) {
    use_kernels(set.name);
    std::vector<float> first;
    for (const int threads : {1, 2, 3}) {
      CAPTURE(threads);
      std::vector<float> scratch(batch_norm_scratch(shape).floats(threads)), m(mean.size()), v(mean.size());
      batch_norm_statistics({m.data(), channels}, {v.data(), channels}, {values.data(), shape}, scratch, threads);
      CHECK(close<float>(m, mean, Bound{.c = 16}));
      CHECK(close<float>(v, variance, Bound{.c = 4000})); // 1e-4: naive sums of squares would be off by all of it
      if (threads == 1) first = v;
      CHECK(v == first);
    }
  });
  use_kernels(before);
}

TEST_CASE("operations: batch normalisation of many pieces is close to the reference, the same for any threads") {
  const std::int64_t rows_in_all = 9 * 21 * 21, k = 37;
  const Shape shape{9, 21, 21, k}, channels{k};
  const auto x = random_values(shape.size(), 1), dy = random_values(shape.size(), 2);
  const auto gamma = random_values(k, 3, 0.5f, 1.5f), beta = random_values(k, 4);
  const auto mean = random_values(k, 5), variance = random_values(k, 6, 0.5f, 1.5f);
  const BatchNormOptions options{.epsilon = 0.25};
  const auto wide_x = widened(x), wide_dy = widened(dy), wide_mean = widened(mean), wide_beta = widened(beta);
  std::vector<double> scale, slope(37), offset(37), y(x.size()), dx(x.size()), sum(37), product(37);
  for (std::size_t c = 0; c < 37; ++c)
    scale.push_back(double{gamma[c]} / std::sqrt(double{variance[c]} + options.epsilon));
  reference::batch_norm_forward(y.data(), wide_x.data(), wide_mean.data(), scale.data(), wide_beta.data(), false,
                                rows_in_all, k);
  reference::batch_norm_sums(sum.data(), product.data(), y.data(), wide_x.data(), wide_dy.data(), wide_mean.data(),
                             false, rows_in_all, k);
  for (std::size_t c = 0; c < 37; ++c) {
    const double spread = double{variance[c]} + options.epsilon, all = static_cast<double>(rows_in_all);
    slope[c] = scale[c] * product[c] / (all * spread);
    offset[c] = scale[c] * sum[c] / all;
    product[c] = product[c] / std::sqrt(spread) + 1; // the operation adds to what is there
  }
  reference::batch_norm_backward(dx.data(), y.data(), wide_x.data(), wide_dy.data(), wide_mean.data(), scale.data(),
                                 slope.data(), offset.data(), false, rows_in_all, k);

  const std::string_view before = kernels().name;
  for_each_kernel_set([&](const KernelSet& set) {
    use_kernels(set.name);
    std::vector<float> first;
    for (const int threads : {1, 2, 3}) {
      CAPTURE(threads);
      std::vector<float> scratch(batch_norm_scratch(shape).floats(threads)), out(x.size()), gradient(x.size());
      std::vector<float> dgamma(37, 1.0f), dbeta(37, 0.0f);
      const View<const float> in(x.data(), shape), m(mean.data(), channels), v(variance.data(), channels);
      const View<const float> g(gamma.data(), channels), b(beta.data(), channels);
      batch_norm_forward({out.data(), shape}, in, m, v, g, b, options, scratch, threads);
      batch_norm_backward({gradient.data(), shape}, {dgamma.data(), channels}, {dbeta.data(), channels},
                          {out.data(), shape}, in, {dy.data(), shape}, m, v, g, options, NormStatistics::of_batch,
                          scratch, threads);
      CHECK(close<float>(out, y, Bound{.c = 4}));
      CHECK(close<float>(gradient, dx, Bound{.c = 8}));
      CHECK(close<float>(dgamma, product, std::vector<double>(37, 2.0 * rows_in_all), {.c = 16}));
      CHECK(close<float>(dbeta, sum, std::vector<double>(37, rows_in_all), {.c = 16}));
      if (threads == 1) first = gradient;
      CHECK(gradient == first);
    }
  });
  use_kernels(before);
}
