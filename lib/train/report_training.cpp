// SPDX-License-Identifier: Apache-2.0
// How a training went and what it stood on: the other parts of report.html.
#include "lib/train/curves.hpp"
#include "lib/train/report_parts.hpp"
#include "lib/train/svg.hpp"
#include "mien/train/trainer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

namespace mien::page {
namespace {

using svg::escaped;

std::string number(double value, int digits) {
  return std::isfinite(value) ? fmt::format("{:.{}f}", value, digits) : "not finite";
}

/// Text in which options and what stands in `backquotes` are set as code.
std::string prose(std::string_view text) {
  const auto is_option = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  std::string html, plain;
  const auto code = [&](std::string_view word) {
    html += escaped(std::exchange(plain, {})) + "<code>" + escaped(word) + "</code>";
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto rest = text.substr(i);
    const auto close = rest.front() == '`' ? rest.find('`', 1) : std::string_view::npos;
    if (close != std::string_view::npos) {
      code(rest.substr(1, close - 1));
      i += close;
    } else if (rest.starts_with("--") && (i == 0 || text[i - 1] == ' ')) {
      const auto end = std::ranges::find_if_not(rest, is_option) - rest.begin();
      code(rest.substr(0, static_cast<std::size_t>(end)));
      i += static_cast<std::size_t>(end) - 1;
    } else {
      plain += rest.front();
    }
  }
  return html + escaped(plain);
}

std::string drawing(std::span<const EpochRow> rows, std::string_view title, std::string_view about,
                    std::span<const curves::Curve> lines, const curves::Place& place = {}) {
  constexpr int width = curves::left_margin + curves::width + curves::right_margin;
  return svg::open(width, curves::above + curves::height + curves::below, about) +
         curves::panel(rows, place, title, lines) + "</svg>\n";
}

std::string epochs_table(std::span<const EpochRow> rows) {
  std::string html = "<details>\n<summary>All epochs in figures</summary>\n<div class=\"scroll\" tabindex=\"0\" "
                     "role=\"region\" aria-label=\"All epochs\">\n<table>\n<thead><tr>";
  for (const auto* name : {"epoch", "loss", "accuracy", "validation loss", "validation accuracy", "macro F1", "rate",
                           "gradient norm", "seconds", "images/s"})
    html += fmt::format("<th scope=\"col\" class=\"num\">{}</th>", name);
  html += "</tr></thead>\n<tbody>\n";
  for (const auto& row : rows) {
    html += fmt::format("<tr><th scope=\"row\" class=\"num\">{}</th>", row.epoch);
    for (const auto& text : {number(row.loss, 4), number(100 * row.accuracy, 1), number(row.val_loss, 4),
                             number(100 * row.val_accuracy, 1), number(100 * row.val_macro_f1, 1),
                             fmt::format("{:.3g}", row.learning_rate), number(row.gradient_norm, 3),
                             number(row.seconds, 1), number(row.images_per_second, 0)})
      html += fmt::format("<td class=\"num\">{}</td>", text);
    html += "</tr>\n";
  }
  return html + "</tbody>\n</table>\n</div>\n<p class=\"tiny\">Accuracies and F1 in percent.</p>\n</details>\n";
}

} // namespace

std::string grouped(std::int64_t number) {
  auto text = std::to_string(number);
  for (auto at = static_cast<std::int64_t>(text.size()) - 3; at > 0; at -= 3)
    text.insert(static_cast<std::size_t>(at), ",");
  return text;
}

std::string troubles(const ReportContent& content) {
  if (content.troubles.empty())
    return content.watched ? "<p>Nothing unusual was noticed while it trained.</p>\n" : std::string();
  std::string html = "<div class=\"notes\">\n";
  for (const auto& trouble : content.troubles)
    html += fmt::format("<div class=\"note\">\n<h3>{}</h3>\n<p>{}</p>\n<p><strong>Try:</strong> {}</p>\n</div>\n",
                        prose(trouble.what), prose(trouble.evidence), prose(trouble.suggestion));
  return html + "</div>\n";
}

std::string training_curves(const ReportContent& content) {
  const std::span<const EpochRow> rows = content.rows;
  if (rows.empty()) return {};
  const int best = best_epoch(rows)->epoch;
  std::string html =
      "<p>Loss is what training makes small; accuracy is the share of right answers. Training is measured on the "
      "varied pictures it learns from, validation on pictures it never learns from. Where validation turns away from "
      "training, the model learns by heart.</p>\n<div class=\"panels\">\n";
  html +=
      drawing(rows, "Loss", "Loss of training and validation over the epochs", curves::losses, {.best_epoch = best});
  html += drawing(rows, "Accuracy", "Accuracy of training and validation over the epochs", curves::accuracies,
                  {.percent = true, .best_epoch = best});
  html += drawing(rows, "Learning rate", "Learning rate over the epochs", curves::rates, {.least_ceiling = 1e-8});
  if (std::ranges::any_of(rows, [](const EpochRow& row) { return row.gradient_norm != 0; }))
    html += drawing(rows, "Gradient norm", "Mean norm of the gradient over the epochs", curves::norms);
  return html + "</div>\n" + epochs_table(rows);
}

std::string augmented(const ReportContent& content) {
  if (content.augmented.pixels.empty()) return {};
  return "<p>Turned, moved, mirrored, made lighter or darker as the options say, anew in every epoch. If a person "
         "could not name these, neither will the model.</p>\n<figure class=\"sheet\">" +
         picture(content.augmented, "Training pictures, a row a class, varied as training varies them") + "</figure>\n";
}

std::string counts(const ReportContent& content) {
  if (content.counts.empty()) return {};
  std::size_t most = 1, training = 0, validation = 0;
  for (const auto& one : content.counts) {
    most = std::max(most, one.training);
    training += one.training;
    validation += one.validation;
  }
  const auto text = [](std::size_t n) { return grouped(static_cast<std::int64_t>(n)); };
  std::string html = "<table class=\"narrow\">\n<thead><tr><th scope=\"col\">class</th><th scope=\"col\" "
                     "class=\"num\">to learn from</th>"
                     "<th scope=\"col\" class=\"num\">to measure on</th></tr></thead>\n<tbody>\n";
  for (const auto& one : content.counts)
    html += fmt::format("<tr><th scope=\"row\">{}{}</th><td class=\"num\">{}</td><td class=\"num\">{}</td></tr>\n",
                        escaped(one.name), bar(static_cast<double>(one.training) / static_cast<double>(most)),
                        text(one.training), text(one.validation));
  return html + fmt::format("<tr><th scope=\"row\">all</th><td class=\"num\">{}</td><td class=\"num\">{}</td></tr>\n"
                            "</tbody>\n</table>\n",
                            text(training), text(validation));
}

std::string layers(const ReportContent& content) {
  if (content.layers.empty()) return {};
  double all = 0;
  for (const auto& layer : content.layers) all += layer.forward_ms + layer.backward_ms;
  std::string html = "<p>Milliseconds for one batch, forward and backward, each layer measured alone.</p>\n"
                     "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Layers\">\n<table>\n<thead><tr>"
                     "<th scope=\"col\">layer</th><th scope=\"col\">output</th>";
  for (const auto* name : {"parameters", "forward", "backward", "share"})
    html += fmt::format("<th scope=\"col\" class=\"num\">{}</th>", name);
  html += "</tr></thead>\n<tbody>\n";
  for (const auto& layer : content.layers) {
    const double part = all > 0 ? (layer.forward_ms + layer.backward_ms) / all : 0;
    html += fmt::format("<tr><th scope=\"row\">{} <span class=\"tiny\">{}</span></th><td>{}</td>"
                        "<td class=\"num\">{}</td><td class=\"num\">{}</td><td class=\"num\">{}</td>"
                        "<td class=\"num\">{}{}</td></tr>\n",
                        escaped(layer.name), escaped(layer.type), escaped(layer.output), grouped(layer.parameters),
                        number(layer.forward_ms, 2), number(layer.backward_ms, 2), percent(part), bar(part));
  }
  return html + "</tbody>\n</table>\n</div>\n";
}

std::string named_values(const NamedValues& values) {
  if (values.empty()) return {};
  std::string html = "<dl class=\"pairs\">\n";
  for (const auto& [name, value] : values)
    html += fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", escaped(name), escaped(value));
  return html + "</dl>\n";
}

} // namespace mien::page
