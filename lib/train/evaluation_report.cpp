// SPDX-License-Identifier: Apache-2.0
// The page of `mien eval --html`.
#include "mien/train/evaluation_report.hpp"

#include "lib/train/report_frame.hpp"
#include "lib/train/report_parts.hpp"
#include "lib/train/svg.hpp"

#include <fmt/format.h>

namespace mien {
namespace {

using page::grouped;
using page::percent;
using page::range;

/// The pictures that count most: those that the model has never seen, if they are told apart.
const Evaluation& headline(const EvaluationReport& report) {
  return report.figures.unseen ? *report.figures.unseen : report.figures;
}

std::string in_words(const EvaluationReport& report) {
  const auto& e = report.figures;
  if (!e.seen)
    return "<p>Which of these pictures the model has learnt from is not known: its file keeps no digests of them. If "
           "there are any, every figure here is too kind.</p>\n";
  if (*e.seen == 0) return "<p>The model has learnt from none of these pictures.</p>\n";
  if (!e.unseen)
    return "<p><strong>The model has learnt from every one of these pictures.</strong> What follows says nothing about "
           "others.</p>\n";
  return fmt::format(
      "<p>Of {} pictures the model has learnt from {}. The large figure is of the other {}, which it has "
      "never seen; figures on all pictures stand beside it, and tell too much good.</p>\n",
      grouped(e.n), grouped(*e.seen), grouped(e.unseen->n));
}

std::string tiles(const EvaluationReport& report) {
  const auto& all = report.figures;
  const auto& e = headline(report);
  const auto below =
      fmt::format("of {} pictures{} are named rightly; 95&#160;% interval {}{}", grouped(e.n),
                  all.unseen ? " never seen" : "", range(e.ci95.accuracy), page::bar(e.accuracy, &e.ci95.accuracy));
  auto html = "<div class=\"tiles\">\n" + page::tile(" first", "Accuracy", percent(e.accuracy), below) +
              page::tile("", "Macro F1", percent(e.macro_f1), range(e.ci95.macro_f1)) +
              page::tile("", "Mean recall", percent(e.uar), range(e.ci95.uar));
  if (all.unseen)
    html += page::tile("", "Accuracy, all pictures", percent(all.accuracy),
                       fmt::format("{}; {} pictures", range(all.ci95.accuracy), grouped(all.n)));
  if (e.reliability)
    html += page::tile("", "Calibration error", percent(e.reliability->ece),
                       fmt::format("mean probability {}", percent(e.reliability->confidence)));
  return html + "</div>\n";
}

/// A row of figures for one set of pictures.
std::string row(std::string_view name, const Evaluation& e) {
  auto figure = [](double value, const Interval& ci) {
    return fmt::format("<td class=\"num\">{}<br/><span class=\"tiny\">{}</span></td>", percent(value), range(ci));
  };
  return fmt::format("<tr><th scope=\"row\">{}<br/><span class=\"tiny\">{} {}</span></th>{}{}{}</tr>\n", name,
                     grouped(e.n), e.n == 1 ? "picture" : "pictures", figure(e.accuracy, e.ci95.accuracy),
                     figure(e.macro_f1, e.ci95.macro_f1), figure(e.uar, e.ci95.uar));
}

std::string rows(std::string_view name, const std::optional<Evaluation>& e) {
  if (!e) return {};
  return row(name, *e) + (e->unseen ? row(fmt::format("{}, never seen", name), *e->unseen) : "");
}

std::string figures(const EvaluationReport& report) {
  auto html =
      std::string("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Figures\">\n<table>\n<thead>"
                  "<tr><th scope=\"col\">truth, and pictures</th><th class=\"num\" scope=\"col\">accuracy</th>"
                  "<th class=\"num\" scope=\"col\">macro F1</th><th class=\"num\" scope=\"col\">mean recall</th>"
                  "</tr></thead>\n<tbody>\n") +
      rows("the labels", report.figures);
  if (const auto& votes = report.votes)
    html += rows("most of the raters' votes", votes->plurality) + rows("more than half of the votes", votes->majority);
  html += "</tbody>\n</table>\n</div>\n<p class=\"tiny\">Below each figure its 95&#160;% interval: what chance alone "
          "could have made of it (accuracy: Wilson's; the others: bootstrap, exact copies drawn together).</p>\n";
  if (const auto& votes = report.votes)
    html += fmt::format(
        "<p class=\"tiny\">The labels agree with the raters on {} of the pictures that these name "
        "clearly. Left out: {} pictures without votes, {} that most raters give none of the classes, {} "
        "with a tie.</p>\n",
        percent(votes->label_agreement), grouped(static_cast<std::int64_t>(votes->without_votes)),
        grouped(static_cast<std::int64_t>(votes->no_class)), grouped(static_cast<std::int64_t>(votes->ties)));
  return html;
}

std::string trust(const EvaluationReport& report) {
  const auto& e = headline(report);
  if (!e.reliability) return {};
  auto html = fmt::format(
      "<p>Of the answers that get a probability of 80&#160;%, eight in ten should be right: then the dots lie "
      "on the broken line. A larger dot is more answers, its line a 95&#160;% interval. Expected calibration "
      "error {}, over {} bins of equal width, on {} pictures. To the right: if only the surest answers are "
      "given, how many of them are wrong.</p>\n<div class=\"panels\">\n",
      percent(e.reliability->ece), Reliability::bin_count, grouped(e.n));
  html += reliability_svg(*e.reliability) + risk_svg(report.risk, report.unseen_risk) + "</div>\n";
  if (const auto& a = e.abstention)
    html += fmt::format("<p>Giving no answer below {:.0f}&#160;% leaves {} of {} answers, of which {} are wrong.</p>\n",
                        100 * a->threshold, grouped(a->answered), grouped(e.n), grouped(a->answered - a->right));
  return html;
}

} // namespace

std::string evaluation_html(const EvaluationReport& report) {
  const auto& e = headline(report);
  const page::Part parts[] = {
      {"figures", "All figures", figures(report)},
      {"confusion", "What it takes for what", page::confusion(e)},
      {"classes", "Class by class", page::classes(e)},
      {"trust", "How far to trust a probability", trust(report)},
      {"mistakes", "Most confident mistakes", page::wrong_answers(report.mistakes, "test")},
      {"suspects", "Labels that may be wrong",
       page::faces(report.suspects,
                   "Pictures whose label the model contradicts most strongly, of those that it has never learnt from. "
                   "Some of these labels are wrong, some of the answers are: a person has to look. No figure leaves "
                   "them out.")},
      {"data", "The pictures", page::named_values(report.data)},
      {"provenance", "Where it comes from", page::named_values(report.provenance)}};
  const bool faces = !report.mistakes.empty() || !report.suspects.empty();
  return page::frame({.kind = "Evaluation",
                      .title = report.title,
                      .introduction = in_words(report),
                      .tiles = tiles(report),
                      .faces_of = faces ? "test data" : ""},
                     parts);
}

} // namespace mien
