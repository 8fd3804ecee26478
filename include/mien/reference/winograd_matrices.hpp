// SPDX-License-Identifier: Apache-2.0
// The matrices of Winograd's algorithm, and what is done with them.
#pragma once

#include <array>
#include <cstddef>

// lib/ compiles this text in a namespace of its own, so that a user's compiler flags cannot reach it.
#ifndef MIEN_REFERENCE_NAMESPACE
#define MIEN_REFERENCE_NAMESPACE reference
#endif

namespace mien::MIEN_REFERENCE_NAMESPACE::winograd {

template <class T, std::size_t rows, std::size_t columns> using Matrix = std::array<std::array<T, columns>, rows>;

/// The matrices of F(m x m, 3 x 3), which makes m x m outputs of a tile of (m + 2) x (m + 2) inputs:
///
///   y = A^T [(G g G^T) . (B^T d B)] A
///
/// for one tile d and one filter g; the point multiplies element by element.
/// Source: Winograd 1980; Lavin and Gray 2015, arXiv:1509.09308; docs/derivations/winograd.md.
template <class T, std::size_t m> struct Matrices {
  Matrix<T, m, m + 2> at; ///< A^T
  Matrix<T, m + 2, 3> g;
  Matrix<T, m + 2, m + 2> bt; ///< B^T
};

/// F(2 x 2, 3 x 3), from the points 0, 1, -1 and infinity.
template <class T>
inline constexpr Matrices<T, 2> f2{
    .at = {{{1, 1, 1, 0}, //
            {0, 1, -1, -1}}},
    .g = {{{1, 0, 0}, //
           {T(1) / 2, T(1) / 2, T(1) / 2},
           {T(1) / 2, T(-1) / 2, T(1) / 2},
           {0, 0, 1}}},
    .bt = {{{1, 0, -1, 0}, //
            {0, 1, 1, 0},
            {0, -1, 1, 0},
            {0, 1, 0, -1}}},
};

/// F(4 x 4, 3 x 3), from the points 0, 1, -1, 2, -2 and infinity.
template <class T>
inline constexpr Matrices<T, 4> f4{
    .at = {{{1, 1, 1, 1, 1, 0}, //
            {0, 1, -1, 2, -2, 0},
            {0, 1, 1, 4, 4, 0},
            {0, 1, -1, 8, -8, 1}}},
    .g = {{{T(1) / 4, 0, 0},
           {T(-1) / 6, T(-1) / 6, T(-1) / 6},
           {T(-1) / 6, T(1) / 6, T(-1) / 6},
           {T(1) / 24, T(1) / 12, T(1) / 6},
           {T(1) / 24, T(-1) / 12, T(1) / 6},
           {0, 0, 1}}},
    .bt = {{{4, 0, -5, 0, 1, 0},
            {0, -4, -4, 1, 1, 0},
            {0, 4, -4, -1, 1, 0},
            {0, -2, -1, 2, 1, 0},
            {0, 2, -1, -2, 1, 0},
            {0, 4, 0, -5, 0, 1}}},
};

template <class T, std::size_t rows, std::size_t columns>
constexpr Matrix<T, columns, rows> transposed(const Matrix<T, rows, columns>& matrix) noexcept {
  Matrix<T, columns, rows> result{};
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < columns; ++j) result[j][i] = matrix[i][j];
  }
  return result;
}

/// matrix x matrix^T
template <class T, std::size_t rows, std::size_t columns>
constexpr Matrix<T, rows, rows> sandwich(const Matrix<T, rows, columns>& matrix,
                                         const Matrix<T, columns, columns>& x) noexcept {
  Matrix<T, rows, columns> left{};
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < columns; ++j) {
      for (std::size_t l = 0; l < columns; ++l) left[i][j] += matrix[i][l] * x[l][j];
    }
  }
  Matrix<T, rows, rows> result{};
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < rows; ++j) {
      for (std::size_t l = 0; l < columns; ++l) result[i][j] += left[i][l] * matrix[j][l];
    }
  }
  return result;
}

/// sum += a . b
template <class T, std::size_t t>
constexpr void add_product(Matrix<T, t, t>& sum, const Matrix<T, t, t>& a, const Matrix<T, t, t>& b) noexcept {
  for (std::size_t i = 0; i < t; ++i) {
    for (std::size_t j = 0; j < t; ++j) sum[i][j] += a[i][j] * b[i][j];
  }
}

} // namespace mien::MIEN_REFERENCE_NAMESPACE::winograd
