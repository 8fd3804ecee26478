// SPDX-License-Identifier: Apache-2.0
// Which kernel sets a test runs.
#pragma once

#include "mien/kernels.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace mien::test {

/// Calls `f(set)` for the kernel set that MIEN_TEST_KERNELS names, or for every set that this processor has.
///
/// A named set that the processor lacks, or that this library was not built with, is skipped.
template <class F> void for_each_kernel_set(F f) {
  const char* const wanted = std::getenv("MIEN_TEST_KERNELS");
  int tested = 0;
  for (const KernelSet& set : kernel_sets()) {
    if ((wanted != nullptr && set.name != wanted) || !set.supported()) continue;
    ++tested;
    INFO("kernel set " << set.name);
    f(set);
  }
  if (tested == 0) std::cout << "SKIPPED: this processor or build has no kernel set " << wanted << std::endl;
}

/// Extents around the width of a vector: 1, one less, equal, one more, two vectors and one, and two primes.
[[nodiscard]] inline std::set<std::int64_t> extents_around(std::int64_t lanes) {
  std::set<std::int64_t> extents{1, lanes - 1, lanes, lanes + 1, 2 * lanes + 1, 13, 37};
  extents.erase(0);
  return extents;
}

/// The extents around the width of every set's vectors.
[[nodiscard]] inline std::set<std::int64_t> extents_around_all_lanes() {
  std::set<std::int64_t> all;
  for (const KernelSet& set : kernel_sets()) all.merge(extents_around(set.lanes));
  return all;
}

} // namespace mien::test
