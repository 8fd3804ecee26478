// SPDX-License-Identifier: Apache-2.0
#include "lib/train/svg.hpp"
#include "mien/train/history.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace mien {
namespace {

constexpr int panel_width = 340, panel_height = 220, top = 84, height = top + panel_height + 60;
constexpr std::string_view style = R"(
    .curve { fill: none; stroke-width: 2; stroke-linejoin: round; } .small { font-size: 11px; }
    .training { stroke: #bc4c00; stroke-dasharray: 5 3; } .validation { stroke: #0969da; }
    @media (prefers-color-scheme: dark) { .training { stroke: #f0883e; } .validation { stroke: #4493f8; } })";

/// A figure of an epoch, and how it is drawn.
struct Curve {
  double EpochRow::*figure;
  std::string_view name; // the CSS class of the line, too
  std::string_view dot;
};

/// The first of 1, 2, 5, 10, 20, ... (times a millionth) that cuts [0, highest] into at most six.
double nice_step(double highest) {
  double step = 1e-6;
  for (int i = 0; highest / step > 6; ++i) step *= i % 3 == 1 ? 2.5 : 2;
  return step;
}

/// One of the two drawings side by side: how epochs and values become places.
struct Panel {
  int left;
  double last_epoch;
  double highest;
  bool percent;

  [[nodiscard]] double x(double epoch) const { return left + panel_width * epoch / last_epoch; }
  [[nodiscard]] double y(double value) const { return top + panel_height * (1 - std::min(value / highest, 1.0)); }
  [[nodiscard]] std::string text(double value) const {
    return percent ? fmt::format("{:.4g} %", 100 * value) : fmt::format("{:.4g}", value);
  }
};

std::string axes(const Panel& panel, std::string_view title) {
  auto svg = fmt::format("  <text class=\"ink title\" x=\"{}\" y=\"{}\">{}</text>\n", panel.left, top - 20, title);
  const double step = nice_step(panel.highest);
  for (int i = 0; i * step <= panel.highest * 1.001; ++i) {
    const double y = panel.y(i * step);
    svg += fmt::format("  <path class=\"line\" d=\"M{} {:.1f}h{}\"/>\n", panel.left, y, panel_width);
    svg += fmt::format("  <text class=\"faint small\" x=\"{}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>\n",
                       panel.left - 8, y + 4, panel.text(i * step));
  }
  const int epochs = std::max(1, static_cast<int>(nice_step(panel.last_epoch)));
  for (int epoch = epochs; epoch <= panel.last_epoch; epoch += epochs)
    svg += fmt::format("  <text class=\"faint small\" x=\"{:.1f}\" y=\"{}\" text-anchor=\"middle\">{}</text>\n",
                       panel.x(epoch), top + panel_height + 18, epoch);
  return svg + fmt::format("  <text class=\"faint small\" x=\"{}\" y=\"{}\" text-anchor=\"middle\">epoch</text>\n",
                           panel.left + panel_width / 2, top + panel_height + 36);
}

/// A line through the finite values, and a dot on each that names it when pointed at.
std::string line(const Panel& panel, std::span<const EpochRow> rows, const Curve& curve) {
  std::string path, dots;
  bool drawing = false;
  for (const auto& row : rows) {
    const double value = row.*curve.figure;
    const bool finite = std::isfinite(value);
    if (finite) {
      const double x = panel.x(row.epoch), y = panel.y(value);
      path += fmt::format("{}{:.1f} {:.1f}", drawing ? "L" : "M", x, y);
      dots += fmt::format(
          R"(  <circle class="{}" cx="{:.1f}" cy="{:.1f}" r="2.5"><title>epoch {}, {}: {}</title></circle>)", curve.dot,
          x, y, row.epoch, curve.name, panel.text(value));
      dots += '\n';
    }
    drawing = finite;
  }
  return fmt::format("  <path class=\"curve {}\" d=\"{}\"/>\n", curve.name, path) + dots;
}

/// The first line of the grid above every finite value of the curves.
double ceiling(std::span<const EpochRow> rows, std::span<const Curve> curves) {
  double most = 0.01;
  for (const auto& row : rows)
    for (const auto& curve : curves)
      if (std::isfinite(row.*curve.figure)) most = std::max(most, row.*curve.figure);
  const double step = nice_step(most);
  return std::ceil(most / step) * step;
}

std::string panel(std::span<const EpochRow> rows, int left, std::string_view title, bool percent,
                  std::span<const Curve> curves) {
  const Panel place{left, static_cast<double>(std::max(1, rows.back().epoch)), ceiling(rows, curves), percent};
  std::string svg = axes(place, title);
  int x = left + panel_width - 190;
  for (const auto& curve : curves) {
    svg += fmt::format("  <path class=\"curve {}\" d=\"M{} {}h24\"/>\n", curve.name, x, top - 25);
    svg += fmt::format("  <text class=\"{}\" x=\"{}\" y=\"{}\">{}</text>\n", curve.dot, x + 30, top - 20, curve.name);
    x += 100;
    svg += line(place, rows, curve);
  }
  return svg;
}

} // namespace

std::string curves_svg(std::span<const EpochRow> rows) {
  constexpr int first = 64, second = first + panel_width + 84, width = second + panel_width + 28;
  std::string svg = svg::head(width, height, "Loss and accuracy over the epochs", style);
  if (rows.empty()) return svg + "  <text class=\"ink\" x=\"24\" y=\"32\">No epoch is finished yet.</text>\n</svg>\n";

  const Curve losses[] = {{&EpochRow::loss, "training", "other"}, {&EpochRow::val_loss, "validation", "mark"}};
  const Curve accuracies[] = {{&EpochRow::accuracy, "training", "other"},
                              {&EpochRow::val_accuracy, "validation", "mark"}};
  const auto best = std::max_element(rows.begin(), rows.end(), [](const EpochRow& a, const EpochRow& b) {
    return a.val_accuracy < b.val_accuracy || (a.val_accuracy == b.val_accuracy && a.val_loss > b.val_loss);
  });
  svg +=
      fmt::format("  <text class=\"ink title\" x=\"{}\" y=\"30\">Epoch {}: best on validation after epoch {}, accuracy "
                  "{:.1f} %, macro F1 {:.1f} %</text>\n",
                  first, rows.back().epoch, best->epoch, 100 * best->val_accuracy, 100 * best->val_macro_f1);
  return svg + panel(rows, first, "Loss", false, losses) + panel(rows, second, "Accuracy", true, accuracies) +
         "</svg>\n";
}

} // namespace mien
