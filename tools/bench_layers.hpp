// SPDX-License-Identifier: Apache-2.0
// Where the time of a step goes, layer by layer.
#pragma once

#include "tools/bench_work.hpp"

#include "mien/nn/flop.hpp"

#include <string>
#include <vector>

namespace mien::cli {

/// What one step of the plan, or something beside the layers, takes of a call: means.
struct LayerCost {
  std::string name;
  std::string type{};      ///< empty beside the layers
  std::string algorithm{}; ///< empty where there is only one way to compute
  double forward_seconds = 0, backward_seconds = 0;
  Flop flop{}; ///< of the whole batch
  [[nodiscard]] double seconds() const noexcept { return forward_seconds + backward_seconds; }
};

/// The time that was booked so far: a cost is the difference of two of these.
struct BookedTimes {
  std::vector<Workspace::NodeTime> nodes;
  std::vector<Work::Part> parts;
};
[[nodiscard]] BookedTimes booked(const Work& work);

/// What the calls since `before` cost, `seconds` in all: first the plan's steps as they run, then what stands beside
/// them, then what is left.
[[nodiscard]] std::vector<LayerCost> layer_costs(const Work& work, const BookedTimes& before, double calls,
                                                 double seconds);

/// The algorithms that the layers take, each once, with commas between them; empty if none has a choice.
[[nodiscard]] std::string algorithms_of(const Work& work);

} // namespace mien::cli
