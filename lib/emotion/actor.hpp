// SPDX-License-Identifier: Apache-2.0
// One person of a clip: where they are and what their face does at any moment.
#pragma once

#include "lib/emotion/place.hpp"
#include "mien/emotion/generated_clips.hpp"

#include <array>
#include <vector>

namespace mien::faces {

/// What a face shows for a while: from `begin` on it changes from what it showed before, at `whole` it has.
struct Spell {
  double begin = 0, whole = 0;
  std::size_t expression = 0;
  Expression face;
};

/// Everything is a function of time, in seconds: moments can be asked for in any order.
class Actor {
public:
  /// The person of a clip with this id, which says what they do.
  Actor(const ClipOptions& options, int id);

  [[nodiscard]] Place place(double time) const;
  [[nodiscard]] Sitter sitter(double time) const;
  /// What the face is nearest to.
  [[nodiscard]] std::size_t expression(double time) const;
  /// The first one begins before the clip.
  [[nodiscard]] const std::vector<Spell>& spells() const noexcept { return spells_; }

private:
  /// A slow swing between -1 and 1.
  struct Sway {
    double period = 1; ///< seconds
    double phase = 0;  ///< turns
    [[nodiscard]] float at(double time) const noexcept;
  };

  [[nodiscard]] const Spell& spell(double time) const;

  int id_;
  float width_, height_;
  Sitter sitter_; ///< as the face rests
  std::vector<Spell> spells_;
  std::array<Sway, 6> sways_; ///< sideways, up and down, near and far, roll, yaw, nod
};

/// Whether a person hides what is behind them at a point of the picture, but for curls and ears.
[[nodiscard]] bool hides(const Place& place, const Person& person, Point at, int height) noexcept;

} // namespace mien::faces
