// SPDX-License-Identifier: Apache-2.0
#include "lib/train/curves.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace mien::curves {

const std::string_view style = R"(
    .curve { fill: none; stroke-width: 2; stroke-linejoin: round; } .small { font-size: 11px; }
    .training { stroke: #bc4c00; stroke-dasharray: 5 3; } .validation { stroke: #0969da; }
    @media (prefers-color-scheme: dark) { .training { stroke: #f0883e; } .validation { stroke: #4493f8; } })";

namespace {

/// The first of 1, 2, 5, 10, 20, ... (times a milliardth) that cuts [0, highest] into at most six.
double nice_step(double highest) {
  double step = 1e-9;
  for (int i = 0; highest / step > 6; ++i) step *= i % 3 == 1 ? 2.5 : 2;
  return step;
}

/// How epochs and values become places.
struct Scale {
  int left, top;
  double last_epoch;
  double highest;
  bool percent;

  [[nodiscard]] double x(double epoch) const { return left + width * epoch / last_epoch; }
  [[nodiscard]] double y(double value) const { return top + height * (1 - std::min(value / highest, 1.0)); }
  [[nodiscard]] std::string text(double value) const {
    return percent ? fmt::format("{:.4g} %", 100 * value) : fmt::format("{:.4g}", value);
  }
};

std::string axes(const Scale& scale, std::string_view title) {
  auto svg =
      fmt::format("  <text class=\"ink title\" x=\"{}\" y=\"{}\">{}</text>\n", scale.left, scale.top - 20, title);
  const double step = nice_step(scale.highest);
  for (int i = 0; i * step <= scale.highest * 1.001; ++i) {
    const double y = scale.y(i * step);
    svg += fmt::format("  <path class=\"line\" d=\"M{} {:.1f}h{}\"/>\n", scale.left, y, width);
    svg += fmt::format("  <text class=\"faint small\" x=\"{}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>\n",
                       scale.left - 8, y + 4, scale.text(i * step));
  }
  const int epochs = std::max(1, static_cast<int>(nice_step(scale.last_epoch)));
  for (int epoch = epochs; epoch <= scale.last_epoch; epoch += epochs)
    svg += fmt::format("  <text class=\"faint small\" x=\"{:.1f}\" y=\"{}\" text-anchor=\"middle\">{}</text>\n",
                       scale.x(epoch), scale.top + height + 18, epoch);
  return svg + fmt::format("  <text class=\"faint small\" x=\"{}\" y=\"{}\" text-anchor=\"middle\">epoch</text>\n",
                           scale.left + width / 2, scale.top + height + 36);
}

/// A line through the finite values, and a dot on each that names it when pointed at.
std::string line(const Scale& scale, std::span<const EpochRow> rows, const Curve& curve) {
  std::string path, dots;
  bool drawing = false;
  for (const auto& row : rows) {
    const double value = row.*curve.figure;
    const bool finite = std::isfinite(value);
    if (finite) {
      const double x = scale.x(row.epoch), y = scale.y(value);
      path += fmt::format("{}{:.1f} {:.1f}", drawing ? "L" : "M", x, y);
      dots += fmt::format(
          R"(  <circle class="{}" cx="{:.1f}" cy="{:.1f}" r="2.5"><title>epoch {}, {}: {}</title></circle>)", curve.dot,
          x, y, row.epoch, curve.name, scale.text(value));
      dots += '\n';
    }
    drawing = finite;
  }
  return fmt::format("  <path class=\"curve {}\" d=\"{}\"/>\n", curve.line, path) + dots;
}

/// The first line of the grid above every finite value of the curves.
double ceiling(std::span<const EpochRow> rows, std::span<const Curve> curves, double most) {
  for (const auto& row : rows)
    for (const auto& curve : curves)
      if (std::isfinite(row.*curve.figure)) most = std::max(most, row.*curve.figure);
  const double step = nice_step(most);
  return std::ceil(most / step) * step;
}

} // namespace

std::string panel(std::span<const EpochRow> rows, const Place& place, std::string_view title,
                  std::span<const Curve> curves) {
  const Scale scale{place.left, place.top, static_cast<double>(std::max(1, rows.back().epoch)),
                    ceiling(rows, curves, place.least_ceiling), place.percent};
  std::string svg = axes(scale, title);
  if (place.best_epoch > 0) {
    const double x = scale.x(place.best_epoch);
    svg += fmt::format("  <path class=\"line\" stroke-dasharray=\"2 3\" d=\"M{:.1f} {}v{}\"/>\n", x, place.top, height);
    svg += fmt::format("  <text class=\"faint small\" x=\"{:.1f}\" y=\"{}\" text-anchor=\"end\">best</text>\n", x - 5,
                       place.top + height - 8);
  }
  int at = place.left + width - 190;
  for (const auto& curve : curves) {
    if (curves.size() > 1) {
      svg += fmt::format("  <path class=\"curve {}\" d=\"M{} {}h24\"/>\n", curve.line, at, place.top - 25);
      svg += fmt::format("  <text class=\"{}\" x=\"{}\" y=\"{}\">{}</text>\n", curve.dot, at + 30, place.top - 20,
                         curve.name);
    }
    at += 100;
    svg += line(scale, rows, curve);
  }
  return svg;
}

} // namespace mien::curves
