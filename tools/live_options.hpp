// SPDX-License-Identifier: Apache-2.0
// The options that say how faces are followed through a stream, which `predict` and `webcam` share.
#pragma once

#include "tools/cli.hpp"

#include "mien/emotion/live_recognizer.hpp"

namespace mien::cli {

class LiveOptions {
public:
  /// Adds the options under a title of their own.
  void bind(Command& command, const std::string& title);
  /// `threshold`: the probability below which there is no label, 0: the usual one. Throws UsageError if what was
  /// switched off is needed for that.
  [[nodiscard]] LiveSettings settings(double threshold = 0) const;

private:
  bool no_track_ = false, no_steady_ = false, no_filter_ = false, no_hysteresis_ = false, no_unsure_ = false;
};

} // namespace mien::cli
