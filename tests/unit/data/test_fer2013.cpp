// SPDX-License-Identifier: Apache-2.0
// The real data, where they are: MIEN_FER2013 names the folder.
#include "mien/data/read_dataset.hpp"
#include "mien/data/split.hpp"
#include "tests/support/catch.hpp"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <set>

using namespace mien;

TEST_CASE("fer2013: counts, class order, and a cut that keeps copies together") {
  const char* folder = std::getenv("MIEN_FER2013");
  if (!folder) {
    std::puts("SKIPPED: MIEN_FER2013 does not name a folder with FER2013");
    return;
  }
  ReadOptions options;
  options.threads = 2;
  const auto [train, report] = open_data(folder, DataPart::train, options);
  CHECK(train.size() + report.skipped.size() == 28'708);
  CHECK(report.skipped.size() < 15); // blank pictures
  for (const auto& line : report.skipped) CHECK_THAT(line, Catch::Contains("every pixel has the value"));
  CHECK(train.classes == std::vector<std::string>{"angry", "disgust", "fear", "happy", "neutral", "sad", "surprise"});
  options.classes = train.classes;
  const auto test = open_data(folder, DataPart::test, options);
  CHECK(test.data.size() + test.report.skipped.size() == 3'588);

  const auto cut = holdout(train, 0.1, 42);
  const auto firsts = first_copies(train);
  std::set<std::size_t> kept;
  for (const auto i : cut.kept) kept.insert(firsts[i]);
  std::size_t torn = 0, copies = 0;
  for (const auto i : cut.held) torn += kept.contains(firsts[i]);
  for (std::size_t i = 0; i < firsts.size(); ++i) copies += firsts[i] != i;
  CHECK(torn == 0);
  CHECK(copies > 1'000);
  const auto all = train.counts(), held = train.subset(cut.held).counts();
  for (std::size_t c = 0; c < all.size(); ++c) CHECK(held[c] == std::size_t(std::floor(0.1 * double(all[c]) + 0.5)));
}
