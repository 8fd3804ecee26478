// SPDX-License-Identifier: Apache-2.0
#include "mien/nn/calibration.hpp"

#include "mien/core/error.hpp"

namespace mien {

void check(const Calibration& c) {
  if (!(c.temperature >= 0.01 && c.temperature <= 100))
    throw Error(concat("calibration: a temperature of ", c.temperature, ", expected 0.01 to 100"));
  if (c.answered.size() != Calibration::steps || c.right.size() != Calibration::steps)
    throw Error(concat("calibration: a table of ", c.answered.size(), " and ", c.right.size(), " rows, expected ",
                       Calibration::steps));
  std::int64_t before = c.pictures;
  for (std::size_t i = 0; i < Calibration::steps; ++i) {
    const bool falls = c.answered[i] >= 0 && c.answered[i] <= before,
               fits = c.right[i] >= 0 && c.right[i] <= c.answered[i];
    if (!falls || !fits)
      throw Error(concat("calibration: row ", i, " of its table has ", c.right[i], " right of ", c.answered[i],
                         " answered; these may not rise from row to row, nor be more than there are"));
    before = c.answered[i];
  }
}

} // namespace mien
