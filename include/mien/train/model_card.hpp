// SPDX-License-Identifier: Apache-2.0
// What a model file says of itself, as a card for people.
#pragma once

#include "mien/nn/classifier.hpp"
#include "mien/train/metrics.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mien {

/// The figures that a file keeps of one measurement.
struct RecordedFigures {
  std::int64_t n = 0;
  double accuracy = 0, macro_f1 = 0, uar = 0, log_loss = 0;
  Interval accuracy_ci{}, macro_f1_ci{};
  double ece = -1;            ///< below 0: not measured
  std::vector<double> recall; ///< of each of the model's labels
  std::vector<std::int64_t> support;
};

/// A measurement that a file keeps: on which data, on all pictures, and on those that the model had not seen.
struct RecordedMeasurement {
  std::string data;        ///< what they are called
  std::string fingerprint; ///< data_fingerprint() of them
  RecordedFigures all;
  std::optional<RecordedFigures> unseen{};
  bool told_apart = false; ///< whether the file could tell which pictures the model has seen
};

/// Keeps the figures in the file's provenance, under `measured.` and the name of the data; an earlier measurement on
/// data of this name is replaced. Throws Error for an evaluation under other labels than the file's.
void record_measurement(ModelFile& file, std::string_view data, std::string_view fingerprint,
                        const Evaluation& evaluation);

/// What record_measurement() has kept, by the names of the data; what is no such record is passed over.
[[nodiscard]] std::vector<RecordedMeasurement> recorded_measurements(const ModelFile& file);

/// A number that the file's provenance has under a name; nothing where it has none, or no finite one.
[[nodiscard]] std::optional<double> recorded_number(const ModelFile& file, const std::string& name);

/// Whether a name in the provenance belongs to a measurement, and is no text for people.
[[nodiscard]] bool is_measurement(std::string_view name);

/// The model's card in Markdown: what it is, what it has learnt from and how, its figures on all pictures and on those
/// it has not seen, calibration, limits, licence and lawful use.
///
/// A function of the file alone: it says what the file records, and of what it does not record, that it is not known.
/// Source of the form: Mitchell et al. 2019, "Model cards for model reporting".
[[nodiscard]] std::string card_markdown(const ModelFile& file, std::string_view title);

/// The same as one self-contained HTML file.
[[nodiscard]] std::string card_html(const ModelFile& file, std::string_view title);

} // namespace mien
