// SPDX-License-Identifier: Apache-2.0
// What is remembered of the last seconds of a stream: how fast it came, and where faces were.
#pragma once

#include "mien/emotion/live_recognizer.hpp"

#include <deque>
#include <utility>
#include <vector>

namespace mien::cli {

/// How often something happens, by the last two seconds.
class Pace {
public:
  void add(double now);
  /// 0 until it happened twice.
  [[nodiscard]] double a_second(double now) const;

private:
  std::deque<double> times_;
};

/// Where faces are, and where some were in the last second that are missed now: they stay hidden.
class Hiding {
public:
  void add(const std::vector<LiveFace>& faces, double now);
  [[nodiscard]] std::vector<Box> boxes() const;

private:
  std::vector<std::pair<double, Box>> boxes_;
};

} // namespace mien::cli
