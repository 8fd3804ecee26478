// SPDX-License-Identifier: Apache-2.0
// Brows, eyes, cheeks, forehead and nose.
#include "lib/emotion/anatomy.hpp"

namespace mien::faces {
namespace {

/// A line that a muscle draws on the skin: `share` of the darkest one.
Ink wrinkle(float share) { return {.grey = 0, .opacity = 0.55f * std::clamp(share, 0.0f, 1.0f), .softness = 0.02f}; }

} // namespace

void paint_brow(Canvas& canvas, const Person& person, const Expression& e, float side) {
  const Point inner{side * (0.13f - e.brow_pinch), person.brow_line - e.brow_inner};
  const Point outer{side * (person.eye_apart + person.eye_half + 0.06f), person.brow_line + 0.02f - e.brow_outer};
  const Point middle = 0.5f * (inner + outer) - Point{0, e.brow_arch};
  const float thick = person.brow_thick;
  const float grey = std::min(person.hair, person.skin * 0.5f) * 0.8f;
  canvas.paint(curve({inner, thick}, {middle, thick}, {outer, thick * 0.4f}), {.grey = grey, .softness = 0.01f});
  // A brow pressed down throws a shadow on the inner corner of the eye.
  const float pressed = std::clamp(-5 * e.brow_inner, 0.0f, 1.0f);
  canvas.paint(Ellipse{{side * 0.2f, person.eye_line - 0.09f}, 0.14f, 0.07f}, {0, 0.35f * pressed, 0.1f});
}

void paint_eye(Canvas& canvas, const Person& person, const Expression& e, float side) {
  const Point middle{side * person.eye_apart, person.eye_line};
  const float up = e.lid_up * person.eye_height, down = e.lid_down * person.eye_height;
  // Lids as functions of t, -1 at the left corner and 1 at the right one: side * t is 1 at the temple.
  const auto corners = [&](float t) { return middle.y + e.eye_droop * side * t; };
  const auto upper = [&](float t) {
    return corners(t) - up * (1 - t * t) * (1 + e.lid_skew * side * t) * (1 - 0.2f * t * t);
  };
  const auto lower = [&](float t) { return corners(t) + down * (1 - t * t); };
  const float half = person.eye_half;

  canvas.paint(Ellipse{middle, half * 1.15f, 0.13f}, {0, 0.12f, 0.1f}); // the socket
  const Polygon eye = between(middle.x, half, upper, lower);
  canvas.paint(eye, {.grey = 0.55f + 0.4f * person.skin});
  const Point looks = middle + Point{e.gaze_side, e.gaze_down - 0.01f};
  canvas.paint(Overlap{Ellipse{looks, 0.08f, 0.08f}, eye}, {.grey = person.iris});
  canvas.paint(Overlap{Ellipse{looks, 0.035f, 0.035f}, eye}, {.grey = 0});
  canvas.paint(Overlap{Ellipse{looks + Point{-0.025f, -0.03f}, 0.018f, 0.018f}, eye}, {.grey = 1, .opacity = 0.8f});

  const auto along = [&](float t, const auto& lid) { return Point{middle.x + t * half, lid(t)}; };
  canvas.paint(curve({along(-1, upper), 0.012f}, {along(0, upper), 0.022f}, {along(1, upper), 0.012f}),
               {0.02f, 0.85f, 0.01f});
  canvas.paint(curve({along(-1, lower), 0.005f}, {along(0, lower), 0.008f}, {along(1, lower), 0.005f}), wrinkle(0.6f));
  const Point crease{0, -0.045f};
  canvas.paint(curve({along(-1, upper) + crease, 0.005f}, {along(0, upper) + crease, 0.008f},
                     {along(1, upper) + crease, 0.005f}),
               wrinkle(0.5f));
  if (e.tear > 0) {
    const Point from{middle.x + side * 0.03f, lower(0) + 0.03f};
    const Point to = from + Point{side * 0.04f, 0.2f + 0.2f * e.tear};
    canvas.paint(Stroke({from, 0.012f}, {to, 0.028f}), {.grey = 1, .opacity = 0.6f});
    canvas.paint(Ellipse{to, 0.03f, 0.04f}, {.grey = 1, .opacity = 0.6f});
  }
}

void paint_cheek(Canvas& canvas, const Person& person, const Expression& e, float side) {
  const float corner = person.mouth_half + e.mouth_wide;
  if (e.cheeks > 0) {
    canvas.paint(Ellipse{{side * 0.4f, 0.2f}, 0.17f, 0.12f}, {1, 0.22f * e.cheeks, 0.16f});
    const float y = person.eye_line + 0.12f; // the fold under a narrowed eye, and crow's feet
    canvas.paint(
        curve({{side * 0.2f, y}, 0.008f}, {{side * 0.35f, y + 0.03f}, 0.012f}, {{side * 0.5f, y - 0.02f}, 0.008f}),
        wrinkle(0.8f * e.cheeks));
    for (const float dy : {-0.05f, 0.03f}) {
      canvas.paint(Stroke({{side * 0.54f, person.eye_line + dy * 0.5f}, 0.007f},
                          {{side * 0.63f, person.eye_line + dy * 1.6f}, 0.004f}),
                   wrinkle(0.7f * e.cheeks));
    }
  }
  const float mouth = person.mouth_line - 0.6f * e.mouth_curve;
  canvas.paint(
      curve({{side * (person.nose_half + 0.02f), person.nose_end - 0.04f}, 0.01f},
            {{side * (0.55f * person.nose_half + 0.5f * corner + 0.12f), 0.5f * (person.nose_end + mouth)}, 0.016f},
            {{side * (corner + 0.07f), mouth + 0.02f}, 0.008f}),
      wrinkle(e.folds + person.age));
}

void paint_forehead(Canvas& canvas, const Person& person, const Expression& e) {
  const float lines = std::max(e.forehead, person.age * 0.7f);
  for (int i = 0; i < 3; ++i) {
    const float y = person.brow_line - 0.15f - e.brow_arch - 0.09f * static_cast<float>(i);
    const float half = 0.34f - 0.05f * static_cast<float>(i);
    canvas.paint(curve({{-half, y + 0.02f}, 0.006f}, {{0, y - 0.01f}, 0.012f}, {{half, y + 0.02f}, 0.006f}),
                 wrinkle(lines));
  }
  for (const float side : {-1.0f, 1.0f}) {
    const float x = side * (0.05f - 0.3f * e.brow_pinch), y = person.brow_line;
    canvas.paint(Stroke({{x * 1.3f, y - 0.12f}, 0.008f}, {{x, y + 0.08f}, 0.014f}), wrinkle(1.3f * e.frown));
  }
}

void paint_nose(Canvas& canvas, const Person& person, const Expression& e) {
  const float half = person.nose_half + 0.03f * e.nostrils;
  const float end = person.nose_end - 0.03f * e.nostrils;
  canvas.paint(Ellipse{{0, 0.02f}, 0.05f, 0.25f}, {1, 0.15f, 0.08f});             // the ridge
  canvas.paint(Ellipse{{half * 0.5f, 0.05f}, 0.05f, 0.22f}, {0, 0.18f, 0.09f});   // its shadow
  canvas.paint(Ellipse{{0, end - 0.05f}, half * 0.5f, 0.06f}, {1, 0.15f, 0.06f}); // the tip
  canvas.paint(Ellipse{{0, end + 0.03f}, half * 0.9f, 0.035f}, {0, 0.3f, 0.05f}); // the shadow under it
  for (const float side : {-1.0f, 1.0f}) {
    canvas.paint(Ellipse{{side * half * 0.5f, end}, 0.03f + 0.01f * e.nostrils, 0.02f}, {0, 0.75f, 0.01f});
    canvas.paint(curve({{side * half * 0.85f, end - 0.09f}, 0.006f}, {{side * half * 1.1f, end - 0.03f}, 0.012f},
                       {{side * half * 0.85f, end + 0.01f}, 0.008f}),
                 wrinkle(0.6f + 0.4f * e.nostrils));
    canvas.paint(curve({{side * 0.05f, person.eye_line + 0.14f}, 0.01f},
                       {{side * 0.12f, person.eye_line + 0.17f}, 0.014f},
                       {{side * 0.15f, person.eye_line + 0.28f}, 0.006f}),
                 wrinkle(1.2f * e.nose_wrinkle));
  }
  for (int i = 0; i < 3; ++i) { // across the root
    const float y = person.eye_line - 0.05f + 0.075f * static_cast<float>(i);
    canvas.paint(curve({{-0.09f, y + 0.02f}, 0.006f}, {{0, y - 0.015f}, 0.013f}, {{0.09f, y + 0.02f}, 0.006f}),
                 wrinkle(1.3f * e.nose_wrinkle));
  }
}

} // namespace mien::faces
