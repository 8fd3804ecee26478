// SPDX-License-Identifier: Apache-2.0
// How found and named faces are written: for a person, as JSON lines, or as CSV.
#pragma once

#include "mien/emotion/recognizer.hpp"

#include <span>
#include <string>
#include <vector>

namespace mien::cli {

/// A picture that was read and its faces, or the reason why it was not.
struct PictureResult {
  std::string image;
  int width = 0;
  int height = 0;
  std::vector<Face> faces{};
  std::string error{};
};

/// The texts of results. Where there are no labels, faces were only found, and boxes are all there is to tell.
class PredictionTexts {
public:
  enum class Form { table, json, csv };
  /// `labels` must outlive this.
  PredictionTexts(Form form, std::span<const std::string> labels);

  /// What stands above all results: the heading of a table or CSV.
  [[nodiscard]] std::string heading() const;
  /// Table and CSV have a line a face, and one for a picture without a face; JSON has a line a picture. A picture that
  /// could not be read has no line in a table.
  [[nodiscard]] std::string text(const PictureResult& result) const;
  [[nodiscard]] Form form() const noexcept { return form_; }

private:
  [[nodiscard]] std::string table_row(const PictureResult& picture, const Face* face) const;
  [[nodiscard]] std::string json_line(const PictureResult& picture) const;
  [[nodiscard]] std::string csv_row(const PictureResult& picture, std::size_t face) const;

  Form form_;
  std::span<const std::string> labels_;
  std::size_t width_; ///< of the longest label
};

} // namespace mien::cli
