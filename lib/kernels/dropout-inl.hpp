// SPDX-License-Identifier: Apache-2.0
// Dropout: Philox for a vector of counters at a time, the mask used at once and never stored.
#if defined(MIEN_LIB_KERNELS_DROPOUT_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef MIEN_LIB_KERNELS_DROPOUT_INL_HPP
#undef MIEN_LIB_KERNELS_DROPOUT_INL_HPP
#else
#define MIEN_LIB_KERNELS_DROPOUT_INL_HPP
#endif

#include "lib/kernels/vector-inl.hpp"
#include "mien/kernels.hpp"

HWY_BEFORE_NAMESPACE();
namespace mien::HWY_NAMESPACE {
namespace {

using DU = hn::RebindToUnsigned<D>;
using VU = hn::Vec<DU>;
constexpr DU du32{};

struct Product {
  VU high, low;
};

/// The upper and lower halves of 32-bit products, lane by lane.
HWY_INLINE Product multiply(VU a, VU b) {
#if HWY_TARGET == HWY_SCALAR
  const auto product = std::uint64_t{hn::GetLane(a)} * hn::GetLane(b);
  return {hn::Set(du32, static_cast<std::uint32_t>(product >> 32)), hn::Set(du32, static_cast<std::uint32_t>(product))};
#else
  const hn::RepartitionToWide<DU> wide{};
  const auto even = hn::MulEven(a, b);
  const auto odd = hn::MulEven(hn::BitCast(du32, hn::ShiftRight<32>(hn::BitCast(wide, a))),
                               hn::BitCast(du32, hn::ShiftRight<32>(hn::BitCast(wide, b))));
  const VU high = hn::OddEven(hn::BitCast(du32, odd), hn::BitCast(du32, hn::ShiftRight<32>(even)));
  const VU low = hn::OddEven(hn::BitCast(du32, hn::ShiftLeft<32>(odd)), hn::BitCast(du32, even));
  return {high, low};
#endif
}

/// philox4x32 (mien/core/philox.hpp) for one counter a lane, in place.
HWY_INLINE void philox(VU c[4], PhiloxKey key) {
  for (int round = 0; round < 10; ++round) {
    const Product p0 = multiply(hn::Set(du32, 0xD2511F53u), c[0]);
    const Product p1 = multiply(hn::Set(du32, 0xCD9E8D57u), c[2]);
    c[0] = hn::Xor(hn::Xor(p1.high, c[1]), hn::Set(du32, key[0]));
    c[1] = p1.low;
    c[2] = hn::Xor(hn::Xor(p0.high, c[3]), hn::Set(du32, key[1]));
    c[3] = p0.low;
    key[0] += 0x9E3779B9u;
    key[1] += 0xBB67AE85u;
  }
}

void dropout(float* y, const float* x, std::int64_t n, const DropoutDraw& draw) noexcept {
  const V scale = hn::Set(d, draw.scale);
  const VU threshold = hn::Set(du32, draw.threshold);
  HWY_ALIGN std::uint32_t words[4 * lanes];
  for (std::int64_t i = 0; i < n; i += 4 * lanes) {
    VU c[4] = {hn::Iota(du32, draw.counter[0] + static_cast<std::uint32_t>(i / 4)), hn::Set(du32, draw.counter[1]),
               hn::Set(du32, draw.counter[2]), hn::Set(du32, draw.counter[3])};
    philox(c, draw.key);
    hn::StoreInterleaved4(c[0], c[1], c[2], c[3], du32, words);
    for (std::int64_t j = 0; j < 4 * lanes && i + j < n; j += lanes) {
      const VU value = hn::ShiftRight<8>(hn::Load(du32, words + j));
      const auto kept = hn::RebindMask(d, hn::Not(hn::Lt(value, threshold)));
      const V scaled = hn::Mul(load_first(x + i + j, n - i - j), scale);
      store_first(hn::IfThenElseZero(kept, scaled), y + i + j, n - i - j);
    }
  }
}

} // namespace
} // namespace mien::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
