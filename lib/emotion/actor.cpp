// SPDX-License-Identifier: Apache-2.0
// What the people of a clip do.
#include "lib/emotion/actor.hpp"

#include "mien/core/math.hpp"
#include "mien/emotion/labels.hpp"

#include <algorithm>
#include <cmath>

namespace mien::faces {
namespace {

/// 0 before `begin`, 1 after `end`, and without a jerk from the one to the other.
double eased(double time, double begin, double end) noexcept {
  const double share = std::clamp((time - begin) / (end - begin), 0.0, 1.0);
  return share * share * (3 - 2 * share);
}

/// What a role comes to at one moment.
struct Stand {
  double x = 0, y = 0; ///< the head's middle, as shares of the picture
  double unit = 0;     ///< pixels a drawing unit, as a share of the picture's height (of 3/4 of its width, if less)
  double turn = 0;     ///< of the head, in turns
  double out = 0;      ///< 1: to the right of the picture
};

/// Two in front, two behind them and higher up, so that only the latter hide each other.
Stand stand_of(int id, double time) noexcept {
  const double at = time - 10 * std::floor(time / 10); // it begins anew every ten seconds
  switch (id) {
  case 1: {
    const double right = eased(at, 2, 2.6) - eased(at, 3.6, 4.2), left = eased(at, 6.5, 7.1) - eased(at, 8.1, 8.7);
    return {.x = 0.3, .y = 0.66, .unit = 0.115, .turn = (right - left) / 12};
  }
  case 2: return {.x = 0.7, .y = 0.66, .unit = 0.115, .out = eased(at, 3.2, 4.8) - eased(at, 6.2, 7.8)};
  default: {
    const double over = eased(at, 1, 3.5) - eased(at, 6, 8.5);
    if (id == 3) return {.x = 0.2 + 0.6 * over, .y = 0.3, .unit = 0.095};
    return {.x = 0.8 - 0.6 * over, .y = 0.27, .unit = 0.085};
  }
  }
}

} // namespace

float Actor::Sway::at(double time) const noexcept { return static_cast<float>(math::sin_turns(time / period + phase)); }

Actor::Actor(const ClipOptions& options, int id)
    : id_(id), width_(static_cast<float>(options.width)), height_(static_cast<float>(options.height)) {
  Rng rng(options.seed, Purpose::clips, static_cast<std::uint32_t>(id));
  const auto expressions = static_cast<std::uint32_t>(expression_names.size());
  sitter_ = draw_resting_sitter(rng);
  for (Sway& sway : sways_) {
    sway.period = static_cast<double>(rng.uniform(3, 6));
    sway.phase = static_cast<double>(rng.uniform());
  }
  std::size_t expression = rng.below(expressions);
  Spell spell{.begin = -1, .whole = -1, .expression = expression, .face = draw_expression(expression, rng)};
  spells_.push_back(spell);
  for (double begin = static_cast<double>(rng.uniform(0.5f, 2.0f)); begin < options.seconds;) {
    expression = (expression + 1 + rng.below(expressions - 1)) % expressions; // another one
    spell = {.begin = begin, .expression = expression, .face = draw_expression(expression, rng)};
    spell.whole = begin + static_cast<double>(rng.uniform(0.25f, 0.5f));
    spells_.push_back(spell);
    begin = spell.whole + static_cast<double>(rng.uniform(1.2f, 2.6f));
  }
}

Place Actor::place(double time) const {
  const Stand stand = stand_of(id_, time);
  Place place;
  place.unit = static_cast<float>(stand.unit) * std::min(height_, 0.75f * width_);
  place.unit *= 1 + 0.04f * sways_[2].at(time);
  place.head.x = static_cast<float>(stand.x) * width_ + 0.3f * place.unit * sways_[0].at(time);
  place.head.y = static_cast<float>(stand.y) * height_ + 0.1f * place.unit * sways_[1].at(time);
  place.head.x += static_cast<float>(stand.out) * (0.3f * width_ + 2.5f * place.unit);
  place.turn(static_cast<float>(stand.turn) + sways_[3].at(time) / 72); // 5 degrees
  place.yaw = 0.1f * sways_[4].at(time);
  place.nod = 0.05f * sways_[5].at(time);
  return place;
}

const Spell& Actor::spell(double time) const {
  const auto after = std::ranges::upper_bound(spells_, time, {}, &Spell::begin);
  return after == spells_.begin() ? *after : *(after - 1);
}

Sitter Actor::sitter(double time) const {
  const Spell& now = spell(time);
  const Spell& before = &now == spells_.data() ? now : *(&now - 1);
  Sitter sitter = sitter_;
  set_expression(sitter, blend(before.face, now.face, static_cast<float>(eased(time, now.begin, now.whole))));
  return sitter;
}

std::size_t Actor::expression(double time) const {
  const Spell& now = spell(time);
  const bool half_way = time >= (now.begin + now.whole) / 2;
  return half_way || &now == spells_.data() ? now.expression : (&now - 1)->expression;
}

bool hides(const Place& place, const Person& person, Point at, int height) noexcept {
  const Box body = place.body_box(height);
  if (at.x > body.left && at.x < body.right && at.y > body.top) return true;
  const Point p = 1 / place.unit * (at - place.head);
  const Point along = {place.down.y * p.x - place.down.x * p.y, place.down.x * p.x + place.down.y * p.y};
  return person.head.grown(0.06f).distance(along) < 0;
}

} // namespace mien::faces
