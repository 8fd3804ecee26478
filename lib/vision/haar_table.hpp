// SPDX-License-Identifier: Apache-2.0
// Turning a cascade into what the kernels read.
#pragma once

#include "lib/vision/level_sums.hpp"
#include "mien/core/cascade.hpp"
#include "mien/core/haar_table.hpp"

#include <optional>
#include <vector>

namespace mien {

/// A HaarTable and the memory it looks at.
class HaarTables {
public:
  /// Nothing if the kernels cannot read this cascade: it asks for local binary patterns, its trees are too large, or
  /// its features are none of HaarNode's forms or not exact in single precision. OpenCV's own Haar cascades all can.
  [[nodiscard]] static std::optional<HaarTables> of(const Cascade& cascade, const SumsLayout& layout);

  [[nodiscard]] HaarTable view() const noexcept;

private:
  /// False if the kernels cannot read this stage.
  bool add_stage(const Cascade& cascade, const CascadeStage& stage, const SumsLayout& layout);

  std::vector<HaarStage> stages_;
  std::vector<HaarNode> nodes_;
  std::vector<std::int32_t> tree_nodes_;
  HaarTable table_; // without the spans
};

} // namespace mien
