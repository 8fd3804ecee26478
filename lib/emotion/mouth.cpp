// SPDX-License-Identifier: Apache-2.0
// The mouth: lips, teeth, tongue, and the line between the lips.
#include "lib/emotion/anatomy.hpp"

namespace mien::faces {

void paint_mouth(Canvas& canvas, const Person& person, const Expression& e, float side) {
  const float half = person.mouth_half + e.mouth_wide;
  const float open = std::max(0.0f, e.mouth_open);
  const float thick = person.lip_thick * (1 - 0.8f * e.lip_press);

  // Edges as functions of t, -1 at the left corner and 1 at the right one.
  const auto gap = [&](float t) {
    const float lens = 1 - t * t, box = std::sqrt(std::max(0.0f, 1 - t * t * t * t));
    return open * (lens + e.mouth_square * (box - lens));
  };
  const auto middle = [&](float t) { return person.mouth_line - e.mouth_curve * (t * t - 0.4f) - e.mouth_tilt * t; };
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
  const Point crease{0.12f, bottom + 0.17f};
  canvas.paint(curve({{-crease.x, crease.y}, 0.008f}, {{0, crease.y - 0.06f}, 0.02f}, {crease, 0.008f}),
               {0, 0.35f * e.chin, 0.03f});

  const float lips = person.skin * (1 - person.lip_dark);
  canvas.paint(between(0, half, lip_above, upper), {.grey = lips * 0.9f});
  canvas.paint(between(0, half, lower, lip_below), {.grey = lips});

  // Nothing is as thin as a line, and lines show: what a closed mouth hides is faded out.
  const float parted = std::min(1.0f, (open + e.sneer) / 0.03f);
  const auto tongue = [&](float t) { return lower(0.6f * t) - 0.3f * gap(t); };
  const auto floor = [&](float t) { return lower(0.6f * t); };
  const auto bite_up = [&](float t) { return upper(t) + e.teeth_up * (lower(t) - upper(t)); };
  const auto bite_low = [&](float t) { return lower(t) - e.teeth_low * (lower(t) - upper(t)); };
  canvas.paint(between(0, half, upper, lower), {0.06f, parted});
  canvas.paint(between(0, half * 0.6f, tongue, floor), {0.35f, 0.8f * parted, 0.03f});
  canvas.paint(between(0, half * 0.92f, upper, bite_up), {0.92f, parted * std::min(1.0f, 10 * e.teeth_up)});
  canvas.paint(between(0, half * 0.92f, bite_low, lower), {0.85f, parted * std::min(1.0f, 10 * e.teeth_low)});

  // The line where the lips meet, and its ends, which say more than the lips do.
  const auto at = [&](float t) { return Point{t * half, middle(t) - e.sneer * 0.6f * (1 - t * t)}; };
  canvas.paint(curve({at(-1), 0.012f}, {at(0), 0.018f}, {at(1), 0.012f}), {0, 0.8f * (1 - parted), 0.01f});
  for (const float end : {-1.0f, 1.0f}) {
    canvas.paint(Ellipse{at(end), 0.03f, 0.025f}, {0, 0.5f, 0.04f});
  }
}

} // namespace mien::faces
