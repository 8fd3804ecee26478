// SPDX-License-Identifier: Apache-2.0
// A camera's frames in memory that its driver fills: the negotiation, the buffers, and nothing of what is done with
// them.
#pragma once

#include "lib/capture/v4l2_device.hpp"
#include "lib/capture/ycbcr.hpp"
#include "lib/io/bytes.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace mien {

/// The device went away, or answers in a way that only a fresh start can mend.
class Unplugged : public Error {
public:
  using Error::Error;
};

/// What was agreed on.
struct V4l2Format {
  PixelFormat format = PixelFormat::yuyv;
  int width = 0;
  int height = 0;
  std::size_t stride = 0;
  std::size_t least_bytes = 1; ///< what a whole frame has
  Range range = Range::limited;
  FrameRate rate{};
};

/// A buffer that the driver has filled; nobody writes into it until it is given back.
struct FilledBuffer {
  std::uint32_t index = 0;
  std::uint32_t sequence = 0; ///< the driver's count of frames, as it says
  bool whole = false;         ///< neither short nor marked as faulty
  double time = 0;            ///< on the clock of steady_clock
  Bytes bytes{};
};

/// A device that is streaming, from construction to destruction.
class V4l2Stream {
public:
  /// Agrees with the camera on what is nearest to the settings, maps its buffers and starts it. Throws Error.
  V4l2Stream(std::unique_ptr<V4l2Device> device, const CameraSettings& wanted);
  V4l2Stream(const V4l2Stream&) = delete;
  V4l2Stream& operator=(const V4l2Stream&) = delete;
  ~V4l2Stream();

  [[nodiscard]] const V4l2Device& device() const noexcept { return *device_; }
  [[nodiscard]] const V4l2Format& format() const noexcept { return format_; }
  [[nodiscard]] std::size_t buffers() const noexcept { return buffers_.size(); }

  /// Waits until a frame is ready; false if none came in time or a signal arrived. Throws Unplugged.
  [[nodiscard]] bool wait(double seconds) const;
  /// The oldest frame that is ready, if any. Throws Unplugged.
  [[nodiscard]] std::optional<FilledBuffer> take() const;
  /// Lets the driver fill a buffer again. Throws Unplugged.
  void give_back(std::uint32_t index) const;

private:
  struct Unmap {
    std::size_t size;
    void operator()(std::byte* bytes) const noexcept;
  };
  using Buffer = std::unique_ptr<std::byte[], Unmap>;

  void agree(const CameraSettings& wanted);
  void agree_on_rate(FrameRate wanted);
  void map_buffers();

  std::unique_ptr<V4l2Device> device_;
  V4l2Format format_;
  std::vector<Buffer> buffers_;
};

} // namespace mien
