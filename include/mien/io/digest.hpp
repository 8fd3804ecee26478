// SPDX-License-Identifier: Apache-2.0
// Fingerprints of bytes: equal bytes have equal digests, and a changed byte changes the digest.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace mien {

/// The digest of bytes that come in pieces: `Digest d; d.update(a); d.update(b); d.hex()`.
///
/// XXH3 with 128 bits, seed 0 (as `xxhsum -H2` prints it): it finds accidents, it does not withstand an attacker.
class Digest {
public:
  Digest();
  /// Takes more bytes in; how they are cut into pieces does not matter.
  Digest& update(std::span<const std::byte> bytes);
  /// 32 hex digits for everything taken in so far; more may follow.
  [[nodiscard]] std::string hex() const;

private:
  alignas(64) std::array<std::byte, 576> state_; // an XXH3_state_t, kept out of the header
};

/// The digest of bytes that are all there: 32 hex digits.
[[nodiscard]] std::string digest(std::span<const std::byte> bytes);
/// A short digest: XXH3 with 64 bits, seed 0 (`xxhsum -H3`).
[[nodiscard]] std::uint64_t digest64(std::span<const std::byte> bytes) noexcept;

} // namespace mien
