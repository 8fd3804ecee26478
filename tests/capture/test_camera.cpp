// SPDX-License-Identifier: Apache-2.0
// Cameras, under a driver that is loaded in front of libc: ctest does so.
#include "mien/capture/camera.hpp"
#include "mien/core/error.hpp"
#include "tests/capture/fake_frames.hpp"
#include "tests/capture/fake_v4l2.hpp"
#include "tests/capture/plain_ycbcr.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <chrono>

#include <dlfcn.h>

using namespace mien;
using namespace mien::test;
using Catch::Contains;

namespace {

int count(const char* name) {
  auto* function = reinterpret_cast<int (*)()>(dlsym(RTLD_DEFAULT, name));
  return function ? function() : -1;
}

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

/// Nothing of the driver may be left open or mapped after a test.
struct Leaks {
  Leaks() { REQUIRE(count("fake_v4l2_open_count") == 0); }
  Leaks(const Leaks&) = delete;
  Leaks& operator=(const Leaks&) = delete;
  ~Leaks() {
    CHECK(count("fake_v4l2_open_count") == 0);
    CHECK(count("fake_v4l2_map_count") == 0);
  }
};

/// The driver never keeps anybody waiting, so that a timeout that never ends makes a test that never depends on time.
CameraSettings device(int number) {
  return {.device = "/dev/video" + std::to_string(number), .width = 32, .height = 24, .timeout = 1e6};
}

/// What the picture should be, by formulas in double.
Image expected(int width, int height, std::uint32_t frame, bool grey, bool coloured, bool limited) {
  Image picture{width, height, grey || !coloured ? 1 : 3, {}};
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      const auto rgb =
          plain_rgb(fake_sample(0, x, y, frame), coloured ? fake_sample(1, x - x % 2, y - y % 2, frame) : 128,
                    coloured ? fake_sample(2, x - x % 2, y - y % 2, frame) : 128, limited);
      if (picture.channels == 1)
        picture.pixels.push_back(plain_grey(fake_sample(0, x, y, frame), limited));
      else
        picture.pixels.insert(picture.pixels.end(), rgb.begin(), rgb.end());
    }
  return picture;
}

} // namespace

TEST_CASE("camera: every format gives its frames, in colour and in grey") {
  const Leaks leaks;
  const double begin = now();
  for (const auto& [number, format] :
       {std::pair{40, PixelFormat::yuyv}, {41, PixelFormat::nv12}, {42, PixelFormat::grey}}) {
    for (const bool grey : {false, true}) {
      auto settings = device(number);
      settings.grey = grey;
      Camera camera(settings);
      CHECK(camera.format() == format);
      Frame frame;
      for (std::uint32_t i = 0; i < 7; ++i) { // more than there are buffers
        REQUIRE(camera.next(frame) == Next::frame);
        CHECK(frame.number == i);
        const bool coloured = format != PixelFormat::grey;
        CHECK(frame.picture == expected(32, 24, i, grey, coloured, coloured));
        CHECK((frame.time > begin - 1e-3 && frame.time <= now()));
      }
      CHECK(camera.counts() == CameraCounts{.given = 7});
      CHECK(camera.note().empty());
    }
  }
}

TEST_CASE("camera: motion JPEG is decoded") {
  const Leaks leaks;
  Camera camera(device(43));
  CHECK(camera.format() == PixelFormat::mjpeg);
  Frame frame;
  REQUIRE(camera.next(frame) == Next::frame);
  CHECK(frame.picture == decode_image(bytes_of(jpeg_16x8), "frame"));
}

TEST_CASE("camera: says what it got, the nearest to what was asked") {
  const Leaks leaks;
  const auto info = [](CameraSettings settings) { return Camera(settings).info(); };
  CHECK(info({.device = "/dev/video40"}).width == 96);
  auto wanted = device(40);
  wanted.width = 30, wanted.height = 20, wanted.rate = 12;
  const auto got = info(wanted);
  CHECK((got.width == 32 && got.height == 24 && got.rate == FrameRate{15, 1} && got.frames == 0));
  CHECK_THAT(got.name, Contains("/dev/video40 (Fake YUYV), YUYV"));

  auto both = device(44);
  CHECK(Camera(both).format() == PixelFormat::yuyv); // MJPEG has no frames of that size
  both.format = PixelFormat::mjpeg;
  CHECK(Camera(both).format() == PixelFormat::mjpeg);
}

TEST_CASE("camera: gives the newest frame, and counts those it drops") {
  const Leaks leaks;
  Frame frame;
  Camera quick(device(55)); // three frames arrive at a time
  for (const std::uint64_t number : {2u, 5u, 8u}) {
    REQUIRE(quick.next(frame) == Next::frame);
    CHECK(frame.number == number);
    CHECK(frame.picture == expected(32, 24, static_cast<std::uint32_t>(number), false, true, true));
  }
  CHECK(quick.counts() == CameraCounts{.given = 3, .dropped = 6});

  Camera quicker(device(56)); // a hundred: when it is asked, its four buffers hold the oldest of them
  REQUIRE(quicker.next(frame) == Next::frame);
  CHECK(frame.number == 103);
  CHECK(frame.picture == expected(32, 24, 103, false, true, true));
  CHECK(quicker.counts() == CameraCounts{.given = 1, .dropped = 103});

  auto impatient =
      device(56); // without time to wait, old frames are dropped in one call and new ones given in the next
  impatient.timeout = 0;
  Camera camera(impatient);
  REQUIRE(camera.next(frame) == Next::late);
  REQUIRE(camera.next(frame) == Next::frame);
  CHECK(frame.number == 103);
}

TEST_CASE("camera: short and faulty frames are passed over and counted") {
  const Leaks leaks;
  Frame frame;
  Camera raw(device(53)); // frames 1, 3, 5 ... are short or marked
  for (const std::uint64_t number : {0u, 2u, 4u, 6u}) {
    REQUIRE(raw.next(frame) == Next::frame);
    CHECK(frame.number == number);
  }
  CHECK(raw.counts() == CameraCounts{.given = 4, .damaged = 3});
  CHECK_THAT(raw.note(), Contains("3 damaged frames of /dev/video53"));

  Camera jpeg(device(58)); // every third is cut short or marked
  for (int i = 0; i < 8; ++i) REQUIRE(jpeg.next(frame) == Next::frame);
  CHECK(frame.number == 10);
  CHECK(jpeg.counts() == CameraCounts{.given = 8, .damaged = 3});
}

TEST_CASE("camera: unplugged, it is looked for and comes back") {
  const Leaks leaks;
  Frame frame;
  for (const auto& [number, back, frames] : {std::tuple{50, 50, 3}, {51, 52, 2}}) {
    Camera camera(device(number));
    for (int i = 0; i < frames; ++i) REQUIRE(camera.next(frame) == Next::frame);
    REQUIRE(camera.next(frame) == Next::gone);
    CHECK(count("fake_v4l2_open_count") == 0); // else the device would get another number
    CHECK(count("fake_v4l2_map_count") == 0);
    CHECK_THAT(camera.note(), Contains("the camera was unplugged; it is looked for"));
    REQUIRE(camera.next(frame) == Next::gone);
    REQUIRE(camera.next(frame) == Next::gone);
    REQUIRE(camera.next(frame) == Next::frame);
    CHECK(frame.number == static_cast<std::uint64_t>(frames)); // counts on
    CHECK(frame.picture == expected(32, 24, 0, false, true, true));
    CHECK(camera.device() == "/dev/video" + std::to_string(back));
    CHECK(camera.note().empty());
    CHECK(camera.counts() == CameraCounts{.given = static_cast<std::uint64_t>(frames) + 1, .lost = 1});
  }
}

TEST_CASE("camera: a stuck stream and a signal are told as late") {
  const Leaks leaks;
  Frame frame;
  Camera stuck(device(54));
  CHECK(stuck.next(frame) == Next::late);
  CHECK(stuck.next(frame) == Next::late);
  CHECK(stuck.counts() == CameraCounts{.late = 2});
  Camera signalled(device(57));
  CHECK(signalled.next(frame) == Next::late);
  CHECK(signalled.next(frame) == Next::frame);
}

TEST_CASE("camera: what cannot be opened says why and what to do") {
  const Leaks leaks;
  CHECK_THROWS_WITH(Camera(device(45)), Contains("/dev/video45") && Contains("another program is using it"));
  CHECK_THROWS_WITH(Camera(device(46)), Contains("Permission denied") && Contains("usermod -aG video"));
  CHECK_THROWS_WITH(Camera(device(47)), Contains("USB bus is full"));
  CHECK_THROWS_WITH(Camera(device(48)), Contains("metadata only") && Contains("/dev/video40 (Fake YUYV)"));
  CHECK_THROWS_WITH(Camera(device(49)), Contains("gives H264; what is read is YUYV, NV12, GREY and MJPEG"));
  CHECK_THROWS_WITH(Camera(device(99)), Contains("/dev/video99: there is no such camera; here is "));
  CHECK_THROWS_WITH(Camera({.device = "README.md"}), Contains("is no camera but something else"));
  auto settings = device(40);
  settings.format = PixelFormat::nv12;
  CHECK_THROWS_WITH(Camera(settings), Contains("gives YUYV; NV12 was asked for"));
  settings = device(40);
  settings.rate = 0;
  CHECK_THROWS_WITH(Camera(settings), Contains("more than 0"));
}

TEST_CASE("camera: the list has devices, modes, and what stands in the way") {
  const Leaks leaks;
  const auto cameras = list_cameras();
  const auto at = [&](int number) {
    return std::ranges::find(cameras, std::filesystem::path("/dev/video" + std::to_string(number)),
                             &CameraInfo::device);
  };
  REQUIRE(at(40) != cameras.end());
  CHECK(at(40)->name == "Fake YUYV");
  CHECK(at(40)->bus == "usb-fake-1");
  REQUIRE(at(40)->modes.size() == 3);
  CHECK(at(40)->modes[1] == CameraMode{PixelFormat::yuyv, 32, 24, {{30, 1}, {15, 1}}});
  REQUIRE(at(46) != cameras.end());
  CHECK_THAT(at(46)->problem, Contains("usermod"));
  CHECK(at(48) == cameras.end()); // metadata
}
