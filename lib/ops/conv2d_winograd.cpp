// SPDX-License-Identifier: Apache-2.0
// Winograd's convolution: less arithmetic for windows of 3x3, by tiles of m x m outputs.
//
// Forward, a worker takes some tiles from x to y: their transforms stay in its second-level cache. On the way back the
// transformed gradient M serves twice, for dx and dw. As each number of dw is a sum over all tiles, workers share out
// positions there, not tiles: so chunks of pictures go through transform, product and transform together, each small
// enough for the last-level cache. docs/derivations/winograd.md has the formulas.
#include "lib/ops/conv2d_algorithms.hpp"
#include "lib/ops/pieces.hpp"

#include <algorithm>
#include <array>

namespace mien {
namespace {

constexpr std::int64_t line = 16; // floats of a cache line

std::int64_t rounds(std::int64_t n, std::int64_t size) { return (n + size - 1) / size; }

/// Floats from one position's n numbers to the next: an odd number of lines, so that positions spread over the sets of
/// a cache, whatever the channels.
std::int64_t position_step(std::int64_t n) { return (rounds(n, line) | 1) * line; }

WinogradExtents tiles_of(const Conv2dExtents& e, std::int64_t m) {
  return {.conv = e, .m = m, .rows = rounds(e.p, m), .columns = rounds(e.q, m)};
}

/// Transformed numbers of one tile: V and M.
std::int64_t floats_a_tile(const WinogradExtents& t) { return t.positions() * (t.conv.c + t.conv.k); }

/// Tiles that a worker takes from x to y: as many as the second-level cache holds, but enough for each use of the
/// filters.
std::int64_t tiles_a_block(const WinogradExtents& t) {
  const std::int64_t cache = 160 * 1024, least = 24, most = 96; // floats; tiles
  return std::clamp(cache / floats_a_tile(t) / 12 * 12, least, most);
}

/// Pictures that go the way back together. Their number decides how dw's sum is grouped, so it depends on shapes alone.
std::int64_t pictures_a_chunk(const WinogradExtents& t) {
  const std::int64_t cache = 1536 * 1024; // floats
  return std::clamp(cache / (floats_a_tile(t) * t.tiles_a_picture()), std::int64_t{1}, t.conv.n);
}

/// V and M of so many tiles, one behind the other.
struct Transformed {
  WinogradTiles v, m;
  float* v_data;
  float* m_data;

  Transformed(float* memory, const WinogradExtents& t, std::int64_t first, std::int64_t count)
      : v{first, count, position_step(count * t.conv.c)}, m{first, count, position_step(count * t.conv.k)},
        v_data(memory), m_data(memory + t.positions() * v.step) {}

  [[nodiscard]] static std::int64_t floats(const WinogradExtents& t, std::int64_t count) {
    return t.positions() * (position_step(count * t.conv.c) + position_step(count * t.conv.k));
  }
};

/// Filters of one position in panels of output channels, c to k of them.
std::int64_t packed_step(std::int64_t c, std::int64_t k) {
  const auto panel = kernels().panel;
  return position_step(c * rounds(k, panel) * panel);
}

/// And the gradient by them, as it comes.
std::int64_t gradient_step(const Conv2dExtents& e) { return position_step(e.c * e.k); }

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

/// What a backward pass shares among its workers, in the order in which it lies in memory, in floats.
struct Room {
  std::int64_t u, du, exchanged, chunk;

  explicit Room(const WinogradExtents& t)
      : u(t.positions() * packed_step(t.conv.k, t.conv.c)), du(t.positions() * gradient_step(t.conv)),
        exchanged(rounds(9 * t.conv.c * t.conv.k, line) * line),
        chunk(Transformed::floats(t, pictures_a_chunk(t) * t.tiles_a_picture())) {}
};

Scratch scratch_of(const Conv2dExtents& e, bool training, std::int64_t m) {
  const auto t = tiles_of(e, m);
  const Room room(t);
  return {.shared = training ? static_cast<std::size_t>(room.u + room.du + room.exchanged + room.chunk) : 0,
          .per_worker = static_cast<std::size_t>(Transformed::floats(t, tiles_a_block(t)))};
}

/// u of w (3,3,C,K).
void transform_filters(float* u, const float* w, std::int64_t c, std::int64_t k, std::int64_t m, int threads) {
  in_pieces(c, 8, threads, [&](std::int64_t c0, std::int64_t c1) {
    kernels().winograd_filter(u, w, m, packed_step(c, k), c, k, c0, c1);
  });
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
                       pass.packed + i * packed_step(e.c, e.k), {.n = count, .i = e.c, .o = e.k}, k0, k1);
    }
    set.winograd_output(pass.y, here.m_data, t, here.m, pass.after, k0, k1);
  });
}

/// to[r][s][k][c] = w[r][s][c][k], by blocks whose lines stay in the first-level cache.
void exchange_channels(float* to, const float* w, const Conv2dExtents& e, int threads) {
  const auto blocks = rounds(e.c, line);
  parallel_for(threads, static_cast<int>(9 * blocks), [&](int part, int) {
    const auto c0 = part % blocks * line, c1 = std::min(c0 + line, e.c);
    const auto window = part / blocks * e.c * e.k;
    for (std::int64_t k = 0; k < e.k; ++k)
      for (auto c = c0; c < c1; ++c) to[window + k * e.c + c] = w[window + c * e.k + k];
  });
}

/// One backward pass: what its steps share.
class Backward {
public:
  Backward(const Conv2dBackward& pass, const Conv2dExtents& e, float* scratch, int threads, std::int64_t m)
      : pass_(pass), e_(e), t_(tiles_of(e, m)), room_(t_), threads_(threads), u_(scratch), du_(u_ + room_.u),
        exchanged_(du_ + room_.du), chunk_(exchanged_ + room_.exchanged) {}

  void run() {
    if (pass_.dx != nullptr) {
      exchange_channels(exchanged_, pass_.w, e_, threads_);
      transform_filters(u_, exchanged_, e_.k, e_.c, t_.m, threads_);
    }
    if (pass_.dw != nullptr)
      in_pieces(room_.du, elements_a_piece, threads_, [&](auto i0, auto i1) { std::fill(du_ + i0, du_ + i1, 0.0f); });
    for (std::int64_t n = 0; n < e_.n; n += pictures_a_chunk(t_)) {
      const auto pictures = std::min(pictures_a_chunk(t_), e_.n - n);
      const Transformed here(chunk_, t_, n * t_.tiles_a_picture(), pictures * t_.tiles_a_picture());
      transform(here);
      multiply(here);
      if (pass_.dx != nullptr) spread(here, pictures);
    }
    if (pass_.dw == nullptr) return;
    in_pieces(e_.c * e_.k, 64 * line, threads_, [&](std::int64_t f0, std::int64_t f1) {
      kernels().winograd_filter_adjoint(pass_.dw, du_, t_.m, gradient_step(e_), e_.c * e_.k, f0, f1);
    });
  }

private:
  /// V of x, and M of dy.
  void transform(const Transformed& here) const {
    in_pieces(here.v.count, 12, threads_, [&](std::int64_t i0, std::int64_t i1) {
      const auto some = [&](const WinogradTiles& all) { return WinogradTiles{all.first + i0, i1 - i0, all.step}; };
      if (pass_.dw != nullptr) kernels().winograd_input(here.v_data + i0 * e_.c, pass_.x, t_, some(here.v));
      kernels().winograd_output_adjoint(here.m_data + i0 * e_.k, pass_.dy, t_, some(here.m), pass_.after);
    });
  }

  /// At every position: du += V^T M, then M u^T in the place of V.
  void multiply(const Transformed& here) const {
    const auto& set = kernels();
    const auto all_ones = t_.side() + 1; // A's row for the point 1 is all ones, so M there is the sum of a tile's dy
    parallel_for(threads_, static_cast<int>(t_.positions()), [&](int i, int) {
      float* v = here.v_data + i * here.v.step;
      const float* m = here.m_data + i * here.m.step;
      const auto n = here.v.count;
      if (pass_.dw != nullptr)
        set.dense_backward_kernel(du_ + i * gradient_step(e_), v, m, {.n = n, .i = e_.c, .o = e_.k}, 0, e_.k);
      if (pass_.dw != nullptr && pass_.db != nullptr && i == all_ones) set.column_sums(pass_.db, m, n, e_.k, 0, e_.k);
      if (pass_.dx != nullptr)
        set.dense_packed(v, m, u_ + i * packed_step(e_.k, e_.c), {.n = n, .i = e_.k, .o = e_.c}, 0, e_.c);
    });
  }

  /// The tiles' gradients, which overlap, into pictures: a worker takes some channels of one.
  void spread(const Transformed& here, std::int64_t pictures) const {
    const auto slice = kernels().panel, slices = rounds(e_.c, slice);
    parallel_for(threads_, static_cast<int>(pictures * slices), [&](int part, int) {
      const auto first = part / slices * t_.tiles_a_picture(), c0 = part % slices * slice;
      const WinogradTiles tiles{here.v.first + first, t_.tiles_a_picture(), here.v.step};
      kernels().winograd_input_adjoint(pass_.dx, here.v_data + first * e_.c, t_, tiles, c0, std::min(c0 + slice, e_.c));
    });
  }

  const Conv2dBackward& pass_;
  const Conv2dExtents& e_;
  WinogradExtents t_;
  Room room_;
  int threads_;
  float* u_;
  float* du_;
  float* exchanged_;
  float* chunk_;
};

template <std::int64_t m> Conv2dAlgorithm winograd(std::string_view name) {
  return {.name = name,
          .refuses = [](const Conv2dExtents& e, const KernelSet& set) { return refuses(e, set, m); },
          .fuses = true,
          .scratch = [](const Conv2dExtents& e, bool training) { return scratch_of(e, training, m); },
          .packed =
              [](const Conv2dExtents& e) {
                return static_cast<std::size_t>(tiles_of(e, m).positions() * packed_step(e.c, e.k));
              },
          .pack = [](float* u, const float* w, const Conv2dExtents& e,
                     int threads) { transform_filters(u, w, e.c, e.k, m, threads); },
          .forward = [](const Conv2dForward& pass, const Conv2dExtents& e, float* scratch,
                        int threads) { forward(pass, e, scratch, threads, m); },
          .backward = [](const Conv2dBackward& pass, const Conv2dExtents& e, float* scratch,
                         int threads) { Backward(pass, e, scratch, threads, m).run(); }};
}

} // namespace

Conv2dAlgorithm winograd_conv2d_4() { return winograd<4>("winograd-4x4"); }
Conv2dAlgorithm winograd_conv2d_2() { return winograd<2>("winograd-2x2"); }

} // namespace mien
