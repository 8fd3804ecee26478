// SPDX-License-Identifier: Apache-2.0
// One name for what a classifier says about the same thing again and again.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace mien {

/// How answers that follow each other become steady ones. Each part can be switched off by itself.
struct SteadySettings {
  bool filter = true;          ///< probabilities are averaged over time
  double time_constant = 0.15; ///< seconds: how long the average reaches back
  bool hysteresis = true;      ///< another class takes over only if it is clearly more probable
  double margin = 0.1;         ///< by how much
  bool unsure = true;          ///< there may be no answer
  double doubt = 0.3;          ///< where the answer's probability falls below this, there is none
  double trust = 0.4;          ///< until some probability reaches this

  friend bool operator==(const SteadySettings&, const SteadySettings&) = default;
};

/// How late a change is told that is complete and certain (from probability 1 of one class to 1 of another), in
/// seconds.
///
///   time_constant * log(2 / (1 - margin)); without filter 0, without hysteresis the margin is 0
[[nodiscard]] double label_delay(const SteadySettings& settings) noexcept;

/// Filters the probabilities of one face, and holds on to a label.
///
///   p += (1 - exp(-dt / time_constant)) (x - p)      dt: seconds since the last answer, so the frame rate does not
///   matter
///
/// The label is the most probable class at first; then another one takes over where p[other] > p[label] + margin. It is
/// none (unsure) from p[label] < doubt on until the largest p reaches trust. Keeps one number a class.
class SteadyLabel {
public:
  /// Throws Error if a setting is out of range.
  explicit SteadyLabel(const SteadySettings& settings = {});

  /// Takes the next answer, given at `time` in seconds: probabilities, one a class. Throws Error if there is none, if
  /// their number is not that of the answer before, if one is no number of 0 to 1, or if the time goes back.
  void update(std::span<const float> probabilities, double time);

  /// Goes on from what label() and probabilities() were at a time. Throws Error as update() does.
  void resume(std::span<const float> probabilities, std::optional<std::size_t> label, double time);

  /// The steady label, a place among the classes; none: unsure, or nothing seen yet.
  [[nodiscard]] std::optional<std::size_t> label() const noexcept { return label_; }
  /// The filtered probabilities; empty before the first answer.
  [[nodiscard]] std::span<const float> probabilities() const noexcept { return probabilities_; }

private:
  void expect_sound(std::span<const float> probabilities, double time) const;
  void choose() noexcept;

  SteadySettings settings_;
  std::vector<float> probabilities_;
  std::optional<std::size_t> label_;
  double time_ = 0;
};

} // namespace mien
