// SPDX-License-Identifier: Apache-2.0
#include "tools/live_options.hpp"

namespace mien::cli {

void LiveOptions::bind(Command& command, const std::string& title) {
  command.group(title);
  command.flag("no-track", no_track_, "Look at each frame by itself: faces have no numbers, and nothing is steady");
  command.flag("no-steady", no_steady_, "Tell each frame's own answers: the next three together");
  command.flag("no-filter", no_filter_, "Do not average probabilities over time (which tells changes 0.1 s late)");
  command.flag("no-hysteresis", no_hysteresis_, "Take the most probable expression, however small its lead");
  command.flag("no-unsure", no_unsure_, "Always name one, however improbable");
}

LiveSettings LiveOptions::settings(double threshold) const {
  if (threshold > 0 && (no_unsure_ || no_steady_ || no_track_))
    throw UsageError("--abstain gives no label to a face that is followed and not sure enough: leave --no-unsure, "
                     "--no-steady and --no-track away");
  LiveSettings settings{.track = !no_track_, .steady = !no_track_ && !no_steady_};
  settings.steadiness.filter = !no_filter_;
  settings.steadiness.hysteresis = !no_hysteresis_;
  settings.steadiness.unsure = !no_unsure_;
  if (threshold > 0) settings.steadiness.doubt = settings.steadiness.trust = threshold;
  return settings;
}

} // namespace mien::cli
