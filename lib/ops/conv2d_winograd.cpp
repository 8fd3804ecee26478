// SPDX-License-Identifier: Apache-2.0
// Winograd's convolution: less arithmetic for windows of 3x3, by tiles of m x m outputs.
//
// A worker takes some tiles from x to y, and their transforms stay in its second-level cache. At each position of the
// transformed tiles stands a dense layer from c to k. docs/derivations/winograd.md has the formulas.
#include "lib/ops/conv2d_algorithms.hpp"
#include "lib/ops/pieces.hpp"
#include "lib/ops/winograd_room.hpp"

#include <algorithm>

namespace mien {
namespace {

/// Tiles that a worker takes from x to y: as many as the second-level cache holds, but enough for each use of the
/// filters.
std::int64_t tiles_a_block(const WinogradExtents& t) {
  const std::int64_t cache = 160 * 1024, least = 24, most = 96; // floats; tiles
  return std::clamp(cache / floats_a_tile(t) / 12 * 12, least, most);
}

/// Multiplications a pair of channels.
std::int64_t multiplications(const WinogradExtents& t) { return t.positions() * t.tiles_a_picture(); }

std::string_view refuses(const Conv2dExtents& e, const KernelSet& set, std::int64_t m) {
  if (set.winograd_input == nullptr) return "the kernel set has no Winograd transforms";
  if (e.r != 3 || e.s != 3) return "the window is not 3x3";
  if (e.stride_h != 1 || e.stride_w != 1) return "the strides are not 1";
  if (e.c < 8 || e.k < 8) return "so few channels do not pay for the transforms";
  if (multiplications(tiles_of(e, m)) >= 9 * e.p * e.q) return "the picture is too small for its tiles";
  if (m == 4 && multiplications(tiles_of(e, 2)) <= multiplications(tiles_of(e, 4)))
    return "tiles of 2x2 need no more multiplications";
  return {};
}

Scratch scratch_of(const Conv2dExtents& e, bool training, std::int64_t m) {
  const auto t = tiles_of(e, m);
  return {.shared = training ? static_cast<std::size_t>(BackwardRoom(t).floats()) : 0,
          .per_worker = static_cast<std::size_t>(Transformed::floats(t, tiles_a_block(t)))};
}

void forward(const Conv2dForward& pass, const Conv2dExtents& e, float* scratch, int threads, std::int64_t m) {
  const auto& set = kernels();
  const auto t = tiles_of(e, m);
  const auto tiles = e.n * t.tiles_a_picture();
  const auto panels = rounds(e.k, set.panel);
  // Where tiles are few, as of one picture, workers share out the output channels, too. No bit depends on it.
  const auto blocks = rounds(tiles, tiles_a_block(t));
  const auto slices = std::min(panels, rounds(threads, blocks));
  const auto per_worker = Transformed::floats(t, tiles_a_block(t));
  parallel_for(threads, static_cast<int>(blocks * slices), [&](int part, int worker) {
    const auto block = part / slices, slice = part % slices;
    const auto first = tiles * block / blocks, count = tiles * (block + 1) / blocks - first;
    const auto k0 = panels * slice / slices * set.panel, k1 = std::min(panels * (slice + 1) / slices * set.panel, e.k);
    const Transformed here(scratch + worker * per_worker, t, first, count);
    set.winograd_input(here.v_data, pass.x, t, here.v);
    for (std::int64_t i = 0; i < t.positions(); ++i) {
      set.dense_packed(here.m_data + i * here.m.step, here.v_data + i * here.v.step,
                       pass.packed + i * packed_step(e.c, e.k), nullptr, false, {.n = count, .i = e.c, .o = e.k}, k0,
                       k1);
    }
    set.winograd_output(pass.y, here.m_data, t, here.m, pass.after, k0, k1);
  });
}

template <std::int64_t m> Conv2dAlgorithm winograd(std::string_view name) {
  return {.name = name,
          .refuses = [](const Conv2dExtents& e, const KernelSet& set) { return refuses(e, set, m); },
          .fuses_relu = true,
          .fuses_max_pool = true,
          .scratch = [](const Conv2dExtents& e, bool training) { return scratch_of(e, training, m); },
          .packed =
              [](const Conv2dExtents& e) {
                return static_cast<std::size_t>(tiles_of(e, m).positions() * packed_step(e.c, e.k));
              },
          .pack = [](float* u, const float* w, const Conv2dExtents& e,
                     int threads) { winograd_pack(u, w, e.c, e.k, m, threads); },
          .forward = [](const Conv2dForward& pass, const Conv2dExtents& e, float* scratch,
                        int threads) { forward(pass, e, scratch, threads, m); },
          .backward = [](const Conv2dBackward& pass, const Conv2dExtents& e, float* scratch,
                         int threads) { winograd_backward(pass, e, scratch, threads, m); }};
}

} // namespace

void winograd_pack(float* u, const float* w, std::int64_t c, std::int64_t k, std::int64_t m, int threads) {
  in_pieces(c, 8, threads, [&](std::int64_t c0, std::int64_t c1) {
    kernels().winograd_filter(u, w, m, packed_step(c, k), c, k, c0, c1);
  });
}

Conv2dAlgorithm winograd_conv2d_4() { return winograd<4>("winograd-4x4"); }
Conv2dAlgorithm winograd_conv2d_2() { return winograd<2>("winograd-2x2"); }

} // namespace mien
