// SPDX-License-Identifier: Apache-2.0
// What raters named: the table, and what it makes of pictures.
#include "mien/data/split.hpp"
#include "mien/data/votes.hpp"
#include "mien/emotion/labels.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"

#include <cstdlib>
#include <fstream>
#include <numeric>

using namespace mien;
using namespace mien::test;
using Catch::Contains;

namespace {

constexpr auto header = "Usage,Image name,neutral,happiness,anger,unknown\n";

Votes votes_from(const std::string& text) {
  const TempFolder folder;
  std::ofstream(folder / "votes.csv", std::ios::binary) << text;
  return read_votes(folder / "votes.csv", fer_plus_names);
}

/// Pictures of one pixel; all are labelled angry.
Dataset named(const std::vector<std::string>& names) {
  Dataset data;
  data.classes = {"angry", "happy", "neutral"};
  data.height = data.width = 1;
  for (const auto& name : names) {
    data.pixels.push_back(static_cast<std::uint8_t>(data.names.size()));
    data.labels.push_back(0);
    data.names.push_back(name);
  }
  return data;
}

} // namespace

TEST_CASE("votes: the table is read by the names of its columns") {
  const auto votes = votes_from("\xef\xbb\xbf" + std::string(header) + "Training,a.png,4,0,1,5\r\n\nTest,,1,2,3,4\n");
  CHECK(votes.names == std::vector<std::string>{"neutral", "happy", "angry", "unknown"});
  CHECK(votes.pictures == std::vector<std::string>{"a.png", ""});
  CHECK(votes.counts == std::vector<std::int32_t>{4, 0, 1, 5, 1, 2, 3, 4});
}

TEST_CASE("votes: what is wrong with a table is told with its line") {
  const std::string good = header;
  CHECK_THROWS_WITH(votes_from(""), Contains("is empty"));
  CHECK_THROWS_WITH(votes_from("neutral,happiness\n"), Contains(":1: has 0 columns `Image name`"));
  CHECK_THROWS_WITH(votes_from("Image name,neutral\n"), Contains("1 columns of votes"));
  CHECK_THROWS_WITH(votes_from("Image name,happy,happiness\n"), Contains("column happy twice"));
  CHECK_THROWS_WITH(votes_from(good + "Training,a.png,1,1,1,1\nTraining,b.png,1,x,1,1\n"),
                    Contains(":3: has 'x' votes for happy, expected a whole number"));
  CHECK_THROWS_WITH(votes_from(good + "Training,a.png,1,-1,1,1\n"), Contains("'-1' votes"));
  CHECK_THROWS_WITH(votes_from(good + "Training,a.png,1,1\n"), Contains(":2: has 4 fields, expected 6"));
  CHECK_THROWS_WITH(votes_from(good + "Training,a.png,1,1,1,1,1\n"), Contains("more fields than names"));
  CHECK_THROWS_WITH(votes_from(good + "Training,\"a.png,1,1,1,1\n"), Contains("quote"));
}

TEST_CASE("votes: plurality, majority and shares, by file name") {
  const auto votes = votes_from(std::string(header) + "T,most.png,4,3,0,3\n"      // plurality neutral, no majority
                                                      "T,half.png,1,6,1,2\n"      // majority happy
                                                      "T,tie.png,4,2,4,0\n"       // neutral and angry
                                                      "T,unknown.png,4,1,1,4\n"); // as many for no class
  const auto ratings = rate(votes, named({"x/half.png", "y/most.png", "tie.png", "unknown.png", "other.png"}));
  CHECK(ratings.plurality == std::vector<std::int32_t>{1, 2, -1, -1, -1});
  CHECK(ratings.majority == std::vector<std::int32_t>{1, -1, -1, -1, -1});
  CHECK(ratings.likeliest == std::vector<std::int32_t>{1, 2, 0, -1, -1}); // of the tie its own label, angry
  CHECK(ratings.ties == 1);
  CHECK(ratings.no_class == 1);
  CHECK(ratings.without_votes == 1);
  const std::vector<float> shares{0.125f, 0.75f, 0.125f, 0, 3.0f / 7, 4.0f / 7, 0.4f, 0.2f, 0.4f, 0, 0, 0, 0, 0, 0};
  CHECK(ratings.shares == shares);
}

TEST_CASE("votes: a CSV's pictures are found by their rows") {
  const auto votes = votes_from(std::string(header) + "T,other.png,0,9,0,0\nT,,0,0,9,0\n");
  CHECK(rate(votes, named({"fer2013.csv:3", "fer2013.csv:2", "fer2013.csv:9"})).plurality ==
        std::vector<std::int32_t>{0, 1, -1});
}

TEST_CASE("votes: a table that does not fit the pictures is refused") {
  const auto votes = votes_from(std::string(header) + "T,a.png,0,9,0,0\nT,a.png,9,0,0,0\n");
  CHECK_THROWS_WITH(rate(votes, named({"b.png"})), Contains("none of the 1 pictures") && Contains("such as a.png"));
  CHECK_THROWS_WITH(rate(votes, named({"a.png"})), Contains("different rows for a.png"));
  const auto same = votes_from(std::string(header) + "T,a.png,0,9,0,0\nT,a.png,0,9,0,0\n");
  CHECK(rate(same, named({"a.png"})).plurality == std::vector<std::int32_t>{1});
  auto hats = named({"a.png"});
  hats.classes = {"cap", "hat", "none"};
  CHECK_THROWS_WITH(rate(votes, hats), Contains("no class of the data is a column"));
}

TEST_CASE("votes: relabelled pictures, and their targets, stay together when data are cut") {
  auto data = named({"a", "b", "c", "d", "e", "f", "g", "h"});
  const std::vector<std::int32_t> labels{1, -1, 2, 1, 2, 1, -1, 2};
  auto rated = relabelled(data, labels);
  CHECK(rated.labels == std::vector<std::int32_t>{1, 2, 1, 2, 1, 2});
  CHECK(rated.names == std::vector<std::string>{"a", "c", "d", "e", "f", "h"});
  for (const auto pixel : rated.pixels) rated.targets.insert(rated.targets.end(), {0, static_cast<float>(pixel), 1});
  const auto hard = relabelled(data, labels);
  CHECK(data_fingerprint(hard) != data_fingerprint(rated));
  const auto [kept, held] = split(Dataset(rated), 0.34, 1);
  REQUIRE(kept.size() + held.size() == 6);
  for (const auto* side : {&kept, &held})
    for (std::size_t i = 0; i < side->size(); ++i)
      CHECK(side->targets[3 * i + 1] == static_cast<float>(side->pixels[i]));
}

TEST_CASE("votes: FER+ has ten for nearly every picture") {
  const char* folder = std::getenv("MIEN_FER2013");
  if (!folder) {
    WARN("skipped: MIEN_FER2013 is not set");
    return;
  }
  const auto votes = read_votes(std::filesystem::path(folder) / "fer2013new.csv", fer_plus_names);
  REQUIRE(votes.names.size() == 10);
  std::size_t complete = 0; // a few pictures have lost a vote
  for (std::size_t row = 0; row < votes.pictures.size(); ++row) {
    const auto counts = std::span(votes.counts).subspan(row * 10, 10);
    const auto sum = std::accumulate(counts.begin(), counts.end(), 0);
    CHECK((sum > 0 && sum <= 10));
    complete += sum == 10;
  }
  CHECK(complete > votes.pictures.size() * 99 / 100);
}
