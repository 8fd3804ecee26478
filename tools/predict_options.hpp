// SPDX-License-Identifier: Apache-2.0
// What `mien predict` is asked for.
#pragma once

#include "tools/cli.hpp"
#include "tools/detector_options.hpp"
#include "tools/live_options.hpp"
#include "tools/predict_video.hpp"
#include "tools/predictions.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace mien::cli {

struct PredictOptions {
  std::string model = "-";
  std::vector<std::filesystem::path> paths; ///< of pictures and folders, once videos are taken out
  std::vector<std::string> videos;
  DetectorOptions detector;
  LiveOptions live;
  bool whole = false, json = false, csv = false, resume = false, force = false, blur = false;
  std::string order = "size";
  double abstain = 0; ///< the risk; 0: never
  std::filesystem::path out, annotate, subtitles;
};

void bind(Command& command, PredictOptions& options);
/// Tells videos from pictures, by the names that are given.
void take_out_videos(PredictOptions& options);
/// Throws UsageError if the options do not go together; after take_out_videos().
void check(const PredictOptions& options);
[[nodiscard]] PredictionTexts::Form form_of(const PredictOptions& options);
/// What is made of videos; `threshold` is the probability below which there is no label, 0 the usual one.
[[nodiscard]] VideoOptions video_options(const PredictOptions& options, double threshold = 0);

} // namespace mien::cli
