// SPDX-License-Identifier: Apache-2.0
// Videos that ffmpeg reads: with programs of its name that misbehave, and with the real one where it is installed.
#include "lib/capture/video_sink.hpp"
#include "mien/core/error.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/support/videos.hpp"

#include <cerrno>
#include <cstdlib>
#include <iostream>

#include <sys/wait.h>

using namespace mien;
using namespace mien::test;
using Catch::Contains;

namespace {

/// Programs are looked for in one folder alone, which may hold a script named ffmpeg.
class Programs {
public:
  explicit Programs(const std::string& script = "") : before_(std::getenv("PATH") ? std::getenv("PATH") : "") {
    if (!script.empty()) add("ffmpeg", script);
    ::setenv("PATH", folder_.path().c_str(), 1);
  }
  void add(const std::string& name, const std::string& script) const {
    write_atomically(folder_ / name, "#!/bin/sh\n" + script, Flush::later);
    std::filesystem::permissions(folder_ / name, std::filesystem::perms::owner_all);
  }
  Programs(const Programs&) = delete;
  Programs& operator=(const Programs&) = delete;
  ~Programs() { ::setenv("PATH", before_.c_str(), 1); }

  [[nodiscard]] std::filesystem::path operator/(const std::string& name) const { return folder_ / name; }

private:
  TempFolder folder_;
  std::string before_;
};

bool has_children() { return ::waitpid(-1, nullptr, WNOHANG) >= 0 || errno != ECHILD; }

constexpr const char* header = "printf 'YUV4MPEG2 W2 H2 F25:1 C420\\n'; ";
constexpr const char* frame = "printf 'FRAME\\nabcdef'; ";

struct Read {
  std::vector<Frame> frames;
  std::string note;
};

Read read_with(const std::string& script) {
  const Programs programs(script);
  write_atomically(programs / "clip.mp4", "not looked at", Flush::later);
  Read result;
  {
    VideoReader reader(programs / "clip.mp4");
    result.frames = all_frames(reader);
    result.note = reader.note();
  }
  CHECK_FALSE(has_children());
  return result;
}

int system(const std::string& line) { return std::system(line.c_str()); }

bool installed() {
  const bool found = system("command -v ffmpeg >/dev/null && command -v ffprobe >/dev/null") == 0;
  if (!found) std::cout << "SKIPPED: ffmpeg is not installed\n";
  return found;
}

} // namespace

TEST_CASE("ffmpeg: where it is not installed, a sentence names the package") {
  CHECK_THROWS_WITH(read_with(""),
                    Contains("clip.mp4: is neither Y4M nor AVI") && Contains("install the package ffmpeg"));
}

TEST_CASE("ffmpeg: what it says about a file becomes a sentence") {
  CHECK_THROWS_WITH(read_with("echo '[mov @ 0x1] moov atom not found' >&2; printf '\\033[31mred\\n' >&2; exit 1"),
                    Contains("clip.mp4: no video that ffmpeg can read: ?[31mred"));
  CHECK_THROWS_WITH(read_with("echo '[mov @ 0x1] moov atom not found' >&2; exit 1"),
                    Contains("read: moov atom not found"));
  CHECK_THROWS_WITH(read_with("exit 7"), Contains("(it ended with code 7)"));
  CHECK_THROWS_WITH(read_with("kill -9 $$"), Contains("(it ended with code 137)"));
  CHECK_FALSE(has_children());
}

TEST_CASE("ffmpeg: if it stops in the middle, its whole frames are given and a sentence") {
  const auto whole = read_with(std::string(header) + frame + frame);
  CHECK((whole.frames.size() == 2 && whole.note.empty()));
  const auto failed = read_with(std::string(header) + frame + "printf 'FRAME\\nabc'; echo broken >&2; exit 3");
  CHECK(failed.frames.size() == 1);
  CHECK_THAT(failed.note, Contains("ffmpeg stopped after 1 frames, which were read: broken"));
  const auto told = read_with(std::string(header) + frame + "echo odd >&2");
  CHECK_THAT(told.note, Contains("read, but ffmpeg says of it: odd"));
}

TEST_CASE("ffmpeg: one that talks all the time is listened to") {
  const auto talk = "i=0; while [ $i -lt 4000 ]; do echo 'a line of some length that fills the pipe in the end' >&2; "
                    "i=$((i+1)); done; ";
  const auto found = read_with(std::string(talk) + header + frame + talk + frame);
  CHECK(found.frames.size() == 2);
  CHECK_THAT(found.note, Contains("a line of some length"));
}

TEST_CASE("ffmpeg: it is ended and reaped when nobody wants more, and by what it writes if damaged") {
  const Programs programs(std::string(header) + "while :; do " + frame + "done");
  write_atomically(programs / "clip.mp4", "x", Flush::later);
  {
    VideoReader reader(programs / "clip.mp4");
    Frame one;
    REQUIRE(reader.next(one) == Next::frame);
    REQUIRE(reader.skip_to_frame(100));
    CHECK(has_children());
  }
  CHECK_FALSE(has_children());
  const auto damaged =
      read_with(std::string(header) + frame + "while :; do printf 'no frame at all\\n' || exit 1; done");
  CHECK(damaged.frames.size() == 1);
}

TEST_CASE("ffmpeg: a path is an argument, whatever is in it, and nothing else") {
  const Programs programs("for word; do printf '%s\\n' \"$word\"; done >${0%/*}/words; exit 1");
  for (const std::string name : {"-i.mp4", "a'b\"c $(exit 5) ;&|.mp4", "http:x"}) {
    write_atomically(programs / name, "x", Flush::later);
    CHECK_THROWS_AS(VideoReader(programs / name), Error);
    const auto words = file_text(programs / "words");
    CHECK_THAT(words, Contains("\n-i\nfile:" + (programs / name).string() + "\n"));
    CHECK_THAT(words, Contains("\n-protocol_whitelist\nfile,pipe\n")); // no address in a playlist is followed
  }
}

TEST_CASE("ffmpeg: what ffprobe says gives the number of frames, and a rate where a file has none that is one") {
  const Programs programs("for word; do printf '%s\\n' \"$word\"; done >${0%/*}/words; " + std::string(header) + frame);
  write_atomically(programs / "clip.webm", "x", Flush::later);
  for (const auto& [said, frames, rate] :
       {std::tuple{"r_frame_rate=25/1\\navg_frame_rate=25/1\\nduration=2.0", 50, ""},
        {"r_frame_rate=1000/1\\navg_frame_rate=59940/1000\\nduration=4", 100, "59940/1000"},
        {"r_frame_rate=1000/1\\navg_frame_rate=0/0\\nduration=N/A", 0, "30000/1000"},
        {"nonsense\\n=\\nduration", 0, ""}}) {
    programs.add("ffprobe", std::string("printf '") + said + "\\n'");
    CHECK(VideoReader(programs / "clip.webm").info().frames == static_cast<std::uint64_t>(frames));
    const auto words = file_text(programs / "words");
    CHECK((words.find("\n-r\n") != std::string::npos) == !std::string(rate).empty());
    if (*rate) CHECK_THAT(words, Contains("\n-r\n" + std::string(rate) + "\n"));
  }
}

TEST_CASE("ffmpeg: the real one reads what is not read here") {
  if (!installed()) return;
  const TempFolder folder;
  std::vector<Image> pictures;
  for (int i = 0; i < 12; ++i) pictures.push_back(gradient(64, 48, i));
  (void)video_text(folder / "in.y4m", pictures, {12, 1});
  const auto path = folder.path().string();
  const auto convert = [&](const std::string& how) {
    return system("ffmpeg -v error -nostdin -y -i '" + path + "/in.y4m' " + how + " '" + path + "/out.mkv'") == 0;
  };
  for (const auto* how :
       {"-c:v ffv1", "-c:v mpeg4 -q:v 1", "-c:v ffv1 -vf scale=out_color_matrix=bt709 -colorspace bt709"}) {
    REQUIRE(convert(how));
    VideoReader reader(folder / "out.mkv");
    CHECK((reader.info().width == 64 && reader.info().height == 48 && reader.info().frames == 12));
    CHECK(reader.info().rate == FrameRate{12, 1});
    const auto frames = all_frames(reader);
    CHECK(reader.note().empty());
    REQUIRE(frames.size() == 12);
    INFO(how);
    for (std::size_t i = 0; i < 12; ++i) CHECK(mean_difference(frames[i].picture, pictures[i]) < 4);
    CHECK(frames[6].time == Approx(0.5));
  }
  REQUIRE(convert("-c:v ffv1 -vf setsar=3/2")); // pixels that are no squares
  VideoReader wide(folder / "out.mkv");
  CHECK((wide.info().width == 96 && wide.info().height == 48));
  write_atomically(folder / "a.txt", "no video", Flush::later);
  CHECK_THROWS_WITH(VideoReader(folder / "a.txt"), Contains("a.txt: no video that ffmpeg can read: Invalid data"));
}

TEST_CASE("ffmpeg: the real one reads what is written here, in parts as well") {
  if (!installed()) return;
  const TempFolder folder;
  auto sink = write_avi(folder / "a.avi", {25, 1}, 9000);
  for (int i = 0; i < 20; ++i) sink->write(gradient(40, 30, i));
  sink->repeat();
  sink->write(gradient(40, 30, 20));
  sink->finish();
  const auto path = folder.path().string();
  REQUIRE(system("ffmpeg -v error -nostdin -i '" + path + "/a.avi' -pix_fmt yuv420p '" + path + "/a.y4m' 2>'" + path +
                 "/said'") == 0);
  CHECK(file_text(folder / "said").empty());
  VideoReader reader(folder / "a.y4m");
  const auto frames = all_frames(reader);
  REQUIRE(frames.size() == 22);
  for (std::size_t i = 0; i < 20; ++i)
    CHECK(mean_difference(frames[i].picture, gradient(40, 30, static_cast<int>(i))) < 4);
  CHECK(mean_difference(frames[21].picture, gradient(40, 30, 20)) < 4);
}
