// SPDX-License-Identifier: Apache-2.0
#include "lib/emotion/anatomy.hpp"

namespace mien::faces {

void paint_mouth(Canvas& canvas, const Person& person, const Expression& e, float side) {
  const float half = person.mouth_half + e.mouth_wide;
  const float open = std::max(0.0f, e.mouth_open);
  const float thick = person.lip_thick * (1 - 0.8f * e.lip_press);

  // Edges as functions of t, -1 at the left corner and 1 at the right one.
  const auto gap = [&](float t) {
    const float lens = 1 - t * t, box = std::sqrt(1 - t * t * t * t);
    return open * (lens + e.mouth_square * (box - lens));
  };
  const auto middle = [&](float t) { return person.mouth_line - e.mouth_curve * (t * t - 0.4f); };
  const auto upper = [&](float t) {
    const float off = t - 0.35f * side;
    return middle(t) - 0.35f * gap(t) - e.sneer * (1 - t * t) * std::max(0.0f, 1 - off * off);
  };
  const auto lower = [&](float t) { return middle(t) + 0.65f * gap(t) - 0.35f * e.sneer * (1 - t * t); };
  const auto dip = [](float t) { return 1 - 0.35f * std::max(0.0f, 1 - 16 * t * t); }; // Cupid's bow
  const auto lip_above = [&](float t) { return upper(t) - thick * (1 - t * t) * dip(t); };
  const auto lip_below = [&](float t) { return lower(t) + 1.3f * thick * (1 - t * t); };

  const float bottom = lip_below(0);
  canvas.paint(Ellipse{{0, bottom + 0.05f}, half * 0.6f, 0.03f}, {0, 0.2f + 0.35f * e.chin, 0.05f}); // under the lip
  if (e.chin > 0) {
    for (const float x : {-0.06f, 0.07f}) {
      canvas.paint(Ellipse{{x, bottom + 0.14f}, 0.03f, 0.025f}, {0, 0.35f * e.chin, 0.04f});
    }
  }

  const float lips = person.skin * (1 - person.lip_dark);
  canvas.paint(between(0, half, lip_above, upper), {.grey = lips * 0.9f});
  canvas.paint(between(0, half, lower, lip_below), {.grey = lips});

  canvas.paint(between(0, half, upper, lower), {.grey = 0.06f});
  const float inner = half * 0.92f;
  const auto tongue = [&](float t) { return lower(t) - 0.3f * gap(t); };
  canvas.paint(between(0, half * 0.6f, tongue, [&](float t) { return lower(0.6f * t); }), {0.35f, 0.8f, 0.03f});
  const auto bite_up = [&](float t) { return upper(t) + e.teeth_up * (lower(t) - upper(t)); };
  const auto bite_low = [&](float t) { return lower(t) - e.teeth_low * (lower(t) - upper(t)); };
  canvas.paint(between(0, inner, upper, bite_up), {.grey = 0.92f});
  canvas.paint(between(0, inner, bite_low, lower), {.grey = 0.85f});

  // The line where the lips meet, and its ends, which say more than the lips do.
  const auto at = [&](float t) { return Point{t * half, middle(t) - e.sneer * 0.6f * (1 - t * t)}; };
  const float closed = std::max(0.0f, 1 - open / 0.03f);
  Stroke line;
  for (int i = -6; i <= 6; ++i) line.knots.push_back({at(static_cast<float>(i) / 6), 0.016f});
  canvas.paint(line, {0, 0.8f * closed, 0.01f});
  for (const float end : {-1.0f, 1.0f}) {
    canvas.paint(Ellipse{at(end), 0.03f, 0.025f}, {0, 0.5f, 0.04f});
  }
}

} // namespace mien::faces
