// SPDX-License-Identifier: Apache-2.0
// Viola and Jones' detector: a cascade slid over a picture at many sizes, with the boxes that OpenCV finds.
#pragma once

#include "mien/vision/cascade.hpp"
#include "mien/vision/detector.hpp"

#include <memory>
#include <vector>

namespace mien {

/// How a cascade looks; names and meaning are those of OpenCV's detectMultiScale.
struct CascadeSettings {
  double scale_factor = 1.1; ///< from one size to the next, above 1
  int min_neighbors = 3;     ///< a box stands for more windows than this; 0: every window, ungrouped
  int min_face = 30;         ///< pixels; smaller faces are not looked for
  int max_face = 0;          ///< pixels; 0: as large as the picture

  friend bool operator==(const CascadeSettings&, const CascadeSettings&) = default;
};

/// Finds what a cascade was trained on.
class CascadeDetector final : public Detector {
public:
  /// Throws Error if a setting is out of range.
  explicit CascadeDetector(Cascade cascade, const CascadeSettings& settings = {});

  [[nodiscard]] const CascadeSettings& settings() const noexcept { return settings_; }

  /// Grouped boxes in OpenCV's order of one thread, for any number of threads.
  [[nodiscard]] std::vector<Detection> detect(const Image& picture, int threads = 1) const override;
  /// Looks at the sizes in question only.
  [[nodiscard]] std::vector<Detection> detect_in(const Image& picture, const Search& search,
                                                 int threads = 1) const override;
  /// Every window that passed all stages, before grouping, in the order of sizes, rows and columns.
  [[nodiscard]] std::vector<Detection> windows(const Image& picture, int threads = 1) const;

private:
  std::shared_ptr<const Cascade> cascade_;
  CascadeSettings settings_;
};

} // namespace mien
