// SPDX-License-Identifier: Apache-2.0
#include "mien/data/read_dataset.hpp"

#include "lib/data/reading.hpp"
#include "mien/core/error.hpp"
#include "mien/io/file_name.hpp"

#include <algorithm>

namespace mien {
namespace {

namespace fs = std::filesystem;

bool is_folder(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

ReadData read_part(const fs::path& path, const char* part, const ReadOptions& options) {
  if (is_folder(path / part)) return read_image_folder(path / part, options);
  throw Error(concat(path.string(), ": has no folder ", part, "/; expected ", part,
                     "/<class>/ with pictures, or give the folder of class folders itself"));
}

/// Puts the pictures of `more`, which has the same classes, behind those of `read`.
void append(ReadData& read, ReadData more) {
  const auto move_behind = [](auto& all, auto& last) {
    all.insert(all.end(), std::make_move_iterator(last.begin()), std::make_move_iterator(last.end()));
  };
  move_behind(read.data.pixels, more.data.pixels);
  move_behind(read.data.labels, more.data.labels);
  move_behind(read.data.names, more.data.names);
  move_behind(read.report.skipped, more.report.skipped);
  move_behind(read.report.notes, more.report.notes);
  read.report.ignored_files += more.report.ignored_files;
}

} // namespace

DataForm data_form(const fs::path& path) {
  constexpr auto expected = "; data are a folder with train/ and test/, a folder of class folders, or a .csv file";
  std::error_code ignored;
  const auto status = fs::status(path, ignored);
  if (fs::is_directory(status)) {
    return is_folder(path / "train") || is_folder(path / "test") ? DataForm::parts : DataForm::classes;
  }
  if (!fs::exists(status)) throw Error(concat(path.string(), ": no such file or folder", expected));
  if (small_extension(path) != ".csv")
    throw Error(concat(path.string(), ": is neither a folder nor a .csv file", expected));
  return DataForm::csv;
}

ReadData open_data(const fs::path& path, DataPart part, const ReadOptions& options) {
  const auto form = data_form(path);
  if (form == DataForm::csv) return read_csv(path, part, options);
  if (!options.usage.empty()) {
    throw Error(
        concat(path.string(), ": usage ", options.usage, " was asked for, but only the rows of a CSV have a usage"));
  }
  if (form == DataForm::classes) return read_image_folder(path, options);
  if (part == DataPart::train) return read_part(path, "train", options);
  if (part == DataPart::test) return read_part(path, "test", options);
  if (!is_folder(path / "test")) return read_part(path, "train", options);
  if (!is_folder(path / "train")) return read_part(path, "test", options);
  auto read = read_part(path, "train", options);
  auto test_options = options;
  test_options.classes = read.data.classes;
  append(read, read_part(path, "test", test_options));
  return read;
}

Dataset empty_dataset(const ReadOptions& options) {
  const auto& p = options.preprocessing;
  return {options.classes, p.height, p.width, p.channels, {}, {}, {}};
}

bool is_constant(std::span<const std::uint8_t> pixels) noexcept {
  return std::ranges::all_of(pixels, [&](std::uint8_t pixel) { return pixel == pixels.front(); });
}

void skip(ReadReport& report, std::string where_and_why, const ReadOptions& options) {
  if (options.strict) throw Error(where_and_why + " (reading is strict: repair or remove it)");
  report.skipped.push_back(std::move(where_and_why));
}

std::int32_t label_of(std::string_view name, const Dataset& data) noexcept {
  const auto found = std::ranges::find(data.classes, name);
  return found == data.classes.end() ? -1 : static_cast<std::int32_t>(found - data.classes.begin());
}

std::string joined(std::span<const std::string> names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
  return text.empty() ? "none" : text;
}

void expect_pictures(const ReadData& read, const fs::path& path, const ReadOptions& options) {
  const auto of_skipped = [&](std::size_t skipped) {
    return skipped == 0 ? std::string()
                        : concat(" (", skipped, " could not be used, the first: ", read.report.skipped[0], ")");
  };
  if (read.data.size() == 0) {
    throw Error(concat(path.string(), ": no picture found", of_skipped(read.report.skipped.size()),
                       is_folder(path) ? "; put pictures (png jpg jpeg bmp pgm ppm pnm) into its class folders" : ""));
  }
  if (!options.classes.empty()) return; // a test may lack a class of the model
  const auto counts = read.data.counts();
  const auto empty = std::ranges::find(counts, std::size_t{0});
  if (empty == counts.end()) return;
  throw Error(concat(path.string(), ": class ", read.data.classes[static_cast<std::size_t>(empty - counts.begin())],
                     " has no picture", of_skipped(read.report.skipped.size()), "; add some, or remove the class"));
}

} // namespace mien
