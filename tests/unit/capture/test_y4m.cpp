// SPDX-License-Identifier: Apache-2.0
#include "mien/core/error.hpp"
#include "mien/emotion/generated_faces.hpp"
#include "tests/capture/plain_ycbcr.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/support/videos.hpp"

using namespace mien;
using namespace mien::test;
using Catch::Contains;

namespace {

std::vector<Frame> frames_of(const std::string& bytes, bool grey = false) {
  const TempFolder folder;
  write_atomically(folder / "a", bytes, Flush::later);
  VideoReader reader(folder / "a", grey);
  return all_frames(reader);
}

std::string note_of(const std::string& bytes) {
  const TempFolder folder;
  write_atomically(folder / "a.y4m", bytes, Flush::later);
  VideoReader reader(folder / "a.y4m");
  (void)all_frames(reader);
  CHECK_FALSE(reader.skip_to_frame(1000));
  return reader.note();
}

/// Planes of noise, and the place of each sample in them.
struct Planes {
  int width, height, shift_x, shift_y;
  std::string bytes;

  Planes(int w, int h, int x, int y) : width(w), height(h), shift_x(x), shift_y(y) {
    const auto pixels = noise(w * h + 2 * wide() * high(), 1, 1).pixels;
    bytes.assign(pixels.begin(), pixels.end());
  }
  [[nodiscard]] int wide() const { return (width + (1 << shift_x) - 1) >> shift_x; }
  [[nodiscard]] int high() const { return (height + (1 << shift_y) - 1) >> shift_y; }
  [[nodiscard]] std::uint8_t at(int kind, int x, int y) const {
    const int place = kind == 0
                          ? y * width + x
                          : width * height + (kind - 1) * wide() * high() + (y >> shift_y) * wide() + (x >> shift_x);
    return static_cast<std::uint8_t>(bytes[static_cast<std::size_t>(place)]);
  }
};

} // namespace

TEST_CASE("y4m: every sampling that is read, at odd sizes, in both ranges") {
  for (const auto& [name, x, y] :
       {std::tuple{"420jpeg", 1, 1}, {"420mpeg2", 1, 1}, {"420", 1, 1}, {"422", 1, 0}, {"444", 0, 0}}) {
    for (const bool limited : {true, false}) {
      const Planes planes(7, 5, x, y);
      const auto header =
          concat("YUV4MPEG2 W7 H5 F30:1 Ip A1:1 C", name, limited ? "" : " XYSCSS=X XCOLORRANGE=FULL", "\n");
      const auto frames = frames_of(header + "FRAME\n" + planes.bytes + "FRAME Ixyz\n" + planes.bytes);
      REQUIRE(frames.size() == 2);
      CHECK(frames[0].picture == frames[1].picture);
      std::size_t i = 0;
      int worst = 0;
      for (int v = 0; v < 5; ++v)
        for (int u = 0; u < 7; ++u)
          for (const auto byte : plain_rgb(planes.at(0, u, v), planes.at(1, u, v), planes.at(2, u, v), limited))
            worst = std::max(worst, std::abs(byte - frames[0].picture.pixels[i++]));
      CHECK(worst <= 1); // test_ycbcr.cpp looks closer
      const auto grey = frames_of(header + "FRAME\n" + planes.bytes, true);
      REQUIRE(grey.size() == 1);
      CHECK(grey[0].picture.channels == 1);
      CHECK(grey[0].picture.pixels[8] == plain_grey(planes.at(0, 1, 1), limited));
    }
  }
  const auto mono = frames_of("YUV4MPEG2 W3 H1 Cmono F1:1\nFRAME\nabc");
  REQUIRE(mono.size() == 1);
  CHECK(mono[0].picture == Image{3, 1, 1, {'a', 'b', 'c'}});
  CHECK(frames_of("YUV4MPEG2 H2 W2\nFRAME\nabcdef").size() == 1); // 420 where nothing else is said
}

TEST_CASE("y4m: times and numbers follow from the rate, and from what was passed over") {
  const TempFolder folder;
  std::vector<Image> pictures;
  for (int i = 0; i < 10; ++i) pictures.push_back(gradient(8, 6, i));
  (void)video_text(folder / "a.y4m", pictures, {30000, 1001});
  VideoReader reader(folder / "a.y4m");
  CHECK((reader.info().width == 8 && reader.info().height == 6 && reader.info().frames == 10));
  CHECK(reader.info().rate == FrameRate{30000, 1001});
  Frame frame;
  REQUIRE(reader.next(frame) == Next::frame);
  CHECK((frame.number == 0 && frame.time == 0));
  REQUIRE(reader.skip_to_frame(4));
  CHECK(reader.position() == 4);
  REQUIRE(reader.next(frame) == Next::frame);
  CHECK((frame.number == 4 && frame.time == Approx(4 * 1001.0 / 30000)));
  CHECK(mean_difference(frame.picture, pictures[4]) < 4);
  REQUIRE(reader.skip_to(0.2)); // frame 6 stands at 0.2002
  REQUIRE(reader.next(frame) == Next::frame);
  CHECK(frame.number == 6);
  CHECK(reader.skip_to_frame(3)); // never back
  CHECK(reader.position() == 7);
  CHECK_FALSE(reader.skip_to(100));
  CHECK(reader.next(frame) == Next::end);
  CHECK(reader.next(frame) == Next::end);
  CHECK(reader.note().empty());
}

TEST_CASE("y4m: drawn faces come back, grey ones to the bit") {
  const TempFolder folder;
  std::vector<Image> grey, colour;
  for (std::uint32_t i = 0; i < 7; ++i)
    grey.push_back(draw_face(i, 1, i, 47)), colour.push_back(gradient(31, 17, static_cast<int>(i)));
  (void)video_text(folder / "grey.y4m", grey);
  (void)video_text(folder / "colour.y4m", colour);
  VideoReader grey_reader(folder / "grey.y4m"), colour_reader(folder / "colour.y4m");
  const auto grey_frames = all_frames(grey_reader), colour_frames = all_frames(colour_reader);
  REQUIRE((grey_frames.size() == 7 && colour_frames.size() == 7));
  for (std::size_t i = 0; i < 7; ++i) {
    CHECK(grey_frames[i].picture == grey[i]);
    CHECK(mean_difference(colour_frames[i].picture, colour[i]) < 3);
  }
}

TEST_CASE("y4m: a file that was cut short gives its whole frames and a sentence") {
  const std::string whole = "YUV4MPEG2 W2 H1 Cmono F1:1\nFRAME\nabFRAME\ncd";
  CHECK(note_of(whole).empty());
  for (std::size_t size = whole.size() - 1; size > whole.find("ab") + 2; --size) {
    CHECK(frames_of(whole.substr(0, size)).size() == 1);
    CHECK_THAT(note_of(whole.substr(0, size)), Contains("a.y4m: cut short after 1 whole frames"));
  }
  CHECK_THAT(note_of("YUV4MPEG2 W2 H1 Cmono F1:1\n"), Contains("holds no frame"));
  CHECK_THAT(note_of("YUV4MPEG2 W2 H1 Cmono F1:1\nFRAME\nabFLAME\ncd"), Contains("damaged after 1 frames"));
}

TEST_CASE("y4m: a header that makes no sense is an error with what to do") {
  CHECK_THROWS_WITH(frames_of("YUV4MPEG2 W2 H0\nFRAME\n"), Contains("has 2x0 pixels"));
  CHECK_THROWS_WITH(frames_of("YUV4MPEG2 W99999 H99999\n"), Contains("at most 100000000"));
  for (const auto* size : {"W2 H9223372036854775807", "W4 H4611686018427387905", "W9223372036854775807 H2"})
    CHECK_THROWS_WITH(frames_of(concat("YUV4MPEG2 ", size, " F25:1\nFRAME\nabcdef")), Contains("at most 100000000"));
  CHECK_THROWS_WITH(frames_of("YUV4MPEG2 W2 H2 C420p10\n"), Contains("`420p10`") && Contains("-pix_fmt yuv420p"));
  CHECK_THROWS_WITH(frames_of("YUV4MPEG2"), Contains("is no Y4M"));
  CHECK_THROWS_WITH(frames_of("YUV4MPEG2" + std::string(5000, ' ')), Contains("is no Y4M"));
  CHECK(frames_of("YUV4MPEG2 W1 H1 Cmono F0:0\nFRAME\nxFRAME\ny")[1].time == 0.04);
}

TEST_CASE("video writer: what cannot be written says why") {
  const TempFolder folder;
  CHECK_THROWS_WITH(VideoWriter(folder / "a.mp4", {25, 1}), Contains("let its name end with .avi or .y4m"));
  CHECK_THROWS_WITH(VideoWriter(folder / "a.avi", {}), Contains("needs a rate"));
  VideoWriter writer(folder / "a.y4m", {25, 1});
  CHECK_THROWS_WITH(writer.repeat(), Contains("no picture yet"));
  CHECK_THROWS_WITH(writer.finish(), Contains("without pictures"));
  writer.write(gradient(4, 4, 0));
  CHECK_THROWS_WITH(writer.write(gradient(5, 4, 0)), Contains("4x4 with 3 channels, this one 5x4"));
  CHECK_THROWS_WITH(writer.write(Image{4, 4, 3, {}}), Contains("no whole picture"));
  writer.repeat();
  CHECK(writer.frames() == 2);
  CHECK_FALSE(std::filesystem::exists(folder / "a.y4m"));
  writer.finish();
  VideoReader reader(folder / "a.y4m");
  const auto frames = all_frames(reader);
  REQUIRE(frames.size() == 2);
  CHECK(frames[0].picture == frames[1].picture);
  {
    VideoWriter lost(folder / "b.avi", {25, 1});
    lost.write(gradient(4, 4, 0));
  }
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
}
