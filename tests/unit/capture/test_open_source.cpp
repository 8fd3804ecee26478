// SPDX-License-Identifier: Apache-2.0
#include "mien/capture/open_source.hpp"
#include "mien/capture/picture_folder.hpp"
#include "mien/core/error.hpp"
#include "mien/data/grey.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/support/videos.hpp"

using namespace mien;
using namespace mien::test;
using Catch::Contains;

TEST_CASE("picture folder: pictures come in the order of their names, and what is none is counted") {
  const TempFolder folder;
  CHECK_THROWS_WITH(PictureFolder(folder.path()), Contains("holds no picture"));
  CHECK_THROWS_WITH(PictureFolder(folder / "none"), Contains("none: the folder cannot be read"));
  std::filesystem::create_directory(folder / "b.png");
  for (const int i : {2, 0, 3}) write_png(folder / (std::to_string(i) + ".png"), gradient(8 + i, 6, i));
  write_atomically(folder / "1.jpg", "no picture", Flush::later);
  write_atomically(folder / "readme.txt", "no picture either", Flush::later);
  PictureFolder source(folder.path(), {2, 1});
  CHECK(source.info().frames == 4);
  CHECK(source.file().empty());
  const auto frames = all_frames(source);
  REQUIRE(frames.size() == 3);
  CHECK(frames[0].picture == gradient(8, 6, 0));
  CHECK(frames[1].picture == gradient(10, 6, 2));
  CHECK((frames[1].number == 2 && frames[1].time == 1));
  CHECK(source.file() == folder / "3.png");
  CHECK_THAT(source.note(), Contains("1 of 4 pictures could not be read; the first: ") && Contains("1.jpg"));
}

TEST_CASE("open source: what a name means is seen from what is there") {
  const TempFolder folder;
  std::filesystem::create_directory(folder / "pictures");
  write_png(folder / "pictures/a.png", gradient(8, 6, 0));
  (void)video_text(folder / "a.y4m", {gradient(8, 6, 0)});
  for (const auto* name : {"pictures", "a.y4m"}) {
    for (const bool grey : {false, true}) {
      const auto source = open_source(folder / name, {.grey = grey});
      Frame frame;
      REQUIRE(source->next(frame) == Next::frame);
      CHECK(frame.picture.channels == (grey ? 1 : 3));
      CHECK(source->next(frame) == Next::end);
    }
  }
  CHECK_THROWS_WITH(open_source("/dev/video999"), Contains("there is no such camera"));
  CHECK_THROWS_WITH(open_source("/dev/null"), Contains("is no camera but something else"));
  CHECK_THROWS_WITH(open_source(folder / "none.mp4"), Contains("cannot be read: No such file"));
}
