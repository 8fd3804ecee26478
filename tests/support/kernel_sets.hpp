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

/// Calls `f(set, count, misalignment)` for every set and every count and place worth testing.
template <class F> void for_each_length(F f) {
  for_each_kernel_set([&](const KernelSet& set) {
    auto lengths = extents_around(set.lanes);
    lengths.merge(extents_around(4 * set.lanes)); // four vectors are drawn or summed at a time
    for (const std::int64_t count : lengths) {
      for (std::size_t misalignment = 0; misalignment < 4; ++misalignment) {
        CAPTURE(count, misalignment);
        f(set, count, misalignment);
      }
    }
  });
}

/// Calls `f(threads)` for every set, in use by then, and some numbers of threads.
template <class F> void for_each_set_and_threads(F f) {
  const std::string_view before = kernels().name;
  for_each_kernel_set([&](const KernelSet& set) {
    use_kernels(set.name);
    for (const int threads : {1, 2, 3}) {
      CAPTURE(threads);
      f(threads);
    }
  });
  use_kernels(before);
}

} // namespace mien::test
