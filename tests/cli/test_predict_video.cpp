// SPDX-License-Identifier: Apache-2.0
// Videos in `mien predict`: lines, tables, copies, subtitles, and how an interrupted run goes on.
#include "mien/capture/video_reader.hpp"
#include "mien/emotion/generated_clips.hpp"
#include "tests/cli/fixture.hpp"
#include "tests/cli/run.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/support/videos.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <set>

using namespace mien;
using namespace mien::test;
using Catch::Contains;
using nlohmann::json;

namespace {

namespace fs = std::filesystem;

/// A folder with clip.y4m: two drawn people for a second.
struct Clip {
  TempFolder folder;
  std::string path = (folder / "clip.y4m").string();
  std::vector<Image> pictures;

  Clip() {
    const GeneratedClip clip({.width = 320, .height = 240, .seconds = 1, .rate = 20, .faces = 2});
    for (int i = 0; i < clip.frames(); ++i) pictures.push_back(clip.picture(i));
    write("clip.y4m");
  }
  std::string write(const std::string& name) const {
    VideoWriter writer(folder / name, {20, 1});
    for (const auto& picture : pictures) writer.write(picture);
    writer.finish();
    return (folder / name).string();
  }
};

const Clip& clip() {
  static const Clip clip;
  return clip;
}

Ran predict(std::vector<std::string> words) {
  words.insert(words.begin(), {"predict", "--model", fixture().model});
  return run(words);
}

std::vector<json> json_lines(const std::string& text) {
  std::vector<json> all;
  for (const auto& line : lines(text)) all.push_back(json::parse(line));
  return all;
}

bool has_ffmpeg() {
  const bool there = std::system("command -v ffmpeg ffprobe >/dev/null 2>&1") == 0;
  if (!there) std::cout << "SKIPPED: ffmpeg is not installed\n";
  return there;
}

} // namespace

TEST_CASE("a video's frames are JSON lines with times, and faces keep their numbers") {
  const auto ran = predict({clip().path, "--json"});
  REQUIRE(ran.code == 0);
  const auto frames = json_lines(ran.out);
  REQUIRE(frames.size() == 20);
  std::set<int> ids;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    CHECK(frames[i]["video"] == clip().path);
    CHECK(frames[i]["frame"] == i);
    CHECK(frames[i]["time"].get<double>() == static_cast<double>(i) / 20);
    CHECK(frames[i]["width"] == 320);
    CHECK(frames[i]["height"] == 240);
    for (const auto& face : frames[i]["faces"]) {
      ids.insert(face["id"].get<int>());
      CHECK(face["box"].size() == 4);
      CHECK(face["probabilities"].size() == 7);
      CHECK((face["label"].is_null() || face["probabilities"].contains(face["label"].get<std::string>())));
    }
  }
  CHECK(ids == std::set<int>{1, 2});
  CHECK_THAT(ran.err, Contains("faces in 20 frames"));
}

TEST_CASE("looked at frame by frame, faces have no numbers") {
  const auto ran = predict({clip().path, "--json", "--no-track"});
  REQUIRE(ran.code == 0);
  for (const auto& frame : json_lines(ran.out))
    for (const auto& face : frame["faces"]) CHECK(!face.contains("id"));
  for (const std::string option : {"--no-steady", "--no-filter", "--no-hysteresis", "--no-unsure"})
    CHECK(predict({clip().path, "--json", option}).code == 0);
  // Without its three parts nothing is steadied.
  CHECK(predict({clip().path, "--json", "--no-filter", "--no-hysteresis", "--no-unsure"}).out ==
        predict({clip().path, "--json", "--no-steady"}).out);
}

TEST_CASE("a video's CSV has a line a face, and one for a frame without any") {
  const TempFolder folder;
  VideoWriter writer(folder / "grey, \"x\".y4m", {25, 1});
  for (int i = 0; i < 2; ++i) writer.write(constant(64, 48, 128));
  writer.finish();
  const auto ran = predict({clip().path, (folder / "grey, \"x\".y4m").string(), "--csv"});
  REQUIRE(ran.code == 0);
  const auto rows = lines(ran.out);
  CHECK(rows[0] == "video,frame,time,id,x,y,width,height,score,label,angry,disgust,fear,happy,neutral,sad,surprise");
  CHECK(rows.size() > 30);
  CHECK_THAT(rows[rows.size() - 2], Contains("grey, \"\"x\"\".y4m\",0,0,,,,,,,,,,,,,"));
  CHECK_THAT(rows.back(), Contains(",1,0.04,,,,,,,,,,,,,"));
  for (std::size_t i = 0; i < rows.size() - 2; ++i) CHECK(std::ranges::count(rows[i], ',') == 16);
}

TEST_CASE("for a person, a table of who looked how from when to when") {
  const auto ran = predict({clip().path});
  REQUIRE(ran.code == 0);
  const auto rows = lines(ran.out);
  REQUIRE(rows.size() > 2);
  CHECK_THAT(rows[0], Contains("from") && Contains("apparently"));
  CHECK_THAT(rows[1], Contains("0:00:00.000") && Contains(clip().path));
}

TEST_CASE("copies and subtitles of a video") {
  const TempFolder folder;
  const auto out = (folder / "made").string();
  const auto ran = predict({clip().path, "--json", "--annotate", out, "--subtitles", out, "--no-unsure"});
  REQUIRE(ran.code == 0);
  VideoReader copy(folder / "made/clip.avi");
  const auto frames = all_frames(copy);
  REQUIRE(frames.size() == 20);
  const auto told = json_lines(ran.out);
  const auto box = told[10]["faces"].at(0)["box"];
  // The frame around the face is drawn in a colour; the picture was grey.
  int coloured = 0;
  const auto& picture = frames[10].picture;
  for (int x = box[0].get<int>(); x < box[0].get<int>() + box[2].get<int>(); ++x) {
    const auto* rgb = &picture.pixels[static_cast<std::size_t>((box[1].get<int>() * picture.width + x) * 3)];
    coloured += std::abs(rgb[0] - rgb[2]) > 30;
  }
  CHECK(coloured > box[2].get<int>() / 2);

  const auto subtitles = contents(folder / "made/clip.vtt");
  CHECK(subtitles.starts_with("WEBVTT\n\nNOTE "));
  CHECK_THAT(subtitles, Contains("\n00:00:00.000 --> 00:00:0") && Contains("face 1: ") && Contains("face 2: "));
  if (has_ffmpeg()) {
    const auto probed = shell("ffprobe -loglevel error -show_packets -of csv '" + out + "/clip.vtt'");
    CHECK(probed.err.empty());
    CHECK(static_cast<std::size_t>(std::ranges::count(probed.out, '\n')) ==
          (lines(subtitles).size() - 3) / 3); // a packet a cue
  }

  const auto hidden = predict({clip().path, "--json", "--annotate", (folder / "hidden").string(), "--blur"});
  REQUIRE(hidden.code == 0);
  VideoReader blurred(folder / "hidden/clip.avi");
  CHECK(mean_difference(all_frames(blurred)[10].picture, picture) > 0.5);
}

TEST_CASE("an interrupted video, resumed, gives the bytes of a run that was never stopped") {
  const TempFolder folder;
  const auto out = (folder / "out.jsonl").string();
  REQUIRE(predict({clip().path, "--out", out, "--annotate", (folder / "a").string(), "--subtitles",
                   (folder / "a").string()})
              .code == 0);
  const auto whole = contents(out);
  CHECK(predict({clip().path, "--out", out}).code == 1); // never lost by mistake
  for (const std::size_t cut :
       {std::size_t{0}, whole.size() / 3, whole.size() / 2 + 7, whole.size() - 1, whole.size()}) {
    INFO("cut to " << cut);
    write_atomically(out, whole.substr(0, cut), Flush::later);
    REQUIRE(predict({clip().path, "--out", out, "--resume"}).code == 0);
    CHECK(contents(out) == whole);
  }
  // What is made beside the lines is made whole.
  write_atomically(out, whole.substr(0, whole.size() / 2), Flush::later);
  REQUIRE(predict({clip().path, "--out", out, "--resume", "--annotate", (folder / "b").string(), "--subtitles",
                   (folder / "b").string()})
              .code == 0);
  CHECK(contents(out) == whole);
  CHECK(contents(folder / "a/clip.avi") == contents(folder / "b/clip.avi"));
  CHECK(contents(folder / "a/clip.vtt") == contents(folder / "b/clip.vtt"));

  // Lines of other options, of other pictures.
  const auto other = predict({clip().path, "--out", out, "--resume", "--no-track"});
  CHECK(other.code == 1);
  CHECK_THAT(other.err, Contains("--force"));
  CHECK(contents(out) == whole);
}

TEST_CASE("pictures and videos at once, and a video on standard input") {
  const auto both = predict({"--json", fixture().faces + "/test/happy", clip().path});
  CHECK(both.code == 0);
  const auto told = json_lines(both.out);
  REQUIRE(told.size() == 21);
  CHECK(told[0].contains("image"));
  CHECK(told[1].contains("video"));

  const auto piped = shell("\"$MIEN\" predict --model '" + fixture().model + "' --json - <'" + clip().path + "'");
  CHECK(piped.code == 0);
  auto frames = json_lines(piped.out);
  REQUIRE(frames.size() == 20);
  CHECK(frames[0]["video"] == "-");
  frames[7]["video"] = clip().path;
  CHECK(frames[7] == told[8]);
}

TEST_CASE("what cannot be done with videos is a sentence") {
  const auto refused = [](std::vector<std::string> words, const std::string& why) {
    const auto ran = predict(std::move(words));
    CHECK(ran.code == 2);
    CHECK(ran.out.empty());
    CHECK_THAT(ran.err, Contains(why));
  };
  refused({clip().path, "--whole"}, "is a video");
  refused({clip().path, "--no-track"}, "--no-track");
  refused({clip().path, "--json", "--no-track", "--subtitles", "x"}, "--no-track");
  refused({clip().path, fixture().faces, "--csv"}, "other columns");
  refused({clip().path, "--out", "x.csv", "--resume"}, "JSON lines");
  refused({fixture().faces, "--subtitles", "x"}, "none is named");

  const TempFolder folder;
  fs::copy(clip().path, folder / "a.y4m");
  fs::create_directory(folder / "b");
  fs::copy(clip().path, folder / "b/a.y4m");
  const auto twice =
      predict({(folder / "a.y4m").string(), (folder / "b/a.y4m").string(), "--annotate", (folder / "m").string()});
  CHECK(twice.code == 1);
  CHECK_THAT(twice.err, Contains("would both be written"));
  const auto own = predict({clip().write("own.avi"), "--annotate", clip().folder.path().string()});
  CHECK(own.code == 1);
  CHECK_THAT(own.err, Contains("would take its place"));
}

TEST_CASE("a video that ends too early is told as far as it goes, and one that is none is said") {
  const TempFolder folder;
  const auto bytes = contents(clip().path);
  write_atomically(folder / "cut.y4m", bytes.substr(0, bytes.size() / 2), Flush::later);
  const auto cut = predict({(folder / "cut.y4m").string(), clip().path, "--json"});
  CHECK(cut.code == 1);
  CHECK_THAT(cut.err, Contains("cut.y4m") && Contains("1 failed"));
  CHECK(lines(cut.out).size() == 9 + 20); // the next one is not given up
  write_atomically(folder / "none.avi", "no video", Flush::later);
  const auto none = shell("PATH=/nowhere \"$MIEN\" predict '" + (folder / "none.avi").string() + "'");
  CHECK(none.code == 1);
  CHECK_THAT(none.err, Contains("ffmpeg") && Contains("none.avi"));
  CHECK(predict({(folder / "not-there.mp4").string()}).code == 1);
}

TEST_CASE("other videos are read by ffmpeg, whatever they are called") {
  if (!has_ffmpeg()) return;
  const TempFolder folder;
  fs::create_directory(folder / "a 'b\" $(touch oops)\n");
  const auto path = (folder / "a 'b\" $(touch oops)\n" / "-y.mp4").string();
  const auto made =
      shell("ffmpeg -loglevel error -i '" + clip().path + "' -pix_fmt yuv420p '" + (folder / "x.mp4").string() + "'");
  REQUIRE(made.code == 0);
  fs::rename(folder / "x.mp4", path);
  const auto ran = predict({path, "--json"});
  REQUIRE(ran.code == 0);
  const auto frames = json_lines(ran.out);
  REQUIRE(frames.size() == 20);
  CHECK(frames[19]["time"].get<double>() == Approx(0.95));
  CHECK(frames[10]["faces"].size() == 2);
  CHECK(!fs::exists("oops"));
}
