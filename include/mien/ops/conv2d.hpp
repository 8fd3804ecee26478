// SPDX-License-Identifier: Apache-2.0
// Convolution in two dimensions, and the algorithms that can compute it.
#pragma once

#include "mien/core/extents.hpp"
#include "mien/core/tensor.hpp"
#include "mien/kernels.hpp"
#include "mien/ops/scratch.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace mien {

/// `valid`: windows lie inside the picture. `same`: ceil(extent / stride) of them, zeros around the picture.
enum class Padding : std::uint8_t { valid, same };

struct Conv2dOptions {
  std::array<std::int64_t, 2> strides{1, 1};
  Padding padding = Padding::valid;
  bool relu = false;     ///< max(0, y), fused into both passes
  bool max_pool = false; ///< the largest of each 2x2 of y, fused into both passes, where the algorithm can
  /// Where the list of algorithms is begun: `direct` passes over those before it. Empty: at its head.
  std::string_view algorithm{};
};

/// The extents of a convolution of x (N,H,W,C) with w (R,S,C,K).
/// Throws Error if ranks or channels disagree, a stride is below 1, or a window exceeds the picture.
[[nodiscard]] Conv2dExtents conv2d_extents(const Shape& x, const Shape& w, const Conv2dOptions& options);

/// What a forward pass reads and writes, sizes by the extents.
struct Conv2dForward {
  float* y;
  const float* x;
  const float* packed; ///< the filters as pack() has left them, w itself where an algorithm packs nothing
  ConvEpilogue after{};
};

/// What a backward pass reads and writes.
struct Conv2dBackward {
  float* dx; ///< overwritten; null: nobody wants it
  float* dw; ///< added to; null: nobody wants it, nor db
  float* db; ///< added to; may be null
  const float* x;
  float* dy; ///< may be overwritten
  const float* w;
  ConvGradient after{};
};

/// One way to compute a convolution. The first in conv2d_algorithms() that does not refuse is taken.
struct Conv2dAlgorithm {
  std::string_view name;
  /// Why it cannot take this shape with this kernel set; empty if it can. Reads nothing else, so that
  /// the choice, and with it every bit of the result, is the same for any batch and number of threads; a
  /// literal, since it is asked in every step, which allocates nothing.
  std::string_view (*refuses)(const Conv2dExtents& e, const KernelSet& kernels);
  bool fuses_relu = false;     ///< takes up ConvGradient's y and scale on the way back; all take b and relu forward
  bool fuses_max_pool = false; ///< takes up max_pool and winners
  Scratch (*scratch)(const Conv2dExtents& e, bool training);
  std::size_t (*packed)(const Conv2dExtents& e); ///< floats of packed filters; 0: w is read as it is
  void (*pack)(float* packed, const float* w, const Conv2dExtents& e, int threads); ///< null where packed() is 0
  void (*forward)(const Conv2dForward& pass, const Conv2dExtents& e, float* scratch, int threads);
  void (*backward)(const Conv2dBackward& pass, const Conv2dExtents& e, float* scratch, int threads);
};

/// Best first, the reference last.
[[nodiscard]] std::span<const Conv2dAlgorithm> conv2d_algorithms() noexcept;
/// The first from the one named `begin` that does not refuse. Throws Error naming the choices if there is none such.
[[nodiscard]] const Conv2dAlgorithm& choose_conv2d(const Conv2dExtents& e, std::string_view begin = {});

/// Scratch for the functions below, on the kernel set in use; forward passes alone may need less than a training.
[[nodiscard]] Scratch conv2d_scratch(const Shape& x, const Shape& w, const Conv2dOptions& options,
                                     bool training = true);

/// Floats that conv2d_pack writes, on the kernel set in use; 0: there is nothing to pack.
[[nodiscard]] std::size_t conv2d_packed(const Shape& x, const Shape& w, const Conv2dOptions& options);

/// The filters as the algorithm for these shapes wants them: once for many forward passes.
void conv2d_pack(std::span<float> packed, View<const float> w, const Shape& x, const Conv2dOptions& options,
                 int threads);

/// Slides every filter over every picture and adds its bias.
///
///   y[n,p,q,k] = b[k] + sum over r,s,c of x[n, p stride_h + r - pad_top, q stride_w + s - pad_left, c] w[r,s,c,k]
///
/// x (N,H,W,C), w (R,S,C,K), b (K) or empty, y (N,P,Q,K) with P and Q by the padding's rule, or (N,P/2,Q/2,K) with
/// max_pool; then winners (as y, or empty) keep which of the four it was. `packed` is what conv2d_pack has written, or
/// empty: then it is done in scratch.
/// Overwrites y; uses scratch. Throws Error if shapes disagree, scratch is too small or the algorithm cannot pool.
/// Source: Dumoulin and Visin 2016, arXiv:1603.07285; names and padding as keras.layers.Conv2D.
void conv2d_forward(View<float> y, View<const float> x, View<const float> w, View<const float> b,
                    const Conv2dOptions& options, std::span<float> scratch, int threads,
                    std::span<const float> packed = {}, std::span<std::uint8_t> winners = {});

/// What conv2d_backward computes; a view whose data are null is not wanted.
struct Conv2dGradients {
  View<float> dx{nullptr, {0}}; ///< overwritten
  View<float> dw{nullptr, {0}}; ///< added to
  View<float> db{nullptr, {0}}; ///< added to, if dw is wanted
};

/// The loss's derivative by picture, filter and bias.
///
///   dx: dy slid over the turned filter; dw: x slid over dy; db: the sum of dy over pictures and pixels
///
/// Shapes as in conv2d_forward, whose y and winners these are. dy is by y, after relu and max_pool, and may be
/// overwritten. `dropout_scale`: a dropout behind has put its values into y's place and left those it kept at so many
/// times what they were; dy is then by its output, and only taken up where the algorithm fuses. Throws as it does.
/// Source: docs/derivations/convolution.md and winograd.md.
void conv2d_backward(const Conv2dGradients& to, View<float> dy, View<const float> x, View<const float> y,
                     View<const float> w, const Conv2dOptions& options, std::span<float> scratch, int threads,
                     std::span<const std::uint8_t> winners = {}, float dropout_scale = 1);

} // namespace mien
