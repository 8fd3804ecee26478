// SPDX-License-Identifier: Apache-2.0
#include "lib/capture/v4l2_stream.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstring>
#include <limits>

#include <linux/videodev2.h>
#include <poll.h>
#include <sys/mman.h>

namespace mien {
namespace {

constexpr std::uint32_t wanted_buffers = 4, most_buffers = 32;
constexpr std::uint32_t longest_side = 16384;
constexpr std::uint32_t most_buffer_bytes = 1u << 28;

v4l2_buffer buffer(std::uint32_t index) noexcept {
  v4l2_buffer buffer{};
  buffer.index = index, buffer.type = V4L2_BUF_TYPE_VIDEO_CAPTURE, buffer.memory = V4L2_MEMORY_MMAP;
  return buffer;
}

/// What a row takes, and all rows; the last one may end with its last pixel.
void set_extents(V4l2Format& format, std::uint32_t said_stride) noexcept {
  const auto width = static_cast<std::size_t>(format.width), height = static_cast<std::size_t>(format.height);
  const auto row = format.format == PixelFormat::yuyv ? (width + 1) / 2 * 4 : (width + 1) / 2 * 2;
  const auto least = format.format == PixelFormat::grey ? width : row;
  format.stride = std::max<std::size_t>(said_stride, least); // old drivers say 0
  format.least_bytes = format.stride * (height - 1) + least;
  if (format.format == PixelFormat::nv12) format.least_bytes = format.stride * (height + (height - 1) / 2) + row;
  if (format.format == PixelFormat::mjpeg) format.least_bytes = 4;
}

Range range_of(const v4l2_pix_format& pixels) noexcept {
  if (pixels.quantization == V4L2_QUANTIZATION_FULL_RANGE) return Range::full;
  if (pixels.quantization == V4L2_QUANTIZATION_LIM_RANGE) return Range::limited;
  const bool grey = pixels.pixelformat == V4L2_PIX_FMT_GREY; // a sensor's own bytes, as a rule
  return grey || pixels.colorspace == V4L2_COLORSPACE_JPEG ? Range::full : Range::limited;
}

/// When a frame was taken. Some drivers pass on what another program wrote, or count from another beginning: a time
/// that cannot be is replaced by now.
double time_of(const v4l2_buffer& filled) {
  const auto now = std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
  const auto time = static_cast<double>(filled.timestamp.tv_sec) + static_cast<double>(filled.timestamp.tv_usec) * 1e-6;
  const bool monotonic = (filled.flags & V4L2_BUF_FLAG_TIMESTAMP_MASK) == V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC;
  return monotonic && time <= now && time > now - 10 ? time : now;
}

} // namespace

void V4l2Stream::Unmap::operator()(std::byte* bytes) const noexcept { ::munmap(bytes, size); }

V4l2Stream::V4l2Stream(std::unique_ptr<V4l2Device> device, const CameraSettings& wanted) : device_(std::move(device)) {
  agree(wanted);
  map_buffers();
  int type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
  if (!device_->control(VIDIOC_STREAMON, &type)) fail_camera(device_->path(), "started", errno);
}

V4l2Stream::~V4l2Stream() {
  int type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
  device_->control(VIDIOC_STREAMOFF, &type);
}

void V4l2Stream::agree(const CameraSettings& wanted) {
  const auto name = concat(device_->path().string(), " (", device_->name(), ")");
  const auto choice = nearest_mode(device_->modes(wanted), wanted);
  if (!choice)
    throw Error(concat(name, ": gives ", device_->formats(), "; ",
                       wanted.format ? concat(name_of(*wanted.format), " was asked for") : "what is read is",
                       wanted.format ? ": ask for one of those, of" : "", " YUYV, NV12, GREY and MJPEG"));
  v4l2_format format{};
  for (const auto fourcc : fourccs_of(choice->format)) {
    format = {};
    format.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
    format.fmt.pix.width = static_cast<std::uint32_t>(choice->width);
    format.fmt.pix.height = static_cast<std::uint32_t>(choice->height);
    format.fmt.pix.pixelformat = fourcc;
    format.fmt.pix.field = V4L2_FIELD_ANY;
    if (!device_->control(VIDIOC_S_FMT, &format) && errno != EINVAL) fail_camera(device_->path(), "set up", errno);
    if (format_of(format.fmt.pix.pixelformat) == choice->format) break;
  }
  const auto& pixels = format.fmt.pix;
  const auto got = format_of(pixels.pixelformat);
  if (!got || pixels.width < 1 || pixels.height < 1 || pixels.width > longest_side || pixels.height > longest_side)
    throw Error(concat(name, ": was asked for ", choice->width, "x", choice->height, " in ", name_of(choice->format),
                       " and answers with ", pixels.width, "x", pixels.height,
                       " in a format that is not read; ask for another size or format"));
  format_ = {.format = *got,
             .width = static_cast<int>(pixels.width),
             .height = static_cast<int>(pixels.height),
             .range = range_of(pixels)};
  set_extents(format_, pixels.bytesperline);
  agree_on_rate(choice->rate);
}

void V4l2Stream::agree_on_rate(FrameRate wanted) {
  v4l2_streamparm parameters{};
  parameters.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
  auto& interval = parameters.parm.capture.timeperframe;
  if (!device_->control(VIDIOC_G_PARM, &parameters)) return; // as fast as it likes
  if (wanted.known() && parameters.parm.capture.capability & V4L2_CAP_TIMEPERFRAME) {
    constexpr std::int64_t most = std::numeric_limits<std::uint32_t>::max();
    interval.numerator = static_cast<std::uint32_t>(std::min(wanted.seconds, most));
    interval.denominator = static_cast<std::uint32_t>(std::min(wanted.frames, most));
    if (!device_->control(VIDIOC_S_PARM, &parameters)) return;
  }
  format_.rate = {interval.denominator, interval.numerator};
}

void V4l2Stream::map_buffers() {
  const auto& path = device_->path();
  v4l2_requestbuffers request{};
  request.count = wanted_buffers, request.type = V4L2_BUF_TYPE_VIDEO_CAPTURE, request.memory = V4L2_MEMORY_MMAP;
  if (!device_->control(VIDIOC_REQBUFS, &request)) fail_camera(path, "set up", errno);
  if (request.count < 2) fail_camera(path, "given memory", ENOMEM);
  for (std::uint32_t i = 0; i < std::min(request.count, most_buffers); ++i) {
    auto place = buffer(i);
    if (!device_->control(VIDIOC_QUERYBUF, &place)) fail_camera(path, "set up", errno);
    if (place.length < format_.least_bytes || place.length > most_buffer_bytes)
      throw Error(concat(path.string(), ": has buffers of ", place.length, " bytes for frames of ", format_.least_bytes,
                         "; ask for another size or format"));
    void* bytes = ::mmap(nullptr, place.length, PROT_READ | PROT_WRITE, MAP_SHARED, device_->get(), place.m.offset);
    if (bytes == MAP_FAILED) fail_camera(path, "mapped", errno);
    buffers_.push_back({static_cast<std::byte*>(bytes), Unmap{place.length}});
    auto empty = buffer(i);
    if (!device_->control(VIDIOC_QBUF, &empty)) fail_camera(path, "set up", errno);
  }
}

bool V4l2Stream::wait(double seconds) const {
  pollfd ready{device_->get(), POLLIN, 0};
  const auto found = ::poll(&ready, 1, static_cast<int>(std::ceil(std::clamp(seconds, 0.0, 1e6) * 1000)));
  if (found == 0 || (found < 0 && errno == EINTR)) return false;
  if (found > 0 && (ready.revents & POLLIN)) return true;
  throw Unplugged(concat(device_->path().string(), " (", device_->name(), "): the camera was unplugged"));
}

std::optional<FilledBuffer> V4l2Stream::take() const {
  auto filled = buffer(0);
  if (!device_->control(VIDIOC_DQBUF, &filled)) {
    if (errno == EAGAIN) return std::nullopt;
    const char* reason = errno == ENODEV ? "was unplugged" : std::strerror(errno);
    throw Unplugged(concat(device_->path().string(), " (", device_->name(), "): the camera ",
                           errno == ENODEV ? "" : "gives no frames any more: ", reason));
  }
  if (filled.index >= buffers_.size())
    throw Unplugged(concat(device_->path().string(), ": the camera answers with a buffer that it does not have"));
  const auto& memory = buffers_[filled.index];
  const auto used = std::min<std::size_t>(filled.bytesused, memory.get_deleter().size);
  return FilledBuffer{.index = filled.index,
                      .sequence = filled.sequence,
                      .whole = used >= format_.least_bytes && !(filled.flags & V4L2_BUF_FLAG_ERROR),
                      .time = time_of(filled),
                      .bytes = {memory.get(), used}};
}

void V4l2Stream::give_back(std::uint32_t index) const {
  auto empty = buffer(index);
  if (!device_->control(VIDIOC_QBUF, &empty))
    throw Unplugged(concat(device_->path().string(), " (", device_->name(),
                           "): the camera takes no buffer back: ", std::strerror(errno)));
}

} // namespace mien
