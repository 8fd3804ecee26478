// SPDX-License-Identifier: Apache-2.0
#include "mien/core/error.hpp"
#include "mien/core/shape.hpp"
#include "tests/support/catch.hpp"

using namespace mien;

TEST_CASE("shape: extents, size and text") {
  const Shape shape{64, 48, 48, 3};
  CHECK(shape.rank() == 4);
  CHECK(shape.size() == 64 * 48 * 48 * 3);
  CHECK(shape.to_string() == "64x48x48x3");
  CHECK(shape.unbatched() == Shape{48, 48, 3});
  CHECK(shape.unbatched().batched(64) == shape);
  CHECK(Shape{}.size() == 1);
  CHECK(Shape{}.to_string() == "scalar");
  CHECK(Shape{3, 0, 2}.size() == 0);
  CHECK(Shape{1, 2} != Shape{2, 1});
}

TEST_CASE("shape: what cannot be is refused with a sentence") {
  CHECK_THROWS_WITH((Shape{2, -1}), "shape: extent 1 is -1, it must not be negative");
  CHECK_THROWS_WITH((Shape{1, 1, 1, 1, 1, 1, 1}), "shape: 7 extents given, at most 6 are possible");
  CHECK_THROWS_AS((Shape{1ll << 40, 1ll << 40}), Error);
  CHECK_THROWS_AS((Shape{1, 2})[2], Error);
  CHECK_THROWS_AS(Shape{}.unbatched(), Error);
}
