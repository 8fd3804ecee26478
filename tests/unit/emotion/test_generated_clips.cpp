// SPDX-License-Identifier: Apache-2.0
#include "lib/emotion/actor.hpp"
#include "mien/core/error.hpp"
#include "mien/emotion/generated_clips.hpp"
#include "mien/emotion/labels.hpp"
#include "mien/vision/face_detector.hpp"
#include "tests/support/catch.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

using namespace mien;

namespace {

std::uint64_t fnv1a(const std::vector<std::uint8_t>& bytes) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const std::uint8_t byte : bytes) hash = (hash ^ byte) * 0x100000001b3u;
  return hash;
}

double overlap(const Box& a, const Box& b) { // intersection over union
  const int width = std::min(a.x + a.width, b.x + b.width) - std::max(a.x, b.x);
  const int height = std::min(a.y + a.height, b.y + b.height) - std::max(a.y, b.y);
  const double both = double(std::max(0, width)) * std::max(0, height);
  return both / (double(a.width) * a.height + double(b.width) * b.height - both);
}

std::optional<ClipFace> face_of(const GeneratedClip& clip, int id, int frame) {
  const auto faces = clip.faces(frame);
  const auto found = std::ranges::find(faces, id, &ClipFace::id);
  return found == faces.end() ? std::nullopt : std::optional(*found);
}

double middle_x(const ClipFace& face) { return face.box.x + face.box.width / 2.0; }
double middle_y(const ClipFace& face) { return face.box.y + face.box.height / 2.0; }

} // namespace

TEST_CASE("generated clips: a seed gives these bytes and boxes on every machine") {
  // As with the faces: whoever changes the drawing writes the new figures here.
  const GeneratedClip clip;
  CHECK(fnv1a(clip.picture(0).pixels) == 0x52f29c1f78e756ca);
  CHECK(fnv1a(clip.picture(249).pixels) == 0x9aae6735d88632ad);
  const GeneratedClip other({.width = 320, .height = 400, .seconds = 30, .rate = 30, .faces = 3, .seed = 7});
  CHECK(fnv1a(other.picture(700).pixels) == 0x6619b0355c6382d8);
  const auto faces = clip.faces(60);
  REQUIRE(faces.size() == 4);
  CHECK(faces[0].box == Box{140, 271, 73, 90});
  CHECK(faces[0].roll == Approx(17.55).margin(0.01));
  CHECK(faces[0].expression == expression_index("disgust"));
}

TEST_CASE("generated clips: every frame is another picture, and moments can be asked for in any order") {
  const GeneratedClip clip({.width = 200, .height = 150});
  const auto tenth = clip.picture(10);
  CHECK((tenth.width == 200 && tenth.height == 150 && tenth.channels == 1 && tenth.pixels.size() == 200 * 150));
  std::set<std::uint64_t> seen;
  for (int frame = 0; frame < 25; ++frame) seen.insert(fnv1a(clip.picture(frame).pixels));
  CHECK(seen.size() == 25);
  CHECK(clip.picture(10) == tenth);
  CHECK(GeneratedClip({.width = 200, .height = 150, .seed = 2}).picture(10) != tenth);
}

TEST_CASE("generated clips: frames are as many and as far apart as the rate says; a longer clip begins as a shorter") {
  const GeneratedClip brief({.width = 200, .height = 150, .seconds = 1.5, .rate = 10}),
      longer({.width = 200, .height = 150, .seconds = 40, .rate = 20});
  CHECK(brief.frames() == 15);
  CHECK(longer.frames() == 800);
  CHECK(brief.time_of(5) == 0.5);
  CHECK(GeneratedClip({.seconds = 0.001}).frames() == 1);
  CHECK(brief.faces(14) == longer.faces(28));
  REQUIRE((!brief.changes().empty() && longer.changes().size() > 10 * brief.changes().size()));
  CHECK(std::ranges::equal(brief.changes(), std::span(longer.changes()).first(brief.changes().size())));
}

TEST_CASE("generated clips: faces move smoothly, and each does what its part is") {
  const GeneratedClip clip({.seconds = 20});
  std::set<bool> third_is_left;
  double right = 0, left = 0, fourth_hidden = 0;
  int second_away = 0, near = 0;
  for (int frame = 0; frame < clip.frames(); ++frame) {
    INFO(frame);
    const auto faces = clip.faces(frame);
    CHECK(std::ranges::is_sorted(faces, {}, &ClipFace::id));
    for (const auto& face : faces) {
      CHECK((face.hidden >= 0 && face.hidden < 1 && face.box.width > 40 && face.box.height > 40));
      if (face.id != 1) CHECK(std::abs(face.roll) <= 5.01);
      const auto before = frame > 0 ? face_of(clip, face.id, frame - 1) : std::nullopt;
      if (!before) continue;
      CHECK(std::abs(middle_x(face) - middle_x(*before)) < 16);
      CHECK(std::abs(middle_y(face) - middle_y(*before)) < 6);
      CHECK(std::abs(face.roll - before->roll) < 4);
    }
    const auto first = face_of(clip, 1, frame), third = face_of(clip, 3, frame), fourth = face_of(clip, 4, frame);
    REQUIRE((first && third));
    right = std::max(right, double(first->roll)), left = std::min(left, double(first->roll));
    second_away += !face_of(clip, 2, frame);
    third_is_left.insert(!fourth || middle_x(*third) < middle_x(*fourth));
    fourth_hidden = std::max(fourth_hidden, fourth ? double(fourth->hidden) : 1.0);
    near += !fourth || fourth->hidden > 0.5f;
  }
  CAPTURE(right, left, second_away, near, fourth_hidden);
  CHECK((right > 25 && left < -25));
  CHECK(third_is_left.size() == 2);
  CHECK(fourth_hidden > 0.9);
  CHECK((near > 8 && near < 100));                // four times, a fraction of a second each
  CHECK((second_away > 50 && second_away < 150)); // twice, a second and more each
}

TEST_CASE("generated clips: labels change half-way through each change and at no other time") {
  const GeneratedClip clip({.width = 200, .height = 150, .seconds = 20, .rate = 100, .faces = 3});
  std::size_t flips = 0;
  for (int frame = 1; frame < clip.frames(); ++frame) {
    for (const auto& face : clip.faces(frame)) {
      const auto before = face_of(clip, face.id, frame - 1);
      if (!before || before->expression == face.expression) continue;
      ++flips;
      const auto change = std::ranges::find_if(clip.changes(), [&](const ClipChange& c) {
        const double middle = (c.begin + c.end) / 2;
        return c.id == face.id && middle > clip.time_of(frame - 1) && middle <= clip.time_of(frame);
      });
      REQUIRE(change != clip.changes().end());
      CHECK((change->from == before->expression && change->to == face.expression));
    }
  }
  CHECK(std::ranges::is_sorted(clip.changes(), {}, &ClipChange::begin));
  for (const auto& change : clip.changes()) {
    const double takes = change.end - change.begin;
    CHECK((takes >= 0.25 && takes <= 0.5 && change.from != change.to));
  }
  // The second is away for some of its changes, and the last ones may end after the clip.
  CHECK((flips + 6 > clip.changes().size() && flips <= clip.changes().size() && flips > 15));
}

TEST_CASE("generated clips: a face goes smoothly from what it showed to what it shows") {
  const faces::Actor actor({.seconds = 10}, 1);
  const auto& from = actor.spells()[0];
  const auto& to = actor.spells()[1];
  const auto mouth = [&](double time) { return actor.sitter(time).expression.mouth_curve; };
  CHECK(mouth(0) == from.face.mouth_curve);
  CHECK(mouth(to.begin) == from.face.mouth_curve);
  CHECK(mouth(to.whole) == Approx(to.face.mouth_curve).margin(1e-6));
  CHECK(mouth((to.begin + to.whole) / 2) == Approx((from.face.mouth_curve + to.face.mouth_curve) / 2).margin(1e-6));
  const auto person = actor.sitter(0).person;
  CHECK(actor.sitter(to.whole).person.skin == person.skin);
  // The jaw drops with the mouth, and does not stay there.
  const auto chin = [&](const faces::Spell& spell, double time) {
    return actor.sitter(time).person.head.chin - 0.3f * std::max(0.0f, spell.face.mouth_open);
  };
  CHECK(chin(from, 0) == Approx(chin(to, to.whole)).margin(1e-6));
}

TEST_CASE("generated clips: the detector finds nine in ten upright faces where the truth says") {
  const auto detector = default_detector();
  std::size_t faces = 0, found = 0, leaning = 0, found_leaning = 0;
  for (const std::uint64_t seed : {1, 2}) {
    const GeneratedClip clip({.seed = seed});
    for (int frame = 0; frame < clip.frames(); frame += 25) {
      const auto detections = detector->detect(clip.picture(frame), 2);
      for (const auto& face : clip.faces(frame)) {
        if (face.hidden > 0.05f) continue;
        const bool here =
            std::ranges::any_of(detections, [&](const auto& d) { return overlap(d.box, face.box) >= 0.4; });
        const bool leans = std::abs(face.roll) > 20;
        (leans ? leaning : faces) += 1;
        (leans ? found_leaning : found) += here;
      }
    }
  }
  CAPTURE(faces, found, leaning, found_leaning);
  CHECK(faces >= 50);
  CHECK(10 * found >= 9 * faces);
  CHECK((leaning >= 4 && 2 * found_leaning <= leaning)); // some turn further than the detector sees
}

TEST_CASE("generated clips: the truth as JSON is what the clip says") {
  const GeneratedClip clip({.width = 200, .height = 150, .seconds = 6, .rate = 5});
  const auto truth = nlohmann::json::parse(clip_json(clip, "clip.avi"));
  CHECK(truth["video"] == "clip.avi");
  CHECK((truth["width"] == 200 && truth["height"] == 150 && truth["rate"] == 5));
  CHECK(truth["labels"] == expression_classes());
  REQUIRE(truth["changes"].size() == clip.changes().size());
  const auto& change = clip.changes()[2];
  CHECK(truth["changes"][2]["id"] == change.id);
  CHECK(truth["changes"][2]["begin"].get<double>() == Approx(change.begin).margin(0.0005));
  CHECK(truth["changes"][2]["end"].get<double>() == Approx(change.end).margin(0.0005));
  CHECK(truth["changes"][2]["from"] == expression_names[change.from]);
  CHECK(truth["changes"][2]["to"] == expression_names[change.to]);
  REQUIRE(truth["frames"].size() == 30);
  for (std::size_t i = 0; i < 30; ++i) {
    const auto& frame = truth["frames"][i];
    CHECK(frame["frame"] == i);
    CHECK(frame["time"].get<double>() == Approx(static_cast<double>(i) / 5));
    const auto faces = clip.faces(static_cast<int>(i));
    REQUIRE(frame["faces"].size() == faces.size());
    for (std::size_t f = 0; f < faces.size(); ++f) {
      const auto& face = frame["faces"][f];
      CHECK(face["id"] == faces[f].id);
      const Box& box = faces[f].box;
      CHECK(face["box"] == nlohmann::json{box.x, box.y, box.width, box.height});
      CHECK(face["roll"].get<double>() == Approx(faces[f].roll).margin(0.051));
      CHECK(face["label"] == expression_names[faces[f].expression]);
      CHECK(face["hidden"].get<double>() == Approx(faces[f].hidden).margin(0.0051));
    }
  }
}

TEST_CASE("generated clips: what cannot be drawn is refused with a sentence") {
  CHECK_THROWS_WITH(GeneratedClip({.width = 191}),
                    "generated clip: 191x480 pixels were asked for; 192x144 to 8192x8192 are possible");
  CHECK_THROWS_AS(GeneratedClip({.height = 143}), Error);
  CHECK_THROWS_AS(GeneratedClip({.height = 8193}), Error);
  CHECK_THROWS_WITH(GeneratedClip({.seconds = 0}), Catch::Contains("more than none and up to 3600 are possible"));
  CHECK_THROWS_AS(GeneratedClip({.seconds = std::nan("")}), Error);
  CHECK_THROWS_AS(GeneratedClip({.seconds = 3601}), Error);
  CHECK_THROWS_AS(GeneratedClip({.rate = 0}), Error);
  CHECK_THROWS_AS(GeneratedClip({.rate = 241}), Error);
  CHECK_THROWS_AS(GeneratedClip({.faces = 0}), Error);
  CHECK_THROWS_WITH(GeneratedClip({.faces = 5}), "generated clip: 5 faces were asked for; 1 to 4 are possible");
  const GeneratedClip clip({.width = 192, .height = 144, .seconds = 1});
  CHECK_THROWS_WITH(clip.picture(25), "generated clip: there is no frame 25; they count from 0 to 24");
  CHECK_THROWS_AS(clip.faces(-1), Error);
}
