// SPDX-License-Identifier: Apache-2.0
// The sizes that an operation runs over, under the letters of the glossary.
#pragma once

#include <cstdint>

namespace mien {

/// A convolution: x (N,H,W,C), w (R,S,C,K), b (K), y (N,P,Q,K). A depthwise one: w (R,S,C,1), and K is C.
///
/// Output (p, q) reads the input rows p * stride_h - pad_top + [0, R) and the columns alike; rows and
/// columns outside [0, H) and [0, W) count as zero.
struct Conv2dExtents {
  std::int64_t n = 1, h = 1, w = 1, c = 1;
  std::int64_t r = 1, s = 1, k = 1;
  std::int64_t stride_h = 1, stride_w = 1;
  std::int64_t pad_top = 0, pad_left = 0;
  std::int64_t p = 1, q = 1;

  friend bool operator==(const Conv2dExtents&, const Conv2dExtents&) = default;
};

/// A convolution by Winograd's tiles: its windows are 3x3, its strides 1. A tile makes m x m outputs of side x side
/// inputs; tiles are numbered through the batch: by picture, row and column. The last ones may stick out.
struct WinogradExtents {
  Conv2dExtents conv;
  std::int64_t m = 4;                 ///< 2 or 4
  std::int64_t rows = 1, columns = 1; ///< of tiles a picture

  [[nodiscard]] constexpr std::int64_t side() const noexcept { return m + 2; }
  [[nodiscard]] constexpr std::int64_t positions() const noexcept { return side() * side(); }
  [[nodiscard]] constexpr std::int64_t tiles_a_picture() const noexcept { return rows * columns; }
};

/// Transformed tiles first, first + 1, ...: the numbers of one position lie together, (positions, count, channels).
struct WinogradTiles {
  std::int64_t first = 0, count = 0;
  std::int64_t step = 0; ///< floats from one position to the next: count * channels or more
};

/// Several sums of the same numbers (positions, filters), to be added up in this order.
struct WinogradSums {
  const float* data = nullptr;
  std::int64_t count = 1;
  std::int64_t step = 0;          ///< floats from one sum to the next
  std::int64_t position_step = 0; ///< floats from one position to the next
};

/// A pooling: x (N,H,W,C), y (N,P,Q,C), windows of R x S that all lie inside the input.
struct PoolExtents {
  std::int64_t n = 1, h = 1, w = 1, c = 1;
  std::int64_t r = 2, s = 2;
  std::int64_t stride_h = 2, stride_w = 2;
  std::int64_t p = 1, q = 1;

  friend bool operator==(const PoolExtents&, const PoolExtents&) = default;
};

/// A dense layer: x (N,I), w (I,O), b (O), y (N,O).
struct DenseExtents {
  std::int64_t n = 1, i = 1, o = 1;

  friend bool operator==(const DenseExtents&, const DenseExtents&) = default;
};

/// Along one axis: how many windows there are, and how many padded elements stand before the first input.
struct Windows {
  std::int64_t count = 0;
  std::int64_t pad_before = 0;

  friend bool operator==(const Windows&, const Windows&) = default;
};

/// Windows that lie inside the input: floor((extent - window) / stride) + 1, or none.
[[nodiscard]] constexpr Windows valid_windows(std::int64_t extent, std::int64_t window, std::int64_t stride) noexcept {
  return {extent < window ? 0 : (extent - window) / stride + 1, 0};
}

/// Windows for every stride-th input: ceil(extent / stride); an odd padding has its extra element behind.
///
/// Source: Keras and TensorFlow, padding `same`.
[[nodiscard]] constexpr Windows same_windows(std::int64_t extent, std::int64_t window, std::int64_t stride) noexcept {
  const std::int64_t count = extent < 1 ? 0 : (extent - 1) / stride + 1; // does not overflow, whatever a file says
  const std::int64_t padding = (count - 1) * stride + window - extent;
  return {count, padding > 0 ? padding / 2 : 0};
}

} // namespace mien
