// SPDX-License-Identifier: Apache-2.0
// What the readers of folders, CSV files and packed files share: pictures go to a sink, one by one.
#pragma once

#include "mien/data/read_dataset.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mien {

/// Takes the pictures of a place in their order.
class PictureSink {
public:
  virtual ~PictureSink() = default;
  /// Called before the first picture of a part: its classes and extents, and how many pictures may come (0: unknown).
  virtual void begin(const Dataset& without_pictures, std::size_t expected) = 0;
  virtual void add(std::span<const std::uint8_t> pixels, std::int32_t label, std::string name) = 0;
};

/// A sink that keeps them.
class DatasetSink : public PictureSink {
public:
  void begin(const Dataset& without_pictures, std::size_t expected) override;
  void add(std::span<const std::uint8_t> pixels, std::int32_t label, std::string name) override;
  Dataset data;
};

/// What is known of a part while it is read.
struct Reading {
  PictureSink& sink;
  Dataset like; ///< without pictures
  ReadReport report{};
  std::vector<std::size_t> counts{}; ///< pictures of each class that went to the sink

  void begin(std::size_t expected);
  void add(std::span<const std::uint8_t> pixels, std::int32_t label, std::string name);
};

/// Each reads one form of data into a sink; what it reports, refuses and throws is said in read_dataset.hpp.
[[nodiscard]] ReadReport stream_image_folder(const std::filesystem::path& path, const ReadOptions& options,
                                             PictureSink& sink);
[[nodiscard]] ReadReport stream_csv(const std::filesystem::path& path, DataPart part, const ReadOptions& options,
                                    PictureSink& sink);
[[nodiscard]] ReadReport stream_packed(const std::filesystem::path& path, DataPart part, const ReadOptions& options,
                                       PictureSink& sink);
/// Whichever it is.
[[nodiscard]] ReadReport stream_data(const std::filesystem::path& path, DataPart part, const ReadOptions& options,
                                     PictureSink& sink);

/// A packed file as it is: no picture is read. Throws Error if it does not fit the options.
[[nodiscard]] ReadData open_packed_data(const std::filesystem::path& path, DataPart part, const ReadOptions& options);

/// "train", "test" or "all".
[[nodiscard]] const char* name_of(DataPart part) noexcept;

/// A dataset without pictures, with the extents that options ask for.
[[nodiscard]] Dataset empty_dataset(const ReadOptions& options);

/// True if all pixels are the same: a blank picture, which no one can label.
[[nodiscard]] bool is_constant(std::span<const std::uint8_t> pixels) noexcept;

/// Notes a picture that cannot be used. Throws Error instead if options are strict.
void skip(ReadReport& report, std::string where_and_why, const ReadOptions& options);

/// The label of a class; -1 if the dataset has no such class.
[[nodiscard]] std::int32_t label_of(std::string_view name, const Dataset& data) noexcept;

/// "angry, disgust, fear"
[[nodiscard]] std::string joined(std::span<const std::string> names);

/// Throws Error if there is no picture at all, or none of a class that was taken from the data.
void expect_pictures(const Reading& reading, const std::filesystem::path& path, const ReadOptions& options);

} // namespace mien
