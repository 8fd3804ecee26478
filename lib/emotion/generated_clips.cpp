// SPDX-License-Identifier: Apache-2.0
// A clip: its people, painted and labelled frame by frame.
#include "mien/emotion/generated_clips.hpp"

#include "lib/emotion/actor.hpp"
#include "mien/core/error.hpp"
#include "mien/core/math.hpp"

#include <algorithm>
#include <cmath>

namespace mien {

struct GeneratedClip::Parts {
  ClipOptions options;
  std::vector<faces::Actor> actors; // from the nearest to the farthest
  std::vector<ClipChange> changes;
};

namespace {

/// Somebody at one moment.
struct Shown {
  faces::Place place;
  faces::Sitter sitter;
};

std::vector<Shown> all_at(const std::vector<faces::Actor>& actors, double time) {
  std::vector<Shown> all;
  for (const auto& actor : actors) all.push_back({actor.place(time), actor.sitter(time)});
  return all;
}

/// What share of a box cannot be seen, asked at 16 by 16 places; `nearer` stand before it.
float hidden_share(const Box& box, std::span<const Shown> nearer, int width, int height) {
  constexpr int steps = 16;
  int hidden = 0;
  for (int i = 0; i < steps * steps; ++i) {
    const auto inside = [](int begin, int length, int step) {
      return static_cast<float>(begin) + static_cast<float>(length) * (static_cast<float>(step) + 0.5f) / steps;
    };
    const faces::Point at{inside(box.x, box.width, i % steps), inside(box.y, box.height, i / steps)};
    const bool outside =
        at.x < 0 || at.y < 0 || at.x >= static_cast<float>(width) || at.y >= static_cast<float>(height);
    hidden += outside || std::ranges::any_of(nearer, [&](const Shown& one) {
                return faces::hides(one.place, one.sitter.person, at, height);
              });
  }
  return static_cast<float>(hidden) / (steps * steps);
}

} // namespace

void check(const ClipOptions& options) {
  const auto expect = [](bool good, const auto&... text) {
    if (!good) throw Error(concat("generated clip: ", text...));
  };
  expect(options.width >= least_clip_width && options.height >= least_clip_height && options.width <= most_scene &&
             options.height <= most_scene,
         options.width, "x", options.height, " pixels were asked for; ", least_clip_width, "x", least_clip_height,
         " to ", most_scene, "x", most_scene, " are possible");
  expect(options.seconds > 0 && options.seconds <= most_clip_seconds, options.seconds,
         " seconds were asked for; more than none and up to ", most_clip_seconds, " are possible");
  expect(options.rate >= 1 && options.rate <= most_clip_rate, options.rate, " frames a second were asked for; 1 to ",
         most_clip_rate, " are possible");
  expect(options.faces >= 1 && options.faces <= most_clip_faces, options.faces, " faces were asked for; 1 to ",
         most_clip_faces, " are possible");
}

GeneratedClip::GeneratedClip(const ClipOptions& options) {
  check(options);
  Parts parts{.options = options, .actors = {}, .changes = {}};
  for (int id = 1; id <= options.faces; ++id) {
    const auto& actor = parts.actors.emplace_back(options, id);
    const auto& spells = actor.spells();
    for (std::size_t i = 1; i < spells.size(); ++i) {
      parts.changes.push_back({id, spells[i].begin, spells[i].whole, spells[i - 1].expression, spells[i].expression});
    }
  }
  std::ranges::stable_sort(parts.changes, {}, &ClipChange::begin);
  parts_ = std::make_shared<const Parts>(std::move(parts));
}

const ClipOptions& GeneratedClip::options() const noexcept { return parts_->options; }

int GeneratedClip::frames() const noexcept {
  return std::max(1, static_cast<int>(std::floor(options().seconds * options().rate + 0.5)));
}

double GeneratedClip::time_of(int frame) const noexcept { return static_cast<double>(frame) / options().rate; }

const std::vector<ClipChange>& GeneratedClip::changes() const noexcept { return parts_->changes; }

void GeneratedClip::expect_frame(int frame) const {
  if (frame >= 0 && frame < frames()) return;
  throw Error(concat("generated clip: there is no frame ", frame, "; they count from 0 to ", frames() - 1));
}

std::vector<ClipFace> GeneratedClip::faces(int frame) const {
  expect_frame(frame);
  const double time = time_of(frame);
  const auto all = all_at(parts_->actors, time);
  std::vector<ClipFace> faces;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto& [place, sitter] = all[i];
    ClipFace face{.id = static_cast<int>(i) + 1, .box = faces::face_box(place, sitter.person)};
    face.roll = 360 * place.roll;
    face.expression = parts_->actors[i].expression(time);
    face.hidden = hidden_share(face.box, std::span(all).first(i), options().width, options().height);
    if (face.hidden < 1) faces.push_back(face);
  }
  return faces;
}

Image GeneratedClip::picture(int frame) const {
  expect_frame(frame);
  const auto& [width, height, seconds, rate, count, seed] = options();
  const double time = time_of(frame);
  Rng of_clip(seed, Purpose::clips), of_frame(seed, Purpose::clips, 0, static_cast<std::uint32_t>(frame) + 1);
  faces::Canvas canvas(width, height, {});
  faces::paint_background(canvas, of_clip);
  auto all = all_at(parts_->actors, time);
  std::ranges::reverse(all); // the farthest first
  for (const auto& [place, sitter] : all) faces::paint_person(canvas, place, sitter, width, height);
  faces::Camera camera = faces::draw_camera(of_clip);
  camera.brightness += 0.02f * static_cast<float>(math::sin_turns(time / 7)); // cameras set their exposure again
  return canvas.photograph(camera, of_frame);
}

} // namespace mien
