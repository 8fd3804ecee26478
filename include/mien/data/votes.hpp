// SPDX-License-Identifier: Apache-2.0
// What several people said about every picture: FER+ has ten votes for each of FER2013.
#pragma once

#include "mien/data/dataset.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mien {

/// A table of votes: one row a picture, one column a name.
struct Votes {
  std::vector<std::string> names;    ///< of the columns, and more than the classes: `unknown`, say
  std::vector<std::string> pictures; ///< file names, "" where the table has none
  std::vector<std::int32_t> counts;  ///< pictures x names
};

/// Reads a table of votes: a first line with `Image name`, perhaps `Usage`, and one column a name; then whole numbers
/// of votes. fer2013new.csv is one.
///
/// `renamed` has pairs of a column's name and what it is to be called here. Throws Error for a file that cannot be
/// read, a missing column, a name that comes twice, fewer than two columns of votes, or a row that has too few fields
/// or something else than a whole number from 0 to 10,000; it says which line. Source: Barsoum et al. 2016 (FER+).
[[nodiscard]] Votes read_votes(const std::filesystem::path& path,
                               std::span<const std::pair<std::string_view, std::string_view>> renamed = {});

/// What the votes make of the pictures of a data set. A class is a place in its `classes`; -1: the raters name none.
struct Ratings {
  std::vector<std::int32_t> plurality; ///< the one column with the most votes, if it is a class
  std::vector<std::int32_t> majority;  ///< the class with more than half of all the votes
  /// size x classes: each class's part of the votes that the classes got; all 0 where `likeliest` is -1.
  std::vector<float> shares;
  /// What `shares` names first: as `plurality`, and of equal classes the picture's own label, or else the first.
  std::vector<std::int32_t> likeliest;
  std::size_t without_votes = 0; ///< pictures that the table does not have
  std::size_t no_class = 0;      ///< most votes, or as many, went to a column that is no class
  std::size_t ties = 0;          ///< two classes or more share the first place
};

/// Finds the votes of every picture: by its file name, or, of a picture that is a row of a CSV, by the row, counted in
/// both files alike.
///
/// File names count without their folders. Throws Error if no class of the data is a column, if the table
/// has different rows for a picture, or if no picture has votes.
[[nodiscard]] Ratings rate(const Votes& votes, const Dataset& data);

/// The pictures that have a label, with it instead of their own. labels: a class, or -1, for every picture.
[[nodiscard]] Dataset relabelled(const Dataset& data, std::span<const std::int32_t> labels);

/// The pictures whose label is not -1, in rising order.
[[nodiscard]] std::vector<std::size_t> labelled(std::span<const std::int32_t> labels);

} // namespace mien
