// SPDX-License-Identifier: Apache-2.0
#include "lib/capture/v4l2_device.hpp"

#include <cmath>
#include <cstdlib>
#include <tuple>

namespace mien {
namespace {

/// How much work a format makes; where colour is wanted, one without it comes last.
int work(PixelFormat format, bool grey) noexcept {
  switch (format) {
  case PixelFormat::grey: return grey ? 0 : 4;
  case PixelFormat::nv12: return 1;
  case PixelFormat::yuyv: return 2;
  case PixelFormat::mjpeg: return 3;
  }
  return 5;
}

FrameRate nearest_rate(const CameraMode& mode, double wanted) noexcept {
  FrameRate nearest = rate_near(wanted);
  double distance = HUGE_VAL;
  for (const auto& rate : mode.rates) {
    const double its = std::abs(rate.a_second() - wanted);
    if (its < distance) distance = its, nearest = rate;
  }
  return nearest;
}

} // namespace

std::optional<CameraChoice> nearest_mode(std::span<const CameraMode> modes, const CameraSettings& wanted) {
  std::optional<CameraChoice> best;
  std::tuple<std::int64_t, double, int> least;
  for (const auto& mode : modes) {
    if (wanted.format && mode.format != *wanted.format) continue;
    const auto size =
        std::abs(std::int64_t{mode.width} - wanted.width) + std::abs(std::int64_t{mode.height} - wanted.height);
    const auto rate = nearest_rate(mode, wanted.rate);
    const std::tuple cost(size, std::abs(rate.a_second() - wanted.rate), work(mode.format, wanted.grey));
    if (best && cost >= least) continue;
    least = cost;
    best = CameraChoice{mode.format, mode.width, mode.height, rate};
  }
  return best;
}

} // namespace mien
