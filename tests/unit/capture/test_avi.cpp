// SPDX-License-Identifier: Apache-2.0
#include "lib/capture/motion_jpeg.hpp"
#include "lib/capture/video_sink.hpp"
#include "mien/core/error.hpp"
#include "mien/emotion/generated_faces.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/support/videos.hpp"

#include <cstring>

using namespace mien;
using namespace mien::test;
using Catch::Contains;

namespace {

std::string four(std::uint32_t number) {
  std::string text(4, '\0');
  for (auto& c : text) c = static_cast<char>(number & 255), number >>= 8;
  return text;
}

std::uint32_t number_at(const std::string& text, std::size_t at) {
  std::uint32_t number = 0;
  std::memcpy(&number, text.data() + at, 4);
  return number;
}

std::vector<Image> pictures(int count) {
  std::vector<Image> all;
  for (int i = 0; i < count; ++i) all.push_back(gradient(40, 30, i));
  return all;
}

/// Where a frame's chunk stands.
std::size_t chunk_at(const std::string& bytes, int frame) {
  auto at = bytes.find("00dc", bytes.find("movi")); // the header's index says 00dc as well
  for (; frame > 0; --frame) at = bytes.find("00dc", at + 4);
  return at;
}

struct Read {
  std::vector<Frame> frames;
  std::string note;
  StreamInfo info;
};

Read read(const std::string& bytes, bool grey = false) {
  const TempFolder folder;
  write_atomically(folder / "a.avi", bytes, Flush::later);
  VideoReader reader(folder / "a.avi", grey);
  auto frames = all_frames(reader);
  return {std::move(frames), reader.note(), reader.info()};
}

/// A JPEG file without its segment with Huffman tables: stb writes one, between the frame's header and the scan.
std::string without_tables(const std::string& jpeg) {
  const auto begin = jpeg.find("\xff\xc4");
  const auto size = static_cast<std::uint8_t>(jpeg[begin + 2]) * 256u + static_cast<std::uint8_t>(jpeg[begin + 3]);
  return jpeg.substr(0, begin) + jpeg.substr(begin + 2 + size);
}

std::string jpeg_of(const Image& picture) {
  const TempFolder folder;
  write_picture(folder / "a.jpg", picture);
  return file_text(folder / "a.jpg");
}

} // namespace

TEST_CASE("avi: what is written is read, in colour and in grey") {
  const TempFolder folder;
  const auto colour = pictures(5);
  const auto found = read(video_text(folder / "a.avi", colour, {30000, 1001}));
  CHECK((found.info.width == 40 && found.info.height == 30 && found.info.frames == 5));
  CHECK(found.info.rate == FrameRate{30000, 1001});
  CHECK(found.note.empty());
  REQUIRE(found.frames.size() == 5);
  for (std::size_t i = 0; i < 5; ++i) {
    CHECK(mean_difference(found.frames[i].picture, colour[i]) < 2);
    CHECK(found.frames[i].number == i);
    CHECK(found.frames[i].time == Approx(static_cast<double>(i) * 1001 / 30000));
  }

  std::vector<Image> faces;
  for (std::uint32_t i = 0; i < 7; ++i) faces.push_back(draw_face(i, 1, i, 48));
  const auto grey = read(video_text(folder / "a.avi", faces), true); // JPEG is written in colour, whatever it shows
  REQUIRE(grey.frames.size() == 7);
  for (std::size_t i = 0; i < 7; ++i) CHECK(mean_difference(grey.frames[i].picture, faces[i]) < 3);
  const auto asked = read(video_text(folder / "a.avi", colour), true);
  REQUIRE(asked.frames.size() == 5);
  CHECK(asked.frames[0].picture.channels == 1);
}

TEST_CASE("avi: a file cut short anywhere behind its header gives its whole frames and a sentence") {
  const TempFolder folder;
  const auto whole = video_text(folder / "a.avi", pictures(3));
  const auto movie = whole.find("movi");
  std::size_t most = 0;
  for (std::size_t size = movie + 4; size < whole.find("ix00"); size += 7) {
    const auto found = read(whole.substr(0, size));
    CHECK(found.frames.size() >= most);
    most = found.frames.size();
    if (most < 3) CHECK_THAT(found.note, Contains("a.avi: cut short after " + std::to_string(most) + " whole frames"));
  }
  CHECK(most >= 2);
  CHECK_THROWS_WITH(read(whole.substr(0, movie - 1)), Contains("cut short or damaged"));
}

TEST_CASE("avi: a recorder that was switched off has written no sizes and no counts") {
  const TempFolder folder;
  auto bytes = video_text(folder / "a.avi", pictures(3));
  bytes.resize(bytes.find("ix00"));
  for (const auto place : {std::size_t{4}, bytes.find("movi") - 4, bytes.find("avih") + 24, bytes.find("strh") + 40})
    bytes.replace(place, 4, four(0));
  const auto found = read(bytes);
  CHECK(found.frames.size() == 3);
  CHECK(found.info.frames == 0);
  CHECK(found.note.empty());

  auto jpeg = jpeg_of(gradient(40, 30, 3)); // an odd number of bytes: the one that fills up is all that is missing
  jpeg.resize(jpeg.size() | 1);
  const auto odd = read(bytes + "00dc" + four(static_cast<std::uint32_t>(jpeg.size())) + jpeg);
  CHECK(odd.frames.size() == 4);
  CHECK(odd.note.empty());
}

TEST_CASE("avi: sound, other streams, unknown chunks and lists of records do no harm") {
  const TempFolder folder;
  auto bytes = video_text(folder / "a.avi", pictures(3));
  const auto first = chunk_at(bytes, 0);
  bytes.insert(first, "01wb" + four(3) + "abc" + '\0' + "JUNK" + four(2) + "xy" + "LIST" + four(4) + "rec " + "01dc" +
                          four(0));
  bytes.insert(bytes.find("LIST", 12 + 12), "LIST" + four(10) + "INFOabcdef");
  CHECK(read(bytes).frames.size() == 3);
}

TEST_CASE("avi: a damaged frame is passed over and counted; one of no bytes shows the last again") {
  const TempFolder folder;
  auto bytes = video_text(folder / "a.avi", pictures(3));
  const auto second = chunk_at(bytes, 1);
  auto damaged = bytes;
  damaged.replace(second + 8, 20, std::string(20, 'x'));
  const auto found = read(damaged);
  REQUIRE(found.frames.size() == 2);
  CHECK((found.frames[0].number == 0 && found.frames[1].number == 2));
  CHECK_THAT(found.note, Contains("1 damaged frames were passed over; the last is no JPEG"));

  VideoWriter writer(folder / "b.avi", {10, 1});
  writer.write(gradient(40, 30, 0));
  writer.repeat();
  writer.repeat();
  writer.write(gradient(40, 30, 1));
  writer.finish();
  const auto repeated = read(file_text(folder / "b.avi"));
  REQUIRE(repeated.frames.size() == 2);
  CHECK((repeated.frames[1].number == 3 && repeated.frames[1].time == Approx(0.3)));
  CHECK(repeated.info.frames == 4);
}

TEST_CASE("avi: passing over frames does not look at them") {
  const TempFolder folder;
  auto bytes = video_text(folder / "a.avi", pictures(4));
  bytes.replace(chunk_at(bytes, 0) + 8, 20, std::string(20, 'x')); // would be damaged
  write_atomically(folder / "b.avi", bytes, Flush::later);
  VideoReader reader(folder / "b.avi");
  REQUIRE(reader.skip_to(0.08));
  Frame frame;
  REQUIRE(reader.next(frame) == Next::frame);
  CHECK(frame.number == 2);
  CHECK(reader.note().empty());
  CHECK_FALSE(reader.skip_to_frame(5));
}

TEST_CASE("avi: a long file has parts, each with its index") {
  const TempFolder folder;
  const auto all = pictures(20);
  auto sink = write_avi(folder / "a.avi", {25, 1}, 9000);
  for (const auto& picture : all) sink->write(picture);
  sink->finish();
  const auto bytes = file_text(folder / "a.avi");
  const auto found = read(bytes);
  REQUIRE(found.frames.size() == 20);
  CHECK(found.note.empty());
  CHECK(found.info.frames == 20);
  for (std::size_t i = 0; i < 20; ++i) CHECK(mean_difference(found.frames[i].picture, all[i]) < 2);

  // The index of indices leads to each part's index, and that to the frames.
  const auto super = bytes.find("indx") + 8;
  const auto parts = number_at(bytes, super + 4);
  REQUIRE(parts >= 3);
  std::uint32_t frames = 0;
  for (std::uint32_t i = 0; i < parts; ++i) {
    const auto index = number_at(bytes, super + 24 + 16 * i);
    REQUIRE(bytes.substr(index, 4) == "ix00");
    CHECK(number_at(bytes, super + 24 + 16 * i + 8) == number_at(bytes, index + 4) + 8);
    const auto count = number_at(bytes, index + 12), base = number_at(bytes, index + 20);
    CHECK(count == number_at(bytes, super + 24 + 16 * i + 12));
    for (std::uint32_t j = 0; j < count; ++j)
      CHECK(bytes.substr(base + number_at(bytes, index + 32 + 8 * j), 2) == "\xff\xd8");
    CHECK((bytes.substr(base, 4) == "RIFF" && bytes.substr(base + 8, 3) == "AVI"));
    const auto end = base + 8 + number_at(bytes, base + 4);
    CHECK((end == bytes.size() || bytes.substr(end, 4) == "RIFF"));
    frames += count;
  }
  CHECK(frames == 20);
  const auto old = bytes.find("idx1"), movie = bytes.find("movi");
  CHECK(bytes.substr(movie + number_at(bytes, old + 16), 4) == "00dc");
}

TEST_CASE("motion jpeg: frames may leave out their Huffman tables") {
  for (const int channels : {1, 3}) {
    const auto picture = gradient(40, 30, 0, channels);
    const auto jpeg = jpeg_of(picture), bare = without_tables(jpeg);
    REQUIRE(bare.find("\xff\xc4") == std::string::npos);
    MotionJpeg decoder;
    Image whole, completed, grey;
    REQUIRE(decoder.decode(whole, bytes_of(jpeg), 40, 30, false) == nullptr);
    REQUIRE(decoder.decode(completed, bytes_of(bare), 0, 0, false) == nullptr);
    REQUIRE(decoder.decode(grey, bytes_of(bare), 40, 30, true) == nullptr);
    CHECK(whole == completed);
    CHECK(whole == decode_image(bytes_of(jpeg), "whole"));
    CHECK((grey.channels == 1 && grey.pixels.size() == 1200));
  }
}

TEST_CASE("motion jpeg: what is no whole frame of the stream's size is told") {
  const auto jpeg = jpeg_of(gradient(40, 30, 0));
  MotionJpeg decoder;
  Image picture;
  const auto problem = [&](std::string_view bytes, int width = 40) {
    const auto* text = decoder.decode(picture, bytes_of(bytes), width, 30, false);
    return std::string(text ? text : "");
  };
  CHECK(problem(jpeg).empty());
  CHECK(problem(jpeg + std::string(100, '\0')).empty()); // cameras pad their frames
  CHECK(problem("").find("no JPEG") != std::string::npos);
  CHECK(problem(png_colour_5x3).find("no JPEG") != std::string::npos);
  CHECK(problem(jpeg, 41).find("another size") != std::string::npos);
  for (std::size_t size = 2; size < jpeg.size(); size += 11) CHECK_FALSE(problem(jpeg.substr(0, size)).empty());
}
