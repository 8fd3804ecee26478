// SPDX-License-Identifier: Apache-2.0
// Winograd's convolution on the way back: M = A dy A^T, transformed once, serves dx and dw.
//
// Each number of dw is a sum over all tiles of all pictures. So that its grouping does not depend on the workers, the
// batch is divided into a few groups by its shape, each with sums of its own, which are added in the end. A worker
// takes whole groups, whose pictures are in its caches since the way forward; where workers are more than groups, they
// take one group after the other together, and share out tiles, positions and channels.
#include "lib/ops/conv2d_algorithms.hpp"
#include "lib/ops/pieces.hpp"
#include "lib/ops/winograd_room.hpp"

#include <algorithm>

namespace mien {
namespace {

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

class Backward {
public:
  Backward(const Conv2dBackward& pass, const Conv2dExtents& e, float* scratch, std::int64_t m)
      : pass_(pass), e_(e), t_(tiles_of(e, m)), room_(t_), u_(scratch), exchanged_(u_ + room_.u),
        sums_(exchanged_ + room_.exchanged), chunks_(sums_ + room_.groups.count * room_.sums) {}

  void run(int threads) const {
    if (pass_.dx != nullptr) {
      exchange_channels(exchanged_, pass_.w, e_, threads);
      winograd_pack(u_, exchanged_, e_.k, e_.c, t_.m, threads);
    }
    const auto groups = static_cast<int>(room_.groups.count);
    if (threads <= groups) {
      parallel_for(threads, groups, [&](int group, int) { take(group, 1); });
    } else {
      for (int group = 0; group < groups; ++group) take(group, threads);
    }
    if (pass_.dw != nullptr) add_sums(threads);
  }

private:
  void take(std::int64_t group, int threads) const {
    float* const du = sums_ + group * room_.sums;
    const auto first_of = [&](std::int64_t g) { return e_.n * g / room_.groups.count * t_.tiles_a_picture(); };
    const auto begin = first_of(group), end = first_of(group + 1);
    for (auto tile = begin; tile < end; tile += room_.groups.tiles) {
      const Transformed here(chunks_ + group * room_.chunk, t_, tile, std::min(room_.groups.tiles, end - tile));
      transform(here, threads);
      multiply(here, du, tile == begin, threads);
      if (pass_.dx != nullptr) spread(here, threads);
    }
  }

  /// V of x, and M of dy.
  void transform(const Transformed& here, int threads) const {
    in_pieces(here.v.count, 12, threads, [&](std::int64_t i0, std::int64_t i1) {
      const auto some = [&](const WinogradTiles& all) { return WinogradTiles{all.first + i0, i1 - i0, all.step}; };
      if (pass_.dw != nullptr) kernels().winograd_input(here.v_data + i0 * e_.c, pass_.x, t_, some(here.v));
      kernels().winograd_output_adjoint(here.m_data + i0 * e_.k, pass_.dy, t_, some(here.m), pass_.after);
    });
  }

  /// At every position: du += V^T M, then M u^T in the place of V. The first of a group begins its sums, here, where
  /// they are in the cache.
  void multiply(const Transformed& here, float* du, bool first, int threads) const {
    const auto& set = kernels();
    float* const db = du + t_.positions() * gradient_step(e_);
    const auto all_ones = t_.side() + 1; // A's row for the point 1 is all ones, so M there is the sum of a tile's dy
    parallel_for(threads, static_cast<int>(t_.positions()), [&](int i, int) {
      float* v = here.v_data + i * here.v.step;
      const float* m = here.m_data + i * here.m.step;
      const auto n = here.v.count;
      if (pass_.dw != nullptr) {
        if (first) std::fill_n(du + i * gradient_step(e_), gradient_step(e_), 0.0f);
        if (first && i == all_ones) std::fill_n(db, e_.k, 0.0f);
        set.dense_backward_kernel(du + i * gradient_step(e_), v, m, {.n = n, .i = e_.c, .o = e_.k}, 0, e_.k);
        if (i == all_ones) set.column_sums(db, m, n, e_.k, 0, e_.k);
      }
      if (pass_.dx != nullptr)
        set.dense_packed(v, m, u_ + i * packed_step(e_.k, e_.c), nullptr, false, {.n = n, .i = e_.k, .o = e_.c}, 0,
                         e_.c);
    });
  }

  /// The tiles' gradients, which overlap, into pictures: tiles in order, so a worker takes some channels of them all.
  void spread(const Transformed& here, int threads) const {
    in_pieces(e_.c, threads > 1 ? line : e_.c, threads, [&](std::int64_t c0, std::int64_t c1) {
      kernels().winograd_input_adjoint(pass_.dx, here.v_data, t_, here.v, c0, c1);
    });
  }

  /// dw and db from the groups' sums.
  void add_sums(int threads) const {
    const WinogradSums from{sums_, room_.groups.count, room_.sums, gradient_step(e_)};
    in_pieces(e_.c * e_.k, 64 * line, threads, [&](std::int64_t f0, std::int64_t f1) {
      kernels().winograd_filter_adjoint(pass_.dw, from, t_.m, e_.c * e_.k, f0, f1);
    });
    if (pass_.db == nullptr) return;
    for (std::int64_t group = 0; group < room_.groups.count; ++group) {
      const float* db = sums_ + group * room_.sums + t_.positions() * gradient_step(e_);
      std::transform(db, db + e_.k, pass_.db, pass_.db, std::plus<>());
    }
  }

  const Conv2dBackward& pass_;
  const Conv2dExtents& e_;
  WinogradExtents t_;
  BackwardRoom room_;
  float* u_;
  float* exchanged_;
  float* sums_;
  float* chunks_;
};

} // namespace

void winograd_backward(const Conv2dBackward& pass, const Conv2dExtents& e, float* scratch, int threads,
                       std::int64_t m) {
  Backward(pass, e, scratch, m).run(threads);
}

} // namespace mien
