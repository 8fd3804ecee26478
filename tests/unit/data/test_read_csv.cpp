// SPDX-License-Identifier: Apache-2.0
#include "mien/core/error.hpp"
#include "mien/data/read_dataset.hpp"
#include "mien/data/split.hpp"
#include "mien/io/atomic_file.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/pictures.hpp"
#include "tests/support/temp_folder.hpp"

#include <algorithm>

using namespace mien;
using test::TempFolder;

namespace {

std::string numbers(const Image& image) {
  std::string text;
  for (const auto pixel : image.pixels) text += (text.empty() ? "" : " ") + std::to_string(pixel);
  return text;
}

std::string face(std::uint32_t seed) { return numbers(test::noise(48, 48, 1, seed)); }

ReadOptions named(std::vector<std::string> classes = {}) {
  ReadOptions options;
  options.classes = std::move(classes);
  options.csv_classes = {"angry", "happy", "calm"};
  return options;
}

const std::vector<std::string> as_numbered{"angry", "happy", "calm"};

ReadData read_text(const std::string& text, DataPart part, const ReadOptions& options = named()) {
  const TempFolder folder;
  write_atomically(folder / "f.csv", text);
  return open_data(folder / "f.csv", part, options);
}

} // namespace

TEST_CASE("csv: rows of the usage that a part stands for, classes sorted by name") {
  const auto text = "emotion,pixels,Usage\n0," + face(1) + ",Training\n2," + face(2) + ",PublicTest\n1," + face(3) +
                    ",PrivateTest\n1," + face(4) + ",Training\n2," + face(5) + ",Training\n";
  const auto [train, report] = read_text(text, DataPart::train);
  CHECK(train.classes == std::vector<std::string>{"angry", "calm", "happy"});
  CHECK(train.labels == std::vector<std::int32_t>{0, 2, 1});
  CHECK(std::ranges::equal(train.picture(1), test::noise(48, 48, 1, 4).pixels));
  CHECK_THAT(train.names[1], Catch::EndsWith("f.csv:5"));
  REQUIRE(report.notes.size() == 1);
  CHECK_THAT(report.notes[0], Catch::EndsWith("rows of usage Training are read"));
  CHECK(report.skipped.empty());

  auto options = named({"happy", "calm", "angry"});
  CHECK(read_text(text, DataPart::test, options).data.labels == std::vector<std::int32_t>{1, 0});
  CHECK(read_text(text, DataPart::all, options).data.size() == 5);
  options.usage = "PrivateTest";
  const auto asked = read_text(text, DataPart::train, options);
  CHECK(asked.data.labels == std::vector<std::int32_t>{0});
  CHECK(asked.report.notes.empty());
  options.usage = "Trainin";
  CHECK_THROWS_WITH(
      read_text(text, DataPart::train, options),
      Catch::Contains("no row has usage Trainin; found: PrivateTest (1 rows), PublicTest (1 rows), Training (3 rows)"));
}

TEST_CASE("csv: blanks in the header, other column orders, quotes, CRLF, a byte order mark, no last newline") {
  const auto icml = "\xef\xbb\xbf"
                    "emotion, Usage, pixels\r\n0,Training,\"" +
                    face(1) + "\"\r\n\r\n1, Training ," + face(2) + " \r\n2,PublicTest," + face(3);
  const auto data = read_text(icml, DataPart::all, named(as_numbered)).data;
  CHECK(data.labels == std::vector<std::int32_t>{0, 1, 2});
  for (std::uint32_t i = 0; i < 3; ++i)
    CHECK(std::ranges::equal(data.picture(i), test::noise(48, 48, 1, i + 1).pixels));
  CHECK_THAT(data.names[2], Catch::EndsWith(":5")); // the empty line counts

  const auto bare = read_text("emotion,pixels\n0," + face(1) + "\n", DataPart::train, named(as_numbered));
  CHECK(bare.data.size() == 1);
  CHECK_THAT(bare.report.notes.at(0), Catch::EndsWith("has no column Usage, all rows are read"));
}

TEST_CASE("csv: a row that cannot be used is named by its line; strict refuses") {
  const auto good = face(1);
  const auto text = "emotion,pixels,Usage\n0,1 2 3,Training\n0," + good + ",Training\n0," + good +
                    " 4,Training\n0,256" + good.substr(good.find(' ')) + ",Training\n9," + good + ",Training\nx," +
                    good + ",Training\n0," + numbers(test::constant(48, 48, 3)) +
                    ",Training\n0,1 2 3,PublicTest\n0,\"" + good + ",Training\n-1," + good + ",Training\n";
  auto options = named(as_numbered);
  const auto [data, report] = read_text(text, DataPart::train, options);
  CHECK(data.size() == 1);
  const char* expected[] = {"f.csv:2: has 3 pixels, expected 2304",
                            "f.csv:4: has more than 2304 pixels",
                            "f.csv:5: pixel 1 is '256', expected a number from 0 to 255",
                            "f.csv:6: emotion is 9, expected 0 to 2",
                            "f.csv:7: emotion is 'x', expected a whole number",
                            "f.csv:8: every pixel has the value 3",
                            "f.csv:10: has a quotation mark that is not closed",
                            "f.csv:11: emotion is '-1'"};
  REQUIRE(report.skipped.size() == std::size(expected));
  for (std::size_t i = 0; i < std::size(expected); ++i) CHECK_THAT(report.skipped[i], Catch::Contains(expected[i]));
  options.strict = true;
  CHECK_THROWS_WITH(read_text(text, DataPart::train, options), Catch::Contains("f.csv:2: has 3 pixels"));
}

TEST_CASE("csv: a row cut short before its usage is named, not passed over") {
  const auto text = "emotion,pixels,Usage\n0," + face(1) + ",Training\n0,1 2\n";
  const auto [data, report] = read_text(text, DataPart::train, named(as_numbered));
  CHECK(data.size() == 1);
  REQUIRE(report.skipped.size() == 1);
  CHECK_THAT(report.skipped[0], Catch::Contains("f.csv:3: has 2 fields, expected 3"));
}

TEST_CASE("csv: the result does not depend on threads, and other extents are made of 48x48") {
  std::string text = "emotion,pixels,Usage\n";
  for (std::uint32_t i = 0; i < 700; ++i) { // more than one batch of rows
    text += std::to_string(i % 3) + "," + (i % 100 == 13 ? "bad" : face(i)) + ",Training\n";
  }
  const TempFolder folder;
  write_atomically(folder / "f.csv", text);
  auto options = named();
  const auto one = open_data(folder / "f.csv", DataPart::train, options);
  CHECK(one.data.size() == 693);
  for (const int threads : {2, 3}) {
    options.threads = threads;
    const auto many = open_data(folder / "f.csv", DataPart::train, options);
    CHECK(data_fingerprint(many.data) == data_fingerprint(one.data));
    CHECK(many.data.names == one.data.names);
    CHECK(many.report.skipped == one.report.skipped);
  }
  options.preprocessing = {.height = 24, .width = 20, .channels = 3};
  const auto small = open_data(folder / "f.csv", DataPart::train, options).data;
  CHECK(small.pixels.size() == 693 * 24 * 20 * 3);
  CHECK(std::ranges::equal(small.picture(0), to_input_bytes(test::noise(48, 48, 1, 0), options.preprocessing).pixels));
}

TEST_CASE("csv: what is no such file gets a sentence") {
  CHECK_THROWS_WITH(read_text("", DataPart::all), Catch::Contains("is empty"));
  CHECK_THROWS_WITH(read_text("a,b\n", DataPart::all), Catch::Contains("has no column emotion (found: a, b)"));
  CHECK_THROWS_WITH(read_text("emotion,Usage\n", DataPart::all), Catch::Contains("has no column pixels"));
  CHECK_THROWS_WITH(read_text("emotion,pixels,Usage\n", DataPart::all), Catch::Contains("has a header and no rows"));
  CHECK_THROWS_WITH(read_text("emotion,pixels\n0," + face(1) + "\n", DataPart::all),
                    Catch::Contains("class calm has no picture"));
  CHECK_THROWS_WITH(read_text("emotion,pixels\n0,1\n", DataPart::all),
                    Catch::Contains("no picture found (1 could not be used, the first: "));
  CHECK_THROWS_WITH(read_text("emotion,pixels\n0,1\n", DataPart::all, {}), Catch::Contains("csv_classes"));
  auto options = named({"happy"});
  CHECK_THROWS_WITH(read_text("emotion,pixels\n0," + face(1) + "\n", DataPart::all, options),
                    Catch::Contains("f.csv:2: is of class angry, which the model does not have; it knows happy"));
  options.usage = "Training";
  CHECK_THROWS_WITH(read_text("emotion,pixels\n", DataPart::all, options), Catch::Contains("has no column Usage"));
}
