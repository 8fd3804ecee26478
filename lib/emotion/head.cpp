// SPDX-License-Identifier: Apache-2.0
#include "lib/emotion/anatomy.hpp"

namespace mien::faces {

void paint_behind(Canvas& canvas, const Person& person) {
  const Head& head = person.head;
  if (person.style == Hair::long_straight) {
    canvas.paint(head.grown(0.16f), {.grey = person.hair});
    canvas.paint(Stroke{{{{0, 0}, head.width + 0.12f}, {{0, 1.2f}, head.width + 0.2f}}}, {.grey = person.hair});
  }
  const Ellipse shoulders{{0, 1.45f}, 1.25f, 0.5f};
  canvas.paint(shoulders, {.grey = 0.9f - person.hair, .softness = 0.02f});
  const Stroke neck{{{{0, 0.6f}, 0.36f}, {{0, 1.2f}, 0.42f}}};
  canvas.paint(neck, {.grey = person.skin * 0.7f});
}

void paint_head(Canvas& canvas, const Person& person) {
  for (const float side : {-1.0f, 1.0f}) {
    const Point middle{side * (person.head.width + 0.01f), 0.02f};
    canvas.paint(Ellipse{middle, 0.09f, 0.19f}, {.grey = person.skin * 0.92f});
    canvas.paint(Ellipse{middle, 0.04f, 0.11f}, {.grey = 0, .opacity = 0.3f, .softness = 0.06f});
  }
  canvas.paint(person.head, {.grey = person.skin});
}

void paint_hair(Canvas& canvas, const Person& person) {
  const Head& head = person.head;
  const float top = -person.hairline;
  const Ink ink{.grey = person.hair};
  const Ellipse face{{person.parting * 0.5f, 0.35f}, head.width * 0.97f, 0.35f - top};
  const Head volume = head.grown(person.style == Hair::short_cut ? 0.05f : 0.1f);
  switch (person.style) {
  case Hair::bald: canvas.paint(Ellipse{{-0.15f, -0.75f}, 0.25f, 0.12f}, {1, 0.25f, 0.2f}); break;
  case Hair::short_cut:
  case Hair::bun: {
    const Ellipse above{{0, -1}, 1.5f, 1.05f};
    const Without hair{volume, face};
    canvas.paint(Overlap{hair, above}, ink);
    if (person.style == Hair::bun) canvas.paint(Ellipse{{person.parting * 0.4f, -1.02f}, 0.3f, 0.2f}, ink);
    break;
  }
  case Hair::long_straight: {
    canvas.paint(Without{volume, face}, ink);
    canvas.paint(curve({{person.parting, -1}, 0.02f}, {{person.parting + 0.3f, -0.8f}, 0.1f}, {{0.66f, -0.2f}, 0.04f}),
                 ink);
    canvas.paint(curve({{person.parting, -1}, 0.02f}, {{person.parting - 0.3f, -0.8f}, 0.1f}, {{-0.66f, -0.2f}, 0.04f}),
                 ink);
    break;
  }
  case Hair::curly:
    for (int i = -7; i <= 7; ++i) { // curls along the upper outline, each a little beside its place
      const float x = static_cast<float>(i) / 7;
      const float y = -std::sqrt(1 - 0.8f * x * x);
      const float curl = 0.13f + 0.03f * static_cast<float>((i + 8) % 3);
      canvas.paint(Ellipse{{x * (head.width + 0.04f), 0.02f + y * (head.crown - 0.02f)}, curl, curl}, ink);
      canvas.paint(Ellipse{{x * (head.width + 0.06f), y * head.crown}, curl / 3, curl / 3}, {0, 0.25f, 0.05f});
    }
    break;
  case Hair::cap:
  default: {
    const Ellipse above{{0, -1.35f}, 1.5f, 0.9f - (person.hairline - 0.6f)};
    canvas.paint(Overlap{volume, above}, {.grey = 0.8f - person.hair});
    canvas.paint(
        curve({{-head.width, top + 0.12f}, 0.04f}, {{0, top + 0.03f}, 0.06f}, {{head.width, top + 0.12f}, 0.04f}),
        {.grey = 0.6f - person.hair / 2});
    break;
  }
  }
}

void paint_beard(Canvas& canvas, const Person& person, const Expression& e) {
  const Head& head = person.head;
  if (person.beard > 0) {
    const float drop = 0.5f * e.mouth_open;
    const Ellipse cheeks{{0, 0.1f}, head.width * 0.9f, person.mouth_line + 0.06f + drop};
    const Head jaw = head.grown(0.03f);
    canvas.paint(Without{jaw, cheeks}, {person.hair * 0.8f, person.beard * (head.chin > 0 ? 1.0f : 0.0f), 0.08f});
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
    canvas.paint(Stroke{{{{side * (person.eye_apart + person.glasses), y - 0.03f}, 0.015f},
                         {{side * (person.head.width + 0.02f), y - 0.06f}, 0.015f}}},
                 {.grey = grey});
  }
  const float bridge = person.eye_apart - person.glasses;
  canvas.paint(curve({{-bridge, y}, 0.015f}, {{0, y - 0.04f}, 0.015f}, {{bridge, y}, 0.015f}), {.grey = grey});
}

} // namespace mien::faces
