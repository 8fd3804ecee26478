// SPDX-License-Identifier: Apache-2.0
// In which order an epoch shows its pictures.
#pragma once

#include "mien/core/philox.hpp"
#include "mien/data/dataset.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace mien {

/// A keyed order of 0 ... n - 1, each number once, that is computed and not kept.
///
/// A Feistel network of four rounds over the two halves of a number's bits, whose round function is Philox, keyed by
/// (seed, epoch, stream); where its value is n or more it is applied again (cycle walking), fewer than two times on
/// average. Not every order can come out, as there are more than keys.
/// Sources: Luby and Rackoff 1988; Black and Rogaway 2002, "Ciphers with arbitrary finite domains".
class KeyedOrder {
public:
  KeyedOrder(std::uint32_t n, std::uint64_t seed, std::uint32_t epoch, std::uint32_t stream) noexcept;
  [[nodiscard]] std::uint32_t operator[](std::uint32_t i) const noexcept;

private:
  [[nodiscard]] std::uint32_t round(std::uint32_t half, std::uint32_t number) const noexcept;
  std::uint32_t n_, epoch_, stream_;
  int low_bits_, high_bits_;
  PhiloxKey key_;
};

/// An order for more pictures than memory holds: random, and yet kind to a disk.
///
/// Pictures that lie together form a block. The blocks come in a keyed order, some of them make a window, and the
/// pictures of a window come in a keyed order; so a window is all that a system has to keep at hand. Where the first
/// block begins is drawn anew every epoch. Takes no memory; every picture comes once. Source: the shuffle buffer of
/// tf.data and WebDataset, without a buffer.
class BlockShuffle {
public:
  BlockShuffle(std::uint32_t pictures, std::uint32_t block, std::uint32_t window_blocks) noexcept;
  void begin_epoch(std::uint64_t seed, int epoch) noexcept;
  [[nodiscard]] std::uint32_t operator[](std::uint32_t position) const noexcept;

private:
  std::uint32_t pictures_, block_, window_; // window: pictures
  std::uint32_t first_ = 0, epoch_ = 0;
  std::uint64_t seed_ = 0;
};

/// The order of one epoch, a function of (seed, epoch) and of how many pictures there are.
///
/// Pictures in memory: every order is equally likely (Fisher and Yates), in four bytes a picture. Packed pictures: a
/// BlockShuffle of blocks of 64 KiB and windows of 1024 blocks, without memory.
class PictureOrder {
public:
  explicit PictureOrder(const Dataset& data);
  void begin_epoch(std::uint64_t seed, int epoch);
  [[nodiscard]] std::uint32_t operator[](std::size_t position) const noexcept {
    return packed_ ? blocks_[static_cast<std::uint32_t>(position)] : order_[position];
  }

private:
  bool packed_;
  std::vector<std::uint32_t> order_;
  BlockShuffle blocks_;
};

} // namespace mien
