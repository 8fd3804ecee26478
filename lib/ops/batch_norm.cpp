// SPDX-License-Identifier: Apache-2.0
// Rows are cut into pieces that stay in the second-level cache; the pieces' sums are added up in double, in their
// order.
#include "mien/ops/batch_norm.hpp"

#include "lib/ops/pieces.hpp"
#include "mien/core/error.hpp"
#include "mien/kernels.hpp"

#include <cmath>

namespace mien {
namespace {

/// A tensor as rows of channels, and the rows' pieces.
struct Rows {
  std::int64_t rows, channels, a_piece, pieces;

  [[nodiscard]] std::int64_t in(std::int64_t piece) const { return std::min(a_piece, rows - piece * a_piece); }
};

Rows rows_of(const Shape& x) {
  if (x.rank() < 2 || x.size() < 1)
    throw Error(concat("batch_norm: x must be (..., C) and hold something (x ", x, ")"));
  const auto channels = x[x.rank() - 1];
  const auto rows = x.size() / channels;
  const auto a_piece = std::max<std::int64_t>(1, elements_a_piece / channels);
  return {rows, channels, a_piece, (rows + a_piece - 1) / a_piece};
}

/// What the kernels want of every channel, made from what the caller knows of it.
struct Constants {
  float *scale, *slope, *offset; // C each
  float* sums;                   // 2 C a piece
};

Constants constants_in(std::span<float> scratch, const Rows& r) {
  const auto needed = static_cast<std::size_t>((3 + 2 * r.pieces) * r.channels);
  if (scratch.size() < needed)
    throw Error(concat("batch_norm: ", scratch.size(), " floats of scratch given, ", needed,
                       " needed; ask batch_norm_scratch"));
  float* at = scratch.data();
  return {at, at + r.channels, at + 2 * r.channels, at + 3 * r.channels};
}

template <class... Views> void expect_channels(const Rows& r, const Views&... views) {
  const Shape expected{r.channels};
  for (const auto& shape : {views.shape()...})
    if (shape != expected)
      throw Error(concat("batch_norm: mean, variance, gamma, beta must each be ", expected, ", one is ", shape));
}

void expect_like(const char* name, const Shape& given, const Shape& x) {
  if (given != x) throw Error(concat("batch_norm: ", name, " is ", given, ", it must be like x, ", x));
}

void fill_scale(float* scale, View<const float> gamma, View<const float> variance, double epsilon) {
  for (std::size_t c = 0; c < gamma.size(); ++c)
    scale[c] = static_cast<float>(double{gamma[c]} / std::sqrt(double{variance[c]} + epsilon));
}

/// f(first element, rows, sums of the piece) for every piece.
template <class F> void for_pieces(const Rows& r, float* sums, int threads, const F& f) {
  parallel_for(threads, static_cast<int>(r.pieces),
               [&](int piece, int) { f(piece * r.a_piece * r.channels, r.in(piece), sums + piece * 2 * r.channels); });
}

} // namespace

Scratch batch_norm_scratch(const Shape& x) {
  const auto r = rows_of(x);
  return {.shared = static_cast<std::size_t>((3 + 2 * r.pieces) * r.channels)};
}

void batch_norm_statistics(View<float> mean, View<float> variance, View<const float> x, std::span<float> scratch,
                           int threads) {
  const auto r = rows_of(x.shape());
  const auto k = r.channels;
  expect_channels(r, mean, variance);
  const auto* sums = constants_in(scratch, r).sums;
  for_pieces(r, constants_in(scratch, r).sums, threads, [&](std::int64_t first, std::int64_t rows, float* moments) {
    kernels().column_moments(moments, moments + k, x.data() + first, rows, k);
  });
  for (std::int64_t c = 0; c < k; ++c) {
    double sum = 0, squares = 0;
    for (std::int64_t piece = 0; piece < r.pieces; ++piece)
      sum += static_cast<double>(r.in(piece)) * double{sums[2 * piece * k + c]};
    const double centre = sum / static_cast<double>(r.rows);
    for (std::int64_t piece = 0; piece < r.pieces; ++piece) {
      const double distance = double{sums[2 * piece * k + c]} - centre;
      squares += double{sums[(2 * piece + 1) * k + c]} + static_cast<double>(r.in(piece)) * distance * distance;
    }
    mean.data()[c] = static_cast<float>(centre);
    variance.data()[c] = static_cast<float>(squares / static_cast<double>(r.rows));
  }
}

void batch_norm_forward(View<float> y, View<const float> x, View<const float> mean, View<const float> variance,
                        View<const float> gamma, View<const float> beta, const BatchNormOptions& options,
                        std::span<float> scratch, int threads) {
  const auto r = rows_of(x.shape());
  expect_channels(r, mean, variance, gamma, beta);
  expect_like("y", y.shape(), x.shape());
  const auto constants = constants_in(scratch, r);
  fill_scale(constants.scale, gamma, variance, options.epsilon);
  for_pieces(r, constants.sums, threads, [&](std::int64_t first, std::int64_t rows, float*) {
    kernels().batch_norm_forward(y.data() + first, x.data() + first, mean.data(), constants.scale, beta.data(),
                                 options.relu, rows, r.channels);
  });
}

void batch_norm_backward(View<float> dx, View<float> dgamma, View<float> dbeta, View<const float> y,
                         View<const float> x, View<const float> dy, View<const float> mean, View<const float> variance,
                         View<const float> gamma, const BatchNormOptions& options, NormStatistics statistics,
                         std::span<float> scratch, int threads) {
  const auto r = rows_of(x.shape());
  const auto k = r.channels;
  expect_channels(r, dgamma, dbeta, mean, variance, gamma);
  expect_like("y", y.shape(), x.shape());
  expect_like("dy", dy.shape(), x.shape());
  expect_like("dx", dx.shape(), x.shape());
  const auto constants = constants_in(scratch, r);
  fill_scale(constants.scale, gamma, variance, options.epsilon);
  for_pieces(r, constants.sums, threads, [&](std::int64_t first, std::int64_t rows, float* sums) {
    kernels().batch_norm_sums(sums, sums + k, y.data() + first, x.data() + first, dy.data() + first, mean.data(),
                              options.relu, rows, k);
  });
  const bool moves = statistics == NormStatistics::of_batch;
  for (std::int64_t c = 0; c < k; ++c) {
    double g = 0, gx = 0;
    for (std::int64_t piece = 0; piece < r.pieces; ++piece) {
      g += double{constants.sums[2 * piece * k + c]};
      gx += double{constants.sums[(2 * piece + 1) * k + c]};
    }
    const double spread = double{variance.data()[c]} + options.epsilon, rows = static_cast<double>(r.rows);
    const double scale = double{constants.scale[c]};
    constants.slope[c] = moves ? static_cast<float>(scale * gx / (rows * spread)) : 0;
    constants.offset[c] = moves ? static_cast<float>(scale * g / rows) : 0;
    dbeta.data()[c] += static_cast<float>(g);
    dgamma.data()[c] += static_cast<float>(gx / std::sqrt(spread));
  }
  if (dx.data() == nullptr) return;
  for_pieces(r, constants.sums, threads, [&](std::int64_t first, std::int64_t rows, float*) {
    kernels().batch_norm_backward(dx.data() + first, y.data() + first, x.data() + first, dy.data() + first, mean.data(),
                                  constants.scale, constants.slope, constants.offset, options.relu, rows, k);
  });
}

} // namespace mien
