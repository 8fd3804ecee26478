// SPDX-License-Identifier: Apache-2.0
// The drawing of a search.
#include "lib/train/svg.hpp"

#include "mien/core/math.hpp"
#include "mien/train/search.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace mien {
namespace {

constexpr int left = 64, top = 72, plot_width = 640, plot_height = 300;
constexpr std::string_view style = R"(
    .trial { fill: none; stroke: #8c959f; stroke-width: 1; } .promoted { stroke: #0969da; stroke-width: 2; }
    .best { stroke: #bc4c00; stroke-width: 3; } .small { font-size: 11px; } .stopped { fill: #8c959f; }
    @media (prefers-color-scheme: dark) { .promoted { stroke: #4493f8; } .best { stroke: #f0883e; } })";

/// How epochs and accuracies become places; epochs stand on a logarithmic scale, as they grow by factors.
struct Plot {
  double first, last; // epochs

  [[nodiscard]] double x(int epochs) const {
    if (last <= first) return left + plot_width / 2.0;
    return left + plot_width * math::log(epochs / first) / math::log(last / first);
  }
  [[nodiscard]] static double y(double accuracy) { return top + plot_height * (1 - std::clamp(accuracy, 0.0, 1.0)); }
};

std::string axes(const Plot& plot, const std::map<int, int>& rungs) {
  std::string svg;
  for (int tenth = 0; tenth <= 10; tenth += 2) {
    const double y = Plot::y(tenth / 10.0);
    svg += fmt::format("  <path class=\"line\" d=\"M{} {:.1f}h{}\"/>\n", left, y, plot_width);
    svg += fmt::format("  <text class=\"faint small\" x=\"{}\" y=\"{:.1f}\" text-anchor=\"end\">{} %</text>\n",
                       left - 8, y + 4, 10 * tenth);
  }
  for (const auto& [epochs, trials] : rungs)
    svg += fmt::format("  <text class=\"faint small\" x=\"{:.1f}\" y=\"{}\" text-anchor=\"middle\">{}</text>\n"
                       "  <text class=\"faint small\" x=\"{:.1f}\" y=\"{}\" text-anchor=\"middle\">{} {}</text>\n",
                       plot.x(epochs), top + plot_height + 18, epochs, plot.x(epochs), top + plot_height + 34, trials,
                       trials == 1 ? "trial" : "trials");
  return svg + fmt::format("  <text class=\"faint small\" x=\"{}\" y=\"{}\" text-anchor=\"middle\">epochs</text>\n",
                           left + plot_width / 2, top + plot_height + 54);
}

/// The options of a trial as they are typed.
std::string options_text(const SearchSpace& space, int trial) {
  std::string text;
  const auto values = draw_trial(space, trial);
  for (std::size_t i = 0; i < values.size(); ++i)
    text += fmt::format("{}--{} {}", i > 0 ? " " : "", space.parameters[i].name, values[i]);
  return text;
}

std::string line(const Plot& plot, std::span<const TrialRow> rows, const SearchSpace& space, bool best) {
  std::string path, dots;
  const bool promoted = rows.size() > 1;
  for (const auto& row : rows) {
    const double x = plot.x(row.epochs), y = Plot::y(row.accuracy);
    path += fmt::format("{}{:.1f} {:.1f}", path.empty() ? "M" : "L", x, y);
    dots += fmt::format("  <circle class=\"{}\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{}\"><title>trial {}, epoch {}: "
                        "{:.1f} %, loss {:.3f}; {}</title></circle>\n",
                        best       ? "other"
                        : promoted ? "mark"
                                   : "stopped",
                        x, y, best ? 4 : 3, row.trial, row.epochs, 100 * row.accuracy, row.loss,
                        svg::escaped(options_text(space, row.trial)));
  }
  const auto* kind = best ? "trial best" : promoted ? "trial promoted" : "trial";
  return fmt::format("  <path class=\"{}\" d=\"{}\"/>\n", kind, path) + dots;
}

} // namespace

std::string search_svg(std::span<const TrialRow> rows, const SearchSpace& space) {
  std::string svg =
      svg::head(left + plot_width + 40, top + plot_height + 72, "Accuracy of the trials of a search", style);
  const auto* best = best_trial(rows);
  if (!best) return svg + "  <text class=\"ink\" x=\"24\" y=\"32\">No trial is finished yet.</text>\n</svg>\n";

  std::map<int, std::vector<TrialRow>> trials;
  std::map<int, int> rungs;
  for (const auto& row : rows) {
    trials[row.trial].push_back(row);
    ++rungs[row.epochs];
  }
  const Plot plot{static_cast<double>(rungs.begin()->first), static_cast<double>(rungs.rbegin()->first)};
  svg += fmt::format("  <text class=\"ink title\" x=\"{}\" y=\"28\">Best of {} trials: {}, accuracy {:.1f} % on "
                     "validation after epoch {}</text>\n",
                     left, trials.size(), best->trial, 100 * best->accuracy, best->epochs);
  svg += fmt::format("  <text class=\"faint\" x=\"{}\" y=\"48\">{}</text>\n", left,
                     svg::escaped(options_text(space, best->trial)));
  svg += axes(plot, rungs);
  for (auto& [trial, of_trial] : trials) {
    std::sort(of_trial.begin(), of_trial.end(), [](const auto& a, const auto& b) { return a.epochs < b.epochs; });
    if (trial != best->trial) svg += line(plot, of_trial, space, false);
  }
  return svg + line(plot, trials[best->trial], space, true) + "</svg>\n"; // above the others
}

} // namespace mien
