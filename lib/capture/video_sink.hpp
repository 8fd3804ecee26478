// SPDX-License-Identifier: Apache-2.0
// What VideoWriter writes: one class a format.
#pragma once

#include "mien/capture/frame_source.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>

namespace mien {

/// Takes pictures that are whole and of one size; repeat() and finish() come after the first. All throw Error.
class VideoSink {
public:
  virtual ~VideoSink() = default;
  virtual void write(const Image& picture) = 0;
  virtual void repeat() = 0;
  virtual void finish() = 0;
};

[[nodiscard]] std::unique_ptr<VideoSink> write_y4m(const std::filesystem::path& path, FrameRate rate);
/// Begins a new part of the file, with an index of its own, after so many bytes: one gigabyte for all but tests.
[[nodiscard]] std::unique_ptr<VideoSink> write_avi(const std::filesystem::path& path, FrameRate rate,
                                                   std::uint64_t part_bytes = 1u << 30);

} // namespace mien
