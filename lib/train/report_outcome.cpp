// SPDX-License-Identifier: Apache-2.0
// What a training has reached: the parts of report.html that show answers.
#include "lib/io/base64.hpp"
#include "lib/train/report_parts.hpp"
#include "lib/train/svg.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace mien::page {
namespace {

using svg::escaped;

/// A wrong answer, and how often it was given.
struct Confusion {
  std::size_t truth, answer;
  std::int64_t count;
};

std::vector<Confusion> most_frequent(const Evaluation& e, std::size_t k) {
  std::vector<Confusion> all;
  for (std::size_t t = 0; t < e.labels.size(); ++t)
    for (std::size_t a = 0; a < e.labels.size(); ++a)
      if (t != a && e.count(t, a) > 0) all.push_back({t, a, e.count(t, a)});
  std::ranges::stable_sort(all, std::ranges::greater(), &Confusion::count);
  all.resize(std::min(all.size(), k));
  return all;
}

double share(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

std::string cell(const Evaluation& e, std::size_t truth, std::size_t answer) {
  constexpr double darkest = 0.7; // the page's ink can still be read on it
  const auto count = e.count(truth, answer);
  const double part = share(count, e.per_class[truth].support);
  return fmt::format("<td class=\"{}{}\" style=\"--shade: {:.3f}\">{}<small>{:.0f}&#160;%</small></td>",
                     count == 0 ? "none" : "some", truth == answer ? " hit" : "", darkest * part, count, 100 * part);
}

/// A path that may go on in the next line behind each of its folders.
std::string breakable(std::string_view path) {
  std::string html;
  for (const char c : escaped(path)) html += c == '/' ? std::string("/<wbr/>") : std::string(1, c);
  return html;
}

/// A figure of one class, with the interval where it is a share of counted pictures.
std::string measure(double figure, const Interval* interval) {
  const auto title = interval ? fmt::format(" title=\"95 % interval {}\"", range(*interval)) : std::string();
  return fmt::format("<td{}><span class=\"num\">{}</span>{}</td>", title, percent(figure), bar(figure, interval));
}

} // namespace

std::string percent(double fraction) { return fmt::format("{:.1f}&#160;%", 100 * fraction); }

std::string range(const Interval& interval) {
  return fmt::format("{:.1f} to {:.1f}&#160;%", 100 * interval.low, 100 * interval.high);
}

std::string bar(double fraction, const Interval* interval) {
  const auto place = [](double part) { return 100 * (part > 0 ? std::min(part, 1.0) : 0); };
  auto html = fmt::format("<span class=\"bar\" aria-hidden=\"true\"><i style=\"width: {:.2f}%\"></i>", place(fraction));
  if (interval)
    html += fmt::format("<b style=\"left: {:.2f}%; right: {:.2f}%\"></b>", place(interval->low),
                        100 - place(interval->high));
  return html + "</span>";
}

std::string picture(const Image& image, std::string_view text) {
  return fmt::format("<img width=\"{}\" height=\"{}\" alt=\"{}\" src=\"data:image/png;base64,{}\"/>", image.width,
                     image.height, escaped(text), base64(encode_png(image, "report: a picture")));
}

std::string confusion(const Evaluation& e) {
  auto html =
      fmt::format("<p>A row is what a picture truly shows, a column what the model answered. The shade is the "
                  "share of the row; what is outlined is right.</p>\n<div class=\"beside\">\n<div class=\"scroll\" "
                  "tabindex=\"0\" role=\"region\" aria-label=\"Confusion matrix\">\n<table class=\"heat\">\n<thead>"
                  "<tr><td></td><th class=\"across\" scope=\"colgroup\" colspan=\"{}\">answer</th></tr>\n"
                  "<tr><th scope=\"col\">truth</th>",
                  e.labels.size());
  for (const auto& label : e.labels)
    html += fmt::format("<th class=\"down\" scope=\"col\"><span>{}</span></th>", escaped(label));
  html += "</tr></thead>\n<tbody>\n";
  for (std::size_t t = 0; t < e.labels.size(); ++t) {
    html += fmt::format("<tr><th scope=\"row\"><span>{}</span></th>", escaped(e.labels[t]));
    for (std::size_t a = 0; a < e.labels.size(); ++a) html += cell(e, t, a);
    html += "</tr>\n";
  }
  html += "</tbody>\n</table>\n</div>\n<div>\n";
  const auto frequent = most_frequent(e, 5);
  if (frequent.empty()) return html + "<p>Every picture was named rightly.</p>\n</div>\n</div>\n";
  html += "<h3>Most frequent confusions</h3>\n<ol>\n";
  for (const auto& [t, a, count] : frequent)
    html += fmt::format("<li><strong>{}</strong> taken for <strong>{}</strong>: {} of {} ({:.0f}&#160;%)</li>\n",
                        escaped(e.labels[t]), escaped(e.labels[a]), grouped(count), grouped(e.per_class[t].support),
                        100 * share(count, e.per_class[t].support));
  return html + "</ol>\n</div>\n</div>\n";
}

std::string classes(const Evaluation& e) {
  std::string html = "<p><strong>Recall</strong>: of the pictures of a class, how many were named so. "
                     "<strong>Precision</strong>: of the "
                     "pictures named so, how many are. <strong>F1</strong>: one figure for both, their harmonic mean. "
                     "The whiskers are "
                     "95&#160;% intervals: what chance alone could have made of it.</p>\n"
                     "<table class=\"measure\">\n<thead><tr><th scope=\"col\">class</th><th scope=\"col\">recall</th>"
                     "<th scope=\"col\">precision</th><th scope=\"col\">F1</th></tr></thead>\n<tbody>\n";
  for (std::size_t c = 0; c < e.labels.size(); ++c) {
    const auto& one = e.per_class[c];
    std::int64_t answered = 0;
    for (std::size_t t = 0; t < e.labels.size(); ++t) answered += e.count(t, c);
    const auto recall = wilson_interval(one.recall, one.support);
    const auto precision = wilson_interval(one.precision, answered);
    html += fmt::format("<tr><th scope=\"row\">{}<br/><span class=\"tiny\">{} {}</span></th>{}{}{}</tr>\n",
                        escaped(e.labels[c]), grouped(one.support), one.support == 1 ? "picture" : "pictures",
                        measure(one.recall, &recall), measure(one.precision, &precision), measure(one.f1, nullptr));
  }
  html += "</tbody>\n</table>\n";
  for (const auto& name : e.undefined)
    html +=
        fmt::format("<p class=\"tiny\">{}: never answered, or without a picture; what would be 0/0 counts as 0.</p>\n",
                    escaped(name));
  return html;
}

std::string wrong_answers(std::span<const Mistake> mistakes, std::string_view of) {
  return faces(
      mistakes,
      fmt::format("The {} pictures for which the model was surest of a wrong answer, the surest first. Look for "
                  "three kinds: labels that are wrong, pictures that are hard for people too, and what the "
                  "model does not see.",
                  of));
}

std::string faces(std::span<const Mistake> mistakes, std::string_view text) {
  if (mistakes.empty()) return {};
  auto html = fmt::format("<p>{}</p>\n<div class=\"faces\">\n", text);
  for (const auto& mistake : mistakes) {
    const auto truth = escaped(mistake.truth), answer = escaped(mistake.answer);
    html +=
        fmt::format("<figure class=\"face\">{}\n<figcaption><strong>{}</strong> taken for <strong>{}</strong>{}"
                    "{}; the truth got {}",
                    picture(mistake.picture, fmt::format("{} taken for {}", mistake.truth, mistake.answer)), truth,
                    answer, bar(mistake.probability), percent(mistake.probability), percent(mistake.truth_probability));
    if (!mistake.name.empty()) html += fmt::format("<span class=\"name\">{}</span>", breakable(mistake.name));
    html += "</figcaption></figure>\n";
  }
  return html + "</div>\n";
}

} // namespace mien::page
