// SPDX-License-Identifier: Apache-2.0
#include "mien/core/rng.hpp"
#include "tests/support/catch.hpp"

#include <cmath>
#include <set>

using namespace mien;

TEST_CASE("philox4x32-10: the published vectors") {
  // Random123 1.14, examples/kat_vectors, lines "philox4x32 10"
  CHECK(philox4x32({0, 0, 0, 0}, {0, 0}) == PhiloxCounter{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  CHECK(philox4x32({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}) ==
        PhiloxCounter{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
        PhiloxCounter{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("rng: a stream depends on seed, purpose, epoch and sample, and on nothing else") {
  const auto first = [](Rng rng) { return std::uint64_t{rng.bits()} << 32 | rng.bits(); };
  const auto base = first(Rng(1, Purpose::augment, 2, 3));
  CHECK(first(Rng(1, Purpose::augment, 2, 3)) == base);
  CHECK(first(Rng(9, Purpose::augment, 2, 3)) != base);
  CHECK(first(Rng(1ull << 32 | 1, Purpose::augment, 2, 3)) != base);
  CHECK(first(Rng(1, Purpose::dropout, 2, 3)) != base);
  CHECK(first(Rng(1, Purpose::augment, 3, 3)) != base);
  CHECK(first(Rng(1, Purpose::augment, 2, 4)) != base);
}

TEST_CASE("rng: uniform and normal draws have the moments they should") {
  Rng rng(7, Purpose::test);
  constexpr int n = 100'000;
  double sum = 0, squares = 0, normal_sum = 0, normal_squares = 0;
  for (int i = 0; i < n; ++i) {
    const float u = rng.uniform();
    REQUIRE((u >= 0.0f && u < 1.0f));
    sum += u;
    squares += u * u;
    const float z = rng.normal();
    normal_sum += z;
    normal_squares += z * z;
  }
  CHECK(std::abs(sum / n - 0.5) < 5 * 0.2887 / std::sqrt(n)); // five standard errors
  CHECK(std::abs(squares / n - 1.0 / 3) < 5 * 0.2982 / std::sqrt(n));
  CHECK(std::abs(normal_sum / n) < 5 / std::sqrt(n));
  CHECK(std::abs(normal_squares / n - 1) < 5 * 1.4142 / std::sqrt(n));
}

TEST_CASE("rng: below() reaches every number under its bound and no other") {
  Rng rng(7, Purpose::test);
  std::set<std::uint32_t> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(rng.below(7));
  CHECK(seen == std::set<std::uint32_t>{0, 1, 2, 3, 4, 5, 6});
  CHECK(rng.below(1) == 0);
}
