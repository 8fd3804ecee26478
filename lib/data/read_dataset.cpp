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

/// The packed file of one part beside or instead of its folder.
fs::path packed_part(const fs::path& path, const char* part) { return path / (std::string(part) + ".mienpack"); }

bool has_packed(const fs::path& path, const char* part) {
  std::error_code ignored;
  return fs::exists(packed_part(path, part), ignored);
}

bool has_part(const fs::path& path, const char* part) { return has_packed(path, part) || is_folder(path / part); }

[[noreturn]] void refuse_no_part(const fs::path& path, const char* part) {
  throw Error(concat(path.string(), ": has no folder ", part, "/; expected ", part,
                     "/<class>/ with pictures, or give the folder of class folders itself"));
}

/// Where both are there, the packed file counts; it may be older than the folder, so that is said.
void note_choice(const fs::path& path, const char* part, ReadReport& report) {
  if (is_folder(path / part))
    report.notes.push_back(
        concat(packed_part(path, part).string(), ": is read, the folder ", part, "/ beside it is not"));
}

void append(ReadReport& report, ReadReport more) {
  const auto move_behind = [](auto& all, auto& last) {
    all.insert(all.end(), std::make_move_iterator(last.begin()), std::make_move_iterator(last.end()));
  };
  move_behind(report.skipped, more.skipped);
  move_behind(report.notes, more.notes);
  report.ignored_files += more.ignored_files;
}

const char* folder_of(DataPart part) { return part == DataPart::train ? "train" : "test"; }

/// What `part` comes to in a folder of parts: where only one is there, all is that one.
DataPart present_part(const fs::path& path, DataPart part) {
  if (part != DataPart::all) return part;
  if (!has_part(path, "test")) return DataPart::train;
  return has_part(path, "train") ? DataPart::all : DataPart::test;
}

ReadReport stream_part(const fs::path& path, DataPart part, const ReadOptions& options, PictureSink& sink) {
  const char* name = folder_of(part);
  if (!has_packed(path, name)) {
    if (!is_folder(path / name)) refuse_no_part(path, name);
    return stream_image_folder(path / name, options, sink);
  }
  auto report = stream_packed(packed_part(path, name), part, options, sink);
  note_choice(path, name, report);
  return report;
}

void expect_no_usage(const fs::path& path, const ReadOptions& options) {
  if (options.usage.empty()) return;
  throw Error(
      concat(path.string(), ": usage ", options.usage, " was asked for, but only the rows of a CSV have a usage"));
}

/// Notes the classes that the first part has, for the second.
class ClassesOf : public PictureSink {
public:
  explicit ClassesOf(PictureSink& sink) : sink_(sink) {}
  void begin(const Dataset& like, std::size_t expected) override {
    classes = like.classes;
    sink_.begin(like, expected);
  }
  void add(std::span<const std::uint8_t> pixels, std::int32_t label, std::string name) override {
    sink_.add(pixels, label, std::move(name));
  }
  std::vector<std::string> classes;

private:
  PictureSink& sink_;
};

} // namespace

DataForm data_form(const fs::path& path) {
  constexpr auto expected =
      "; data are a folder with train/ and test/, a folder of class folders, a .csv or a .mienpack file";
  std::error_code ignored;
  const auto status = fs::status(path, ignored);
  if (fs::is_directory(status)) {
    return has_part(path, "train") || has_part(path, "test") ? DataForm::parts : DataForm::classes;
  }
  if (!fs::exists(status)) throw Error(concat(path.string(), ": no such file or folder", expected));
  const auto extension = small_extension(path);
  if (extension == ".mienpack") return DataForm::packed;
  if (extension != ".csv")
    throw Error(concat(path.string(), ": is neither a folder nor a .csv or .mienpack file", expected));
  return DataForm::csv;
}

ReadReport stream_data(const fs::path& path, DataPart part, const ReadOptions& options, PictureSink& sink) {
  const auto form = data_form(path);
  if (form == DataForm::csv) return stream_csv(path, part, options, sink);
  expect_no_usage(path, options);
  if (form == DataForm::packed) return stream_packed(path, part, options, sink);
  if (form == DataForm::classes) return stream_image_folder(path, options, sink);
  part = present_part(path, part);
  if (part != DataPart::all) return stream_part(path, part, options, sink);
  ClassesOf first(sink);
  auto report = stream_part(path, DataPart::train, options, first);
  auto test_options = options;
  test_options.classes = first.classes;
  append(report, stream_part(path, DataPart::test, test_options, sink));
  return report;
}

ReadData open_data(const fs::path& path, DataPart part, const ReadOptions& options) {
  const auto form = data_form(path);
  if (form == DataForm::packed) {
    expect_no_usage(path, options);
    return open_packed_data(path, part, options);
  }
  const auto present = form == DataForm::parts ? present_part(path, part) : part;
  if (form == DataForm::parts && present != DataPart::all && has_packed(path, folder_of(present))) {
    expect_no_usage(path, options);
    auto read = open_packed_data(packed_part(path, folder_of(present)), present, options);
    note_choice(path, folder_of(present), read.report);
    return read;
  }
  DatasetSink sink; // two packed parts, too, become one in memory
  auto report = stream_data(path, part, options, sink);
  return {std::move(sink.data), std::move(report)};
}

ReadData read_image_folder(const fs::path& path, const ReadOptions& options) {
  DatasetSink sink;
  auto report = stream_image_folder(path, options, sink);
  return {std::move(sink.data), std::move(report)};
}

ReadData read_csv(const fs::path& path, DataPart part, const ReadOptions& options) {
  DatasetSink sink;
  auto report = stream_csv(path, part, options, sink);
  return {std::move(sink.data), std::move(report)};
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

void expect_pictures(const Reading& reading, const fs::path& path, const ReadOptions& options) {
  const auto of_skipped = [&](std::size_t skipped) {
    return skipped == 0 ? std::string()
                        : concat(" (", skipped, " could not be used, the first: ", reading.report.skipped[0], ")");
  };
  if (std::ranges::all_of(reading.counts, [](std::size_t n) { return n == 0; })) {
    throw Error(concat(path.string(), ": no picture found", of_skipped(reading.report.skipped.size()),
                       is_folder(path) ? "; put pictures (png jpg jpeg bmp pgm ppm pnm) into its class folders" : ""));
  }
  if (!options.classes.empty()) return; // a test may lack a class of the model
  const auto& counts = reading.counts;
  const auto empty = std::ranges::find(counts, std::size_t{0});
  if (empty == counts.end()) return;
  throw Error(concat(path.string(), ": class ", reading.like.classes[static_cast<std::size_t>(empty - counts.begin())],
                     " has no picture", of_skipped(reading.report.skipped.size()), "; add some, or remove the class"));
}

} // namespace mien
