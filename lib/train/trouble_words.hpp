// SPDX-License-Identifier: Apache-2.0
// Words that more than one rule uses: a trouble is known again by them.
#pragma once

#include <fmt/format.h>

#include <string>

namespace mien::words {

inline constexpr const char* dead =
    "the network is dead: it gives the same answer for every picture, and nothing in it moves";
inline constexpr const char* rate_too_high =
    "the learning rate is too high: steps are so long that they undo what was learnt";

[[nodiscard]] inline std::string lower_rate(double rate) {
  return fmt::format("begin again with a tenth of the learning rate: --lr {:.3g}", rate / 10);
}

} // namespace mien::words
