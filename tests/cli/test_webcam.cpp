// SPDX-License-Identifier: Apache-2.0
// What `mien webcam --headless` prints and records.
#include "mien/capture/video_reader.hpp"
#include "mien/emotion/live_recognizer.hpp"
#include "mien/vision/annotate.hpp"
#include "tests/cli/webcam.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/support/videos.hpp"

#include <nlohmann/json.hpp>

using namespace mien;
using namespace mien::test;
using Catch::Contains;
using nlohmann::json;

namespace {

std::vector<json> frames(const Ran& ran) {
  INFO(ran.err);
  REQUIRE(ran.code == 0);
  std::vector<json> all;
  for (const auto& line : lines(ran.out)) all.push_back(json::parse(line));
  return all;
}

/// The boxes that a line has to have for a picture, if no face is followed.
std::vector<std::array<int, 4>> boxes(const Image& picture) {
  std::vector<std::array<int, 4>> all;
  for (const auto& face : Recognizer(fixture().classifier).recognize(picture))
    all.push_back({face.box.x, face.box.y, face.box.width, face.box.height});
  return all;
}

std::vector<std::array<int, 4>> boxes(const json& line) {
  std::vector<std::array<int, 4>> all;
  for (const auto& face : line["faces"]) all.push_back(face["box"].get<std::array<int, 4>>());
  return all;
}

} // namespace

TEST_CASE("mien webcam --headless: a line a picture from cameras of every format") {
  for (const auto& [number, width, height] : {std::tuple{40, 96, 64}, {41, 96, 64}, {42, 96, 64}, {43, 16, 8}}) {
    const auto ran = before_camera(number, "--frames 3");
    const auto all = frames(ran);
    REQUIRE(all.size() == 3);
    for (std::size_t i = 0; i < all.size(); ++i) {
      CHECK_FALSE(all[i].contains("video"));
      CHECK((all[i]["width"] == width && all[i]["height"] == height && all[i]["faces"] == json::array()));
      if (i == 0) continue;
      CHECK(all[i]["frame"] > all[i - 1]["frame"]);
      CHECK(all[i]["time"] >= all[i - 1]["time"]);
    }
    CHECK_THAT(ran.err, Contains("nothing is stored or sent"));
    CHECK(lines(ran.err).size() == 1);
  }
  CHECK(before_camera(40, "--frames 1 --quiet").err.empty());
}

TEST_CASE("mien webcam --headless: a camera's faces are those of its picture") {
  const TempFolder folder;
  write_scene(folder / "scene");
  const auto variable = "FAKE_V4L2_SCENE='" + (folder / "scene").string() + "' ";
  const auto all = frames(shell(variable + fake_driver() + headless() + "--no-track --frames 2 60"));
  REQUIRE(all.size() == 2);
  CHECK(boxes(all[0]).size() > 1);
  CHECK(boxes(all[0]) == boxes(scene()));
  CHECK(boxes(all[1]) == boxes(scene()));
  CHECK_FALSE(all[0]["faces"][0].contains("id"));
  const auto followed = frames(shell(variable + fake_driver() + headless() + "--frames 2 60"));
  CHECK(followed[1]["faces"][0]["id"].is_number_unsigned());
}

TEST_CASE("mien webcam --headless: options reach the camera") {
  CHECK(frames(before_camera(40, "--size 30x20 --frames 1"))[0]["width"] == 32);
  CHECK_THAT(before_camera(44, "--format mjpeg --frames 1").err, Contains("MJPEG"));
  CHECK_THAT(before_camera(44, "--frames 1").err, Contains("YUYV"));
  const auto none = before_camera(40, "--format mjpeg --frames 1");
  CHECK(none.code == 1);
  CHECK_THAT(none.err, Contains("MJPEG was asked for"));
}

TEST_CASE("mien webcam --headless: every picture of a video, a pipe and a folder") {
  const TempFolder folder;
  write_clip(folder / "clip.y4m", 5);
  const auto clip = "'" + (folder / "clip.y4m").string() + "'";
  const auto video = frames(shell(headless() + "--no-track " + clip));
  const auto pipe = frames(shell("cat " + clip + " | " + headless() + "--no-track -"));
  REQUIRE(video.size() == 5);
  REQUIRE(pipe.size() == 5);
  std::filesystem::create_directory(folder / "pictures");
  VideoReader reader(folder / "clip.y4m", true);
  for (const auto& frame : all_frames(reader)) {
    const auto& line = video[frame.number];
    CHECK(line["video"] == (folder / "clip.y4m").string());
    CHECK(line["frame"] == frame.number);
    CHECK(line["time"].get<double>() == Approx(frame.time));
    CHECK(boxes(line) == boxes(frame.picture));
    CHECK(boxes(line).size() > 1);
    CHECK(pipe[frame.number]["video"] == "-");
    CHECK(pipe[frame.number]["faces"] == line["faces"]);
    write_png(folder / "pictures" / (std::to_string(frame.number) + ".png"), frame.picture);
  }
  const auto pictures = frames(shell(headless() + "--no-track '" + (folder / "pictures").string() + "'"));
  REQUIRE(pictures.size() == 5);
  for (std::size_t i = 0; i < 5; ++i) CHECK(pictures[i]["faces"] == video[i]["faces"]);
  CHECK(frames(shell(headless() + "--frames 2 " + clip)).size() == 2);
  CHECK(frames(shell(headless() + "--threads 2 " + clip)) == frames(shell(headless() + "--threads 1 " + clip)));
}

TEST_CASE("mien webcam --headless: a video that is cut short is told at its end") {
  const TempFolder folder;
  write_clip(folder / "clip.y4m", 3);
  std::filesystem::resize_file(folder / "clip.y4m", std::filesystem::file_size(folder / "clip.y4m") - 1000);
  const auto ran = shell(headless() + "'" + (folder / "clip.y4m").string() + "'");
  CHECK(frames(ran).size() == 2);
  CHECK_THAT(ran.err, Contains("cut short after 2 whole frames"));
}

TEST_CASE("mien webcam --record: the view as it was drawn, hidden faces hidden") {
  const TempFolder folder;
  write_clip(folder / "clip.y4m", 4);
  const auto record = [&](const std::string& name, const std::string& options) {
    const auto out = folder / name;
    const auto ran =
        shell(headless() + options + " --record '" + out.string() + "' '" + (folder / "clip.y4m").string() + "'");
    CHECK(frames(ran).size() == 4);
    CHECK_THAT(ran.err, Contains("the view is recorded as it is drawn") && Contains("recorded 0.2 s"));
    VideoReader video(out);
    return all_frames(video);
  };
  const auto open = record("open.y4m", ""), hidden = record("hidden.y4m", "--blur"), avi = record("a.avi", "");
  REQUIRE((open.size() == 4 && hidden.size() == 4 && avi.size() == 4));
  CHECK((open[0].picture.width > 640 && open[0].picture.height == 480));
  CHECK(mean_difference(open[0].picture, avi[0].picture) < 4);
  // Where the largest face is, nothing of it is left in any frame.
  const auto face = Recognizer(fixture().classifier).recognize(scene()).front().box;
  const int x = face.x + face.width / 2, y = face.y + face.height / 2;
  const auto contrast = [&](const Image& picture) {
    int low = 255, high = 0;
    for (int row = y - face.height / 5; row < y + face.height / 5; ++row)
      for (int column = x - face.width / 5; column < x + face.width / 5; ++column) {
        const int value = picture.pixels[(static_cast<std::size_t>(row * picture.width + column)) * 3];
        low = std::min(low, value), high = std::max(high, value);
      }
    return high - low;
  };
  for (std::size_t i = 0; i < 4; ++i) CHECK(contrast(hidden[i].picture) < contrast(open[i].picture) / 3);

  const auto again =
      shell(headless() + "--record '" + (folder / "a.avi").string() + "' '" + (folder / "clip.y4m").string() + "'");
  CHECK(again.code == 1);
  CHECK_THAT(again.err, Contains("exists already") && Contains("--force"));
}

TEST_CASE("mien webcam --abstain: no label that would be wrong too often") {
  const TempFolder folder;
  write_clip(folder / "clip.y4m", 8);
  const auto webcam = "\"$MIEN\" webcam --headless '" + (folder / "clip.y4m").string() + "' ";
  const auto labels = [&](const std::string& options) {
    std::size_t labelled = 0;
    for (const auto& line : frames(shell(webcam + options)))
      for (const auto& face : line["faces"]) {
        if (face["label"].is_null()) continue;
        ++labelled;
        const auto p = face["probabilities"][face["label"].get<std::string>()].get<double>();
        if (!options.empty()) CHECK(p >= 0.855); // the shipped model's threshold is 0.86, and texts are rounded
      }
    return labelled;
  };
  const auto all = labels(""), sure = labels("--abstain 0.1");
  CHECK(all > 0);
  CHECK(sure < all);
  const auto both = shell(webcam + "--abstain 0.1 --no-unsure");
  CHECK(both.code == 2);
  CHECK_THAT(both.err, Contains("--no-unsure"));
  CHECK(shell(webcam + "--abstain 0.001").code == 1); // the model is never so sure
}

TEST_CASE("mien webcam --list: devices, formats, and why some cannot be opened") {
  const auto ran = shell(fake_driver() + "\"$MIEN\" webcam --list");
  CHECK(ran.code == 0);
  CHECK(ran.err.empty());
  CHECK_THAT(ran.out, Contains("/dev/video40  Fake YUYV  (usb-fake-1)\n") && Contains("YUYV       96x64  at 30, 15") &&
                          Contains("/dev/video46  cannot be opened: ") && Contains("video $USER"));
  CHECK_THAT(ran.out, !Contains("/dev/video48")); // metadata
}
