// SPDX-License-Identifier: Apache-2.0
// Labelled pictures from folders, CSV files and packed files.
#pragma once

#include "mien/data/dataset.hpp"
#include "mien/data/preprocessing.hpp"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace mien {

/// Which pictures of a place are wanted.
enum class DataPart { train, test, all };

/// What a place that holds data looks like: a folder with train or test (folders, or packed files that end in
/// .mienpack), a folder of class folders, a CSV file, or a packed file.
enum class DataForm { parts, classes, csv, packed };

struct ReadOptions {
  Preprocessing preprocessing{};
  bool strict = false; ///< the first unreadable or constant picture is an Error, not a line in the report
  int threads = 1;     ///< the result does not depend on it
  /// The classes in the order of their labels. Empty: the data's own, sorted, each of which must then have a picture.
  std::vector<std::string> classes{};
  /// What the numbers 0, 1, ... of a CSV's `emotion` column mean.
  std::vector<std::string> csv_classes{};
  /// Rows of a CSV with this `Usage` alone. Empty: Training for train, PublicTest and PrivateTest for test.
  std::string usage{};
  /// Told now and then how many of how many pictures are done (bytes of a CSV), on the calling thread.
  std::function<void(std::size_t done, std::size_t total)> progress{};
};

/// What happened while data were read.
struct ReadReport {
  std::vector<std::string> skipped{}; ///< "path: reason" or "file:line: reason" for each unreadable or constant picture
  std::size_t ignored_files = 0;    ///< files that do not look like pictures, and whatever is no file in a class folder
  std::vector<std::string> notes{}; ///< sentences: what was chosen where the caller left it open
};

struct ReadData {
  Dataset data;
  ReadReport report;
};

/// Says what is at `path`. Throws Error, with what to do, if it is not there or none of these.
[[nodiscard]] DataForm data_form(const std::filesystem::path& path);

/// Reads whichever form of data is at `path`; a folder of class folders and a packed file have no parts, all of it is
/// read. A packed file is not read but mapped (docs/packed-data.md), unless train and test are both wanted.
/// Throws Error as the other two functions do, and if the part asked for is not there.
[[nodiscard]] ReadData open_data(const std::filesystem::path& path, DataPart part, const ReadOptions& options = {});

/// Reads pictures (png jpg jpeg bmp pgm ppm pnm) from folders named after their classes, both in the order of their
/// names.
///
/// An unreadable or constant picture is reported and left out. Names that begin with a dot are passed over.
/// Throws Error for no such folder, no class folder, a class not in options.classes, a class or data without a
/// picture; if strict, for the first picture that cannot be used.
[[nodiscard]] ReadData read_image_folder(const std::filesystem::path& path, const ReadOptions& options = {});

/// Reads rows of a CSV as Kaggle offers FER2013: `emotion`, `pixels` (48x48 numbers) and, if there, `Usage`, in any
/// order.
///
/// A row that cannot be used is reported by its line and left out. Memory holds the pictures and a few rows.
/// Throws Error for no such file, missing columns, no row of that usage, a class without a picture or not in
/// options.classes; if strict, for the first row that cannot be used.
[[nodiscard]] ReadData read_csv(const std::filesystem::path& path, DataPart part, const ReadOptions& options = {});

} // namespace mien
