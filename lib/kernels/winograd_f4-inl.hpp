// SPDX-License-Identifier: Apache-2.0
// Winograd's F(4,3): the transforms in one dimension, as in winograd_f2-inl.hpp.
#if defined(MIEN_LIB_KERNELS_WINOGRAD_F4_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef MIEN_LIB_KERNELS_WINOGRAD_F4_INL_HPP
#undef MIEN_LIB_KERNELS_WINOGRAD_F4_INL_HPP
#else
#define MIEN_LIB_KERNELS_WINOGRAD_F4_INL_HPP
#endif

#include "lib/kernels/vector-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace mien::HWY_NAMESPACE {
namespace {

/// F(4,3): points 0, 1, -1, 2, -2, infinity. What pairs of points share is computed once: even and odd powers.
struct F4 {
  static constexpr int m = 4, side = 6;

  struct Input { // B^T
    static constexpr int from = 6, to = 6;
    static HWY_INLINE void apply(V* o, const V* i) {
      const V even_1 = plus(i[4], -4, i[2]), odd_1 = plus(i[3], -4, i[1]);
      const V even_2 = hn::Sub(i[4], i[2]), odd_2 = times(2, hn::Sub(i[3], i[1]));
      o[0] = plus(plus(i[4], -5, i[2]), 4, i[0]);
      o[1] = hn::Add(even_1, odd_1);
      o[2] = hn::Sub(even_1, odd_1);
      o[3] = hn::Add(even_2, odd_2);
      o[4] = hn::Sub(even_2, odd_2);
      o[5] = plus(plus(i[5], -5, i[3]), 4, i[1]);
    }
  };
  struct InputAdjoint { // B
    static constexpr int from = 6, to = 6;
    static HWY_INLINE void apply(V* o, const V* i) {
      const V sum_1 = hn::Add(i[1], i[2]), difference_1 = hn::Sub(i[1], i[2]);
      const V sum_2 = hn::Add(i[3], i[4]), difference_2 = times(2, hn::Sub(i[3], i[4]));
      o[0] = times(4, i[0]);
      o[1] = hn::Sub(times(4, hn::Sub(i[5], difference_1)), difference_2);
      o[2] = hn::Neg(plus(plus(sum_2, 4, sum_1), 5, i[0]));
      o[3] = plus(hn::Add(difference_1, difference_2), -5, i[5]);
      o[4] = hn::Add(i[0], hn::Add(sum_1, sum_2));
      o[5] = i[5];
    }
  };
  struct Filter { // G
    static constexpr int from = 3, to = 6;
    static HWY_INLINE void apply(V* o, const V* i) {
      const V even_1 = times(-1.0f / 6, hn::Add(i[0], i[2])), odd_1 = times(-1.0f / 6, i[1]);
      const V even_2 = plus(times(1.0f / 6, i[2]), 1.0f / 24, i[0]), odd_2 = times(1.0f / 12, i[1]);
      o[0] = times(0.25f, i[0]);
      o[1] = hn::Add(even_1, odd_1);
      o[2] = hn::Sub(even_1, odd_1);
      o[3] = hn::Add(even_2, odd_2);
      o[4] = hn::Sub(even_2, odd_2);
      o[5] = i[2];
    }
  };
  struct FilterAdjoint { // G^T
    static constexpr int from = 6, to = 3;
    static HWY_INLINE void apply(V* o, const V* i) {
      const V sum_1 = times(1.0f / 6, hn::Add(i[1], i[2])), difference_1 = hn::Sub(i[2], i[1]);
      const V sum_2 = hn::Add(i[3], i[4]), difference_2 = hn::Sub(i[3], i[4]);
      o[0] = hn::Sub(plus(times(0.25f, i[0]), 1.0f / 24, sum_2), sum_1);
      o[1] = plus(times(1.0f / 6, difference_1), 1.0f / 12, difference_2);
      o[2] = plus(hn::Sub(i[5], sum_1), 1.0f / 6, sum_2);
    }
  };
  struct Output { // A^T
    static constexpr int from = 6, to = 4;
    static HWY_INLINE void apply(V* o, const V* i) {
      const V even_1 = hn::Add(i[1], i[2]), odd_1 = hn::Sub(i[1], i[2]);
      const V even_2 = hn::Add(i[3], i[4]), odd_2 = hn::Sub(i[3], i[4]);
      o[0] = hn::Add(i[0], hn::Add(even_1, even_2));
      o[1] = plus(odd_1, 2, odd_2);
      o[2] = plus(even_1, 4, even_2);
      o[3] = hn::Add(plus(odd_1, 8, odd_2), i[5]);
    }
  };
  struct OutputAdjoint { // A
    static constexpr int from = 4, to = 6;
    static HWY_INLINE void apply(V* o, const V* i) {
      const V even_1 = hn::Add(i[0], i[2]), odd_1 = hn::Add(i[1], i[3]);
      const V even_2 = plus(i[0], 4, i[2]), odd_2 = plus(times(2, i[1]), 8, i[3]);
      o[0] = i[0];
      o[1] = hn::Add(even_1, odd_1);
      o[2] = hn::Sub(even_1, odd_1);
      o[3] = hn::Add(even_2, odd_2);
      o[4] = hn::Sub(even_2, odd_2);
      o[5] = i[3];
    }
  };
};

} // namespace
} // namespace mien::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
