// SPDX-License-Identifier: Apache-2.0
// Two drawings of how far probabilities can be trusted.
#include "lib/train/outcomes.hpp"
#include "lib/train/svg.hpp"
#include "mien/train/evaluation_report.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mien {
namespace {

constexpr int left = 56, top = 40, side = 300, below = 56, right = 16;

double x_of(double share) { return left + side * share; }
double y_of(double share) { return top + side * (1 - share); }

/// Title, a square of lines at every fifth, and what the axes are.
std::string axes(std::string_view title, std::string_view across, std::string_view up, double ceiling = 1) {
  auto text = svg::open(left + side + right, top + side + below, title) +
              fmt::format("  <text class=\"ink title\" x=\"{}\" y=\"20\">{}</text>\n", left, title);
  for (int fifth = 0; fifth <= 5; ++fifth) {
    const double share = fifth / 5.0;
    text += fmt::format("  <path class=\"line\" d=\"M{0:.1f} {1:.1f}H{2}\"/>\n"
                        "  <text class=\"faint\" x=\"{3}\" y=\"{4:.1f}\" text-anchor=\"end\">{5:.0f}</text>\n"
                        "  <text class=\"faint\" x=\"{6:.1f}\" y=\"{7}\" text-anchor=\"middle\">{8:.0f}</text>\n",
                        x_of(0), y_of(share), left + side, left - 8, y_of(share) + 4, 100 * ceiling * share,
                        x_of(share), top + side + 20, 100 * share);
  }
  return text + fmt::format("  <text class=\"faint\" x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>\n"
                            "  <text class=\"faint\" transform=\"translate(16 {}) rotate(-90)\" "
                            "text-anchor=\"middle\">{}</text>\n",
                            left + side / 2, top + side + 44, across, top + side / 2, up);
}

/// A line through the points; risks above `ceiling` are drawn there.
std::string line(std::span<const RiskPoint> points, double ceiling, std::string_view css) {
  std::string path;
  for (const auto& [coverage, risk] : points)
    path +=
        fmt::format("{}{:.1f} {:.1f}", path.empty() ? 'M' : 'L', x_of(coverage), y_of(std::min(risk / ceiling, 1.0)));
  return fmt::format("  <path class=\"curve {}\" d=\"{}\"/>\n", css, path);
}

/// The next multiple of a tenth above every risk of the pictures' latter nine tenths: the first few answers say little.
double ceiling_of(std::span<const RiskPoint> a, std::span<const RiskPoint> b) {
  double highest = 0.05;
  for (const auto points : {a, b})
    for (const auto& [coverage, risk] : points)
      if (coverage >= 0.1) highest = std::max(highest, risk);
  double ceiling = 0.1;
  while (ceiling < highest) ceiling += 0.1;
  return std::min(ceiling, 1.0);
}

} // namespace

std::vector<RiskPoint> risk_curve(const Answers& answers, std::size_t points) {
  const auto sure = surest_first(answers);
  std::vector<RiskPoint> curve;
  std::size_t wrong = 0, drawn = 0;
  for (std::size_t k = 1; k <= sure.size(); ++k) {
    wrong += !sure[k - 1].right;
    if (k * points / sure.size() == drawn) continue;
    drawn = k * points / sure.size();
    curve.push_back({static_cast<double>(k) / static_cast<double>(sure.size()),
                     static_cast<double>(wrong) / static_cast<double>(k)});
  }
  return curve;
}

std::string reliability_svg(const Reliability& r) {
  auto text = axes("Reliability", "probability given to the answer, %", "answers that are right, %");
  std::int64_t largest = 1;
  for (const auto& bin : r.bins) largest = std::max(largest, bin.n);
  constexpr double step = 1.0 / Reliability::bin_count;
  for (std::size_t b = 0; b < r.bins.size(); ++b) {
    const auto& [n, confidence, accuracy] = r.bins[b];
    if (n == 0) continue;
    const double x = x_of(static_cast<double>(b) * step), full = side * step - 2;
    text +=
        fmt::format("  <rect class=\"column\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"><title>{} "
                    "answers of {:.0f} %, {:.0f} % right</title></rect>\n",
                    x + 1, y_of(accuracy), full, side * accuracy, n, 100 * confidence, 100 * accuracy);
    const auto ci = wilson_interval(accuracy, n);
    text += fmt::format("  <path class=\"curve validation\" d=\"M{0:.1f} {1:.1f}V{2:.1f}\"/>\n"
                        "  <circle class=\"mark\" cx=\"{0:.1f}\" cy=\"{3:.1f}\" r=\"{4:.1f}\"/>\n",
                        x_of(confidence), y_of(ci.low), y_of(ci.high), y_of(accuracy),
                        2.5 + 3.5 * static_cast<double>(n) / static_cast<double>(largest));
  }
  text += fmt::format("  <path class=\"curve training\" d=\"M{:.1f} {:.1f}L{:.1f} {:.1f}\"/>\n", x_of(0), y_of(0),
                      x_of(1), y_of(1));
  return text + "</svg>\n";
}

std::string risk_svg(std::span<const RiskPoint> all, std::span<const RiskPoint> unseen) {
  const double ceiling = ceiling_of(all, unseen);
  auto text = axes("Risk over coverage", "pictures that get an answer, the surest first, %",
                   "answers that are wrong, %", ceiling);
  text += line(all, ceiling, "training");
  if (!unseen.empty()) text += line(unseen, ceiling, "validation");
  text += fmt::format("  <text class=\"other\" x=\"{}\" y=\"{}\">all pictures</text>\n", left + 10, top + 18);
  if (!unseen.empty())
    text += fmt::format("  <text class=\"mark\" x=\"{}\" y=\"{}\">never seen</text>\n", left + 10, top + 36);
  return text + "</svg>\n";
}

} // namespace mien
