// SPDX-License-Identifier: Apache-2.0
// Direct convolution: the kernels slide over the picture as it lies in memory.
//
// The kernels skip padded rows but want padded columns, so a picture that needs some is first copied
// between zeros, one picture a worker. The gradient by the picture is the same computation on dy,
// spread by the stride and padded, with the filter turned by half a turn and its channels exchanged.
#include "lib/ops/conv2d_algorithms.hpp"
#include "lib/ops/padded_picture.hpp"
#include "mien/ops/parallel.hpp"

#include <algorithm>

namespace mien {
namespace {

bool needs_columns(const Conv2dExtents& e) { return e.pad_left > 0 || (e.q - 1) * e.stride_w + e.s > e.w; }

Placement padded_input(const Conv2dExtents& e) {
  return {.width = std::max(e.pad_left + e.w, (e.q - 1) * e.stride_w + e.s),
          .left = e.pad_left,
          .step = 1,
          .channels = e.c};
}

Placement spread_gradient(const Conv2dExtents& e) {
  return {.width = e.w + e.s - 1, .left = e.s - 1 - e.pad_left, .step = e.stride_w, .channels = e.k};
}

ConvRows rows_of(const Conv2dExtents& e) {
  const auto width = needs_columns(e) ? padded_input(e).width : e.w;
  return {.rows = e.h,
          .pad_top = e.pad_top,
          .stride_h = e.stride_h,
          .r = e.r,
          .p = e.p,
          .q = e.q,
          .taps = e.s * e.c,
          .x_row = width * e.c,
          .x_step = e.stride_w * e.c,
          .k = e.k};
}

/// One picture as the kernels want it: where it lies, or in `scratch` with the columns that rows [p0, p1) of y read.
const float* input_of(const float* x, const Conv2dExtents& e, float* scratch, std::int64_t p0, std::int64_t p1) {
  if (!needs_columns(e)) return x;
  const auto place = padded_input(e);
  const auto h0 = std::max<std::int64_t>(0, p0 * e.stride_h - e.pad_top);
  const auto h1 = std::min(e.h, (p1 - 1) * e.stride_h - e.pad_top + e.r);
  for (auto h = h0; h < h1; ++h) place_row(scratch + h * place.width * e.c, x + h * e.w * e.c, e.w, place);
  return scratch;
}

std::string_view refuses(const Conv2dExtents&, const KernelSet& set) {
  return set.conv_rows == nullptr ? "the kernel set has no direct convolution" : std::string_view();
}

Scratch scratch_floats(const Conv2dExtents& e, bool training) {
  const auto input = needs_columns(e) ? e.h * padded_input(e).width * e.c : 0;
  if (!training) return {.shared = 0, .per_worker = static_cast<std::size_t>(input)};
  const auto gradient = ((e.p - 1) * e.stride_h + 1) * spread_gradient(e).width * e.k;
  return {.shared = static_cast<std::size_t>(e.r * e.s * e.c * e.k),
          .per_worker = static_cast<std::size_t>(std::max(input, gradient))};
}

float* worker_scratch(float* scratch, const Conv2dExtents& e, bool training, int worker) {
  const auto s = scratch_floats(e, training);
  return scratch + s.shared + s.per_worker * static_cast<std::size_t>(worker);
}

void forward(const Conv2dForward& pass, const Conv2dExtents& e, float* scratch, int threads) {
  const auto& set = kernels();
  const auto rows = rows_of(e);
  // Pictures are enough parts for the threads, or each is cut into blocks of rows; no bit depends on it.
  const auto blocks = std::clamp<std::int64_t>((2 * threads + e.n - 1) / std::max<std::int64_t>(e.n, 1), 1, e.p);
  parallel_for(threads, static_cast<int>(e.n * blocks), [&](int part, int worker) {
    const auto n = part / blocks;
    const auto block = part % blocks;
    const auto p0 = e.p * block / blocks;
    const auto p1 = e.p * (block + 1) / blocks;
    const float* picture = input_of(pass.x + n * e.h * e.w * e.c, e, worker_scratch(scratch, e, false, worker), p0, p1);
    set.conv_rows(pass.y + n * e.p * e.q * e.k, picture, pass.packed, pass.after.b, pass.after.relu, rows, p0, p1);
  });
}

/// to[r][s][k][c] = w[R-1-r][S-1-s][c][k]
void turn_filter(float* to, const float* w, const Conv2dExtents& e, int threads) {
  const auto windows = e.r * e.s;
  parallel_for(threads, static_cast<int>(windows), [&](int part, int) {
    const float* from = w + (windows - 1 - part) * e.c * e.k;
    float* turned = to + part * e.c * e.k;
    for (std::int64_t c = 0; c < e.c; ++c) {
      for (std::int64_t k = 0; k < e.k; ++k) turned[k * e.c + c] = from[c * e.k + k];
    }
  });
}

void backward_data(float* dx, const float* dy, const float* w, const Conv2dExtents& e, float* scratch, int threads) {
  const auto& set = kernels();
  const auto place = spread_gradient(e);
  const ConvRows rows{.rows = (e.p - 1) * e.stride_h + 1,
                      .pad_top = e.r - 1 - e.pad_top,
                      .stride_h = 1,
                      .r = e.r,
                      .p = e.h,
                      .q = e.w,
                      .taps = e.s * e.k,
                      .x_row = place.width * e.k,
                      .x_step = e.k,
                      .k = e.c};
  turn_filter(scratch, w, e, threads);
  parallel_for(threads, static_cast<int>(e.n), [&](int n, int worker) {
    float* spread = worker_scratch(scratch, e, true, worker);
    for (std::int64_t p = 0; p < e.p; ++p) {
      float* to = spread + p * e.stride_h * rows.x_row;
      place_row(to, dy + (n * e.p + p) * e.q * e.k, e.q, place);
      if (p + 1 < e.p) std::fill_n(to + rows.x_row, (e.stride_h - 1) * rows.x_row, 0.0f);
    }
    set.conv_rows(dx + n * e.h * e.w * e.c, spread, scratch, nullptr, false, rows, 0, e.h);
  });
}

/// Each worker owns some units, a unit being a filter row and a panel of output channels, and takes the pictures in
/// order: so a sum does not depend on the number of workers, and a picture is in the cache for all units of one.
void backward_filter(float* dw, float* db, const float* x, const float* dy, const Conv2dExtents& e, float* scratch,
                     int threads) {
  const auto& set = kernels();
  const auto rows = rows_of(e);
  const auto panels = (e.k + set.panel - 1) / set.panel;
  const auto units = e.r * panels;
  parallel_for(threads, threads, [&](int part, int worker) {
    for (std::int64_t n = 0; n < e.n; ++n) {
      const auto unit1 = units * (part + 1) / threads;
      const float* gradient = dy + n * e.p * e.q * e.k;
      const float* picture = input_of(x + n * e.h * e.w * e.c, e, worker_scratch(scratch, e, true, worker), 0, e.p);
      for (auto unit = units * part / threads; unit < unit1; ++unit) {
        const auto r = unit % e.r;
        const auto k0 = unit / e.r * set.panel;
        set.conv_filter_gradient(dw, picture, gradient, rows, r, k0);
        if (r == 0 && db != nullptr) set.column_sums(db, gradient, e.p * e.q, e.k, k0, std::min(k0 + set.panel, e.k));
      }
    }
  });
}

void backward(const Conv2dBackward& pass, const Conv2dExtents& e, float* scratch, int threads) {
  if (pass.dw != nullptr) backward_filter(pass.dw, pass.db, pass.x, pass.dy, e, scratch, threads);
  if (pass.dx != nullptr) backward_data(pass.dx, pass.dy, pass.w, e, scratch, threads);
}

} // namespace

Conv2dAlgorithm direct_conv2d() {
  return {.name = "direct",
          .refuses = refuses,
          .scratch = scratch_floats,
          .packed = [](const Conv2dExtents&) { return std::size_t{0}; },
          .pack = nullptr,
          .forward = forward,
          .backward = backward};
}

} // namespace mien
