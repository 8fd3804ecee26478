// SPDX-License-Identifier: Apache-2.0
#include "mien/core/error.hpp"
#include "mien/data/read_dataset.hpp"
#include "mien/data/split.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/pictures.hpp"
#include "tests/support/temp_folder.hpp"

#include <algorithm>
#include <fstream>

using namespace mien;
using test::TempFolder;
namespace fs = std::filesystem;

namespace {

void put(const fs::path& path, const Image& image) {
  fs::create_directories(path.parent_path());
  write_png(path, image);
}

void put(const fs::path& path, std::string_view text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

std::vector<std::string> file_names(const Dataset& data) {
  std::vector<std::string> names;
  for (const auto& name : data.names) names.push_back(fs::path(name).filename().string());
  return names;
}

} // namespace

TEST_CASE("folder: classes and files come in the order of their names, whatever the format and size") {
  const TempFolder folder;
  put(folder / "sad/b.png", test::noise(48, 48, 1, 1));
  put(folder / "sad/a.PNG", test::noise(48, 48, 1, 2));
  put(folder / "happy/z.jpg", test::jpeg_16x8);
  put(folder / "happy/m.bmp", test::bmp(test::noise(11, 7, 3)));
  put(folder / "happy/c.pgm", test::pgm(100, 30));
  put(folder / "happy/c.png", test::noise(60, 61, 3));
  put(folder / "happy/readme.txt", "hello");
  put(folder / "happy/.hidden.png", "hello");
  put(folder / "readme.txt", "hello");
  put(folder / ".cache/a.png", "hello");
  const auto [data, report] = read_image_folder(folder.path());
  CHECK(data.classes == std::vector<std::string>{"happy", "sad"});
  CHECK(file_names(data) == std::vector<std::string>{"c.pgm", "c.png", "m.bmp", "z.jpg", "a.PNG", "b.png"});
  CHECK(data.labels == std::vector<std::int32_t>{0, 0, 0, 0, 1, 1});
  CHECK(data.pixels.size() == 6 * 48 * 48);
  CHECK(std::ranges::equal(data.picture(4), test::noise(48, 48, 1, 2).pixels));
  CHECK(std::ranges::equal(data.picture(1), to_input_bytes(test::noise(60, 61, 3), {}).pixels));
  CHECK(report.skipped.empty());
  CHECK(report.ignored_files == 2);
}

TEST_CASE("folder: what cannot be used is named and counted, the rest goes on; strict refuses") {
  const TempFolder folder;
  put(folder / "a/1.png", test::noise(48, 48, 1, 1));
  put(folder / "a/2.png", "not a picture");
  put(folder / "a/3.png", test::constant(48, 48, 7));
  put(folder / "a/4.png", test::noise(48, 48, 1, 4));
  put(folder / "b/5.png", "");
  put(folder / "b/6.png", test::noise(48, 48, 1, 6));
  ReadOptions options;
  const auto [data, report] = read_image_folder(folder.path(), options);
  CHECK(file_names(data) == std::vector<std::string>{"1.png", "4.png", "6.png"});
  CHECK(data.labels == std::vector<std::int32_t>{0, 0, 1});
  CHECK(data.pixels.size() == 3 * 48 * 48);
  CHECK(std::ranges::equal(data.picture(1), test::noise(48, 48, 1, 4).pixels));
  CHECK(std::ranges::equal(data.picture(2), test::noise(48, 48, 1, 6).pixels));
  REQUIRE(report.skipped.size() == 3);
  CHECK_THAT(report.skipped[0], Catch::StartsWith((folder / "a/2.png").string() + ": is not a picture"));
  CHECK_THAT(report.skipped[1], Catch::EndsWith("3.png: every pixel has the value 7"));
  CHECK_THAT(report.skipped[2], Catch::Contains("5.png: is empty"));
  options.strict = true;
  CHECK_THROWS_WITH(read_image_folder(folder.path(), options), Catch::Contains("2.png") && Catch::Contains("strict"));
}

TEST_CASE("folder: the result does not depend on threads") {
  const TempFolder folder;
  for (std::uint32_t i = 0; i < 300; ++i) {
    const auto name = std::to_string(i % 3) + "/" + std::to_string(i) + ".pgm";
    put(folder / name, i % 50 == 7 ? std::string("broken") : test::pgm(48, 48, i));
  }
  const auto one = read_image_folder(folder.path());
  CHECK(one.data.size() == 294);
  for (const int threads : {2, 3}) {
    std::size_t wrong = 0;
    ReadOptions options;
    options.threads = threads;
    options.progress = [&](std::size_t done, std::size_t total) { wrong += done > total || total != 300; };
    const auto many = read_image_folder(folder.path(), options);
    CHECK(wrong == 0);
    CHECK(data_fingerprint(many.data) == data_fingerprint(one.data));
    CHECK(many.data.names == one.data.names);
    CHECK(many.report.skipped == one.report.skipped);
  }
}

TEST_CASE("folder: given classes keep their order, may lack pictures, and no other is taken") {
  const TempFolder folder;
  put(folder / "a/1.png", test::noise(48, 48, 1, 1));
  put(folder / "c/2.png", test::noise(48, 48, 1, 2));
  ReadOptions options;
  options.classes = {"c", "b", "a"};
  const auto data = read_image_folder(folder.path(), options).data;
  CHECK(data.labels == std::vector<std::int32_t>{2, 0});
  CHECK(data.counts() == std::vector<std::size_t>{1, 0, 1});
  options.classes = {"a", "b"};
  CHECK_THROWS_WITH(read_image_folder(folder.path(), options),
                    Catch::Contains("c: is no class of the model, which knows a, b; rename or remove the folder"));
}

TEST_CASE("folder: nothing to read gets a sentence") {
  const TempFolder folder;
  CHECK_THROWS_WITH(read_image_folder(folder / "none"), Catch::Contains("none: cannot be listed: No such file"));
  CHECK_THROWS_WITH(read_image_folder(folder.path()), Catch::Contains("has no class folders"));
  put(folder / "1.png", test::noise(48, 48, 1, 1));
  CHECK_THROWS_WITH(read_image_folder(folder.path()), Catch::Contains("has pictures but no class folders"));
  fs::create_directories(folder / "a");
  CHECK_THROWS_WITH(read_image_folder(folder.path()), Catch::Contains("no picture found; put"));
  put(folder / "a/1.png", test::noise(48, 48, 1, 1));
  put(folder / "b/1.png", "broken");
  CHECK_THROWS_WITH(read_image_folder(folder.path()),
                    Catch::Contains("class b has no picture (1 could not be used, the first: ") &&
                        Catch::Contains("add some"));
}

TEST_CASE("data: a folder with train and test, or a folder of classes") {
  const TempFolder folder;
  put(folder / "d/train/a/1.png", test::noise(48, 48, 1, 1));
  put(folder / "d/train/b/2.png", test::noise(48, 48, 1, 2));
  CHECK(data_form(folder / "d") == DataForm::parts);
  CHECK(data_form(folder / "d/train") == DataForm::classes);
  CHECK_THROWS_WITH(open_data(folder / "d", DataPart::test), Catch::Contains("has no folder test/"));
  put(folder / "d/test/b/3.png", test::noise(48, 48, 1, 3));
  CHECK(file_names(open_data(folder / "d", DataPart::train).data) == std::vector<std::string>{"1.png", "2.png"});
  ReadOptions options;
  options.classes = {"a", "b"};
  CHECK(open_data(folder / "d", DataPart::test, options).data.labels == std::vector<std::int32_t>{1});
  const auto all = open_data(folder / "d", DataPart::all).data;
  CHECK(file_names(all) == std::vector<std::string>{"1.png", "2.png", "3.png"});
  CHECK(all.labels == std::vector<std::int32_t>{0, 1, 1});
  CHECK(all.pixels.size() == 3 * 48 * 48);
  CHECK(open_data(folder / "d/train", DataPart::test).data.size() == 2);

  CHECK_THROWS_WITH(open_data(folder / "nowhere", DataPart::all),
                    Catch::Contains("nowhere: no such file or folder; data are"));
  CHECK_THROWS_WITH(open_data(folder / "d/train/a/1.png", DataPart::all),
                    Catch::Contains("neither a folder nor a .csv"));
  options.usage = "Training";
  CHECK_THROWS_WITH(open_data(folder / "d", DataPart::all, options), Catch::Contains("only the rows of a CSV"));
}
