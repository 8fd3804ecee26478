// SPDX-License-Identifier: Apache-2.0
// Cameras of Linux (V4L2): which there are, and their newest frames. docs/capture.md says what happens when.
#pragma once

#include "mien/capture/frame_source.hpp"
#include "mien/capture/pixel_format.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mien {

/// One way in which a camera can be read.
struct CameraMode {
  PixelFormat format = PixelFormat::yuyv;
  int width = 0;
  int height = 0;
  std::vector<FrameRate> rates{}; ///< fastest first; empty where the camera does not say

  friend bool operator==(const CameraMode&, const CameraMode&) = default;
};

/// A device that is a camera, or may be one but cannot be opened.
struct CameraInfo {
  std::filesystem::path device{}; ///< /dev/video0, say
  std::string name{};             ///< what the camera calls itself
  std::string bus{};              ///< where it is plugged in: tells two cameras of one make apart
  std::vector<CameraMode> modes{};
  std::string problem{}; ///< why it cannot be opened, as a sentence, or empty
};

/// The cameras of this machine, /dev/video0 to /dev/video63. Devices that are something else (a camera's metadata, a
/// decoder) are left out.
[[nodiscard]] std::vector<CameraInfo> list_cameras();

/// What is asked of a camera. It gives what comes nearest: info() and format() say what that is.
struct CameraSettings {
  std::filesystem::path device{}; ///< empty: the first camera that can be opened
  int width = 640;
  int height = 480;
  double rate = 30;                    ///< frames a second
  std::optional<PixelFormat> format{}; ///< none: the one that gives this size at this rate with the least work
  bool grey = false;                   ///< pictures in grey: all that finding and naming faces needs, in less time
  double timeout = 2;                  ///< seconds that next() waits for a frame
};

/// What became of the frames that a camera has sent.
struct CameraCounts {
  std::uint64_t given = 0;
  std::uint64_t dropped = 0; ///< older than the newest when they were asked for, or lost before they could be taken
  std::uint64_t damaged = 0; ///< too short, marked as faulty by the driver, or no JPEG that can be decoded
  std::uint64_t late = 0;    ///< how often none came in time
  std::uint64_t lost = 0;    ///< how often the camera went away

  friend bool operator==(const CameraCounts&, const CameraCounts&) = default;
};

/// A camera that is being read, from construction to destruction.
///
/// next() gives the newest frame and drops what is older, so that a slow caller sees fewer frames but never old ones.
/// Frames are copied out of memory that is shared with the driver, and nothing else is kept of them.
///
/// A camera that is unplugged answers Next::gone, at once; asked again it waits half a second at most, looks for the
/// camera, at its old place and under other numbers, and goes on when it is back.
class Camera final : public FrameSource {
public:
  /// Throws Error, with what to do, if there is no such device, it is no camera, in use by another program, not for
  /// this user, or has none of the formats that are read.
  explicit Camera(const CameraSettings& settings = {});
  Camera(Camera&&) noexcept;
  Camera& operator=(Camera&&) noexcept;
  ~Camera() override;

  /// Next::frame, late or gone; never end.
  [[nodiscard]] Next next(Frame& frame) override;
  [[nodiscard]] StreamInfo info() const override;
  [[nodiscard]] std::string note() const override;

  [[nodiscard]] const std::filesystem::path& device() const noexcept;
  [[nodiscard]] PixelFormat format() const noexcept;
  [[nodiscard]] const CameraCounts& counts() const noexcept;

private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

} // namespace mien
