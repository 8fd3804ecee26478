// SPDX-License-Identifier: Apache-2.0
// How sure a model is, and how sure it may be: what makes its probabilities honest.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace mien {

/// What was measured on pictures that the network has not learnt from, and is kept in the model file.
///
///   probabilities = softmax(logits / temperature)
///
/// A temperature changes no answer, only how sure it is. The table says what happens to those who answer only where
/// the highest probability is large enough. Source: Guo et al. 2017, "On calibration of modern neural networks".
struct Calibration {
  /// Rows of the table: a highest probability of at least 0, 0.01, ..., 1.
  static constexpr std::size_t steps = 101;

  double temperature = 1;
  std::int64_t pictures = 0;            ///< on which it was measured
  std::vector<std::int64_t> answered{}; ///< by row: how many pictures get such a probability
  std::vector<std::int64_t> right{};    ///< how many of these are named rightly

  friend bool operator==(const Calibration&, const Calibration&) = default;
};

/// Throws Error if a number makes no sense.
void check(const Calibration& calibration);

} // namespace mien
