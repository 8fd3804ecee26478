// SPDX-License-Identifier: Apache-2.0
// How heads differ.
#include "lib/emotion/person.hpp"

namespace mien::faces {

float Head::distance(Point p) const noexcept {
  const float y = p.y / (p.y < 0 ? crown : chin);
  const float x = p.x / width * (p.y < 0 ? 1 : 1 + taper * y * y);
  const float xx = x * x, yy = y * y;
  const float round = std::sqrt(xx + yy);
  const float square = std::sqrt(std::sqrt(xx * xx + yy * yy));
  return (round + (p.y < 0 ? top : jaw) * (square - round) - 1) * width;
}

Person draw_person(Rng& rng) {
  const auto one_in = [&](std::uint32_t n) { return rng.below(n) == 0; };
  Person p; // one statement a draw, so that their order is the same for every compiler
  p.head.width = rng.uniform(0.66f, 0.76f);
  p.head.crown = rng.uniform(0.94f, 1.04f);
  p.head.chin = rng.uniform(0.82f, 0.94f);
  p.head.top = rng.uniform(0.1f, 0.5f);
  p.head.jaw = rng.uniform(0.1f, 0.8f);
  p.head.taper = rng.uniform(0.0f, 0.25f);
  p.skin = rng.uniform(0.4f, 0.86f);
  p.hair = rng.uniform(0.04f, 0.8f);
  if (std::abs(p.hair - p.skin) < 0.15f) p.hair = p.skin > 0.5f ? p.hair - 0.25f : p.hair * 0.4f;
  p.iris = rng.uniform(0.05f, 0.3f);
  p.style = static_cast<Hair>(rng.below(static_cast<std::uint32_t>(Hair::count)));
  p.hairline = rng.uniform(0.6f, 0.78f);
  p.parting = rng.uniform(-0.3f, 0.3f);

  p.eye_apart = rng.uniform(0.30f, 0.35f);
  p.eye_line = rng.uniform(-0.19f, -0.12f);
  p.eye_half = rng.uniform(0.15f, 0.18f);
  p.eye_height = rng.uniform(0.9f, 1.1f);
  p.brow_line = p.eye_line - rng.uniform(0.19f, 0.23f);
  p.brow_thick = rng.uniform(0.03f, 0.05f);
  p.nose_end = rng.uniform(0.19f, 0.25f);
  p.nose_half = rng.uniform(0.10f, 0.15f);
  p.mouth_line = rng.uniform(0.49f, 0.55f);
  p.mouth_half = rng.uniform(0.26f, 0.31f);
  p.lip_thick = rng.uniform(0.03f, 0.065f);
  p.lip_dark = rng.uniform(0.15f, 0.5f);

  p.beard = one_in(6) ? rng.uniform(0.25f, 0.8f) : 0;
  p.moustache = one_in(6) ? rng.uniform(0.5f, 0.9f) : 0;
  p.glasses = one_in(6) ? rng.uniform(0.2f, 0.25f) : 0;
  p.age = one_in(3) ? rng.uniform(0.1f, 0.35f) : 0;
  return p;
}

} // namespace mien::faces
