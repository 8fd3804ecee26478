// SPDX-License-Identifier: Apache-2.0
// A cascade on one window of a picture: the arithmetic of OpenCV's detector, operation by operation.
#pragma once

#include "mien/core/cascade.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>

// lib/ compiles this text in a namespace of its own, so that a user's compiler flags cannot reach it.
#ifndef MIEN_REFERENCE_NAMESPACE
#define MIEN_REFERENCE_NAMESPACE reference
#endif

namespace mien::MIEN_REFERENCE_NAMESPACE {

/// The integral images of a picture (H,W), each (H+1,W+1) with rows `stride` apart, modulo 2^32: every sum within a
/// window fits, whatever the picture's size. The pointers are those of the window's top left corner.
///
///   sum[y,x]     = sum of v[j,i] over j < y, i < x
///   squares[y,x] = sum of v[j,i]^2 over j < y, i < x                for Haar cascades
///   tilted[y,x]  = sum of v[j,i] over j < y, |i - x + 1| <= y - 1 - j      for cascades with tilted features
struct WindowSums {
  const std::uint32_t* sum = nullptr;
  const std::uint32_t* squares = nullptr;
  const std::uint32_t* tilted = nullptr;
  std::ptrdiff_t stride = 0;
};

/// How far a window came.
struct CascadeOutcome {
  int stages = 0; ///< stages passed; -1: the window is too flat to be looked at
  double sum = 0; ///< what the leaves of the last stage that was tried sum up to

  friend bool operator==(const CascadeOutcome&, const CascadeOutcome&) = default;
};

/// The sum within an upright rectangle, from its four corners.
inline std::uint32_t upright_sum(const std::uint32_t* sum, std::ptrdiff_t stride, int x, int y, int width,
                                 int height) noexcept {
  const std::uint32_t* top = sum + y * stride + x;
  const std::uint32_t* bottom = top + height * stride;
  return top[0] - top[width] - bottom[0] + bottom[width];
}

/// The sum within a rectangle turned by 45 degrees, from its corners: top, left, right and bottom.
inline std::uint32_t tilted_sum(const std::uint32_t* tilted, std::ptrdiff_t stride, const FeatureRect& r) noexcept {
  const auto corner = [&](int right, int left) { return tilted[(r.y + right + left) * stride + r.x + right - left]; };
  return corner(0, 0) - corner(0, r.height) - corner(r.width, 0) + corner(r.width, r.height);
}

/// Weighted rectangle sums, added in order in single precision.
inline float haar_value(const HaarFeature& feature, const WindowSums& window) noexcept {
  const auto term = [&](const FeatureRect& r) {
    const auto sum = feature.tilted ? tilted_sum(window.tilted, window.stride, r)
                                    : upright_sum(window.sum, window.stride, r.x, r.y, r.width, r.height);
    return r.weight * static_cast<float>(static_cast<std::int32_t>(sum));
  };
  const auto& rects = feature.rects;
  const float value = term(rects[0]) + term(rects[1]);
  return rects[2].weight != 0 ? value + term(rects[2]) : value;
}

/// Eight bits, one for each neighbour of the middle cell, clockwise from the top left, highest bit first: set if it is
/// as bright as the middle or brighter.
inline unsigned lbp_pattern(const LbpFeature& f, const WindowSums& window) noexcept {
  const auto cell = [&](int row, int column) {
    return static_cast<std::int32_t>(
        upright_sum(window.sum, window.stride, f.x + column * f.width, f.y + row * f.height, f.width, f.height));
  };
  constexpr int clockwise[8][2] = {{0, 0}, {0, 1}, {0, 2}, {1, 2}, {2, 2}, {2, 1}, {2, 0}, {1, 0}};
  const auto middle = cell(1, 1);
  unsigned pattern = 0;
  for (const auto& [row, column] : clockwise) pattern = pattern << 1 | unsigned{cell(row, column) >= middle};
  return pattern;
}

/// What Haar features are multiplied with: 1 / (area * standard deviation) of the window without its outermost pixels;
/// 0 if the standard deviation is at most 10 grey levels, which OpenCV never takes for an object.
inline float contrast_factor(const Cascade& cascade, const WindowSums& window) noexcept {
  const int width = cascade.width - 2, height = cascade.height - 2;
  const double area = width * height;
  const double squares = upright_sum(window.squares, window.stride, 1, 1, width, height);
  const double sum = upright_sum(window.sum, window.stride, 1, 1, width, height);
  const double spread = area * squares - sum * sum;
  if (spread <= 0) return 0;
  const auto factor = static_cast<float>(1 / std::sqrt(spread));
  return area * static_cast<double>(factor) < 0.1 ? factor : 0;
}

/// The leaf that a window reaches in one tree.
inline float tree_value(const Cascade& cascade, const CascadeTree& tree, const WindowSums& window,
                        float factor) noexcept {
  std::int32_t at = 0;
  do {
    const auto& node = cascade.nodes[static_cast<std::size_t>(tree.first_node + at)];
    const auto feature = static_cast<std::size_t>(node.feature);
    bool left = false;
    if (cascade.kind == Cascade::Kind::haar) {
      left = haar_value(cascade.haar_features[feature], window) * factor < node.threshold;
    } else {
      const unsigned pattern = lbp_pattern(cascade.lbp_features[feature], window);
      left = (node.subset[pattern / 32] >> pattern % 32 & 1) != 0;
    }
    at = left ? node.left : node.right;
  } while (at > 0);
  return cascade.leaves[static_cast<std::size_t>(tree.first_leaf - at)];
}

/// Takes a window through the stages until one rejects it.
///
///   a stage passes if sum over its trees of the leaf reached >= threshold, summed in order in double precision
///
/// `cascade` as parse_cascade returns it; the whole window lies in the picture. A product and a sum must not become one
/// fused operation: compile with -ffp-contract=off, as lib/ is.
/// Source: Viola and Jones 2001; OpenCV 4, modules/objdetect.
inline CascadeOutcome evaluate_cascade(const Cascade& cascade, const WindowSums& window) noexcept {
  const bool haar = cascade.kind == Cascade::Kind::haar;
  const float factor = haar ? contrast_factor(cascade, window) : 1;
  if (factor == 0) return {.stages = -1};
  CascadeOutcome outcome;
  for (const auto& stage : cascade.stages) {
    outcome.sum = 0;
    for (std::int32_t t = 0; t < stage.trees; ++t) {
      const auto& tree = cascade.trees[static_cast<std::size_t>(stage.first_tree + t)];
      outcome.sum += static_cast<double>(tree_value(cascade, tree, window, factor));
    }
    if (outcome.sum < static_cast<double>(stage.threshold)) return outcome;
    ++outcome.stages;
  }
  return outcome;
}

} // namespace mien::MIEN_REFERENCE_NAMESPACE
