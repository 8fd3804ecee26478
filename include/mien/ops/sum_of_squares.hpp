// SPDX-License-Identifier: Apache-2.0
// The sum of a tensor's squares: what norms are made of.
#pragma once

#include "mien/core/tensor.hpp"

#include <cstdint>
#include <span>

namespace mien {

/// How many parts sum_of_squares cuts so many elements into.
[[nodiscard]] std::int64_t sum_of_squares_parts(std::int64_t count) noexcept;

/// The sum of x[i]^2 in double: parts of one size each, then their sums in order, whatever the threads.
///
/// `parts` has room for sum_of_squares_parts(x.size()) numbers and is overwritten. Throws Error if it has not.
double sum_of_squares(View<const float> x, std::span<double> parts, int threads);

} // namespace mien
