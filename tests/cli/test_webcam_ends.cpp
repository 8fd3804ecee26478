// SPDX-License-Identifier: Apache-2.0
// How `mien webcam` ends, and what it says when something is wrong.
#include "mien/capture/video_reader.hpp"
#include "tests/cli/webcam.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"

using namespace mien;
using namespace mien::test;
using Catch::Contains;

namespace {

/// A run before a fake camera that gets SIGTERM when it has said so many lines on stderr.
Ran stopped_after(int said, int camera) {
  const TempFolder folder;
  const auto fifo = "'" + (folder / "err").string() + "'";
  std::string line = "mkfifo " + fifo + "; " + fake_driver() + headless() + std::to_string(camera) + " 2>" + fifo +
                     " & program=$!; exec 3<" + fifo + "; ";
  for (int i = 0; i < said; ++i) line += "read said <&3; echo \"$said\" >&2; ";
  return shell(line + "kill -TERM $program; cat <&3 >/dev/null; wait $program");
}

} // namespace

TEST_CASE("mien webcam: what stands in the way of a camera is a sentence") {
  const std::pair<int, const char*> problems[] = {{45, "another program is using it"},
                                                  {46, "sudo usermod -aG video"},
                                                  {47, "its USB bus is full"},
                                                  {48, "gives no frames"},
                                                  {49, "gives H264"},
                                                  {99, "there is no such camera"}};
  for (const auto& [number, text] : problems) {
    const auto ran = before_camera(number, "--frames 1");
    CHECK(ran.code == 1);
    CHECK(ran.out.empty());
    CHECK(lines(ran.err).size() == 1);
    CHECK_THAT(ran.err, Contains("error: /dev/video") && Contains(text));
  }
}

TEST_CASE("mien webcam: a camera that is unplugged is waited for, and goes on when it is back") {
  const auto shaky = stopped_after(3, 50);
  CHECK(shaky.code == 130);
  CHECK_THAT(shaky.err, Contains("warning: /dev/video50 (Fake shaky): the camera was unplugged; it is looked for\n"
                                 "warning: /dev/video50 (Fake shaky), YUYV: pictures come again\n"));
  CHECK_THAT(stopped_after(3, 51).err, Contains("/dev/video52 (Fake moving), YUYV: pictures come again"));
}

TEST_CASE("mien webcam: short frames are passed over, and told at the end") {
  const auto ran = before_camera(53, "--frames 3");
  CHECK(ran.code == 0);
  CHECK(lines(ran.out).size() == 3);
}

TEST_CASE("mien webcam: a stuck camera is told, and a signal ends the program though nothing comes") {
  const auto ran = stopped_after(2, 54);
  CHECK(ran.code == 130);
  CHECK(ran.out.empty());
  CHECK_THAT(ran.err, Contains("warning: /dev/video54 (Fake stuck), YUYV: no picture for 2 s; it is waited for"));
}

TEST_CASE("mien webcam: a signal or a reader that leaves ends a recording whole") {
  const TempFolder folder;
  write_scene(folder / "scene");
  const auto path = [&](const char* name) { return "'" + (folder / name).string() + "'"; };
  const auto camera = "FAKE_V4L2_SCENE=" + path("scene") + " " + fake_driver() + headless() + "--record ";
  const auto stopped =
      shell("mkfifo " + path("out") + "; " + camera + path("a.avi") + " 60 >" + path("out") + " & pid=$!; exec 3<" +
            path("out") + "; read line <&3; kill -TERM $pid; cat <&3 >/dev/null; wait $pid");
  CHECK(stopped.code == 130);
  CHECK_THAT(stopped.err, Contains("recorded"));
  CHECK(VideoReader(folder / "a.avi").info().frames > 0);
  const auto left = shell(camera + path("b.avi") + " 60 | head -n 1");
  CHECK(left.code == 0);
  CHECK(lines(left.out).size() == 1);
  CHECK(VideoReader(folder / "b.avi").info().frames > 0);
}

TEST_CASE("mien webcam: a pipe in which nothing comes does not keep the program") {
  const TempFolder folder;
  write_clip(folder / "clip.y4m", 1);
  const auto path = [&](const char* name) { return "'" + (folder / name).string() + "'"; };
  // The pipe stays open, at 4, behind the first frame.
  const auto ran = shell("mkfifo " + path("in") + " " + path("out") + "; " + headless() + "- <" + path("in") + " >" +
                         path("out") + " & pid=$!; exec 4>" + path("in") + " 3<" + path("out") + "; cat " +
                         path("clip.y4m") + " >&4; read line <&3; kill -TERM $pid; wait $pid");
  CHECK(ran.code == 130);
}

TEST_CASE("mien webcam: without a display there is a sentence, and what to do instead") {
  const auto ran = shell("unset DISPLAY WAYLAND_DISPLAY SDL_VIDEODRIVER; " + fake_driver() + "\"$MIEN\" webcam 40");
  CHECK(ran.code == 1);
  CHECK(lines(ran.err).size() == 1);
  CHECK_THAT(ran.err, Contains("no window can be opened") && Contains("--headless"));
}

TEST_CASE("mien webcam: wrong usage") {
  for (const char* words :
       {"--size 640", "--size 0x480", "--size 640x480x3", "--format rgb", "--rate 0", "--threads 0",
        "--mirror --no-mirror", "--headless --full-screen", "--headless --blur", "--force", "--record a.mp4", "a b"}) {
    INFO(words);
    const auto ran = shell(std::string("\"$MIEN\" webcam ") + words);
    CHECK(ran.code == 2);
    CHECK(lines(ran.err).size() == 1);
  }
}
