// SPDX-License-Identifier: Apache-2.0
#include "mien/data/picture_set.hpp"
#include "mien/emotion/generated_faces.hpp"
#include "tests/support/catch.hpp"

using namespace mien;

TEST_CASE("picture set: what is in it is found again, what is not, is not") {
  const Dataset known = generated_dataset(20, 1), others = generated_dataset(20, 2);
  const PictureSet set(known);
  CHECK(set.size() == known.size());
  for (std::size_t i = 0; i < known.size(); ++i) {
    CHECK(set.contains(known.picture(i)));
    CHECK(!set.contains(others.picture(i)));
    auto changed = std::vector(known.picture(i).begin(), known.picture(i).end());
    changed[100] ^= 1;
    CHECK(!set.contains(changed));
  }
  CHECK(PictureSet(std::vector(set.values().begin(), set.values().end())) == set);
}

TEST_CASE("picture set: copies count once, and sets are taken together") {
  const Dataset known = generated_dataset(5, 1), others = generated_dataset(5, 2);
  PictureSet set(known);
  set.add(PictureSet(known));
  CHECK(set == PictureSet(known));
  set.add(PictureSet(others));
  CHECK(set.size() == known.size() + others.size());
  CHECK(set.contains(known.picture(3)));
  CHECK(set.contains(others.picture(3)));
  set.add({});
  CHECK(set.size() == known.size() + others.size());
  CHECK(!PictureSet().contains(known.picture(0)));
}

TEST_CASE("picture set: the digest is the one that docs/model-format.md says") {
  Dataset data{.height = 1, .width = 3, .channels = 1, .classes = {"a"}};
  data.pixels = {1, 2, 3};
  data.labels = {0};
  // python3 -c "import xxhash; print(xxhash.xxh3_64_intdigest(bytes([1, 2, 3])) & 0xFFFFFFFF)"
  CHECK(PictureSet(data).values()[0] == 850293563u);
}
