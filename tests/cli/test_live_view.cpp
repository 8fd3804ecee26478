// SPDX-License-Identifier: Apache-2.0
#include "mien/data/draw.hpp"
#include "mien/emotion/labels.hpp"
#include "mien/vision/annotate.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/pictures.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/support/videos.hpp"
#include "tools/live_marks.hpp"
#include "tools/live_memory.hpp"
#include "tools/live_panel.hpp"
#include "tools/live_view.hpp"
#include "tools/recording.hpp"

using namespace mien;
using namespace mien::cli;
using Catch::Contains;

namespace {

LiveFace face_at(Box box, std::uint64_t id = 1) {
  return {.id = id, .face = {.box = box}, .label = "happy", .probabilities = {0, 0, 0, 0.75f, 0.25f, 0, 0}};
}

Image part(const Image& picture, int x, int y, int width, int height) {
  Image cut{width, height, picture.channels, {}};
  for (int row = y; row < y + height; ++row) {
    const auto begin = picture.pixels.begin() + (std::ptrdiff_t{row} * picture.width + x) * picture.channels;
    cut.pixels.insert(cut.pixels.end(), begin, begin + std::ptrdiff_t{width} * picture.channels);
  }
  return cut;
}

/// How many pixels of the panel have this colour.
std::int64_t count(const Image& view, int from, Colour colour) {
  std::int64_t found = 0;
  for (int y = 0; y < view.height; ++y)
    for (int x = from; x < view.width; ++x) {
      const auto* pixel = &view.pixels[(static_cast<std::size_t>(y) * static_cast<std::size_t>(view.width) +
                                        static_cast<std::size_t>(x)) *
                                       3];
      found += Colour{pixel[0], pixel[1], pixel[2]} == colour;
    }
  return found;
}

constexpr Colour red{235, 52, 52};
const auto labels = expression_classes();

} // namespace

TEST_CASE("live view: the picture is whole and marked, and the panel stands beside it") {
  for (const auto& [width, height] : {std::pair{320, 240}, {640, 480}, {1280, 720}, {480, 640}}) {
    const Image picture = test::noise(width, height, 3);
    const std::vector<LiveFace> faces{face_at({width / 4, height / 4, width / 4, width / 4})};
    const auto view = drawn({.picture = &picture, .faces = faces, .labels = labels, .camera = true});
    const int dot = dot_for(width, height);
    CHECK((view.width == width + panel_width * dot && view.height == height && view.channels == 3));
    CHECK(part(view, 0, 0, width, height) == annotated(picture, live_marks(faces, labels)));
    // Of 42 dots of each bar three quarters, and one, are filled; its name has the colour of the label's bar.
    CHECK(count(view, width, class_colour(3)) == (42 * dot * 3 / 4 + (42 * dot * 3 % 4 >= 2)) * 7 * dot);
  }
}

TEST_CASE("live view: the camera's sign is always there, and so is that of a recording") {
  const Image picture = test::noise(320, 240, 3);
  LiveView view{.picture = &picture, .labels = labels, .camera = true};
  const auto sign = count(drawn(view), 320, red);
  CHECK(sign > 40);
  for (const bool on : {false, true}) {
    view.help = view.paused = view.mirror = on;
    view.trouble = view.notice = on ? "a sentence" : "";
    CHECK(count(drawn(view), 320, red) == sign);
  }
  view.picture = nullptr, view.width = 320, view.height = 240;
  CHECK(count(drawn(view), 320, red) == sign);
  view.recording = 61;
  CHECK(count(drawn(view), 320, red) == 2 * sign);
  view.camera = false;
  CHECK(count(drawn(view), 320, red) == sign);
}

TEST_CASE("live view: what is hidden is hidden before anything is drawn") {
  const Image picture = test::noise(320, 240, 3);
  const std::vector<Box> hidden{{100, 80, 60, 60}};
  const auto view = drawn({.picture = &picture, .labels = labels, .hidden = hidden});
  CHECK(part(view, 0, 0, 320, 240) == blurred(picture, hidden));
  CHECK(part(view, 0, 0, 320, 240) != picture);
}

TEST_CASE("live view: a mirror turns the picture and the boxes, but no text") {
  const Image picture = test::noise(320, 240, 3);
  const std::vector<LiveFace> left{face_at({20, 60, 80, 80})}, right{face_at({220, 60, 80, 80})};
  const auto plain = drawn({.picture = &picture, .labels = labels});
  const auto mirror = drawn({.picture = &picture, .labels = labels, .mirror = true});
  for (int x = 0; x < 320; ++x) CHECK(part(plain, x, 0, 1, 240) == part(mirror, 319 - x, 0, 1, 240));
  const Image turned = part(mirror, 0, 0, 320, 240);
  CHECK(drawn({.picture = &picture, .faces = left, .labels = labels, .mirror = true}) ==
        drawn({.picture = &turned, .faces = right, .labels = labels}));
}

TEST_CASE("live view: sentences of any length, labels of any length, small and odd pictures are drawn") {
  const std::vector<std::string> odd{"a very long name of a class", "", "\xc3\xa4", "b"};
  const Image picture = test::noise(3, 1, 1);
  LiveView view{.picture = &picture, .labels = odd, .source = std::string(1000, 'x')};
  view.trouble = view.notice = std::string(3000, 'w') + " " + std::string(3000, 'v');
  const std::vector<LiveFace> faces{{.id = 12345678, .probabilities = {0.25f}}};
  view.faces = faces;
  for (const bool on : {false, true}) {
    view.help = view.paused = on;
    const auto image = drawn(view);
    CHECK((image.width == 3 + panel_width && image.height == panel_height));
  }
}

TEST_CASE("hiding: a face that is missed stays hidden for a second, one that moves is hidden where it is") {
  Hiding hiding;
  hiding.add({face_at({10, 10, 40, 40}), face_at({200, 10, 40, 40}, 2)}, 1.0);
  hiding.add({face_at({15, 10, 40, 40})}, 1.5);
  CHECK(hiding.boxes() == std::vector<Box>{{200, 10, 40, 40}, {15, 10, 40, 40}});
  hiding.add({}, 2.1);
  CHECK(hiding.boxes() == std::vector<Box>{{15, 10, 40, 40}});
  hiding.add({}, 2.6);
  CHECK(hiding.boxes().empty());
}

TEST_CASE("pace: what happened in the last two seconds, a second") {
  Pace pace;
  CHECK(pace.a_second(0) == 0);
  pace.add(1);
  CHECK(pace.a_second(1.5) == 0);
  for (int i = 1; i <= 40; ++i) pace.add(1 + i * 0.05);
  CHECK(pace.a_second(3) == Approx(20));
  pace.add(3.5);
  CHECK(pace.a_second(3.5) == Approx(31 / 2.0).margin(0.6));
  CHECK(pace.a_second(6) == 0);
}

TEST_CASE("recording: a view is shown as long as it was on the screen") {
  const test::TempFolder folder;
  const auto path = folder / "a.y4m";
  Recording recording(path, {10, 1}, false);
  const auto grey = [](int value) { return test::constant(16, 8, static_cast<std::uint8_t>(value)); };
  recording.add(grey(40), 7.00);
  recording.add(grey(60), 7.01); // too soon: left out
  recording.add(grey(80), 7.10);
  recording.add(grey(120), 7.52);
  CHECK(recording.seconds() == Approx(0.6));
  CHECK_FALSE(std::filesystem::exists(path));
  CHECK_THAT(recording.finish(), Contains("recorded 0.6 s") && Contains(path.string()));
  VideoReader video(path);
  std::vector<int> values;
  for (const auto& frame : test::all_frames(video)) values.push_back(frame.picture.pixels[0]);
  CHECK(values == std::vector<int>{40, 80, 80, 80, 80, 120});
}

TEST_CASE("recording: a file that exists is refused, and a view of another size ends the video") {
  const test::TempFolder folder;
  const auto path = folder / "a.avi";
  {
    Recording recording(path, {10, 1}, false);
    recording.add(test::constant(16, 8, 9), 0);
    recording.add(test::constant(32, 8, 9), 1);
    CHECK_FALSE(recording.running());
    CHECK_THAT(recording.finish(), Contains("another size"));
    CHECK(std::filesystem::exists(path));
  }
  CHECK_THROWS_WITH(Recording(path, {10, 1}, false), Contains("exists already") && Contains("--force"));
  Recording again(path, {10, 1}, true);
  CHECK_THAT(again.finish(), Contains("nothing was recorded"));
  CHECK(VideoReader(path).info().width == 16); // the old file
}
