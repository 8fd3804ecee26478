// SPDX-License-Identifier: Apache-2.0
// Addition of tensors.
#pragma once

#include "mien/core/tensor.hpp"

#include <span>

namespace mien {

/// y = x[0] + x[1] + ..., element by element, from the left. y may be x[0].
/// Throws Error if there are fewer than two, or shapes differ.
void add_forward(View<float> y, std::span<const View<const float>> x, int threads);

/// dx[i] = dy for every i whose data() is not null. dx[i] may be dy. Throws Error if shapes differ.
void add_backward(std::span<const View<float>> dx, View<const float> dy, int threads);

} // namespace mien
