// SPDX-License-Identifier: Apache-2.0
// An evaluation explained on one page, and what that page draws.
#pragma once

#include "mien/train/calibration.hpp"
#include "mien/train/rated.hpp"
#include "mien/train/report_page.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace mien {

/// How many of the surest answers are given, and how many of these are wrong.
struct RiskPoint {
  double coverage = 0; ///< share of the pictures that get an answer
  double risk = 0;     ///< share of those answers that are wrong
};

/// Risk over coverage: for k = n / points, 2 n / points, ..., n the share of errors among the k surest answers.
///
/// Fewer points where there are fewer pictures. Throws Error as reliability() does.
/// Source: Geifman and El-Yaniv 2017.
[[nodiscard]] std::vector<RiskPoint> risk_curve(const Answers& answers, std::size_t points = 200);

/// A reliability diagram: what share of the answers of each bin is right, over their mean probability, and how many
/// they are. A drawing for a page with the report's style.
[[nodiscard]] std::string reliability_svg(const Reliability& reliability);

/// Risk over coverage as a line, one for each set of pictures. The names stand in the legend.
[[nodiscard]] std::string risk_svg(std::span<const RiskPoint> all, std::span<const RiskPoint> unseen = {});

/// What the page shows; a part that is empty is left out.
struct EvaluationReport {
  std::string title;
  Evaluation figures;
  std::vector<RiskPoint> risk{}, unseen_risk{};
  std::optional<RatedEvaluation> votes{};
  std::vector<Mistake> mistakes{};
  std::vector<Mistake> suspects{}; ///< probably wrong labels: `truth` is the label, `answer` what it may rather be
  NamedValues data{};              ///< what is to be known of the pictures: counts, and faults
  NamedValues provenance{};
};

/// The page: one self-contained HTML file as report_html() makes it, of an evaluation. Throws Error if a picture is not
/// whole.
[[nodiscard]] std::string evaluation_html(const EvaluationReport& report);

} // namespace mien
