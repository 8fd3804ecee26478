// SPDX-License-Identifier: Apache-2.0
// An array between canaries, at a chosen distance from alignment.
#pragma once

#include "mien/core/tensor.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#if defined(__SANITIZE_ADDRESS__)
#define MIEN_TEST_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define MIEN_TEST_ASAN 1
#endif
#endif
#ifdef MIEN_TEST_ASAN
#include <sanitizer/asan_interface.h>
#endif

namespace mien::test {

/// `count` elements that begin `misalignment` elements after a 64-byte boundary, with 64 canary bytes and more on both
/// sides.
///
/// A canary is a NaN: what reads one spoils its result. Whoever writes over one is found by intact(). Under
/// AddressSanitizer the canaries may not even be read.
template <class T> class Guarded {
public:
  explicit Guarded(std::span<const T> values, std::size_t misalignment = 0)
      : count_(values.size()), begin_(margin + misalignment), memory_(begin_ + count_ + margin) {
    std::memset(static_cast<void*>(memory_.data()), canary, memory_.size() * sizeof(T));
    std::copy(values.begin(), values.end(), data());
    lock(true);
  }
  Guarded(std::size_t count, T value, std::size_t misalignment)
      : Guarded(std::span<const T>(std::vector<T>(count, value)), misalignment) {}
  Guarded(const Guarded&) = delete;
  Guarded& operator=(const Guarded&) = delete;
  ~Guarded() { lock(false); }

  [[nodiscard]] T* data() noexcept { return memory_.data() + begin_; }
  [[nodiscard]] std::span<const T> values() noexcept { return {data(), count_}; }

  /// Whether both rows of canaries are as they were.
  [[nodiscard]] bool intact() {
    lock(false);
    const auto* first = reinterpret_cast<const unsigned char*>(memory_.data());
    const auto* begin = reinterpret_cast<const unsigned char*>(data());
    const auto* end = begin + count_ * sizeof(T);
    const auto* last = first + memory_.size() * sizeof(T);
    const auto untouched = [](unsigned char byte) { return byte == canary; };
    const bool result = std::all_of(first, begin, untouched) && std::all_of(end, last, untouched);
    lock(true);
    return result;
  }

private:
  static constexpr std::size_t margin = 64 / sizeof(T) * 2;
  static constexpr unsigned char canary = 0xff; // four of them are a NaN

  void lock([[maybe_unused]] bool locked) noexcept {
#ifdef MIEN_TEST_ASAN
    const auto set = locked ? __asan_poison_memory_region : __asan_unpoison_memory_region;
    set(memory_.data(), begin_ * sizeof(T));
    set(data() + count_, (memory_.size() - begin_ - count_) * sizeof(T));
#endif
  }

  std::size_t count_;
  std::size_t begin_;
  std::vector<T, AlignedAllocator<T>> memory_;
};

} // namespace mien::test
