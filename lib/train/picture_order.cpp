// SPDX-License-Identifier: Apache-2.0
#include "mien/train/picture_order.hpp"

#include "lib/train/shuffle.hpp"

#include "mien/core/error.hpp"

#include <algorithm>
#include <bit>
#include <limits>

namespace mien {
namespace {

constexpr std::size_t block_bytes = 1 << 16;
constexpr std::uint32_t window_blocks = 1024;

std::uint32_t counted(const Dataset& data) {
  if (data.size() > std::numeric_limits<std::uint32_t>::max())
    throw Error(concat("training: ", data.size(), " pictures; at most 4294967295 can be trained on, give fewer"));
  return static_cast<std::uint32_t>(data.size());
}

std::uint32_t block_of(const Dataset& data) {
  return static_cast<std::uint32_t>(
      std::max<std::size_t>(1, block_bytes / std::max<std::size_t>(1, data.picture_bytes())));
}

constexpr std::uint32_t mask(int bits) noexcept { return static_cast<std::uint32_t>((std::uint64_t{1} << bits) - 1); }

} // namespace

KeyedOrder::KeyedOrder(std::uint32_t n, std::uint64_t seed, std::uint32_t epoch, std::uint32_t stream) noexcept
    : n_(n), epoch_(epoch), stream_(stream), low_bits_(static_cast<int>(std::bit_width(n - 1) + 1) / 2),
      high_bits_(static_cast<int>(std::bit_width(n - 1)) / 2), key_{static_cast<std::uint32_t>(seed),
                                                                    static_cast<std::uint32_t>(seed >> 32)} {}

std::uint32_t KeyedOrder::round(std::uint32_t half, std::uint32_t number) const noexcept {
  // As Rng counts, but for layer 1 + number of Purpose::shuffle: no stream of Fisher and Yates.
  const auto purpose = static_cast<std::uint32_t>(of_layer(Purpose::shuffle, 1 + number));
  return philox4x32({half, stream_, epoch_, purpose}, key_)[0];
}

std::uint32_t KeyedOrder::operator[](std::uint32_t i) const noexcept {
  do {
    auto low = i & mask(low_bits_), high = i >> low_bits_;
    for (std::uint32_t number = 0; number < 4; number += 2) {
      high ^= round(low, number) & mask(high_bits_);
      low ^= round(high, number + 1) & mask(low_bits_);
    }
    i = high << low_bits_ | low;
  } while (i >= n_);
  return i;
}

BlockShuffle::BlockShuffle(std::uint32_t pictures, std::uint32_t block, std::uint32_t window) noexcept
    : pictures_(pictures), block_(block),
      window_(static_cast<std::uint32_t>(std::min<std::uint64_t>(std::uint64_t{block} * window, 0x80000000u))) {
  window_ -= window_ % block_;
}

void BlockShuffle::begin_epoch(std::uint64_t seed, int epoch) noexcept {
  seed_ = seed;
  epoch_ = static_cast<std::uint32_t>(epoch);
  first_ = Rng(seed, of_layer(Purpose::shuffle, 5), epoch_).below(std::max(pictures_, 1u));
}

std::uint32_t BlockShuffle::operator[](std::uint32_t position) const noexcept {
  const auto window = position / window_, begin = window * window_;
  const auto place =
      begin + KeyedOrder(std::min(window_, pictures_ - begin), seed_, epoch_, 1 + window)[position - begin];
  const auto blocks = pictures_ / block_; // a last, shorter one stays the last
  const auto block = place / block_;
  const auto picture = (block < blocks ? KeyedOrder(blocks, seed_, epoch_, 0)[block] : block) * block_ + place % block_;
  return static_cast<std::uint32_t>((std::uint64_t{picture} + first_) % pictures_);
}

PictureOrder::PictureOrder(const Dataset& data)
    : packed_(data.packed != nullptr), order_(packed_ ? 0 : counted(data)),
      blocks_(counted(data), block_of(data), window_blocks) {}

void PictureOrder::begin_epoch(std::uint64_t seed, int epoch) {
  if (packed_)
    blocks_.begin_epoch(seed, epoch);
  else
    shuffle(order_, seed, epoch);
}

} // namespace mien
