// SPDX-License-Identifier: Apache-2.0
#include "mien/core/error.hpp"
#include "mien/data/copies.hpp"
#include "mien/data/read_dataset.hpp"
#include "mien/emotion/generated_faces.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

using namespace mien;

namespace {

using Picture = std::vector<std::uint8_t>;

Picture picture_of(const Dataset& data, std::size_t i) { return {data.picture(i).begin(), data.picture(i).end()}; }

void add(Dataset& data, const Picture& picture, std::int32_t label) {
  data.pixels.insert(data.pixels.end(), picture.begin(), picture.end());
  data.labels.push_back(label);
  data.names.push_back("added");
}

/// Three drawn faces a class, no copies among them.
Dataset faces(std::uint64_t seed) { return generated_dataset(3, seed); }

} // namespace

TEST_CASE("copies: exact ones within the parts, across them, and with other labels") {
  Dataset train = faces(1), test = faces(2);
  const auto n = train.size();
  CHECK(exact_copies(train, test).groups.empty());
  add(train, picture_of(train, 0), train.labels[0]);     // n: a copy
  add(train, picture_of(train, 5), train.labels[5] + 1); // n + 1: a contradiction
  add(test, picture_of(train, 0), train.labels[0]);      // leaks, of a group of three
  add(test, picture_of(train, 7), train.labels[7]);      // leaks
  add(test, picture_of(test, 2), test.labels[2]);        // a copy within the test
  const auto copies = exact_copies(train, test);
  const auto first_test = train.size();
  CHECK(copies.groups ==
        std::vector<std::vector<std::size_t>>{
            {0, n, first_test + n}, {5, n + 1}, {7, first_test + n + 1}, {first_test + 2, first_test + n + 2}});
  CHECK(copies.within_train == 2);
  CHECK(copies.within_test == 1);
  CHECK(copies.across == 2);
  CHECK(copies.contradictions == 1);
  CHECK(exact_copies(train, {}).groups.size() == 2);
}

TEST_CASE("copies: near ones are found after a change of light, noise, a shift; other faces are not") {
  const Dataset train = faces(1);
  const auto side = static_cast<std::size_t>(train.width);
  Dataset test = faces(2);
  CHECK(near_copies(train, test).groups.empty());
  Picture brighter = picture_of(train, 3), noisy = picture_of(train, 8), shifted = picture_of(train, 12);
  for (auto& p : brighter) p = static_cast<std::uint8_t>(std::min(255, p * 9 / 10 + 20));
  for (std::size_t i = 0; i < noisy.size(); ++i)
    noisy[i] = static_cast<std::uint8_t>(std::clamp(noisy[i] + static_cast<int>(i * 7 % 5) - 2, 0, 255));
  for (std::size_t i = noisy.size() - 1; i > side; --i)
    shifted[i] = static_cast<std::uint8_t>((shifted[i] + shifted[i - 1]) / 2); // by half a pixel
  add(test, brighter, train.labels[3]);
  add(test, noisy, train.labels[8]);
  add(test, shifted, train.labels[12]);
  add(test, picture_of(train, 1), train.labels[1]); // exact, and so not near
  const auto copies = near_copies(train, test);
  CAPTURE(copies.groups);
  CHECK(copies.groups.size() == 3);
  CHECK(copies.across == 3);
  for (const std::size_t i : {3, 8, 12})
    CHECK(
        std::ranges::any_of(copies.groups, [&](const auto& group) { return group.front() == i && group.size() == 2; }));
  CHECK(near_copies(train, test, 3).groups == copies.groups);
}

TEST_CASE("copies: left out of training data") {
  Dataset data = faces(1);
  const auto n = data.size();
  add(data, picture_of(data, 0), data.labels[0]);
  add(data, picture_of(data, 5), data.labels[5] + 1);
  const auto once = without_copies(data);
  CHECK(once.size() == n);
  CHECK(std::ranges::equal(once.pixels, faces(1).pixels));
  const auto agreeing = without_contradictions(data);
  CHECK(agreeing.size() == n); // two go, one copy stays
  CHECK(exact_copies(agreeing, {}).contradictions == 0);
  CHECK(without_copies(agreeing).size() == n - 1);
}

TEST_CASE("copies: pictures of different sizes are refused, empty parts are not") {
  Dataset small = faces(1);
  CHECK(exact_copies({}, {}).groups.empty());
  CHECK(near_copies({}, small).groups.empty());
  CHECK_THROWS_AS(exact_copies(small, generated_dataset(1, 1, 32)), Error);
  CHECK_THROWS_AS(near_copies(small, generated_dataset(1, 1, 32)), Error);
}

TEST_CASE("copies: FER2013 leaks 279 of its test pictures") {
  const char* folder = std::getenv("MIEN_FER2013");
  if (!folder) {
    std::puts("SKIPPED: MIEN_FER2013 does not name a folder with FER2013");
    return;
  }
  ReadOptions options;
  options.threads = 2;
  const auto train = open_data(folder, DataPart::train, options).data,
             test = open_data(folder, DataPart::test, options).data;
  const auto exact = exact_copies(train, test);
  CHECK(exact.across == 279);
  CHECK(exact.within_train == 1224);
  CHECK(exact.contradictions > 40);
}
