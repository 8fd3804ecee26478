// SPDX-License-Identifier: Apache-2.0
// Pictures set between zeros.
#pragma once

#include <algorithm>
#include <cstdint>

namespace mien {

/// How one picture's rows are set between zeros: pixel j goes to column left + j * step of `width`.
struct Placement {
  std::int64_t width, left, step, channels;
};

inline void place_row(float* to, const float* from, std::int64_t pixels, const Placement& place) {
  const auto c = place.channels;
  std::fill_n(to, place.width * c, 0.0f);
  if (place.step == 1) {
    std::copy_n(from, pixels * c, to + place.left * c);
  } else {
    for (std::int64_t j = 0; j < pixels; ++j) std::copy_n(from + j * c, c, to + (place.left + j * place.step) * c);
  }
}

} // namespace mien
