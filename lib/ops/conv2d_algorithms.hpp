// SPDX-License-Identifier: Apache-2.0
// The entries of conv2d_algorithms(), one a file.
#pragma once

#include "mien/ops/conv2d.hpp"

namespace mien {

/// By tiles of m x m outputs: 4 or 2.
[[nodiscard]] Conv2dAlgorithm winograd_conv2d_4();
[[nodiscard]] Conv2dAlgorithm winograd_conv2d_2();
[[nodiscard]] Conv2dAlgorithm narrow_conv2d();
[[nodiscard]] Conv2dAlgorithm direct_conv2d();
[[nodiscard]] Conv2dAlgorithm reference_conv2d();

/// u of w (3,3,C,K), for tiles of m x m.
void winograd_pack(float* u, const float* w, std::int64_t c, std::int64_t k, std::int64_t m, int threads);
void winograd_backward(const Conv2dBackward& pass, const Conv2dExtents& e, float* scratch, int threads, std::int64_t m);

} // namespace mien
