// SPDX-License-Identifier: Apache-2.0
#include "mien/core/error.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/kernel_sets.hpp"

#include <string>

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
