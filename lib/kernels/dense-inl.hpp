// SPDX-License-Identifier: Apache-2.0
// Dense layers: three products of small matrices.
#if defined(MIEN_LIB_KERNELS_DENSE_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef MIEN_LIB_KERNELS_DENSE_INL_HPP
#undef MIEN_LIB_KERNELS_DENSE_INL_HPP
#else
#define MIEN_LIB_KERNELS_DENSE_INL_HPP
#endif

#include "lib/kernels/outer-inl.hpp"
#include "lib/kernels/tile-inl.hpp"
#include "mien/kernels.hpp"

HWY_BEFORE_NAMESPACE();
namespace mien::HWY_NAMESPACE {
namespace {

/// One panel of outputs. Where pictures need several tiles, weights go through them in blocks that the second-level
/// cache holds, whatever their stride: sums go on where they were, so that their bits are the same.
void dense_panel(TileTask task, const DenseExtents& e) {
  const bool relu = task.relu;
  const auto block = e.n > most_pixels_a_tile ? std::int64_t{512} : e.i;
  for (std::int64_t i = 0; i < e.i; i += block) {
    task.taps = smaller(block, e.i - i);
    task.relu = relu && i + block >= e.i;
    task.goes_on = i > 0;
    tile_run(task, e.n);
    task.x += block;
    task.w += block * task.w_step;
  }
}

/// Where pictures are few, a tile of one of them and eight vectors reads the weights in long runs; the sums are the
/// same.
void dense_forward(float* y, const float* x, const float* w, const float* b, bool relu, const DenseExtents& e,
                   std::int64_t o0, std::int64_t o1) noexcept {
  while (o0 < o1) {
    const bool wide = e.n < 4 && o1 - o0 >= 8 * lanes;
    TileTask task{.y = y + o0,
                  .x = x,
                  .w = w + o0,
                  .b = b == nullptr ? nullptr : b + o0,
                  .y_step = e.o,
                  .x_step = e.i,
                  .w_step = e.o,
                  .x_row = 0,
                  .w_row = 0,
                  .rows = 1,
                  .taps = e.i,
                  .columns = wide ? 8 * lanes : smaller(panel, o1 - o0),
                  .relu = relu};
    o0 += task.columns;
    if (!wide) {
      dense_panel(task, e);
      continue;
    }
    for (std::int64_t n = 0; n < e.n; ++n, task.x += e.i, task.y += e.o) tile<1, 8, false>(task);
  }
}

void dense_packed(float* y, const float* x, const float* w, const float* b, bool relu, const DenseExtents& e,
                  std::int64_t o0, std::int64_t o1) noexcept {
  for (; o0 < o1; o0 += panel) {
    dense_panel({.y = y + o0,
                 .x = x,
                 .w = w + o0 * e.i,
                 .b = b == nullptr ? nullptr : b + o0,
                 .y_step = e.o,
                 .x_step = e.i,
                 .w_step = panel,
                 .x_row = 0,
                 .w_row = 0,
                 .rows = 1,
                 .taps = e.i,
                 .columns = smaller(panel, o1 - o0),
                 .relu = relu},
                e);
  }
}

/// Sums of products of rows of dy and rows of w, PX pictures by four inputs at a time.
template <int PX>
HWY_INLINE void dots(float* dx, const float* dy, const float* w, const DenseExtents& e, std::int64_t i0,
                     std::int64_t inputs) {
  V sum[PX][4];
  MIEN_UNROLL for (int px = 0; px < PX; ++px) { MIEN_UNROLL for (int i = 0; i < 4; ++i) sum[px][i] = hn::Zero(d); }
  for (std::int64_t o = 0; o < e.o; o += lanes) {
    V weights[4];
    // Beyond the last input the last one's row is read again; its sums are thrown away.
    MIEN_UNROLL for (int i = 0; i < 4; ++i) weights[i] =
        load_first(w + (i0 + smaller(i, inputs - 1)) * e.o + o, e.o - o);
    MIEN_UNROLL for (int px = 0; px < PX; ++px) {
      const V gradient = load_first(dy + px * e.o + o, e.o - o);
      MIEN_UNROLL for (int i = 0; i < 4; ++i) sum[px][i] = hn::MulAdd(gradient, weights[i], sum[px][i]);
    }
  }
  MIEN_UNROLL for (int px = 0; px < PX; ++px) {
    MIEN_UNROLL for (int i = 0; i < 4; ++i) {
      if (i < inputs) dx[px * e.i + i0 + i] = hn::GetLane(hn::SumOfLanes(d, sum[px][i]));
    }
  }
}

void dense_backward_data(float* dx, const float* dy, const float* w, const DenseExtents& e, std::int64_t i0,
                         std::int64_t i1) noexcept {
  for (; i0 < i1; i0 += 4) {
    std::int64_t n = 0;
    for (; n + 4 <= e.n; n += 4) dots<4>(dx + n * e.i, dy + n * e.o, w, e, i0, smaller(4, i1 - i0));
    for (; n < e.n; ++n) dots<1>(dx + n * e.i, dy + n * e.o, w, e, i0, smaller(4, i1 - i0));
  }
}

void dense_backward_kernel(float* dw, const float* x, const float* dy, const DenseExtents& e, std::int64_t o0,
                           std::int64_t o1) noexcept {
  for (; o0 < o1; o0 += panel) {
    outer_run({.dw = dw + o0,
               .x = x,
               .dy = dy + o0,
               .dw_step = e.o,
               .x_step = e.i,
               .dy_step = e.o,
               .x_row = 0,
               .dy_row = 0,
               .rows = 1,
               .pixels = e.n,
               .columns = smaller(panel, o1 - o0)},
              e.i);
  }
}

} // namespace
} // namespace mien::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
