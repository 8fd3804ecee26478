// SPDX-License-Identifier: Apache-2.0
// report.html: its frame, its first figures, and the order of its parts.
#include "mien/train/report_page.hpp"

#include "lib/train/report_frame.hpp"
#include "lib/train/report_parts.hpp"
#include "mien/train/trainer.hpp"

#include <fmt/format.h>

#include <cmath>

namespace mien {
namespace {

std::string duration(double seconds) {
  const auto minutes = std::llround(seconds / 60);
  if (seconds < 90) return fmt::format("{:.0f} seconds", seconds);
  return minutes < 60 ? fmt::format("{} minutes", minutes) : fmt::format("{} h {:02} min", minutes / 60, minutes % 60);
}

/// What has been reached, in a sentence or two.
std::string in_words(const ReportContent& content) {
  const auto* best = best_epoch(content.rows);
  if (!best) return "<p>No epoch is finished yet.</p>\n";
  double seconds = 0;
  for (const auto& row : content.rows) seconds += row.seconds;
  const auto last = content.rows.back().epoch;
  return fmt::format("<p>{} {} in {}. The best on validation came after epoch {}: it is the model that was kept, and "
                     "all answers below are its own.</p>\n",
                     last, last == 1 ? "epoch" : "epochs", duration(seconds), best->epoch);
}

std::string tiles(const ReportContent& content) {
  using page::percent;
  using page::range;
  using page::tile;
  if (const auto& e = content.validation) {
    const auto& ci = e->ci95;
    const auto below = fmt::format("of {} validation pictures are named rightly; 95&#160;% interval {}{}",
                                   page::grouped(e->n), range(ci.accuracy), page::bar(e->accuracy, &ci.accuracy));
    return "<div class=\"tiles\">\n" + tile(" first", "Accuracy", percent(e->accuracy), below) +
           tile("", "Macro F1", percent(e->macro_f1), range(ci.macro_f1)) +
           tile("", "Mean recall", percent(e->uar), range(ci.uar)) +
           tile("", "Weighted F1", percent(e->weighted_f1), range(ci.weighted_f1)) +
           tile("", "Log loss", fmt::format("{:.3f}", e->log_loss),
                fmt::format("{:.3f} to {:.3f}", ci.log_loss.low, ci.log_loss.high)) +
           "</div>\n";
  }
  const auto* best = best_epoch(content.rows);
  if (!best) return {};
  return "<div class=\"tiles\">\n" +
         tile(" first", "Accuracy", percent(best->val_accuracy), "of the validation pictures are named rightly") +
         tile("", "Macro F1", percent(best->val_macro_f1), "on validation") +
         tile("", "Loss", fmt::format("{:.3f}", best->val_loss), "on validation") + "</div>\n";
}

} // namespace

std::string report_html(const ReportContent& content) {
  const page::Part parts[] = {
      {"noticed", "What was noticed", page::troubles(content)},
      {"curves", "How it learned", page::training_curves(content)},
      {"confusion", "What it takes for what", content.validation ? page::confusion(*content.validation) : ""},
      {"classes", "Class by class", content.validation ? page::classes(*content.validation) : ""},
      {"mistakes", "Most confident mistakes", page::wrong_answers(content.mistakes, "validation")},
      {"augmented", "What training saw", page::augmented(content)},
      {"data", "The pictures", page::counts(content)},
      {"layers", "Time a layer", page::layers(content)},
      {"options", "Options", page::named_values(content.options)},
      {"provenance", "Where it comes from", page::named_values(content.provenance)}};
  const bool faces = !content.mistakes.empty() || !content.augmented.pixels.empty();
  return page::frame({.kind = "Training report",
                      .title = content.title,
                      .introduction = in_words(content),
                      .tiles = tiles(content),
                      .faces_of = faces ? "training data" : ""},
                     parts);
}

} // namespace mien
