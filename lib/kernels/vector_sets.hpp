// SPDX-License-Identifier: Apache-2.0
// The sets that lib/kernels/vector_sets.cpp compiles, and the reference set.
#pragma once

#include "mien/kernels.hpp"

#include <vector>

namespace mien {

/// The vector sets of this build, best first.
[[nodiscard]] std::vector<KernelSet> vector_kernel_sets();

/// mien::reference, instantiated in a namespace of the library's own.
[[nodiscard]] KernelSet reference_kernel_set();

} // namespace mien
