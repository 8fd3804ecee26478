// SPDX-License-Identifier: Apache-2.0
// A training explained on one page: report.html.
#pragma once

#include "mien/data/dataset.hpp"
#include "mien/io/image.hpp"
#include "mien/nn/classifier.hpp"
#include "mien/train/answers.hpp"
#include "mien/train/evaluate.hpp"
#include "mien/train/history.hpp"
#include "mien/train/metrics.hpp"
#include "mien/train/trouble.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace mien {

/// A picture that was named wrongly.
struct Mistake {
  Image picture;
  std::string name; ///< where the picture came from
  std::string truth;
  std::string answer;
  double probability = 0;       ///< given to the answer
  double truth_probability = 0; ///< given to the truth
};

/// Picture i of the data as its label and another answer stand beside each other. i and answer are among those of
/// `answers`.
[[nodiscard]] Mistake told_otherwise(const Answers& answers, std::span<const std::string> labels, const Dataset& data,
                                     std::size_t i, std::size_t answer);

/// The `k` wrong answers that were given with the highest probability, the highest first; of equals the earlier
/// picture.
///
/// Fewer where there are fewer mistakes. Throws Error if the data have a class that the model lacks, or pictures of
/// another size.
[[nodiscard]] std::vector<Mistake> mistakes(const Classifier& classifier, const Dataset& data, std::size_t k,
                                            const EvaluateOptions& options = {});

/// The same of answers that are there already.
[[nodiscard]] std::vector<Mistake> mistakes(const Answers& answers, std::span<const std::string> labels,
                                            const Dataset& data, std::size_t k);

/// How many pictures a class has on both sides.
struct ClassCount {
  std::string name;
  std::size_t training = 0;
  std::size_t validation = 0;
};

/// What a layer is and costs.
struct LayerTime {
  std::string name;
  std::string type;
  std::string output; ///< the shape for one picture
  std::int64_t parameters = 0;
  double forward_ms = 0; ///< for one batch
  double backward_ms = 0;
};

/// Names and values, in the order in which they are shown.
using NamedValues = std::vector<std::pair<std::string, std::string>>;

/// What the page shows; a part that is empty is left out.
struct ReportContent {
  std::string title;
  std::vector<EpochRow> rows{};
  std::optional<Evaluation> validation{}; ///< of the best epoch's model
  std::vector<Mistake> mistakes{};
  Image augmented{}; ///< a sheet of pictures as training sees them, see preview()
  NamedValues options{};
  std::vector<ClassCount> counts{};
  std::vector<LayerTime> layers{};
  bool watched = false; ///< troubles were looked for: if there are none, the page says so
  std::vector<Trouble> troubles{};
  NamedValues provenance{};
};

/// The page: one self-contained HTML file in UTF-8, well-formed as XML, a function of its argument alone.
///
/// Curves, confusion matrix, bars and tables are text and SVG, pictures are PNG within the page; nothing is loaded and
/// no script runs. It follows the reader's light or dark page, fits a phone, and can be printed. Texts are escaped.
/// Throws Error if a picture is not whole.
[[nodiscard]] std::string report_html(const ReportContent& content);

} // namespace mien
