// SPDX-License-Identifier: Apache-2.0
// Stands in front of libc's open, ioctl, mmap, munmap, poll and close. What is not one of its devices goes to the
// kernel.
#include "tests/capture/fake_v4l2.hpp"

#include "tests/capture/fake_frames.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdarg>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <string_view>

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

using namespace mien::test;

namespace {

constexpr std::uint32_t buffer_count = 4, buffer_bytes = 1 << 19; // pages, so that each can be mapped
constexpr std::uint32_t sizes[][2] = {{16, 8}, {32, 24}, {96, 64}};
constexpr std::uint32_t rates[] = {30, 15};
constexpr std::uint32_t scene_width = 640, scene_height = 480;

/// A list of buffers, oldest first.
struct Queue {
  std::uint32_t places[buffer_count] = {};
  std::uint32_t count = 0;

  bool add(std::uint32_t index) {
    if (index >= buffer_count || count == buffer_count || std::find(places, places + count, index) != places + count)
      return false;
    places[count++] = index;
    return true;
  }
  std::uint32_t take() {
    const auto first = places[0];
    std::copy(places + 1, places + count--, places);
    return first;
  }
};

/// One open device. All of this is made before any constructor runs, since others may open files that early.
struct Session {
  int fd = 0; // none
  const FakeCamera* camera = nullptr;
  std::uint32_t fourcc = 0, width = 0, height = 0, rate = 30, requested = 0, frames = 0;
  bool streaming = false;
  Queue empty, filled;
  std::uint32_t used[buffer_count] = {}, sequences[buffer_count] = {};
  bool faulty[buffer_count] = {};
};

constinit Session sessions[8];
constinit bool was_unplugged[64], was_interrupted[64];
constinit int failed_opens[64];
constinit void* mapped[32];
constinit const std::byte* spoil = nullptr;
constinit std::size_t spoil_size = 0;

std::uint32_t next_spoil() {
  if (spoil_size == 0) return 0;
  --spoil_size;
  return std::to_integer<std::uint32_t>(*spoil++);
}

int fail(int reason) {
  errno = reason;
  return -1;
}

Session* session_of(int fd) {
  const auto found = std::find_if(std::begin(sessions), std::end(sessions), [&](const auto& s) { return s.fd == fd; });
  return fd > 0 && found != std::end(sessions) ? found : nullptr;
}

const FakeCamera* camera_at(const char* path) {
  constexpr std::string_view prefix = "/dev/video";
  const std::string_view name = path;
  if (!name.starts_with(prefix) || name.size() != prefix.size() + 2) return nullptr;
  const int number = (name[10] - '0') * 10 + name[11] - '0';
  for (const auto& camera : fake_cameras) {
    const bool moved = camera.comes_back_as != 0 && was_unplugged[camera.number];
    if (number == (moved ? camera.comes_back_as : camera.number)) return &camera;
  }
  return nullptr;
}

int open_fake(const FakeCamera& camera) {
  if (was_unplugged[camera.number] && failed_opens[camera.number]++ < camera.back_after) return fail(ENOENT);
  if (camera.open_error != 0) return fail(camera.open_error);
  const auto free = std::find_if(std::begin(sessions), std::end(sessions), [](const auto& s) { return s.fd == 0; });
  if (free == std::end(sessions)) return fail(EMFILE);
  *free = Session{};
  free->fd = memfd_create("fake camera", MFD_CLOEXEC);
  free->camera = &camera;
  if (ftruncate(free->fd, buffer_count * buffer_bytes) != 0) return fail(ENOMEM);
  return free->fd;
}

/// The pictures of a file of grey bytes, one after the other and again from the beginning.
std::string scene_frame(std::uint32_t number) {
  const char* path = getenv("FAKE_V4L2_SCENE");
  const int file = path ? static_cast<int>(syscall(SYS_openat, AT_FDCWD, path, O_RDONLY)) : -1;
  const off_t picture = scene_width * scene_height, count = file < 0 ? 0 : lseek(file, 0, SEEK_END) / picture;
  const auto stride = fake_stride(grey8, scene_width);
  std::string bytes(stride * scene_height, '\x80');
  for (std::uint32_t y = 0; count > 0 && y < scene_height; ++y)
    if (pread(file, &bytes[y * stride], scene_width, number % count * picture + y * scene_width) < 0) break;
  if (file >= 0) syscall(SYS_close, file);
  return bytes;
}

void fill_one(Session& s) {
  if (s.empty.count == 0) { // nowhere to put it
    ++s.frames;
    return;
  }
  const auto index = s.empty.take();
  auto bytes = s.camera->scene ? scene_frame(s.frames)
                               : fake_frame(s.fourcc, static_cast<int>(s.width), static_cast<int>(s.height), s.frames);
  const auto every = static_cast<std::uint32_t>(s.camera->bad_every);
  const bool bad = every != 0 && s.frames % every == every - 1;
  s.faulty[index] = bad && s.frames / every % 2 == 1;
  if (bad && !s.faulty[index]) bytes.resize(bytes.size() / 2);
  if (pwrite(s.fd, bytes.data(), bytes.size(), index * off_t{buffer_bytes}) < 0) return;
  s.used[index] = static_cast<std::uint32_t>(bytes.size());
  s.sequences[index] = s.frames++;
  s.filled.add(index);
}

bool gone(const Session& s) { return was_unplugged[s.camera->number] && failed_opens[s.camera->number] == 0; }

int describe(const Session& s, unsigned long request, void* argument) {
  if (request == VIDIOC_QUERYCAP) {
    auto& can = *static_cast<v4l2_capability*>(argument);
    std::strcpy(reinterpret_cast<char*>(can.card), s.camera->card);
    std::strcpy(reinterpret_cast<char*>(can.bus_info), s.camera->bus);
    can.device_caps = (s.camera->metadata ? V4L2_CAP_META_CAPTURE : V4L2_CAP_VIDEO_CAPTURE) | V4L2_CAP_STREAMING;
    can.capabilities = can.device_caps | V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_DEVICE_CAPS;
    return 0;
  }
  if (request == VIDIOC_ENUM_FMT) {
    auto& format = *static_cast<v4l2_fmtdesc*>(argument);
    if (format.index >= 2 || s.camera->formats[format.index] == 0) return fail(EINVAL);
    format.pixelformat = s.camera->formats[format.index];
    return 0;
  }
  if (request == VIDIOC_ENUM_FRAMESIZES) {
    auto& size = *static_cast<v4l2_frmsizeenum*>(argument);
    if (size.index >= (size.pixel_format == mjpg || s.camera->scene ? 1 : std::size(sizes))) return fail(EINVAL);
    size.type = V4L2_FRMSIZE_TYPE_DISCRETE;
    size.discrete = {sizes[size.index][0], sizes[size.index][1]};
    if (s.camera->scene) size.discrete = {scene_width, scene_height};
    return 0;
  }
  auto& interval = *static_cast<v4l2_frmivalenum*>(argument);
  if (interval.index >= std::size(rates)) return fail(EINVAL);
  interval.type = V4L2_FRMIVAL_TYPE_DISCRETE;
  interval.discrete = {1, rates[interval.index]};
  return 0;
}

int agree(Session& s, v4l2_format& format) {
  if (s.requested != 0) return fail(EBUSY);
  auto& pixels = format.fmt.pix;
  const auto* own = s.camera->formats;
  s.fourcc = pixels.pixelformat == own[1] && own[1] != 0 ? own[1] : own[0];
  const auto* size = sizes[0];
  for (const auto& one : sizes)
    if (s.fourcc != mjpg && one[0] <= pixels.width && one[1] <= pixels.height) size = one;
  s.width = size[0], s.height = size[1];
  if (s.camera->scene) s.width = scene_width, s.height = scene_height;
  pixels = {};
  pixels.width = s.width, pixels.height = s.height, pixels.pixelformat = s.fourcc;
  pixels.bytesperline = s.fourcc == mjpg ? 0 : fake_stride(s.fourcc, s.width);
  pixels.colorspace = V4L2_COLORSPACE_SRGB;
  return 0;
}

int set_rate(Session& s, v4l2_streamparm& parameters, bool set) {
  auto& capture = parameters.parm.capture;
  if (set && capture.timeperframe.numerator != 0)
    s.rate = capture.timeperframe.denominator / capture.timeperframe.numerator < 20 ? 15 : 30;
  capture.capability = V4L2_CAP_TIMEPERFRAME;
  capture.timeperframe = {1, s.rate};
  return 0;
}

int dequeue(Session& s, v4l2_buffer& buffer) {
  if (!s.streaming) return fail(EINVAL);
  if (s.filled.count == 0) return fail(EAGAIN);
  buffer.index = s.filled.take();
  buffer.bytesused = s.used[buffer.index], buffer.sequence = s.sequences[buffer.index];
  buffer.flags = V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC | (s.faulty[buffer.index] ? V4L2_BUF_FLAG_ERROR : 0u);
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  buffer.timestamp = {now.tv_sec, now.tv_nsec / 1000};
  return 0;
}

int answer(Session& s, unsigned long request, void* argument) {
  if (gone(s)) return fail(ENODEV);
  switch (request) {
  case VIDIOC_QUERYCAP:
  case VIDIOC_ENUM_FMT:
  case VIDIOC_ENUM_FRAMESIZES:
  case VIDIOC_ENUM_FRAMEINTERVALS: return describe(s, request, argument);
  case VIDIOC_S_FMT: return agree(s, *static_cast<v4l2_format*>(argument));
  case VIDIOC_G_PARM:
  case VIDIOC_S_PARM: return set_rate(s, *static_cast<v4l2_streamparm*>(argument), request == VIDIOC_S_PARM);
  case VIDIOC_REQBUFS:
    s.requested = std::min(static_cast<v4l2_requestbuffers*>(argument)->count, buffer_count);
    static_cast<v4l2_requestbuffers*>(argument)->count = s.requested;
    return 0;
  case VIDIOC_QUERYBUF: {
    auto& buffer = *static_cast<v4l2_buffer*>(argument);
    if (buffer.index >= s.requested) return fail(EINVAL);
    buffer.length = buffer_bytes, buffer.m.offset = buffer.index * buffer_bytes;
    return 0;
  }
  case VIDIOC_QBUF: {
    const auto index = static_cast<v4l2_buffer*>(argument)->index;
    return index < s.requested && s.empty.add(index) ? 0 : fail(EINVAL);
  }
  case VIDIOC_DQBUF: return dequeue(s, *static_cast<v4l2_buffer*>(argument));
  case VIDIOC_STREAMON: s.streaming = true; return s.camera->start_error == 0 ? 0 : fail(s.camera->start_error);
  case VIDIOC_STREAMOFF: s.streaming = false; return 0;
  default: return fail(ENOTTY);
  }
}

/// Turns a good reply into another, as the next bytes of a fuzzer say: mostly not at all.
int spoilt(int result, unsigned long request, void* argument) {
  const auto how = next_spoil();
  if (how < 192) return result;
  constexpr int reasons[] = {EAGAIN, EINVAL, EIO, ENODEV, EBUSY, ENOTTY, ENOMEM, EPIPE};
  if (how < 208) return fail(reasons[how % 8]);
  for (auto changes = 1 + how % 4; changes > 0; --changes) {
    const auto place = next_spoil() % static_cast<std::uint32_t>(_IOC_SIZE(request)), value = next_spoil();
    static_cast<std::uint8_t*>(argument)[place] = static_cast<std::uint8_t>(value);
  }
  return result;
}

short poll_fake(Session& s) {
  const auto number = s.camera->number;
  if (s.camera->interrupted && !was_interrupted[number]) {
    was_interrupted[number] = true;
    return -1;
  }
  if (s.camera->stuck) return 0;
  const auto last = static_cast<std::uint32_t>(s.camera->unplugged_after);
  if (s.camera->unplugged_after >= 0 && !was_unplugged[number] && s.frames >= last) {
    was_unplugged[number] = true;
    return static_cast<short>(number % 2 == 0 ? POLLERR | POLLHUP : POLLERR | POLLIN); // drivers differ
  }
  if (s.camera->scene) { // as slow as a camera
    constexpr timespec pause{0, 33'000'000};
    nanosleep(&pause, nullptr);
  }
  for (int i = 0; i < s.camera->ready_at_poll; ++i) fill_one(s);
  const auto how = next_spoil();
  if (how >= 192) return static_cast<short>(how & 64 ? POLLERR : 0);
  return s.filled.count > 0 ? POLLIN : 0;
}

/// Puts an address in the place of another in the list of what is mapped.
void remember(void* old, void* now) {
  const auto place = std::find(std::begin(mapped), std::end(mapped), old);
  if (place != std::end(mapped)) *place = now;
}

int open_any(int folder, const char* path, int flags, unsigned mode) {
  if (const auto* camera = camera_at(path)) return open_fake(*camera);
  return static_cast<int>(syscall(SYS_openat, folder, path, flags, mode));
}

unsigned mode_of(int flags, va_list arguments) {
  return (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(arguments, unsigned) : 0;
}

} // namespace

extern "C" {

int fake_v4l2_open_count() {
  return static_cast<int>(
      std::count_if(std::begin(sessions), std::end(sessions), [](const auto& s) { return s.fd != 0; }));
}
int fake_v4l2_map_count() {
  return static_cast<int>(
      std::count_if(std::begin(mapped), std::end(mapped), [](const auto* place) { return place != nullptr; }));
}
void fake_v4l2_spoil(const std::byte* bytes, std::size_t size) { spoil = bytes, spoil_size = size; }

int open(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const auto mode = mode_of(flags, arguments);
  va_end(arguments);
  return open_any(AT_FDCWD, path, flags, mode);
}

int openat(int folder, const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const auto mode = mode_of(flags, arguments);
  va_end(arguments);
  return open_any(folder, path, flags, mode);
}

int open64(const char* path, int flags, ...) __attribute__((alias("open")));
int openat64(int folder, const char* path, int flags, ...) __attribute__((alias("openat")));

int ioctl(int fd, unsigned long request, ...) noexcept {
  va_list arguments;
  va_start(arguments, request);
  void* argument = va_arg(arguments, void*);
  va_end(arguments);
  auto* session = session_of(fd);
  if (!session) return static_cast<int>(syscall(SYS_ioctl, fd, request, argument));
  return spoilt(answer(*session, request, argument), request, argument);
}

int fake_v4l2_poll(pollfd* fds, nfds_t count, int timeout) {
  if (count == 0) return 0; // a pause: nobody waits here
  auto* session = session_of(fds[0].fd);
  if (!session || count != 1) {
    timespec time{timeout / 1000, timeout % 1000 * 1'000'000L};
    return static_cast<int>(syscall(SYS_ppoll, fds, count, timeout < 0 ? nullptr : &time, nullptr, 0));
  }
  fds[0].revents = poll_fake(*session);
  if (fds[0].revents < 0) return fail(EINTR);
  return fds[0].revents != 0 ? 1 : 0;
}

// By another name, since the compiler believes that nobody but the kernel reads what poll() is given.
int poll(pollfd* fds, nfds_t count, int timeout) __attribute__((alias("fake_v4l2_poll")));

void* mmap(void* place, std::size_t size, int protection, int flags, int fd, off_t offset) noexcept {
  const auto* session = session_of(fd);
  if (session) {
    const bool fits = offset >= 0 && offset % buffer_bytes == 0 && offset / buffer_bytes < session->requested;
    if (!fits || size == 0 || size > buffer_bytes) {
      errno = EINVAL;
      return MAP_FAILED;
    }
  }
  auto* bytes = reinterpret_cast<void*>(syscall(SYS_mmap, place, size, protection, flags, fd, offset));
  if (session) remember(nullptr, bytes);
  return bytes;
}

int munmap(void* place, std::size_t size) noexcept {
  remember(place, nullptr);
  return static_cast<int>(syscall(SYS_munmap, place, size));
}

int close(int fd) {
  if (auto* session = session_of(fd)) session->fd = 0;
  return static_cast<int>(syscall(SYS_close, fd));
}
}
