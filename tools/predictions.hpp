// SPDX-License-Identifier: Apache-2.0
// How predictions are written: for a person, as JSON lines, or as CSV.
#pragma once

#include <span>
#include <string>

namespace mien::cli {

/// A picture that was read, or the reason why it was not.
struct Prediction {
  std::string image;
  int width = 0;
  int height = 0;
  std::string error;
};

/// Writes one line a picture to stdout. A picture that could not be read is a line of the JSON, and else an error on
/// stderr.
class PredictionWriter {
public:
  enum class Form { table, json, csv };
  /// Writes the heading of a table or CSV. `labels` must outlive the writer.
  PredictionWriter(Form form, std::span<const std::string> labels);
  /// The picture is one face; its probabilities are in the order of the labels.
  void write(const Prediction& prediction, std::span<const float> probabilities) const;

private:
  [[nodiscard]] std::string table_row(const Prediction& prediction, std::span<const float> probabilities) const;
  [[nodiscard]] std::string json_line(const Prediction& prediction, std::span<const float> probabilities) const;
  [[nodiscard]] std::string csv_line(const Prediction& prediction, std::span<const float> probabilities) const;

  Form form_;
  std::span<const std::string> labels_;
  std::size_t width_; ///< of the longest label
};

} // namespace mien::cli
