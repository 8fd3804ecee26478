// SPDX-License-Identifier: Apache-2.0
// The yardstick: that it is a number, not how large it is.
#include "mien/core/error.hpp"
#include "mien/ops/fma_peak.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/kernel_sets.hpp"

#include <cmath>
#include <string_view>

using namespace mien;

TEST_CASE("fma peak: a positive number for any number of threads, with any kernel set in use") {
  const std::string_view before = kernels().name;
  for (const int threads : {1, 2, 3}) {
    const double peak = measured_fma_peak(threads, 0);
    CHECK((std::isfinite(peak) && peak > 0));
  }
  use_kernels("reference");
  CHECK(measured_fma_peak(1, 0) > 0);
  use_kernels(before);
  CHECK_THROWS_AS(measured_fma_peak(0), Error);
}

TEST_CASE("fma peak: a chain of multiply-adds is as long as it says, and its sums go to their limit") {
  test::for_each_kernel_set([](const KernelSet& set) {
    if (set.multiply_add_chains == nullptr) {
      CHECK(set.name == "reference");
      return;
    }
    float sink = 0;
    CHECK(set.multiply_add_chains(&sink, 0) == 0);
    CHECK(sink == 66); // 0 + 1 + ... + 11: where the chains begin
    CHECK(set.multiply_add_chains(&sink, 20'000) == 20'000 * 12 * set.lanes);
    CHECK(sink == Approx(12).epsilon(1e-3)); // x = 0.999 x + 0.001 ends at 1
  });
}
