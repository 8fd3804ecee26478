// SPDX-License-Identifier: Apache-2.0
#include "mien/core/error.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/kernel_sets.hpp"

#include <cstdlib>
#include <string>
#include <string_view>

using namespace mien;

TEST_CASE("kernels: the list ends with the reference, which every processor has, and names nothing twice") {
  const auto sets = kernel_sets();
  CHECK(sets.back().name == "reference");
  CHECK(sets.back().supported());
  for (const auto& one : sets) {
    CHECK(std::ranges::count(sets, one.name, &KernelSet::name) == 1);
  }
}

TEST_CASE("kernels: use_kernels picks a set by its name; an unknown name is an error that names the choices") {
  const std::string_view before = kernels().name;
  use_kernels("reference");
  CHECK(kernels().name == "reference");
  CHECK_THROWS_AS(use_kernels("abacus"), Error);
  CHECK(kernels().name == "reference");
  CHECK_THROWS_WITH(use_kernels("abacus"), Catch::Contains("\"abacus\"") && Catch::Contains("reference"));
  use_kernels(before);
}

// Hidden, because it needs the variable set before the first use: ctest runs it once for each value.
TEST_CASE("kernels: MIEN_KERNELS picks a set; an unknown name is an error that names the choices", "[.environment]") {
  const char* const name = std::getenv("MIEN_KERNELS");
  REQUIRE(name != nullptr);
  if (std::ranges::count(kernel_sets(), std::string_view(name), &KernelSet::name) == 1) {
    CHECK(kernels().name == name);
  } else {
    CHECK_THROWS_WITH(kernels(),
                      Catch::Contains("MIEN_KERNELS") && Catch::Contains(name) && Catch::Contains("reference"));
  }
}
