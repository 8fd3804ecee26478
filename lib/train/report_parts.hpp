// SPDX-License-Identifier: Apache-2.0
// The parts of report.html.
#pragma once

#include "mien/train/report_page.hpp"

#include <span>
#include <string>
#include <string_view>

namespace mien::page {

/// CSS of the page, without that of the drawings.
extern const std::string_view style;

/// Parts as HTML, each under a heading of its own; empty if the content has nothing for it.
[[nodiscard]] std::string troubles(const ReportContent& content);
[[nodiscard]] std::string training_curves(const ReportContent& content);
[[nodiscard]] std::string confusion(const Evaluation& evaluation);
[[nodiscard]] std::string classes(const Evaluation& evaluation);
/// `of`: which pictures, "validation" say.
[[nodiscard]] std::string wrong_answers(std::span<const Mistake> mistakes, std::string_view of);
/// Pictures with what they are labelled and what the model says; `text` stands above them.
[[nodiscard]] std::string faces(std::span<const Mistake> mistakes, std::string_view text);
[[nodiscard]] std::string augmented(const ReportContent& content);
[[nodiscard]] std::string counts(const ReportContent& content);
[[nodiscard]] std::string layers(const ReportContent& content);
[[nodiscard]] std::string named_values(const NamedValues& values);

/// `63.2 %`, and where it may lie: `61.0 to 65.3`.
[[nodiscard]] std::string percent(double fraction);
[[nodiscard]] std::string range(const Interval& interval);
/// 28709 as `28,709`.
[[nodiscard]] std::string grouped(std::int64_t number);
/// A picture within the page. `text` is what it shows, for those who cannot see it, and is escaped here.
[[nodiscard]] std::string picture(const Image& image, std::string_view text);
/// A bar as wide as the fraction of its place, with the interval upon it if there is one.
[[nodiscard]] std::string bar(double fraction, const Interval* interval = nullptr);

} // namespace mien::page
