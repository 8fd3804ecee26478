// SPDX-License-Identifier: Apache-2.0
#include "mien/io/digest.hpp"

#include <new>
#include <type_traits>

#define XXH_STATIC_LINKING_ONLY // the layout of XXH3_state_t
#include <xxhash.h>

namespace mien {
namespace {

static_assert(sizeof(XXH3_state_t) <= sizeof(Digest) && alignof(XXH3_state_t) <= alignof(Digest));
static_assert(std::is_trivially_copyable_v<XXH3_state_t>);

XXH3_state_t* state_in(std::array<std::byte, 576>& bytes) {
  return std::launder(reinterpret_cast<XXH3_state_t*>(bytes.data()));
}

std::string hex_of(XXH128_hash_t hash) {
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, hash);
  std::string text;
  for (const unsigned char byte : canonical.digest) {
    for (const int nibble : {byte >> 4, byte & 15}) text += "0123456789abcdef"[nibble];
  }
  return text;
}

} // namespace

Digest::Digest() : state_{} {
  new (state_.data()) XXH3_state_t{};
  XXH3_128bits_reset(state_in(state_));
}

Digest& Digest::update(std::span<const std::byte> bytes) {
  XXH3_128bits_update(state_in(state_), bytes.data(), bytes.size());
  return *this;
}

std::string Digest::hex() const {
  Digest copy = *this; // aligned as the state must be
  return hex_of(XXH3_128bits_digest(state_in(copy.state_)));
}

std::string digest(std::span<const std::byte> bytes) { return hex_of(XXH3_128bits(bytes.data(), bytes.size())); }

std::uint64_t digest64(std::span<const std::byte> bytes) noexcept { return XXH3_64bits(bytes.data(), bytes.size()); }

} // namespace mien
