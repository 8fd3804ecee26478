// SPDX-License-Identifier: Apache-2.0
// What every vector kernel shares: the vector type, and loads and stores that end where the data end.
#if defined(MIEN_LIB_KERNELS_VECTOR_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef MIEN_LIB_KERNELS_VECTOR_INL_HPP
#undef MIEN_LIB_KERNELS_VECTOR_INL_HPP
#else
#define MIEN_LIB_KERNELS_VECTOR_INL_HPP
#endif

#include <hwy/highway.h>

#include <cstdint>

// A loop over registers: it must disappear, or the registers become memory.
#if defined(__clang__)
#define MIEN_UNROLL _Pragma("clang loop unroll(full)")
#else
#define MIEN_UNROLL _Pragma("GCC unroll 16")
#endif

HWY_BEFORE_NAMESPACE();
namespace mien::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;
constexpr D d{};
constexpr std::int64_t lanes = hn::MaxLanes(d);
using DD = hn::ScalableTag<double>;
using VD = hn::Vec<DD>;
constexpr DD dd{};
constexpr std::int64_t lanes_d = hn::MaxLanes(dd);

HWY_INLINE std::int64_t smaller(std::int64_t a, std::int64_t b) { return a < b ? a : b; }
HWY_INLINE std::int64_t larger(std::int64_t a, std::int64_t b) { return a > b ? a : b; }

/// The first `n` floats at p, zeros behind them; nothing at or beyond p + n is touched. n may be 0 or less, or more
/// than a vector.
HWY_INLINE V load_first(const float* p, std::int64_t n) {
  if (n >= lanes) return hn::LoadU(d, p);
  if (n <= 0) return hn::Zero(d);
#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX2
  return hn::MaskedLoad(hn::FirstN(d, static_cast<std::size_t>(n)), d, p);
#else // elsewhere a masked load reads the whole vector first
  HWY_ALIGN float buffer[lanes] = {};
  for (std::int64_t i = 0; i < n; ++i) buffer[i] = p[i];
  return hn::Load(d, buffer);
#endif
}

HWY_INLINE void store_first(V v, float* p, std::int64_t n) {
  if (n >= lanes) {
    hn::StoreU(v, d, p);
  } else if (n > 0) {
#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX2
    hn::BlendedStore(v, hn::FirstN(d, static_cast<std::size_t>(n)), d, p);
#else
    HWY_ALIGN float buffer[lanes];
    hn::Store(v, d, buffer);
    for (std::int64_t i = 0; i < n; ++i) p[i] = buffer[i];
#endif
  }
}

/// max(0, x), where a NaN stays one.
HWY_INLINE V rectified(V x) { return hn::IfThenZeroElse(hn::Lt(x, hn::Zero(d)), x); }

/// a x
HWY_INLINE V times(float a, V x) { return hn::Mul(hn::Set(d, a), x); }
/// a x + y
HWY_INLINE V plus(V y, float a, V x) { return hn::MulAdd(hn::Set(d, a), x, y); }

template <bool Partial> HWY_INLINE V load(const float* p, std::int64_t n) {
  if constexpr (Partial) return load_first(p, n);
  return hn::LoadU(d, p);
}

template <bool Partial> HWY_INLINE void store(V v, float* p, std::int64_t n) {
  if constexpr (Partial) {
    store_first(v, p, n);
  } else {
    hn::StoreU(v, d, p);
  }
}

} // namespace
} // namespace mien::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
