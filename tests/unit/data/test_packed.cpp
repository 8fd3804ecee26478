// SPDX-License-Identifier: Apache-2.0
#include "lib/data/packed_format.hpp"
#include "mien/core/error.hpp"
#include "mien/data/pack.hpp"
#include "mien/data/split.hpp"
#include "mien/emotion/generated_faces.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/packs.hpp"
#include "tests/support/pictures.hpp"
#include "tests/support/temp_folder.hpp"

#include <algorithm>
#include <numeric>

using namespace mien;
using namespace mien::test;
using Catch::Contains;
namespace fs = std::filesystem;

namespace {

const ReadOptions small_options{.preprocessing = {.height = 16, .width = 16}};

bool same_pictures(const Dataset& a, const Dataset& b) {
  bool same = a.size() == b.size() && a.classes == b.classes && a.height == b.height && a.channels == b.channels;
  for (std::size_t i = 0; same && i < a.size(); ++i)
    same = std::ranges::equal(a.picture(i), b.picture(i)) && a.label(i) == b.label(i) && a.name(i) == b.name(i);
  return same;
}

std::vector<std::size_t> records(const Dataset& data) {
  std::vector<std::size_t> numbers;
  for (std::size_t i = 0; i < data.size(); ++i) numbers.push_back(data.packed->record(i));
  return numbers;
}

std::string why_not(const fs::path& path) {
  try {
    const PackedFile file(path);
  } catch (const Error& error) {
    return error.what();
  }
  return "it was opened";
}

/// Names of what else lies beside a file.
std::size_t files_in(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), {}));
}

} // namespace

TEST_CASE("packed: pictures, labels and names come back, and the same pictures give the same bytes") {
  const TempFolder folder;
  const auto faces = generated_dataset(3, 1, 16);
  const auto data = make_pack(folder / "a.mienpack", faces);
  CHECK(same_pictures(data, faces));
  CHECK(data.counts() == faces.counts());
  CHECK(data.pixels.empty());
  CHECK(data.packed->file().header().class_counts == faces.counts());
  CHECK(files_in(folder.path()) == 1); // no temporary file is left

  const auto again = make_pack(folder / "b.mienpack", faces);
  CHECK(file_text(folder / "a.mienpack") == file_text(folder / "b.mienpack"));
  auto other = faces;
  other.labels[4] = 0;
  CHECK(data_fingerprint(make_pack(folder / "c.mienpack", other)) != data_fingerprint(data));
  other = faces;
  other.pixels[500] ^= 1;
  CHECK(data_fingerprint(make_pack(folder / "d.mienpack", other)) != data_fingerprint(data));
}

TEST_CASE("packed: a subset is a view of the file, in its order") {
  const TempFolder folder;
  const auto faces = generated_dataset(2, 1, 16);
  const auto data = make_pack(folder / "a.mienpack", faces);
  const std::size_t picked[] = {9, 2, 9};
  const auto part = data.subset(picked);
  CHECK(same_pictures(part, faces.subset(picked)));
  CHECK(part.picture(1).data() == data.picture(2).data());
  const std::size_t of_part[] = {1};
  CHECK(records(part.subset(of_part)) == std::vector<std::size_t>{2});
  const std::size_t others[] = {9, 9, 2};
  CHECK(data_fingerprint(part) != data_fingerprint(data.subset(others)));
  CHECK_THROWS_WITH(split(part, 0.5, 1), Contains("split them before"));
}

TEST_CASE("packed: a selection finds its numbers across all its groups") {
  const auto step = GENERATE(1u, 2u, 63u, 700u);
  const std::size_t n = 3000;
  const Selection selection(n, [&](std::size_t i) { return i % step == 1 % step && !(i > 900 && i < 2100); });
  std::vector<std::size_t> expected;
  for (std::size_t i = 0; i < n; ++i)
    if (i % step == 1 % step && !(i > 900 && i < 2100)) expected.push_back(i);
  REQUIRE(selection.size() == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) CHECK(selection[i] == expected[i]);
  for (std::size_t i = 0; i < n; ++i)
    if (selection.contains(i) != std::ranges::binary_search(expected, i)) FAIL(i);
}

TEST_CASE("packed: a cut leaves every picture on one side, with its copies, in about the share asked for") {
  const TempFolder folder;
  auto faces = generated_dataset(60, 1, 16); // and every fifth once more, under another label
  const auto n = faces.size();
  for (std::size_t i = 0; i < n; i += 5) {
    const auto pixels = faces.picture(i);
    const std::vector<std::uint8_t> copy(pixels.begin(), pixels.end());
    faces.pixels.insert(faces.pixels.end(), copy.begin(), copy.end());
    faces.labels.push_back((faces.labels[i] + 1) % 7);
    faces.names.push_back("copy");
  }
  const auto data = make_pack(folder / "a.mienpack", faces);
  const auto [kept, held] = split(data, 0.2, 1);
  auto all = records(kept), held_records = records(held);
  CHECK(std::ranges::is_sorted(all));
  all.insert(all.end(), held_records.begin(), held_records.end());
  std::ranges::sort(all);
  std::vector<std::size_t> every(data.size());
  std::iota(every.begin(), every.end(), std::size_t{0});
  CHECK(all == every);
  for (std::size_t i = 0; i < n; i += 5)
    CHECK(std::ranges::binary_search(held_records, i) == std::ranges::binary_search(held_records, n + i / 5));
  CHECK(held.size() > data.size() / 10);
  CHECK(held.size() < data.size() * 3 / 10);

  CHECK(records(split(data, 0.2, 1).held) == held_records);
  CHECK(records(split(data, 0.2, 2).held) != held_records);
  for (const auto& part : {kept, held}) CHECK(data_fingerprint(part) != data_fingerprint(data));
  CHECK(data_fingerprint(kept) != data_fingerprint(held));
  CHECK(data_fingerprint(kept) == data_fingerprint(split(data, 0.2, 1).kept));
  CHECK(data_fingerprint(kept) != data_fingerprint(split(data, 0.2, 2).kept));

  const auto inner = split(kept, 0.5, 3); // what was cut can be cut again
  CHECK(inner.kept.size() + inner.held.size() == kept.size());
  for (const auto record : records(inner.held)) CHECK_FALSE(std::ranges::binary_search(held_records, record));
}

TEST_CASE("packed: neither side of a cut is empty, however few pictures there are") {
  const TempFolder folder;
  const auto data = make_pack(folder / "a.mienpack", generated_dataset(1, 1, 16));
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    CHECK(split(data, 0.001, seed).held.size() == 1);
    CHECK(split(data, 0.999, seed).kept.size() == 1);
  }
  for (const double fraction : {0.0, 1.0, -1.0}) CHECK_THROWS_AS(split(data, fraction, 1), Error);
}

TEST_CASE("packed: a damaged picture is named with its file, record, origin and place, and the others are read") {
  const TempFolder folder;
  const auto path = folder / "a.mienpack";
  const auto faces = generated_dataset(2, 1, 16);
  (void)make_pack(path, faces);
  const auto sections = packed::sections_of(PackedFile(path).header(), 4096 - packed::prefix_bytes);
  const auto offset = sections.pixels + 5 * 256;
  const bool in_pixels = GENERATE(true, false);
  const auto entry = sections.entries + 5 * packed::entry_bytes;
  damage(path, in_pixels ? offset + 77 : entry + 8);

  const auto data = open_packed(path);
  for (std::size_t i = 0; i < data.size(); ++i) {
    if (i == 5) continue;
    CHECK(std::ranges::equal(data.picture(i), faces.picture(i)));
  }
  CHECK_THROWS_WITH(data.picture(5), Contains(path.string() + ": record 5 of 14, " + faces.name(5) + ", is damaged") &&
                                         Contains("at byte " + std::to_string(in_pixels ? offset : entry)) &&
                                         Contains("mien data pack"));
  for (const int threads : {1, 3}) {
    const auto verdict = verify_packed(data.packed->file(), threads);
    CHECK(verdict.damaged == 1);
    REQUIRE(verdict.first.size() == 1);
    CHECK_THAT(verdict.first[0], Contains("record 5 of 14"));
  }

  const auto report = pack_data(folder / "b.mienpack", path, DataPart::all, small_options);
  REQUIRE(report.skipped.size() == 1);
  CHECK_THAT(report.skipped[0], Contains("record 5 of 14"));
  CHECK(open_packed(folder / "b.mienpack").size() == 13);
  auto strict = small_options;
  strict.strict = true;
  CHECK_THROWS_WITH(pack_data(folder / "c.mienpack", path, DataPart::all, strict), Contains("record 5 of 14"));
  CHECK(files_in(folder.path()) == 2); // what was begun is gone
}

TEST_CASE("packed: a hole in the file is damage, too") {
  const TempFolder folder;
  const auto path = folder / "a.mienpack";
  (void)make_pack(path, generated_dataset(2, 1, 16));
  const auto sections = packed::sections_of(PackedFile(path).header(), 4096 - packed::prefix_bytes);
  auto bytes = file_text(path);
  std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(sections.pixels), bytes.end(), '\0');
  replace_file(path, bytes);
  const PackedFile file(path);
  CHECK(verify_packed(file).damaged == 14);
  CHECK(file.name(3).empty());
}

TEST_CASE(
    "packed: files that are no pack, cut short, too long, of another version or damaged in front are told apart") {
  const TempFolder folder;
  const auto path = folder / "a.mienpack";
  (void)make_pack(path, generated_dataset(2, 1, 16));
  const auto good = file_text(path);
  const auto with = [&](const std::string& bytes) {
    replace_file(path, bytes);
    return why_not(path);
  };
  CHECK(with(good) == "it was opened");
  CHECK_THAT(with("PNG and something"), Contains(path.string() + ": no packed file") && Contains("mien data pack"));
  CHECK_THAT(with(""), Contains("no packed file"));
  CHECK_THAT(with(good.substr(0, 20)), Contains("cut short in its header"));
  CHECK_THAT(with(good.substr(0, 1000)), Contains("cut short in its header"));
  CHECK_THAT(with(good.substr(0, 4096 + 3 * 256 + 255)), Contains("the pixels of 3 of 14 pictures"));
  CHECK_THAT(with(good.substr(0, good.size() - 1)), Contains("the pixels of 14 of 14 pictures"));
  CHECK_THAT(with(good + "x"), Contains("1 bytes more than"));
  auto other = good;
  other[8] = 2;
  CHECK_THAT(with(other), Contains("version 2") && Contains("reads version 1"));
  other = good;
  other[good.find("\"count\":14") + 9] = '5';
  CHECK_THAT(with(other), Contains("damaged: its header"));
  other = good;
  other[15] = '\x7f';
  CHECK_THAT(with(other), Contains("at most 1048576"));
  CHECK_THAT(why_not(folder.path()), Contains("Is a directory"));
  CHECK_THAT(why_not(folder / "none.mienpack"), Contains("No such file"));
}

TEST_CASE("packed: a writer refuses what does not belong, and leaves nothing behind") {
  const TempFolder folder;
  const auto path = folder / "a.mienpack";
  const std::vector<std::uint8_t> picture(4);
  {
    PackWriter writer(path, {"a", "b"}, 2, 2, 1);
    CHECK_THROWS_WITH(writer.add(std::span(picture).first(3), 0, "x"), Contains("3 bytes (x)"));
    CHECK_THROWS_WITH(writer.add(picture, 2, "x"), Contains("label 2 (x)"));
    CHECK_THROWS_WITH(writer.finish(), Contains("no picture"));
    writer.add(picture, 1, "");
  }
  CHECK(files_in(folder.path()) == 0);
  CHECK_THROWS_WITH(PackWriter(path, {"\xff"}, 2, 2, 1), Contains("not UTF-8"));
  CHECK_THROWS_AS(PackWriter(folder / "none/a.mienpack", {"a"}, 2, 2, 1), Error);
  CHECK(files_in(folder.path()) == 0);
}

TEST_CASE("packed: packing a folder gives what reading it gives, on any number of threads") {
  const TempFolder folder;
  for (int i = 0; i < 150; ++i) {
    const auto path = folder / (i % 3 == 0 ? "d/train/sad" : "d/train/happy") / (std::to_string(i) + ".png");
    fs::create_directories(path.parent_path());
    write_png(path, i == 50 ? constant(16, 16, 9) : noise(16, 16, 1, static_cast<std::uint32_t>(i)));
  }
  fs::create_directories(folder / "d/test/sad");
  write_png(folder / "d/test/sad/a.png", noise(20, 30, 3));
  auto options = small_options;
  const auto read = open_data(folder / "d", DataPart::train, options);
  for (const int threads : {1, 3}) {
    options.threads = threads;
    const auto report = pack_data(folder / "train.mienpack", folder / "d", DataPart::train, options);
    CHECK(report.skipped == read.report.skipped);
    CHECK(report.skipped.size() == 1);
    CHECK(same_pictures(open_packed(folder / "train.mienpack"), read.data));
  }
  const auto bytes = file_text(folder / "train.mienpack");
  options.threads = 1;
  (void)pack_data(folder / "one.mienpack", folder / "d", DataPart::train, options);
  CHECK(file_text(folder / "one.mienpack") == bytes);

  // `all` has the pictures of both parts, with the classes of the first.
  (void)pack_data(folder / "all.mienpack", folder / "d", DataPart::all, options);
  CHECK(same_pictures(open_packed(folder / "all.mienpack"), open_data(folder / "d", DataPart::all, options).data));
  CHECK(open_packed(folder / "all.mienpack").size() == 150);
  CHECK_THROWS_WITH(pack_data(folder / "x.mienpack", folder / "nowhere", DataPart::all), Contains("no such file"));
  CHECK_FALSE(fs::exists(folder / "x.mienpack"));
}

TEST_CASE("packed: a folder may hold train and test packed, or both forms") {
  const TempFolder folder;
  const auto train = generated_dataset(3, 1, 16), test = generated_dataset(1, 2, 16);
  (void)make_pack(folder / "train.mienpack", train);
  (void)make_pack(folder / "test.mienpack", test);
  CHECK(data_form(folder.path()) == DataForm::parts);
  CHECK(data_form(folder / "train.mienpack") == DataForm::packed);
  CHECK(same_pictures(open_data(folder.path(), DataPart::train, small_options).data, train));
  CHECK(open_data(folder.path(), DataPart::train, small_options).data.packed != nullptr);
  CHECK(same_pictures(open_data(folder.path(), DataPart::test, small_options).data, test));
  CHECK(open_data(folder.path(), DataPart::all, small_options).data.size() == 28); // in memory
  CHECK(same_pictures(open_data(folder / "test.mienpack", DataPart::train, small_options).data, test));

  fs::create_directories(folder / "train/happy");
  const auto both = open_data(folder.path(), DataPart::train, small_options);
  CHECK(both.data.packed != nullptr);
  REQUIRE(both.report.notes.size() == 1);
  CHECK_THAT(both.report.notes[0], Contains("the folder train/ beside it is not"));

  CHECK_THROWS_WITH(open_data(folder.path(), DataPart::train), Contains("16x16x1, 48x48x1") && Contains("--size"));
  auto options = small_options;
  options.classes = {"happy"};
  CHECK_THROWS_WITH(open_data(folder.path(), DataPart::train, options), Contains("wanted are, in this order, happy"));
  options = small_options;
  options.usage = "Training";
  CHECK_THROWS_WITH(open_data(folder.path(), DataPart::train, options), Contains("only the rows of a CSV"));
}

TEST_CASE("packed: the part that a file was packed from is noted where another one is wanted") {
  const TempFolder folder;
  const auto faces = generated_dataset(1, 1, 16);
  PackWriter writer(folder / "a.mienpack", faces.classes, 16, 16, 1, "test");
  for (std::size_t i = 0; i < faces.size(); ++i) writer.add(faces.picture(i), faces.label(i), faces.name(i));
  writer.finish();
  CHECK(open_data(folder / "a.mienpack", DataPart::test, small_options).report.notes.empty());
  CHECK(open_data(folder / "a.mienpack", DataPart::all, small_options).report.notes.empty());
  CHECK_THAT(open_data(folder / "a.mienpack", DataPart::train, small_options).report.notes.at(0),
             Contains("holds the part `test`"));
}
