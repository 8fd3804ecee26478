// SPDX-License-Identifier: Apache-2.0
// Convolution of few numbers an output, as a network's first of grey pictures: forward as the direct one, back with all
// taps of a filter in registers.
#include "lib/ops/conv2d_algorithms.hpp"
#include "lib/ops/padded_picture.hpp"
#include "lib/ops/pieces.hpp"

#include <algorithm>

namespace mien {
namespace {

constexpr std::int64_t most_taps = 12; // as many as stay in registers

std::string_view refuses(const Conv2dExtents& e, const KernelSet& set) {
  if (set.conv_narrow_gradient == nullptr) return "the kernel set has no gradient for few taps";
  if (e.r * e.s * e.c > most_taps) return "an output reads more numbers than there are registers";
  return {};
}

/// The batch in groups by its size alone, each with sums of its own: so no bit depends on the workers.
std::int64_t groups_of(const Conv2dExtents& e) { return std::min<std::int64_t>(16, e.n); }

/// dw, then db, of one group.
std::int64_t sums_of(const Conv2dExtents& e) { return (e.r * e.s * e.c + 1) * e.k; }

Placement placement_of(const Conv2dExtents& e) {
  return {.width = (e.q - 1) * e.stride_w + e.s, .left = e.pad_left, .step = 1, .channels = e.c};
}

/// Rows that the windows read.
std::int64_t padded_rows(const Conv2dExtents& e) { return (e.p - 1) * e.stride_h + e.r; }

Scratch scratch_of(const Conv2dExtents& e, bool training) {
  auto scratch = direct_conv2d().scratch(e, training);
  if (!training) return scratch;
  const auto sums = static_cast<std::size_t>(groups_of(e) * sums_of(e));
  const auto picture = static_cast<std::size_t>(padded_rows(e) * placement_of(e).width * e.c);
  return {.shared = std::max(scratch.shared, sums), .per_worker = std::max(scratch.per_worker, picture)};
}

/// A picture as its windows see it, zeros around it.
void pad(float* to, const float* x, const Conv2dExtents& e) {
  const auto place = placement_of(e);
  for (std::int64_t row = 0; row < padded_rows(e); ++row, to += place.width * e.c) {
    const auto h = row - e.pad_top;
    if (h < 0 || h >= e.h) {
      std::fill_n(to, place.width * e.c, 0.0f);
    } else {
      place_row(to, x + h * e.w * e.c, std::min(e.w, place.width - place.left), place);
    }
  }
}

void backward_filter(const Conv2dBackward& pass, const Conv2dExtents& e, float* scratch, int threads) {
  const auto groups = groups_of(e), sums = sums_of(e), filters = e.r * e.s * e.c * e.k;
  const auto place = placement_of(e);
  const auto room = scratch_of(e, true);
  const ConvRows rows{.rows = padded_rows(e),
                      .stride_h = e.stride_h,
                      .r = e.r,
                      .p = e.p,
                      .q = e.q,
                      .taps = e.s * e.c,
                      .x_row = place.width * e.c,
                      .x_step = e.stride_w * e.c,
                      .k = e.k};
  parallel_for(threads, static_cast<int>(groups), [&](int group, int worker) {
    float* dw = scratch + group * sums;
    float* picture = scratch + room.shared + room.per_worker * static_cast<std::size_t>(worker);
    std::fill_n(dw, sums, 0.0f);
    for (auto n = e.n * group / groups; n < e.n * (group + 1) / groups; ++n) {
      const auto at = n * e.p * e.q * e.k;
      auto after = pass.after;
      if (after.y != nullptr) after.y += at;
      pad(picture, pass.x + n * e.h * e.w * e.c, e);
      kernels().conv_narrow_gradient(dw, dw + filters, picture, pass.dy + at, after, rows);
    }
  });
  const auto add = [&](float* to, const float* from, std::int64_t n) {
    for (std::int64_t group = 0; group < groups; ++group)
      std::transform(from + group * sums, from + group * sums + n, to, to, std::plus<>());
  };
  add(pass.dw, scratch, filters);
  if (pass.db != nullptr) add(pass.db, scratch + filters, e.k);
}

void backward(const Conv2dBackward& pass, const Conv2dExtents& e, float* scratch, int threads) {
  if (pass.dw != nullptr) backward_filter(pass, e, scratch, threads);
  if (pass.dx == nullptr) return;
  if (pass.after.y != nullptr) {
    in_pieces(e.n * e.p * e.q * e.k, elements_a_piece, threads, [&](std::int64_t i0, std::int64_t i1) {
      for (auto i = i0; i < i1; ++i) pass.dy[i] = pass.after.y[i] > 0 ? pass.after.scale * pass.dy[i] : 0.0f;
    });
  }
  auto direct = pass;
  direct.dw = nullptr;
  direct.after = {};
  direct_conv2d().backward(direct, e, scratch, threads);
}

} // namespace

Conv2dAlgorithm narrow_conv2d() {
  auto narrow = direct_conv2d();
  narrow.name = "narrow";
  narrow.refuses = refuses;
  narrow.fuses_relu = true;
  narrow.scratch = scratch_of;
  narrow.backward = backward;
  return narrow;
}

} // namespace mien
