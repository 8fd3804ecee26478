// SPDX-License-Identifier: Apache-2.0
// The window of `mien webcam`: what the keys do, and what is drawn when.
#pragma once

#include "tools/live_memory.hpp"
#include "tools/live_stages.hpp"
#include "tools/live_view.hpp"
#include "tools/recording.hpp"
#include "tools/webcam_options.hpp"

#include "mien/capture/window.hpp"

#include <optional>
#include <string>
#include <vector>

namespace mien::cli {

class WebcamWindow {
public:
  WebcamWindow(Window& window, LiveStages& stages, std::optional<Recording>& recording, const WebcamOptions& options,
               const Common& common, LiveView view);

  /// Until somebody quits, the source ends, or the options' end is reached. False: a signal ended it.
  [[nodiscard]] bool run();

private:
  [[nodiscard]] bool answer_keys();
  [[nodiscard]] bool take_news();
  void press(const std::string& key);
  void show();
  void save();
  void notice(const std::string& text, double seconds);

  Window& window_;
  LiveStages& stages_;
  std::optional<Recording>& recording_;
  const WebcamOptions& options_;
  const Common& common_;
  LiveView view_;
  bool blur_, quit_ = false, save_ = false;
  double begin_, notice_until_ = 0, shown_ = 0;
  std::shared_ptr<const Taken> picture_;
  Labelled labelled_;
  Hiding hiding_;
  std::vector<Box> hidden_; // at the moment
  Pace pictures_, labels_;
  std::uint64_t count_ = 0;
};

/// Says what the stages have to say, on stderr.
void tell_news(LiveStages& stages);

} // namespace mien::cli
