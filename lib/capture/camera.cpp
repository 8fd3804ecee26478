// SPDX-License-Identifier: Apache-2.0
#include "mien/capture/camera.hpp"

#include "lib/capture/camera_list.hpp"
#include "lib/capture/motion_jpeg.hpp"
#include "lib/capture/v4l2_stream.hpp"

#include <algorithm>
#include <chrono>

#include <poll.h>

namespace mien {
namespace {

constexpr int search_pause = 500; // milliseconds between two looks for a camera that is gone

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

void expect_sensible(const CameraSettings& settings) {
  if (settings.width < 1 || settings.height < 1 || !(settings.rate > 0) || !(settings.timeout >= 0))
    throw Error(concat("camera: ", settings.width, "x", settings.height, " at ", settings.rate,
                       " frames a second, waiting ", settings.timeout,
                       " seconds, was asked for; sizes and rates are more than 0, and times not less"));
}

} // namespace

struct Camera::Parts {
  CameraSettings settings;
  std::unique_ptr<V4l2Stream> stream; // none while the camera is gone
  std::filesystem::path device{};
  std::string name{}, bus{};
  V4l2Format format{};
  CameraCounts counts{};
  std::string gone{};
  MotionJpeg jpeg{};
  std::uint64_t number = 0; // of the next frame
  std::optional<std::uint32_t> last_sequence{};
  bool fresh = false; // what is ready has come since the last call

  explicit Parts(const CameraSettings& wanted) : settings(wanted) {
    expect_sensible(wanted);
    start(wanted.device.empty() ? open_first_camera() : open_camera(wanted.device));
  }

  void start(std::unique_ptr<V4l2Device> opened) {
    stream = std::make_unique<V4l2Stream>(std::move(opened), settings);
    device = stream->device().path(), name = stream->device().name(), bus = stream->device().bus();
    format = stream->format();
    last_sequence.reset();
    fresh = false;
  }

  /// Its old place may be taken by another camera, which nobody asked to be seen by: the name must be the same, and
  /// elsewhere the port as well. Whatever stands in the way (rights that come a moment after the device) may pass.
  bool start_again_at(const std::filesystem::path& path) {
    try {
      auto opened = std::make_unique<V4l2Device>(path);
      if (opened->name() != name || (path != device && opened->bus() != bus)) return false;
      start(std::move(opened));
      return true;
    } catch (const Error&) {
      return false;
    }
  }

  bool find_again() {
    ::poll(nullptr, 0, search_pause);
    if (start_again_at(device)) return true;
    for (int i = 0; i < most_cameras; ++i)
      if (camera_path(i) != device && start_again_at(camera_path(i))) return true;
    return false;
  }

  /// Counts on, over frames that the driver says it lost as well, and gives the number of this one.
  std::uint64_t number_of(const FilledBuffer& filled) {
    constexpr std::uint32_t most = 100'000; // more is no loss but a driver's odd counting
    const auto step = last_sequence ? filled.sequence - *last_sequence : 1u;
    if (step > 1 && step < most) number += step - 1, counts.dropped += step - 1;
    last_sequence = filled.sequence;
    return number++;
  }

  bool decode(Image& picture, const FilledBuffer& filled) {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(filled.bytes.data());
    const auto& [kind, width, height, stride, least, range, rate] = format;
    switch (kind) {
    case PixelFormat::mjpeg: return jpeg.decode(picture, filled.bytes, width, height, settings.grey) == nullptr;
    case PixelFormat::yuyv: to_picture(picture, yuyv_view(bytes, width, height, stride, range), settings.grey); break;
    case PixelFormat::nv12: to_picture(picture, nv12_view(bytes, width, height, stride, range), settings.grey); break;
    case PixelFormat::grey: to_picture(picture, grey_view(bytes, width, height, stride, range), true); break;
    }
    return true;
  }

  /// Takes all that is ready and gives back all but the newest whole frame, which gets its number.
  std::optional<FilledBuffer> take_newest(std::uint64_t& newest_number) {
    std::optional<FilledBuffer> newest;
    std::size_t taken = 0;
    for (; taken < stream->buffers(); ++taken) {
      const auto filled = stream->take();
      if (!filled) break;
      const auto its_number = number_of(*filled);
      if (!filled->whole) ++counts.damaged;
      if (filled->whole && newest) ++counts.dropped;
      give_back(filled->whole ? newest : filled);
      if (filled->whole) newest = filled, newest_number = its_number;
    }
    // Where every buffer was full, the driver had none for the frames that came since: all it has is old.
    const bool old = !fresh && taken == stream->buffers() && taken > 2;
    fresh = true;
    if (!newest || !old) return newest;
    ++counts.dropped;
    give_back(newest);
    return std::nullopt;
  }

  Next newest(Frame& frame) {
    const double deadline = now() + settings.timeout;
    do {
      if (!stream->wait(deadline - now())) break;
      const auto filled = take_newest(frame.number);
      if (!filled) continue;
      const bool good = decode(frame.picture, *filled);
      give_back(filled);
      if (good) {
        frame.time = filled->time;
        fresh = false;
        ++counts.given;
        return Next::frame;
      }
      ++counts.damaged;
    } while (now() < deadline);
    ++counts.late;
    return Next::late;
  }

  void give_back(const std::optional<FilledBuffer>& filled) const {
    if (filled) stream->give_back(filled->index);
  }
};

Camera::Camera(const CameraSettings& settings) : parts_(std::make_unique<Parts>(settings)) {}
Camera::Camera(Camera&&) noexcept = default;
Camera& Camera::operator=(Camera&&) noexcept = default;
Camera::~Camera() = default;

Next Camera::next(Frame& frame) {
  auto& parts = *parts_;
  if (!parts.stream && !parts.find_again()) return Next::gone;
  parts.gone.clear();
  try {
    return parts.newest(frame);
  } catch (const Unplugged& error) {
    parts.gone = error.what();
    parts.stream.reset();
    ++parts.counts.lost;
    return Next::gone;
  }
}

StreamInfo Camera::info() const {
  const auto& p = *parts_;
  return {.name = concat(p.device.string(), " (", p.name, "), ", name_of(p.format.format)),
          .width = p.format.width,
          .height = p.format.height,
          .rate = p.format.rate};
}

std::string Camera::note() const {
  if (!parts_->gone.empty()) return parts_->gone + "; it is looked for";
  const auto& counts = parts_->counts;
  if (counts.damaged == 0) return {};
  return concat(counts.damaged, " damaged frames of ", parts_->device.string(), " were passed over, beside ",
                counts.given, " whole ones; try another cable, port or format if they are many");
}

const std::filesystem::path& Camera::device() const noexcept { return parts_->device; }
PixelFormat Camera::format() const noexcept { return parts_->format.format; }
const CameraCounts& Camera::counts() const noexcept { return parts_->counts; }

} // namespace mien
