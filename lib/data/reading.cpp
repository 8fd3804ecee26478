// SPDX-License-Identifier: Apache-2.0
// Where pictures go that are read, and packed files among the forms that data have.
#include "lib/data/reading.hpp"

#include "mien/core/error.hpp"
#include "mien/data/packed_pictures.hpp"

#include <utility>

namespace mien {
namespace {

/// Throws Error unless the pictures are what the options ask for; notes it if they are another part.
void expect_fit(const PackedFile& file, DataPart part, const ReadOptions& options, ReadReport& report) {
  const auto& header = file.header();
  const auto& wanted = options.preprocessing;
  const auto name = file.path().string();
  if (header.height != wanted.height || header.width != wanted.width || header.channels != wanted.channels)
    throw Error(concat(name, ": holds pictures of ", header.height, "x", header.width, "x", header.channels, ", ",
                       wanted.height, "x", wanted.width, "x", wanted.channels,
                       " (height x width x channels) are wanted; pack the data again with --size and --channels"));
  if (!options.classes.empty() && header.classes != options.classes)
    throw Error(concat(name, ": holds the classes ", joined(header.classes), ", wanted are, in this order, ",
                       joined(options.classes), "; pack data that have these"));
  const auto asked = std::string(name_of(part));
  if (part != DataPart::all && header.part != "all" && header.part != asked)
    report.notes.push_back(concat(name, ": holds the part `", header.part, "` of its data, `", asked, "` is wanted"));
}

} // namespace

const char* name_of(DataPart part) noexcept {
  return part == DataPart::train ? "train" : part == DataPart::test ? "test" : "all";
}

void DatasetSink::begin(const Dataset& without_pictures, std::size_t expected) {
  if (data.classes.empty()) data = without_pictures;
  data.pixels.reserve(data.pixels.size() + expected * data.picture_bytes());
}

void DatasetSink::add(std::span<const std::uint8_t> pixels, std::int32_t label, std::string name) {
  data.pixels.insert(data.pixels.end(), pixels.begin(), pixels.end());
  data.labels.push_back(label);
  data.names.push_back(std::move(name));
}

void Reading::begin(std::size_t expected) {
  counts.resize(like.classes.size());
  sink.begin(like, expected);
}

void Reading::add(std::span<const std::uint8_t> pixels, std::int32_t label, std::string name) {
  ++counts[static_cast<std::size_t>(label)];
  sink.add(pixels, label, std::move(name));
}

ReadReport stream_packed(const std::filesystem::path& path, DataPart part, const ReadOptions& options,
                         PictureSink& sink) {
  const auto data = open_packed(path);
  const auto& file = data.packed->file();
  Reading reading{sink, data};
  reading.like.packed.reset();
  expect_fit(file, part, options, reading.report);
  file.will_read_all();
  reading.begin(file.size());
  for (std::size_t i = 0; i < file.size(); ++i) {
    std::span<const std::uint8_t> picture; // none: damaged
    try {
      picture = file.picture(i);
    } catch (const Error& damaged) {
      skip(reading.report, damaged.what(), options);
    }
    if (!picture.empty()) reading.add(picture, file.entry(i).label, file.name(i));
    if (options.progress && (i + 1) % 1024 == 0) options.progress(i + 1, file.size());
  }
  expect_pictures(reading, path, options);
  return std::move(reading.report);
}

ReadData open_packed_data(const std::filesystem::path& path, DataPart part, const ReadOptions& options) {
  ReadData read{open_packed(path), {}};
  expect_fit(read.data.packed->file(), part, options, read.report);
  return read;
}

} // namespace mien
