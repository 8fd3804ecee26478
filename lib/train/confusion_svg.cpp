// SPDX-License-Identifier: Apache-2.0
#include "lib/train/svg.hpp"
#include "mien/train/report.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mien {
namespace {

// Text on a dark shade takes the page's colour; the marks of the right answers are outlined.
constexpr std::string_view style = R"(
    .on { fill: #ffffff; } .right { stroke: #1f2328; fill: none; } .small { font-size: 11px; }
    @media (prefers-color-scheme: dark) { .on { fill: #0d1117; } .right { stroke: #f0f6fc; } })";
constexpr double dark_share = 0.75;

} // namespace

std::string confusion_svg(const Evaluation& e) {
  std::size_t longest = 5;
  for (const auto& label : e.labels) longest = std::max(longest, label.size());
  const int cell = std::max(60, 10 + 8 * static_cast<int>(longest)), height = 44;
  const int left = 40 + 8 * static_cast<int>(longest), top = 84;
  const int classes = static_cast<int>(e.labels.size());
  const int width = left + classes * cell + 24, bottom = top + classes * height;

  const auto title = fmt::format("Confusion matrix: {} {}", e.n, e.n == 1 ? "picture" : "pictures");
  std::string svg = svg::head(width, bottom + 40, title, style);
  svg +=
      fmt::format("  <text class=\"ink title\" x=\"24\" y=\"32\">{}, {:.1f} % right</text>\n", title, 100 * e.accuracy);
  svg +=
      fmt::format("  <text class=\"faint\" x=\"{}\" y=\"{}\" text-anchor=\"end\">truth</text>\n", left - 12, top - 10);
  svg += fmt::format("  <text class=\"faint\" x=\"{}\" y=\"{}\">answer</text>\n", left, top - 30);

  for (int truth = 0; truth < classes; ++truth) {
    const auto t = static_cast<std::size_t>(truth);
    const auto label = svg::escaped(e.labels[t]);
    const auto support = e.per_class[t].support;
    const int y = top + truth * height;
    svg += fmt::format("  <text class=\"ink\" x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>\n",
                       left + truth * cell + cell / 2, top - 10, label);
    svg += fmt::format("  <text class=\"ink\" x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>\n", left - 12,
                       y + height / 2 + 5, label);
    for (int answer = 0; answer < classes; ++answer) {
      const auto a = static_cast<std::size_t>(answer);
      const auto count = e.count(t, a);
      const double share = support == 0 ? 0 : static_cast<double>(count) / static_cast<double>(support);
      const int x = left + answer * cell;
      const auto ink = share > dark_share ? "on" : count == 0 ? "faint" : "ink";
      svg += fmt::format("  <g><title>{} answered as {}: {} of {} ({:.1f} %)</title>", label, svg::escaped(e.labels[a]),
                         count, support, 100 * share);
      svg += fmt::format(R"(<rect class="mark" x="{}" y="{}" width="{}" height="{}" fill-opacity="{:.3f}"/>)", x + 1,
                         y + 1, cell - 2, height - 2, share);
      svg += fmt::format(R"(<text class="{}" x="{}" y="{}" text-anchor="middle">{}</text>)", ink, x + cell / 2, y + 20,
                         count);
      svg += fmt::format(R"(<text class="{} small" x="{}" y="{}" text-anchor="middle">{:.0f} %</text></g>)", ink,
                         x + cell / 2, y + 35, 100 * share);
      svg += '\n';
    }
    svg += fmt::format("  <rect class=\"right\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>\n",
                       left + truth * cell + 1, y + 1, cell - 2, height - 2);
  }
  svg += fmt::format("  <text class=\"faint small\" x=\"24\" y=\"{}\">Percentages and shades: share of the row. "
                     "Outlined: right.</text>\n",
                     bottom + 24);
  return svg + "</svg>\n";
}

} // namespace mien
