// SPDX-License-Identifier: Apache-2.0
// Head, hair, beard, glasses: what is there whatever the face does.
#include "lib/emotion/anatomy.hpp"

namespace mien::faces {
namespace {

/// Fills a shape with hair: one grey, and darker and lighter strands from the parting to both sides.
template <class Shape> void paint_strands(Canvas& canvas, const Person& person, const Shape& hair) {
  canvas.paint(hair, {.grey = person.hair});
  for (int i = 0; i < 10; ++i) {
    const int pair = i / 2;
    const float side = i % 2 == 0 ? -1.0f : 1.0f, out = 0.1f + 0.22f * static_cast<float>(pair);
    const Point top{person.parting + 0.05f * side * out, -person.head.crown - 0.05f};
    const Point end{side * (0.15f + 0.8f * out), -0.7f + 1.3f * out * out};
    const Point middle = 0.5f * (top + end) + Point{0.15f * side * out, -0.12f};
    const Stroke strand = curve({top, 0.01f}, {middle, 0.025f}, {end, 0.015f});
    canvas.paint(Overlap{strand, hair}, {.grey = pair % 2 == 0 ? 0.0f : 1.0f, .opacity = 0.15f, .softness = 0.03f});
  }
}

} // namespace

void paint_back_hair(Canvas& canvas, const Person& person) {
  const Head& head = person.head;
  if (person.style == Hair::long_straight) {
    canvas.paint(Head{head.width + 0.2f, head.crown + 0.1f, 2, 0.1f, 0.8f, 0}, {.grey = person.hair * 0.8f});
  }
}

void paint_shoulders(Canvas& canvas, const Person& person) {
  canvas.paint(Ellipse{{0, 1.5f}, 1.2f, 0.55f}, {.grey = 0.9f - person.hair});
  canvas.paint(Stroke({{0, 0.6f}, 0.36f}, {{0, 1.15f}, 0.42f}), {.grey = person.skin * 0.7f});
}

void paint_body(Canvas& canvas, const Person& person) {
  const Ink clothes{.grey = 0.9f - person.hair};
  constexpr Point outline[] = {{-1.7f, 1.85f}, {1.7f, 1.85f}, {1.8f, 40}, {-1.8f, 40}}; // below any picture
  canvas.paint(Ellipse{{0, 1.85f}, 1.7f, 0.8f}, clothes);
  canvas.paint(Polygon(outline), clothes);
  for (const float side : {-1.0f, 1.0f}) { // between body and arm
    canvas.paint(Stroke({{side * 1.2f, 2.4f}, 0.02f}, {{side * 1.25f, 40}, 0.02f}), {0, 0.25f, 0.04f});
  }
}

void paint_head(Canvas& canvas, const Person& person) {
  for (const float side : {-1.0f, 1.0f}) {
    const Point middle{side * (person.head.width + 0.01f), 0.02f};
    canvas.paint(Ellipse{middle, 0.09f, 0.19f}, {.grey = person.skin * 0.92f});
    canvas.paint(Ellipse{middle, 0.04f, 0.11f}, {.grey = 0, .opacity = 0.3f, .softness = 0.06f});
  }
  canvas.paint(person.head, {.grey = person.skin});
  canvas.round_off(person.head, 0.35f);
}

void paint_hair(Canvas& canvas, const Person& person) {
  const Head& head = person.head;
  const Ink ink{.grey = person.hair};
  switch (person.style) {
  case Hair::short_cut: {
    const Head face{head.width * 0.93f, person.hairline, 2, 0.5f, 0, 0};
    const Ellipse above{{0, -0.9f}, 2, 0.95f};
    const Head volume = head.grown(0.05f);
    const Without hair{volume, face};
    paint_strands(canvas, person, Overlap{hair, above});
    break;
  }
  case Hair::fringe: {
    const Head volume = head.grown(0.09f);
    const Head face{head.width * 0.9f, person.hairline * 0.9f, 2, 0.9f, 0, 0};
    const Ellipse above{{0, -0.8f}, 2, 1.1f};
    const Without hair{volume, face};
    paint_strands(canvas, person, Overlap{hair, above});
    break;
  }
  case Hair::long_straight: {
    const Head volume = head.grown(0.12f);
    const Ellipse face{{person.parting * 0.4f, 0.3f}, head.width * 0.88f, 0.3f + person.hairline};
    paint_strands(canvas, person, Without{volume, face});
    for (const float side : {-1.0f, 1.0f}) { // two curtains from the parting
      const Point temple{side * head.width * 0.92f, -0.25f};
      const Point between = 0.5f * (Point{person.parting, -head.crown} + temple) - Point{-side * 0.12f, 0.1f};
      canvas.paint(curve({{person.parting, -head.crown}, 0.02f}, {between, 0.1f}, {temple, 0.08f}), ink);
      canvas.paint(Stroke({temple, 0.1f}, {{side * (head.width + 0.06f), 1.2f}, 0.16f}), ink);
    }
    break;
  }
  case Hair::curly:
    for (int i = -8; i <= 8; ++i) { // curls along the upper outline
      const float x = static_cast<float>(i) / 8;
      const Point middle{x * (head.width + 0.05f), 0.05f - head.crown * std::sqrt(1 - 0.85f * x * x)};
      const float curl = 0.14f + 0.035f * static_cast<float>((i + 8) % 3);
      canvas.paint(Ellipse{middle, curl, curl}, {.grey = person.hair, .softness = 0.02f});
      canvas.paint(Ellipse{middle + Point{0.03f, 0.02f}, curl / 2, curl / 2}, {0, 0.25f, 0.08f});
    }
    break;
  case Hair::cap: {
    const Ellipse above{{0, -1.48f}, 1.6f, 0.85f};
    const Head volume = head.grown(0.06f);
    const float grey = person.skin > 0.6f ? person.hair * 0.5f : 0.95f - 0.3f * person.hair;
    canvas.paint(Overlap{volume, above}, {.grey = grey});
    canvas.paint(curve({{-head.width, -0.64f}, 0.02f}, {{0, -0.65f}, 0.08f}, {{head.width, -0.64f}, 0.02f}),
                 {.grey = grey * 0.6f});
    break;
  }
  case Hair::bald:
  default: canvas.paint(Ellipse{{-0.15f, -0.8f}, 0.25f, 0.1f}, {1, 0.25f, 0.2f}); break;
  }
}

void paint_beard(Canvas& canvas, const Person& person, const Expression& e) {
  const Head& head = person.head;
  if (person.beard > 0) {
    const Ellipse cheeks{{0, 0.1f}, head.width * 0.9f, person.mouth_line + 0.06f + 0.5f * e.mouth_open};
    canvas.paint(Without{head.grown(0.03f), cheeks}, {person.hair * 0.8f, person.beard, 0.08f});
  }
  if (person.moustache > 0) {
    const float y = (person.nose_end + person.mouth_line) / 2 + 0.03f - 0.5f * e.sneer - 0.2f * e.mouth_open;
    const float corner = y + 0.09f - 0.6f * e.mouth_curve;
    canvas.paint(curve({{-0.24f, corner}, 0.02f}, {{0, y}, 0.05f}, {{0.24f, corner}, 0.02f}),
                 {person.hair * 0.8f, person.moustache, 0.02f});
  }
}

void paint_glasses(Canvas& canvas, const Person& person) {
  if (person.glasses <= 0) return;
  const float grey = person.skin > 0.5f ? 0.12f : 0.04f;
  const float y = person.eye_line + 0.02f;
  for (const float side : {-1.0f, 1.0f}) {
    const Ellipse outer{{side * person.eye_apart, y}, person.glasses + 0.02f, person.glasses * 0.85f + 0.02f};
    const Ellipse inner{{side * person.eye_apart, y}, person.glasses - 0.012f, person.glasses * 0.85f - 0.012f};
    canvas.paint(Without{outer, inner}, {.grey = grey});
    canvas.paint(inner, {.grey = 1, .opacity = 0.08f});
    canvas.paint(Stroke({{side * (person.eye_apart + person.glasses), y - 0.03f}, 0.015f},
                        {{side * (person.head.width + 0.02f), y - 0.06f}, 0.015f}),
                 {.grey = grey});
  }
  const float bridge = person.eye_apart - person.glasses;
  canvas.paint(curve({{-bridge, y}, 0.015f}, {{0, y - 0.04f}, 0.015f}, {{bridge, y}, 0.015f}), {.grey = grey});
}

void paint_relief(Canvas& canvas, const Person& person) {
  for (const float side : {-1.0f, 1.0f}) {
    const Point eye{side * (person.eye_apart - 0.02f), person.eye_line - 0.02f};
    canvas.paint(Ellipse{eye, 0.2f, 0.13f}, {0, 0.3f, 0.14f});
    canvas.paint(Ellipse{{side * 0.38f, 0.2f}, 0.14f, 0.1f}, {1, 0.15f, 0.16f});
  }
  canvas.paint(Ellipse{{0, person.eye_line + 0.02f}, 0.05f, 0.16f}, {1, 0.15f, 0.08f});
}

} // namespace mien::faces
