// SPDX-License-Identifier: Apache-2.0
// report.html: its frame, its first figures, and the order of its parts.
#include "mien/train/report_page.hpp"

#include "lib/train/curves.hpp"
#include "lib/train/report_parts.hpp"
#include "lib/train/svg.hpp"
#include "mien/train/trainer.hpp"

#include <fmt/format.h>

#include <cmath>

namespace mien {
namespace {

using svg::escaped;

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

std::string tile(std::string_view kind, std::string_view name, std::string_view figure, std::string_view below) {
  return fmt::format("<dl class=\"tile{}\"><dt>{}</dt><dd class=\"big\">{}</dd><dd class=\"tiny\">{}</dd></dl>\n", kind,
                     name, figure, below);
}

std::string tiles(const ReportContent& content) {
  using page::percent;
  using page::range;
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
  struct Part {
    std::string_view id, heading;
    std::string html;
  };
  const Part parts[] = {{"noticed", "What was noticed", page::troubles(content)},
                        {"curves", "How it learned", page::training_curves(content)},
                        {"confusion", "What it takes for what", page::confusion(content)},
                        {"classes", "Class by class", page::classes(content)},
                        {"mistakes", "Most confident mistakes", page::wrong_answers(content)},
                        {"augmented", "What training saw", page::augmented(content)},
                        {"data", "The pictures", page::counts(content)},
                        {"layers", "Time a layer", page::layers(content)},
                        {"options", "Options", page::named_values(content.options)},
                        {"provenance", "Where it comes from", page::named_values(content.provenance)}};
  std::string links, sections;
  for (const auto& [id, heading, html] : parts) {
    if (html.empty()) continue;
    links += fmt::format("<li><a href=\"#{}\">{}</a></li>\n", id, heading);
    sections += fmt::format("<section id=\"{0}\" aria-labelledby=\"{0}-heading\">\n<h2 id=\"{0}-heading\">{1}</h2>\n{2}"
                            "</section>\n",
                            id, heading, html);
  }
  const bool faces = !content.mistakes.empty() || !content.augmented.pixels.empty();
  const std::string_view privacy =
      faces
          ? "<p class=\"note\" role=\"note\"><strong>This page shows pictures from the training data.</strong> Do not "
            "share it without the consent of the people on them.</p>\n"
          : "";
  return fmt::format(R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<meta name="color-scheme" content="light dark"/>
<title>{0}</title>
<style>{1}{2}{3}
</style>
</head>
<body>
<header>
<p class="over">Training report</p>
<h1>{0}</h1>
{4}{5}{6}<nav aria-label="Parts of this page"><ul>
{7}</ul></nav>
</header>
<main>
{8}</main>
<footer class="tiny">
<p>An answer names the apparent expression of a face, as people labelled it. It does not say what a person feels.</p>
</footer>
</body>
</html>
)",
                     escaped(content.title), svg::style, curves::style, page::style, in_words(content), privacy,
                     tiles(content), links, sections);
}

} // namespace mien
