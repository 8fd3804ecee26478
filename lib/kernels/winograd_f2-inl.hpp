// SPDX-License-Identifier: Apache-2.0
// Winograd's F(2,3): the transforms in one dimension. Each is a small matrix times a vector of `from` numbers, each of
// which is a vector of channels here; its adjoint, the transposed matrix, takes gradients the way back.
#if defined(MIEN_LIB_KERNELS_WINOGRAD_F2_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef MIEN_LIB_KERNELS_WINOGRAD_F2_INL_HPP
#undef MIEN_LIB_KERNELS_WINOGRAD_F2_INL_HPP
#else
#define MIEN_LIB_KERNELS_WINOGRAD_F2_INL_HPP
#endif

#include "lib/kernels/vector-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace mien::HWY_NAMESPACE {
namespace {

/// F(2,3): points 0, 1, -1, infinity.
struct F2 {
  static constexpr int m = 2, side = 4;

  struct Input { // B^T
    static constexpr int from = 4, to = 4;
    static HWY_INLINE void apply(V* o, const V* i) {
      o[0] = hn::Sub(i[0], i[2]);
      o[1] = hn::Add(i[1], i[2]);
      o[2] = hn::Sub(i[2], i[1]);
      o[3] = hn::Sub(i[1], i[3]);
    }
  };
  struct InputAdjoint { // B
    static constexpr int from = 4, to = 4;
    static HWY_INLINE void apply(V* o, const V* i) {
      o[0] = i[0];
      o[1] = hn::Add(hn::Sub(i[1], i[2]), i[3]);
      o[2] = hn::Sub(hn::Add(i[1], i[2]), i[0]);
      o[3] = hn::Neg(i[3]);
    }
  };
  struct Filter { // G
    static constexpr int from = 3, to = 4;
    static HWY_INLINE void apply(V* o, const V* i) {
      const V even = times(0.5f, hn::Add(i[0], i[2]));
      o[0] = i[0];
      o[1] = plus(even, 0.5f, i[1]);
      o[2] = plus(even, -0.5f, i[1]);
      o[3] = i[2];
    }
  };
  struct FilterAdjoint { // G^T
    static constexpr int from = 4, to = 3;
    static HWY_INLINE void apply(V* o, const V* i) {
      const V even = hn::Add(i[1], i[2]);
      o[0] = plus(i[0], 0.5f, even);
      o[1] = times(0.5f, hn::Sub(i[1], i[2]));
      o[2] = plus(i[3], 0.5f, even);
    }
  };
  struct Output { // A^T
    static constexpr int from = 4, to = 2;
    static HWY_INLINE void apply(V* o, const V* i) {
      o[0] = hn::Add(i[0], hn::Add(i[1], i[2]));
      o[1] = hn::Sub(hn::Sub(i[1], i[2]), i[3]);
    }
  };
  struct OutputAdjoint { // A
    static constexpr int from = 2, to = 4;
    static HWY_INLINE void apply(V* o, const V* i) {
      o[0] = i[0];
      o[1] = hn::Add(i[0], i[1]);
      o[2] = hn::Sub(i[0], i[1]);
      o[3] = hn::Neg(i[1]);
    }
  };
};

} // namespace
} // namespace mien::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
