// SPDX-License-Identifier: Apache-2.0
#include "lib/capture/v4l2_device.hpp"

#include "lib/capture/printable.hpp"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <functional>
#include <string_view>
#include <utility>

#include <linux/videodev2.h>
#include <sys/ioctl.h>

namespace mien {
namespace {

// What a driver may list at most: one that answers for ever must not be believed.
constexpr std::uint32_t most_formats = 64, most_sizes = 128, most_rates = 64;
constexpr std::size_t most_modes = 512;

constexpr std::uint32_t fourccs[] = {V4L2_PIX_FMT_YUYV, V4L2_PIX_FMT_NV12, V4L2_PIX_FMT_GREY, V4L2_PIX_FMT_MJPEG,
                                     V4L2_PIX_FMT_JPEG};

template <std::size_t n> std::string text_of(const __u8 (&bytes)[n]) {
  return printable({reinterpret_cast<const char*>(bytes), n});
}

FrameRate rate_of(const v4l2_fract& interval) noexcept { return {interval.denominator, interval.numerator}; }

int near(int wanted, std::uint32_t least, std::uint32_t most, std::uint32_t step) noexcept {
  const auto low = std::min(std::int64_t{least}, std::int64_t{most}), high = std::int64_t{most};
  const auto steps = std::max(std::int64_t{step}, std::int64_t{1});
  const auto over = std::clamp(std::int64_t{wanted}, low, high) - low;
  const auto chosen = low + (over + steps / 2) / steps * steps;
  return static_cast<int>(std::clamp(chosen > high ? chosen - steps : chosen, std::int64_t{0}, std::int64_t{1} << 30));
}

} // namespace

void fail_camera(const std::filesystem::path& device, const char* what, int reason) {
  const char* advice = "";
  switch (reason) {
  case EBUSY: advice = "; another program is using it: close that one and try again"; break;
  case EACCES:
  case EPERM:
    advice = "; this user may not use it: add them to the group that may, as a rule by `sudo usermod -aG video "
             "$USER`, and log in again";
    break;
  case ENOSPC:
    advice = "; its USB bus is full: ask for a smaller size, a lower rate or MJPEG, or use another port";
    break;
  case EMFILE:
  case ENFILE: advice = "; close other files, or raise the limit (ulimit -n)"; break;
  default: break;
  }
  throw Error(concat(device.string(), ": the camera cannot be ", what, ": ", std::strerror(reason), advice));
}

std::optional<PixelFormat> format_of(std::uint32_t fourcc) noexcept {
  switch (fourcc) {
  case V4L2_PIX_FMT_YUYV: return PixelFormat::yuyv;
  case V4L2_PIX_FMT_NV12: return PixelFormat::nv12;
  case V4L2_PIX_FMT_GREY: return PixelFormat::grey;
  case V4L2_PIX_FMT_MJPEG:
  case V4L2_PIX_FMT_JPEG: return PixelFormat::mjpeg;
  default: return std::nullopt;
  }
}

std::span<const std::uint32_t> fourccs_of(PixelFormat format) noexcept {
  return std::span(fourccs).subspan(static_cast<std::size_t>(format), format == PixelFormat::mjpeg ? 2 : 1);
}

FrameRate rate_near(double frames_a_second) noexcept {
  const bool usable = frames_a_second > 0 && frames_a_second < 1e6;
  return {usable ? std::max<std::int64_t>(1, std::llround(frames_a_second * 1000)) : 0, 1000};
}

V4l2Device::V4l2Device(const std::filesystem::path& path) : path_(path), file_(path, O_RDWR | O_NONBLOCK) {
  if (!file_.is_open()) {
    const int reason = errno;
    if (reason == ENOENT || reason == ENODEV || reason == ENXIO || reason == ENOTDIR || reason == EISDIR)
      throw NoCamera(concat(path.string(), ": there is no such camera"));
    fail_camera(path, "opened", reason);
  }
  v4l2_capability can{};
  if (!control(VIDIOC_QUERYCAP, &can)) {
    if (errno == EBUSY) fail_camera(path, "opened", EBUSY);
    throw NoCamera(concat(path.string(), ": is no camera but something else"));
  }
  const auto abilities = can.capabilities & V4L2_CAP_DEVICE_CAPS ? can.device_caps : can.capabilities;
  constexpr auto needed = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING;
  if ((abilities & needed) != needed)
    throw NoCamera(concat(path.string(), ": gives no frames that can be read (",
                          abilities & V4L2_CAP_META_CAPTURE ? "metadata only; the camera is the device before it"
                                                            : "it has no single-planar capture with streaming",
                          ")"));
  name_ = text_of(can.card), bus_ = text_of(can.bus_info);
}

bool V4l2Device::control(unsigned long request, void* argument) const noexcept {
  int result = -1;
  do result = ::ioctl(file_.get(), request, argument);
  while (result < 0 && errno == EINTR);
  return result >= 0;
}

std::vector<CameraMode> V4l2Device::modes(const CameraSettings& wanted) const {
  std::vector<CameraMode> modes;
  for (std::uint32_t i = 0; i < most_formats; ++i) {
    v4l2_fmtdesc description{};
    description.index = i, description.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
    if (!control(VIDIOC_ENUM_FMT, &description)) break;
    if (format_of(description.pixelformat)) add_sizes(modes, description.pixelformat, wanted);
  }
  return modes;
}

void V4l2Device::add_sizes(std::vector<CameraMode>& modes, std::uint32_t fourcc, const CameraSettings& wanted) const {
  const auto add = [&](int width, int height) {
    CameraMode mode{*format_of(fourcc), width, height, rates(fourcc, width, height, wanted.rate)};
    if (modes.size() < most_modes && std::ranges::find(modes, mode) == modes.end()) modes.push_back(std::move(mode));
  };
  for (std::uint32_t i = 0; i < most_sizes; ++i) {
    v4l2_frmsizeenum size{};
    size.index = i, size.pixel_format = fourcc;
    if (!control(VIDIOC_ENUM_FRAMESIZES, &size)) {
      if (i == 0) add(wanted.width, wanted.height); // an old driver: it says what it makes of them
      return;
    }
    if (size.type == V4L2_FRMSIZE_TYPE_DISCRETE) {
      add(static_cast<int>(size.discrete.width & 0xffff), static_cast<int>(size.discrete.height & 0xffff));
      continue;
    }
    const auto& any = size.stepwise;
    const std::pair<int, int> usual[] = {
        {wanted.width, wanted.height}, {320, 240}, {640, 480}, {1280, 720}, {1920, 1080}};
    for (const auto& [width, height] : usual)
      add(near(width, any.min_width, any.max_width, any.step_width),
          near(height, any.min_height, any.max_height, any.step_height));
    return;
  }
}

std::vector<FrameRate> V4l2Device::rates(std::uint32_t fourcc, int width, int height, double wanted) const {
  std::vector<FrameRate> rates;
  const auto add = [&](FrameRate rate) {
    if (rate.known() && std::ranges::find(rates, rate) == rates.end()) rates.push_back(rate);
  };
  for (std::uint32_t i = 0; i < most_rates; ++i) {
    v4l2_frmivalenum interval{};
    interval.index = i, interval.pixel_format = fourcc;
    interval.width = static_cast<std::uint32_t>(width), interval.height = static_cast<std::uint32_t>(height);
    if (!control(VIDIOC_ENUM_FRAMEINTERVALS, &interval)) break;
    if (interval.type == V4L2_FRMIVAL_TYPE_DISCRETE) {
      add(rate_of(interval.discrete));
      continue;
    }
    const auto fastest = rate_of(interval.stepwise.min), slowest = rate_of(interval.stepwise.max);
    add(fastest);
    if (wanted < fastest.a_second() && wanted > slowest.a_second()) add(rate_near(wanted));
    add(slowest);
    break;
  }
  std::ranges::sort(rates, std::greater(), &FrameRate::a_second);
  return rates;
}

std::string V4l2Device::formats() const {
  std::string text;
  for (std::uint32_t i = 0; i < most_formats; ++i) {
    v4l2_fmtdesc description{};
    description.index = i, description.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
    if (!control(VIDIOC_ENUM_FMT, &description)) break;
    char letters[4];
    std::memcpy(letters, &description.pixelformat, 4);
    text += (text.empty() ? "" : ", ") + printable({letters, 4});
  }
  return text.empty() ? "nothing" : text;
}

} // namespace mien
