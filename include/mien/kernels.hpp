// SPDX-License-Identifier: Apache-2.0
// The kernel sets: single-threaded leaf functions, one set for each kind of processor, picked at run time.
#pragma once

#include "mien/core/adam.hpp"
#include "mien/core/extents.hpp"
#include "mien/core/haar_table.hpp"
#include "mien/core/philox.hpp"
#include "mien/core/sgd.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace mien {

/// A convolution as the kernels see it: every output pixel reads R runs of S * C contiguous floats.
///
/// Columns of x are padded already; rows need not be: those outside [0, rows) are skipped, as they
/// hold zeros. Output row p reads the input rows p * stride_h - pad_top + r.
struct ConvRows {
  std::int64_t rows = 0;     ///< input rows there are
  std::int64_t pad_top = 0;  ///< rows of zeros above them
  std::int64_t stride_h = 1; ///< input rows between output rows
  std::int64_t r = 1;        ///< filter rows R
  std::int64_t p = 1;        ///< output rows
  std::int64_t q = 1;        ///< output pixels a row
  std::int64_t taps = 1;     ///< S * C: floats of one filter row and output channel
  std::int64_t x_row = 0;    ///< floats from one input row to the next
  std::int64_t x_step = 0;   ///< floats from one output pixel's input to the next one's
  std::int64_t k = 1;        ///< output channels
};

/// What a convolution does to its sums before it writes them: adds b (K) unless that is null, takes max(0, y) if relu,
/// and if max_pool the largest of each 2x2: then y is (N,P/2,Q/2,K), what is left over at an odd end is not read.
struct ConvEpilogue {
  const float* b = nullptr;
  bool relu = false;
  bool max_pool = false;
  std::uint8_t* winners = nullptr; ///< like y: which of the four was the largest, row by row; null: nobody will ask
};

/// How the derivative by what ConvEpilogue wrote becomes one by the sums.
struct ConvGradient {
  const float* y = nullptr; ///< what was written: where it is not above 0 the derivative is 0; null: no relu
  const std::uint8_t* winners = nullptr; ///< null: not pooled
  float scale = 1;                       ///< of what is above 0: a dropout behind has left there 0, or scaled it
};

/// Which words of a Philox stream a dropout mask is made of, and which of them are kept.
struct DropoutDraw {
  PhiloxKey key{};
  PhiloxCounter counter{};     ///< [0] is 0; element i uses word i % 4 of block i / 4
  std::uint32_t threshold = 0; ///< kept if the word's upper 24 bits are at least this
  float scale = 1;             ///< 1 / (1 - rate)
};

/// One implementation of everything the operations are built from.
///
/// Every function is noexcept, allocates nothing and checks nothing. Outputs come first, then inputs,
/// then extents. Functions of the first group are null in the reference set, whose convolution, dense layers and
/// cascades are mien::reference itself.
struct KernelSet {
  std::string_view name;
  bool (*supported)() noexcept; ///< asks the processor and the operating system
  std::int64_t lanes;           ///< floats a vector
  std::int64_t panel;           ///< output channels that the functions of the first group take at a time

  /// Output rows [p0, p1) of one picture: y = b + x * w, then max(0, y) if relu. y (P,Q,K), w (R,taps,K), b (K) or
  /// null.
  void (*conv_rows)(float* y, const float* x, const float* w, const float* b, bool relu, const ConvRows& e,
                    std::int64_t p0, std::int64_t p1) noexcept;
  /// dw(r, taps, k0..k0+panel) += the products of x and dy over all rows of one picture, for one filter row r.
  void (*conv_filter_gradient)(float* dw, const float* x, const float* dy, const ConvRows& e, std::int64_t r,
                               std::int64_t k0) noexcept;
  /// dw (R,taps,K) and db (K) += what one picture adds, which has its zeros around it; R times taps is at most 12. dy
  /// goes through what follows, which is not pooled.
  void (*conv_narrow_gradient)(float* dw, float* db, const float* x, const float* dy, const ConvGradient& after,
                               const ConvRows& e) noexcept;
  /// y(n, o0..o1) = b + x w, then max(0, y) if relu. b may be null.
  void (*dense_forward)(float* y, const float* x, const float* w, const float* b, bool relu, const DenseExtents& e,
                        std::int64_t o0, std::int64_t o1) noexcept;
  /// The same of weights in panels: w (O/panel, I, panel), the last panel as wide as the others.
  void (*dense_packed)(float* y, const float* x, const float* w, const float* b, bool relu, const DenseExtents& e,
                       std::int64_t o0, std::int64_t o1) noexcept;
  /// dx(n, i0..i1) = dy w^T.
  void (*dense_backward_data)(float* dx, const float* dy, const float* w, const DenseExtents& e, std::int64_t i0,
                              std::int64_t i1) noexcept;
  /// dw(i, o0..o1) += x^T dy.
  void (*dense_backward_kernel)(float* dw, const float* x, const float* dy, const DenseExtents& e, std::int64_t o0,
                                std::int64_t o1) noexcept;
  /// Finds the windows of a tile that pass all stages, row by row, except those that OpenCV does not look at: the one
  /// after a window that the first stage fails. Returns how many; `found` has room for the whole tile. skip[row] is 1
  /// if the row's first window is not looked at, and is set for the tile to the right. Of each row of sums, 16 numbers
  /// more than the windows need may be read.
  std::int64_t (*haar_tile)(HaarFound* found, std::uint64_t* skip, const HaarTable& table,
                            const HaarTile& tile) noexcept;
  /// Output rows [p0, p1) of one picture: y = b + x * w, channel by channel. y (P,Q,C), w (R,S,C), b (C) or null.
  void (*depthwise_rows)(float* y, const float* x, const float* w, const float* b, const Conv2dExtents& e,
                         std::int64_t p0, std::int64_t p1) noexcept;
  /// Rows [h0, h1) of the gradient by one picture.
  void (*depthwise_gradient_rows)(float* dx, const float* dy, const float* w, const Conv2dExtents& e, std::int64_t h0,
                                  std::int64_t h1) noexcept;
  /// dw(r, S, c0..c1) += the products of x and dy over one picture, for one filter row r.
  void (*depthwise_filter_gradient)(float* dw, const float* x, const float* dy, const Conv2dExtents& e, std::int64_t r,
                                    std::int64_t c0, std::int64_t c1) noexcept;

  // Winograd's convolution (docs/derivations/winograd.md): transforms, between which every position is a dense layer.
  /// U = G g G^T for the input channels [c0, c1): w (3,3,C,K); u (positions, K/panel, C, panel) with `step` floats
  /// between positions: in the order in which dense_packed reads it, the last panel as wide as the others.
  void (*winograd_filter)(float* u, const float* w, std::int64_t m, std::int64_t step, std::int64_t c, std::int64_t k,
                          std::int64_t c0, std::int64_t c1) noexcept;
  /// dw += G^T du G with du the sum of some: dw (3,3,filters), for [f0, f1); a filter is a pair of channels.
  void (*winograd_filter_adjoint)(float* dw, const WinogradSums& du, std::int64_t m, std::int64_t filters,
                                  std::int64_t f0, std::int64_t f1) noexcept;
  /// V = B^T d B: v (positions, tiles, C) of x (N,H,W,C).
  void (*winograd_input)(float* v, const float* x, const WinogradExtents& e, const WinogradTiles& t) noexcept;
  /// dx = the sum of B dv B^T over tiles, for the channels [c0, c1): a picture's tiles in order, in one call or
  /// several.
  void (*winograd_input_adjoint)(float* dx, const float* dv, const WinogradExtents& e, const WinogradTiles& t,
                                 std::int64_t c0, std::int64_t c1) noexcept;
  /// y = A^T M A, then the epilogue, for the channels [k0, k1): m (positions, tiles, K), y (N,P,Q,K).
  void (*winograd_output)(float* y, const float* m, const WinogradExtents& e, const WinogradTiles& t,
                          const ConvEpilogue& after, std::int64_t k0, std::int64_t k1) noexcept;
  /// M = A dy A^T: m (positions, tiles, K), where dy (N,P,Q,K) goes through the epilogue first.
  void (*winograd_output_adjoint)(float* m, const float* dy, const WinogradExtents& e, const WinogradTiles& t,
                                  const ConvGradient& after) noexcept;

  /// sums[k] += the sum over rows of x(rows, k), for k in [k0, k1).
  void (*column_sums)(float* sums, const float* x, std::int64_t rows, std::int64_t k, std::int64_t k0,
                      std::int64_t k1) noexcept;
  /// y (P,Q,C), for e.n pictures, is the largest of each window of x (H,W,C).
  void (*max_pool_forward)(float* y, const float* x, const PoolExtents& e) noexcept;
  /// dx is overwritten, for e.n pictures; the first largest of each window takes its dy.
  void (*max_pool_backward)(float* dx, const float* x, const float* dy, const PoolExtents& e) noexcept;
  /// y = max(0, x). y may be x.
  void (*relu_forward)(float* y, const float* x, std::int64_t n) noexcept;
  /// dx = dy where y > 0, else 0. dx may be dy.
  void (*relu_backward)(float* dx, const float* y, const float* dy, std::int64_t n) noexcept;
  /// y = scale * x where the draw keeps the element, else 0: forward on activations, backward on their gradients.
  void (*dropout)(float* y, const float* x, std::int64_t n, const DropoutDraw& draw) noexcept;
  /// y (N,K): the softmax of each row of x.
  void (*softmax)(float* y, const float* x, std::int64_t n, std::int64_t k) noexcept;
  /// The sum of the rows' cross-entropies, and dx = scale * (softmax - one-hot label); dx may be null.
  double (*softmax_cross_entropy)(float* dx, const float* x, const std::int32_t* labels, std::int64_t n, std::int64_t k,
                                  double scale) noexcept;
  /// Updates the moments m and v by the gradient dw, then the weights w.
  void (*adam)(float* w, float* m, float* v, const float* dw, std::int64_t n, const AdamStep& step) noexcept;

  // Batch normalisation of x (rows, k); a channel's mean, scale, ... (k).
  /// The mean of every channel and the sum of the squared distances from it.
  void (*column_moments)(float* mean, float* squares, const float* x, std::int64_t rows, std::int64_t k) noexcept;
  /// y = scale (x - mean) + beta, then max(0, y) if relu. y may be x.
  void (*batch_norm_forward)(float* y, const float* x, const float* mean, const float* scale, const float* beta,
                             bool relu, std::int64_t rows, std::int64_t k) noexcept;
  /// The sums of g and of g (x - mean) down every channel; g is dy, with relu only where y > 0.
  void (*batch_norm_sums)(float* sum, float* product_sum, const float* y, const float* x, const float* dy,
                          const float* mean, bool relu, std::int64_t rows, std::int64_t k) noexcept;
  /// dx = scale g - slope (x - mean) - offset. dx may be dy.
  void (*batch_norm_backward)(float* dx, const float* y, const float* x, const float* dy, const float* mean,
                              const float* scale, const float* slope, const float* offset, bool relu, std::int64_t rows,
                              std::int64_t k) noexcept;
  /// y (P,Q,C), for e.n pictures, is the mean of each window of x (H,W,C).
  void (*average_pool_forward)(float* y, const float* x, const PoolExtents& e) noexcept;
  /// dx is overwritten, for e.n pictures; every element of a window takes an equal share of its dy.
  void (*average_pool_backward)(float* dx, const float* dy, const PoolExtents& e) noexcept;
  /// Updates the momentum b by the gradient dw, then the weights w.
  void (*sgd)(float* w, float* b, const float* dw, std::int64_t n, const SgdStep& step) noexcept;
  /// The sum of x[i]^2, in double; how it is grouped depends on n alone.
  double (*sum_of_squares)(const float* x, std::int64_t n) noexcept;
  /// y += rate (x - y).
  void (*moving_average)(float* y, const float* x, std::int64_t n, float rate) noexcept;
  /// The sum of the rows' cross-entropies with targets t (N,K), times weights (N), or 1 if null; and its derivative
  /// dx = scale * weight * (sum of t * softmax - t); dx may be null.
  double (*soft_cross_entropy)(float* dx, const float* x, const float* t, const float* weights, std::int64_t n,
                               std::int64_t k, double scale) noexcept;
  /// y = a + b. y may be a or b.
  void (*add_forward)(float* y, const float* a, const float* b, std::int64_t n) noexcept;
  /// y = x where x >= 0, else slope * x. y may be x.
  void (*leaky_relu_forward)(float* y, const float* x, std::int64_t n, float slope) noexcept;
  /// dx = dy where y > 0, else slope * dy. dx may be dy.
  void (*leaky_relu_backward)(float* dx, const float* y, const float* dy, std::int64_t n, float slope) noexcept;
  /// y = x / (1 + e^-x). y may be x.
  void (*silu_forward)(float* y, const float* x, std::int64_t n) noexcept;
  /// dx = dy s (1 + x (1 - s)) with s = 1 / (1 + e^-x). dx may be dy.
  void (*silu_backward)(float* dx, const float* x, const float* dy, std::int64_t n) noexcept;
  /// So many rounds of fused multiply-adds in registers, returned as their number; sink takes a sum of them. It
  /// measures what the vectors can do at most. Null in the reference set, which has none.
  std::int64_t (*multiply_add_chains)(float* sink, std::int64_t rounds) noexcept;
};

/// All sets this library was built with, best first, the reference last, whether or not this processor has them.
[[nodiscard]] std::span<const KernelSet> kernel_sets() noexcept;

/// The set in use: the first supported one, unless MIEN_KERNELS or use_kernels() named another.
/// Throws Error if MIEN_KERNELS names a set that does not exist or that this processor lacks.
[[nodiscard]] const KernelSet& kernels();

/// Uses the set of this name from now on, in every thread. Throws Error naming the choices if there is
/// none or this processor lacks it. Not to be called while another thread computes.
void use_kernels(std::string_view name);

} // namespace mien
