// SPDX-License-Identifier: Apache-2.0
#include "mien/capture/video_reader.hpp"
#include "mien/emotion/generated_clips.hpp"
#include "tests/cli/run.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/support/videos.hpp"

#include <nlohmann/json.hpp>

using namespace mien;
using namespace mien::test;
using Catch::Contains;
namespace fs = std::filesystem;

TEST_CASE("mien data generate --clip writes a video and the truth about it") {
  const TempFolder folder;
  const auto place = (folder / "moving").string();
  const auto ran = run({"data", "generate", place, "--clip", "1.5", "--rate", "10", "--size", "201x150", "--faces", "2",
                        "--seed", "5", "--threads", "3"});
  INFO(ran.err);
  CHECK(ran.code == 0);
  CHECK(ran.out.empty());
  CHECK_THAT(ran.err, Contains(place + "/clip.y4m: 15 frames; ") && Contains(place + "/clip.json"));

  const GeneratedClip clip({.width = 201, .height = 150, .seconds = 1.5, .rate = 10, .faces = 2, .seed = 5});
  VideoReader video(folder / "moving/clip.y4m", true);
  CHECK(video.info().rate == FrameRate{10, 1});
  const auto frames = all_frames(video);
  REQUIRE(frames.size() == 15);
  for (int i = 0; i < 15; ++i) CHECK(frames[static_cast<std::size_t>(i)].picture == clip.picture(i));
  CHECK(contents(folder / "moving/clip.json") == clip_json(clip, "clip.y4m"));

  CHECK(run({"data", "generate", place, "--clip", "1"}).code == 1); // it holds something
  CHECK(run({"data", "generate", place, "--clip", "0.2", "--size", "192x144", "--force", "--quiet"}).err.empty());
}

TEST_CASE("mien data generate --clip --format avi writes motion JPEG of the same clip") {
  const TempFolder folder;
  const auto place = (folder / "moving").string();
  REQUIRE(
      run({"data", "generate", place, "--clip", "0.5", "--rate", "4", "--size", "200x150", "--format", "avi"}).code ==
      0);
  VideoReader video(folder / "moving/clip.avi", true);
  const auto frames = all_frames(video);
  REQUIRE(frames.size() == 2);
  const GeneratedClip clip({.width = 200, .height = 150, .seconds = 0.5, .rate = 4});
  CHECK(mean_difference(frames[1].picture, clip.picture(1)) < 6);
  CHECK(nlohmann::json::parse(contents(folder / "moving/clip.json"))["video"] == "clip.avi");
  CHECK_FALSE(fs::exists(folder / "moving/clip.y4m"));
}

TEST_CASE("mien data generate --clip says what is wrong with its options, and writes nothing") {
  const TempFolder folder;
  const auto place = (folder / "moving").string();
  for (const auto& [options, sentence] : std::vector<std::pair<std::vector<std::string>, std::string>>{
           {{"--clip", "2", "--scenes", "3"}, "--scenes draws pictures and --clip a video; leave one out"},
           {{"--clip", "2", "--per-class", "3"}, "--per-class is about faces for training, and --clip draws none"},
           {{"--clip", "2", "--tilted", "0.3"}, "--tilted is about scenes"},
           {{"--rate", "30"}, "--rate is about clips; say how long with --clip SECONDS"},
           {{"--faces", "2"}, "--faces is about clips"},
           {{"--format", "avi"}, "--format is about clips"},
           {{"--scenes", "2", "--rate", "30"}, "--rate is about clips"},
           {{"--scenes", "2", "--size", "48"}, "--size is about faces for training and clips"},
           {{"--size", "640x480"}, "--size takes a whole number from 16 to 1024, or with --clip WIDTHxHEIGHT"},
           {{"--size", "8"}, "got `8`"},
           {{"--clip", "2", "--size", "640"},
            "--size of a clip takes WIDTHxHEIGHT, from 192x144 to 8192x8192, got `640`"},
           {{"--clip", "2", "--size", "640x"}, "got `640x`"},
           {{"--clip", "2", "--size", "191x480"}, "got `191x480`"},
           {{"--clip", "2", "--faces", "5"}, "--faces takes a whole number from 1 to 4, got `5`"},
           {{"--clip", "2", "--format", "mp4"}, "--format takes one of y4m, avi, got `mp4`"},
           {{"--clip", "-1"}, "--clip takes a number from 0 to 3600, got `-1`"}}) {
    std::vector<std::string> arguments = {"data", "generate", place};
    arguments.insert(arguments.end(), options.begin(), options.end());
    const auto ran = run(arguments);
    INFO(sentence);
    CHECK(ran.code == 2);
    CHECK_THAT(ran.err, Contains(sentence));
  }
  CHECK_FALSE(fs::exists(place));
}

TEST_CASE("mien data generate --clip that cannot be finished leaves no half of a clip") {
  const TempFolder folder;
  const auto place = (folder / "moving").string();
  const auto full = shell("trap '' XFSZ; ulimit -f 80; \"$MIEN\" data generate '" + place + "' --clip 1");
  CHECK(full.code == 1);
  CHECK_THAT(full.err, Contains("error: ") && Contains("clip.y4m"));
  CHECK(fs::is_empty(place));

  fs::create_directories(fs::path(place) / "clip.json"); // where a file should go
  const auto without_truth = run({"data", "generate", place, "--clip", "0.2", "--size", "192x144", "--force"});
  CHECK(without_truth.code == 1);
  CHECK_THAT(without_truth.err, Contains("error: ") && Contains("clip.json"));
  CHECK_FALSE(fs::exists(fs::path(place) / "clip.y4m"));
  fs::remove(fs::path(place) / "clip.json");

  // It catches signals before it makes the folder; the count ends the wait if it never does.
  const auto stopped = shell("rmdir '" + place + "'; \"$MIEN\" data generate '" + place +
                             "' --clip 3600 --size 192x144 & i=0; until [ -d '" + place +
                             "' ] || [ $i = 9999999 ]; do i=$((i + 1)); done; kill -TERM $!; wait $!");
  CHECK(stopped.code == 130);
  CHECK_THAT(stopped.err, Contains("stopped; " + place + "/clip.y4m was not written"));
  CHECK(fs::is_empty(place));
}
