// SPDX-License-Identifier: Apache-2.0
// A video device of Linux, open: what it is, and what it can do.
#pragma once

#include "lib/io/descriptor.hpp"
#include "mien/capture/camera.hpp"
#include "mien/core/error.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>

namespace mien {

/// Nothing is there, or something that gives no frames.
class NoCamera : public Error {
public:
  using Error::Error;
};

/// Throws Error: what could not be done with a device, for this errno, and what to do about it.
[[noreturn]] void fail_camera(const std::filesystem::path& device, const char* what, int reason);

/// Our name for V4L2's four letters, and V4L2's for ours: the first that a camera takes.
[[nodiscard]] std::optional<PixelFormat> format_of(std::uint32_t fourcc) noexcept;
[[nodiscard]] std::span<const std::uint32_t> fourccs_of(PixelFormat format) noexcept;

/// A rate near a number of frames a second, for devices that take a fraction.
[[nodiscard]] FrameRate rate_near(double frames_a_second) noexcept;

/// A device that says it gives frames through buffers in memory. Calls open, ioctl and close, nothing else, so that a
/// driver can be put in front of them.   Source: docs.kernel.org/userspace-api/media/v4l
class V4l2Device {
public:
  /// Throws NoCamera, or Error for a camera that cannot be opened.
  explicit V4l2Device(const std::filesystem::path& path);

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] const std::string& bus() const noexcept { return bus_; }
  [[nodiscard]] int get() const noexcept { return file_.get(); }
  /// An ioctl, again if a signal interrupts it; false with errno.
  bool control(unsigned long request, void* argument) const noexcept;

  /// The modes in formats that are read. Where any size or rate may be chosen, those are the wanted one, or what is
  /// nearest to it, and usual ones.
  [[nodiscard]] std::vector<CameraMode> modes(const CameraSettings& wanted) const;
  /// The names of all its formats, for people.
  [[nodiscard]] std::string formats() const;

private:
  void add_sizes(std::vector<CameraMode>& modes, std::uint32_t fourcc, const CameraSettings& wanted) const;
  [[nodiscard]] std::vector<FrameRate> rates(std::uint32_t fourcc, int width, int height, double wanted) const;

  std::filesystem::path path_;
  Descriptor file_;
  std::string name_, bus_;
};

/// The mode that comes nearest to what is wanted: first in size, then in rate, then by how little work its format
/// makes; with the rate nearest to the wanted one. Nothing if no mode has the wanted format.
struct CameraChoice {
  PixelFormat format = PixelFormat::yuyv;
  int width = 0;
  int height = 0;
  FrameRate rate{};
};
[[nodiscard]] std::optional<CameraChoice> nearest_mode(std::span<const CameraMode> modes, const CameraSettings& wanted);

} // namespace mien
