// SPDX-License-Identifier: Apache-2.0
// Convolution by Winograd's algorithm: the same function by fewer multiplications, in plain loops.
#pragma once

#include "mien/core/extents.hpp"
#include "mien/reference/winograd_matrices.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <type_traits>

// lib/ compiles this text in a namespace of its own, so that a user's compiler flags cannot reach it.
#ifndef MIEN_REFERENCE_NAMESPACE
#define MIEN_REFERENCE_NAMESPACE reference
#endif

namespace mien::MIEN_REFERENCE_NAMESPACE::winograd {

/// One channel of an array (rows, columns, channels): of a picture, or of all filters (3, 3, C K).
template <class T> struct Plane {
  T* data; ///< of that channel
  std::int64_t rows, columns, channels;

  /// The element (row, column), or null beyond the borders.
  [[nodiscard]] T* find(std::int64_t row, std::int64_t column) const noexcept {
    if (row < 0 || row >= rows || column < 0 || column >= columns) return nullptr;
    return data + (row * columns + column) * channels;
  }

  /// The t x t elements that begin at (row, column); beyond the borders they are zero.
  template <std::size_t t> [[nodiscard]] auto tile(std::int64_t row, std::int64_t column) const noexcept {
    Matrix<std::remove_const_t<T>, t, t> result{};
    for (std::size_t i = 0; i < t; ++i) {
      for (std::size_t j = 0; j < t; ++j) {
        const T* element = find(row + static_cast<std::int64_t>(i), column + static_cast<std::int64_t>(j));
        if (element != nullptr) result[i][j] = *element;
      }
    }
    return result;
  }

  /// Adds a tile to those elements; beyond the borders it is dropped.
  template <std::size_t t> void add(const Matrix<T, t, t>& tile, std::int64_t row, std::int64_t column) const noexcept {
    for (std::size_t i = 0; i < t; ++i) {
      for (std::size_t j = 0; j < t; ++j) {
        T* element = find(row + static_cast<std::int64_t>(i), column + static_cast<std::int64_t>(j));
        if (element != nullptr) *element += tile[i][j];
      }
    }
  }
};

/// Channel `c` of picture `n` of an array (N, rows, columns, channels).
template <class T>
Plane<T> picture(T* data, std::int64_t n, std::int64_t rows, std::int64_t columns, std::int64_t channels,
                 std::int64_t c) noexcept {
  return {data + n * rows * columns * channels + c, rows, columns, channels};
}

/// The filter from input channel `c` to output channel `k`, of w or dw.
template <class T> Plane<T> filter(T* w, const Conv2dExtents& e, std::int64_t c, std::int64_t k) noexcept {
  return {w + c * e.k + k, 3, 3, e.c * e.k};
}

/// Calls f(n, p, q) for every tile of m x m outputs; (p, q) is its first.
template <std::size_t m, class F> void for_each_tile(const Conv2dExtents& e, F f) noexcept {
  constexpr auto step = static_cast<std::int64_t>(m);
  for (std::int64_t n = 0; n < e.n; ++n) {
    for (std::int64_t p = 0; p < e.p; p += step) {
      for (std::int64_t q = 0; q < e.q; q += step) f(n, p, q);
    }
  }
}

} // namespace mien::MIEN_REFERENCE_NAMESPACE::winograd

namespace mien::MIEN_REFERENCE_NAMESPACE {

/// conv2d_forward by tiles of m x m outputs: y = b + A^T [sum over c of (G w G^T) . (B^T x B)] A.
///
/// Shapes as in conv2d_forward, with windows of 3 x 3 and strides of 1. y is overwritten. `with` are winograd::f2<T>
/// or winograd::f4<T>. Everything is transformed anew wherever it is needed: this says what is computed, not how to
/// be quick. Source: docs/derivations/winograd.md.
template <class T, std::size_t m>
void winograd_forward(T* y, const T* x, const T* w, const T* b, const Conv2dExtents& e,
                      const winograd::Matrices<T, m>& with) noexcept {
  using namespace winograd;
  for (std::int64_t i = 0; i < e.n * e.p * e.q * e.k; ++i) y[i] = b != nullptr ? b[i % e.k] : T{0};
  for_each_tile<m>(e, [&](std::int64_t n, std::int64_t p, std::int64_t q) {
    for (std::int64_t k = 0; k < e.k; ++k) {
      Matrix<T, m + 2, m + 2> sum{};
      for (std::int64_t c = 0; c < e.c; ++c) {
        const auto d = picture(x, n, e.h, e.w, e.c, c).template tile<m + 2>(p - e.pad_top, q - e.pad_left);
        const auto u = sandwich(with.g, filter(w, e, c, k).template tile<3>(0, 0));
        add_product(sum, u, sandwich(with.bt, d));
      }
      picture(y, n, e.p, e.q, e.k, k).add(sandwich(with.at, sum), p, q);
    }
  });
}

/// conv2d_backward_data by tiles: dx = sum over tiles of B [sum over k of (G w G^T) . (A dy A^T)] B^T, where they
/// overlap.
///
/// Shapes as in winograd_forward. dx is overwritten.
template <class T, std::size_t m>
void winograd_backward_data(T* dx, const T* dy, const T* w, const Conv2dExtents& e,
                            const winograd::Matrices<T, m>& with) noexcept {
  using namespace winograd;
  std::fill_n(dx, e.n * e.h * e.w * e.c, T{0});
  for_each_tile<m>(e, [&](std::int64_t n, std::int64_t p, std::int64_t q) {
    for (std::int64_t c = 0; c < e.c; ++c) {
      Matrix<T, m + 2, m + 2> sum{};
      for (std::int64_t k = 0; k < e.k; ++k) {
        const auto u = sandwich(with.g, filter(w, e, c, k).template tile<3>(0, 0));
        const auto dy_tile = picture(dy, n, e.p, e.q, e.k, k).template tile<m>(p, q);
        add_product(sum, u, sandwich(transposed(with.at), dy_tile));
      }
      picture(dx, n, e.h, e.w, e.c, c).add(sandwich(transposed(with.bt), sum), p - e.pad_top, q - e.pad_left);
    }
  });
}

/// conv2d_backward_filter by tiles: dw += G^T [sum over tiles of (B^T x B) . (A dy A^T)] G.
///
/// Shapes as in winograd_forward. dw is added to.
template <class T, std::size_t m>
void winograd_backward_filter(T* dw, const T* x, const T* dy, const Conv2dExtents& e,
                              const winograd::Matrices<T, m>& with) noexcept {
  using namespace winograd;
  for (std::int64_t c = 0; c < e.c; ++c) {
    for (std::int64_t k = 0; k < e.k; ++k) {
      Matrix<T, m + 2, m + 2> sum{};
      for_each_tile<m>(e, [&](std::int64_t n, std::int64_t p, std::int64_t q) {
        const auto d = picture(x, n, e.h, e.w, e.c, c).template tile<m + 2>(p - e.pad_top, q - e.pad_left);
        const auto dy_tile = picture(dy, n, e.p, e.q, e.k, k).template tile<m>(p, q);
        add_product(sum, sandwich(with.bt, d), sandwich(transposed(with.at), dy_tile));
      });
      filter(dw, e, c, k).add(sandwich(transposed(with.g), sum), 0, 0);
    }
  }
}

/// The derivative by b, which lies ready: db[k] += sum over tiles of (A dy A^T)[1, 1].
///
/// The column of A^T that belongs to the point 1 holds ones alone, so that position (1, 1) is the sum of the tile.
/// db is added to.
template <class T, std::size_t m>
void winograd_backward_bias(T* db, const T* dy, const Conv2dExtents& e, const winograd::Matrices<T, m>& with) noexcept {
  using namespace winograd;
  for (std::int64_t k = 0; k < e.k; ++k) {
    for_each_tile<m>(e, [&](std::int64_t n, std::int64_t p, std::int64_t q) {
      const auto dy_tile = picture(dy, n, e.p, e.q, e.k, k).template tile<m>(p, q);
      db[k] += sandwich(transposed(with.at), dy_tile)[1][1];
    });
  }
}

} // namespace mien::MIEN_REFERENCE_NAMESPACE
