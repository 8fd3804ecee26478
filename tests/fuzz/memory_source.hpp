// SPDX-License-Identifier: Apache-2.0
// A video in memory, read to its end.
#pragma once

#include "lib/capture/video_stream.hpp"

#include <algorithm>
#include <cstdlib>

namespace mien::test {

class MemorySource final : public ByteSource {
public:
  explicit MemorySource(std::span<const std::byte> bytes) : bytes_(bytes) {}
  std::size_t read(std::span<std::byte> bytes) override {
    const auto count = std::min<std::size_t>({bytes.size(), bytes_.size(), 1000}); // not all at once
    std::copy_n(bytes_.begin(), count, bytes.begin());
    bytes_ = bytes_.subspan(count);
    return count;
  }

private:
  std::span<const std::byte> bytes_;
};

inline Input memory_input(std::span<const std::byte> bytes) { return Input(std::make_unique<MemorySource>(bytes)); }

/// Reads three frames of four; every one has to be whole, and there can be no more than there are bytes.
inline void read_all(VideoStream& stream, std::size_t most) {
  const auto info = stream.info();
  Frame frame;
  std::uint64_t count = 0;
  for (bool more = true; more; ++count) {
    const auto before = stream.position();
    more = count % 4 == 3 ? stream.skip() : stream.next(frame);
    if (!more) break;
    if (stream.position() <= before || stream.position() > most) std::abort();
    if (count % 4 == 3) continue;
    expect_whole(frame.picture, "frame");
    if (frame.number >= stream.position() || frame.picture.width != info.width || frame.picture.height != info.height)
      std::abort();
  }
  if (stream.next(frame) || stream.skip()) std::abort();
  (void)stream.note();
}

} // namespace mien::test
