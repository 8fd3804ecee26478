// SPDX-License-Identifier: Apache-2.0
// A driver in front of libc: cameras that are not there, each with a fate of its own.
#pragma once

#include <cstddef>
#include <cstdint>

#include <linux/videodev2.h>

namespace mien::test {

/// What becomes of one device. Frames come one with each poll(), so that no test waits.
struct FakeCamera {
  int number;               ///< of /dev/videoN
  const char* card;         ///< what it calls itself
  std::uint32_t formats[2]; ///< the first is its own; 0 where there are no more
  int open_error = 0;
  int start_error = 0;      ///< of STREAMON
  int ready_at_poll = 1;    ///< frames that arrive with each poll()
  int unplugged_after = -1; ///< frames
  int back_after = 0;       ///< how often it cannot be opened before it is back
  int comes_back_as = 0;    ///< another number, if any
  int bad_every = 0;        ///< every so many frames are short, then marked as faulty, in turn
  bool stuck = false;       ///< no frame ever comes
  bool interrupted = false; ///< a signal ends the first poll()
  bool metadata = false;    ///< no camera, but its second device
  bool scene = false;       ///< 640x480 pixels as the file FAKE_V4L2_SCENE has them, 30 times a second
  const char* bus = "usb-fake-1";
};

inline constexpr std::uint32_t yuyv = V4L2_PIX_FMT_YUYV, nv12 = V4L2_PIX_FMT_NV12, grey8 = V4L2_PIX_FMT_GREY,
                               mjpg = V4L2_PIX_FMT_MJPEG, h264 = V4L2_PIX_FMT_H264;

inline constexpr FakeCamera fake_cameras[] = {
    {.number = 40, .card = "Fake YUYV", .formats = {yuyv}},
    {.number = 41, .card = "Fake NV12", .formats = {nv12}},
    {.number = 42, .card = "Fake GREY", .formats = {grey8}},
    {.number = 43, .card = "Fake MJPEG", .formats = {mjpg}},
    {.number = 44, .card = "Fake both", .formats = {mjpg, yuyv}},
    {.number = 45, .card = "Fake busy", .formats = {yuyv}, .start_error = 16},     // EBUSY
    {.number = 46, .card = "Fake private", .formats = {yuyv}, .open_error = 13},   // EACCES
    {.number = 47, .card = "Fake full bus", .formats = {yuyv}, .start_error = 28}, // ENOSPC
    {.number = 48, .card = "Fake metadata", .formats = {yuyv}, .metadata = true},
    {.number = 49, .card = "Fake coded", .formats = {h264}},
    {.number = 50, .card = "Fake shaky", .formats = {yuyv}, .unplugged_after = 3, .back_after = 2},
    {.number = 51,
     .card = "Fake moving",
     .formats = {yuyv},
     .unplugged_after = 2,
     .back_after = 2,
     .comes_back_as = 52},
    {.number = 59, .card = "Fake moving", .formats = {yuyv}, .bus = "usb-fake-2"}, // another one of that make
    {.number = 53, .card = "Fake flaw", .formats = {yuyv}, .bad_every = 2},
    {.number = 54, .card = "Fake stuck", .formats = {yuyv}, .stuck = true},
    {.number = 55, .card = "Fake quick", .formats = {yuyv}, .ready_at_poll = 3},
    {.number = 56, .card = "Fake quicker", .formats = {yuyv}, .ready_at_poll = 100},
    {.number = 57, .card = "Fake signal", .formats = {yuyv}, .interrupted = true},
    {.number = 58, .card = "Fake torn", .formats = {mjpg}, .bad_every = 3},
    {.number = 60, .card = "Fake scene", .formats = {grey8}, .scene = true},
};

} // namespace mien::test

extern "C" {
/// How many fake devices are open, and how many of their buffers are mapped.
int fake_v4l2_open_count();
int fake_v4l2_map_count();
/// From now on replies are spoilt as these bytes say, until they are used up. For fuzzing.
void fake_v4l2_spoil(const std::byte* bytes, std::size_t size);
}
