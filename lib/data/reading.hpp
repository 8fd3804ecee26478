// SPDX-License-Identifier: Apache-2.0
// What the readers of folders and of CSV files share.
#pragma once

#include "mien/data/read_dataset.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace mien {

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
void expect_pictures(const ReadData& read, const std::filesystem::path& path, const ReadOptions& options);

} // namespace mien
