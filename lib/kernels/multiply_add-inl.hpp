// SPDX-License-Identifier: Apache-2.0
// Nothing but fused multiply-adds: the most that this kind of vector can do.
#if defined(MIEN_LIB_KERNELS_MULTIPLY_ADD_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef MIEN_LIB_KERNELS_MULTIPLY_ADD_INL_HPP
#undef MIEN_LIB_KERNELS_MULTIPLY_ADD_INL_HPP
#else
#define MIEN_LIB_KERNELS_MULTIPLY_ADD_INL_HPP
#endif

#include "lib/kernels/vector-inl.hpp"
#include "mien/kernels.hpp"

HWY_BEFORE_NAMESPACE();
namespace mien::HWY_NAMESPACE {
namespace {

/// 12 chains that do not wait for each other: more than latency times ports, fewer than registers.
std::int64_t multiply_add_chains(float* sink, std::int64_t rounds) noexcept {
  constexpr int chains = 12;
  const V a = hn::Set(d, 0.999f), b = hn::Set(d, 0.001f); // a sum goes to 1: never huge, never denormal
  V sum[chains];
  MIEN_UNROLL for (int i = 0; i < chains; ++i) sum[i] = hn::Set(d, static_cast<float>(i));
  for (std::int64_t round = 0; round < rounds; ++round) {
    MIEN_UNROLL for (int i = 0; i < chains; ++i) sum[i] = hn::MulAdd(sum[i], a, b);
  }
  MIEN_UNROLL for (int i = 1; i < chains; ++i) sum[0] = hn::Add(sum[0], sum[i]);
  *sink = hn::GetLane(sum[0]); // what nobody reads the compiler leaves out
  return chains * rounds * lanes;
}

} // namespace
} // namespace mien::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
