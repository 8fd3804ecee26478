// SPDX-License-Identifier: Apache-2.0
#include "mien/train/calibration.hpp"
#include "mien/train/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace mien {
namespace {

std::string percent(double fraction) { return fmt::format("{:5.1f} %", 100 * fraction); }

std::string row(std::string_view name, double figure, const Interval& ci) {
  return fmt::format("{:<24}{}   ({:.1f} to {:.1f})\n", name, percent(figure), 100 * ci.low, 100 * ci.high);
}

std::string one_text(const Evaluation& e) {
  std::string text = fmt::format("{:<24} {} {}   (95 % interval)\n", "", e.n, e.n == 1 ? "picture" : "pictures");
  text += row("accuracy", e.accuracy, e.ci95.accuracy);
  text += row("macro F1", e.macro_f1, e.ci95.macro_f1);
  text += row("weighted F1", e.weighted_f1, e.ci95.weighted_f1);
  text += row("mean recall (UAR)", e.uar, e.ci95.uar);
  text += fmt::format("{:<24}{:5.3f}     ({:.3f} to {:.3f})\n", "log loss", e.log_loss, e.ci95.log_loss.low,
                      e.ci95.log_loss.high);
  if (e.reliability) text += reliability_text(*e.reliability);
  if (e.abstention) {
    const auto& [threshold, answered, right] = *e.abstention;
    const auto wrong = answered == 0 ? 0 : 1 - static_cast<double>(right) / static_cast<double>(answered);
    const auto ci = wilson_interval(wrong, answered);
    text +=
        fmt::format("answers of at least {:.0f} %: {} of {} ({:.1f} %), of which wrong {:.1f} % ({:.1f} to {:.1f})\n",
                    100 * threshold, answered, e.n, 100 * static_cast<double>(answered) / static_cast<double>(e.n),
                    100 * wrong, 100 * ci.low, 100 * ci.high);
  }

  std::size_t width = 5;
  for (const auto& label : e.labels) width = std::max(width, label.size());
  text += fmt::format("\n{:<{}}  precision   recall       F1   pictures\n", "class", width);
  for (std::size_t c = 0; c < e.labels.size(); ++c) {
    const auto& one = e.per_class[c];
    text += fmt::format("{:<{}}    {}  {}  {}  {:>9}\n", e.labels[c], width, percent(one.precision),
                        percent(one.recall), percent(one.f1), one.support);
  }
  std::vector<std::string> without_picture, never_answered;
  for (std::size_t c = 0; c < e.labels.size(); ++c) {
    std::int64_t answered = 0;
    for (std::size_t truth = 0; truth < e.labels.size(); ++truth) answered += e.count(truth, c);
    if (e.per_class[c].support == 0) without_picture.push_back(e.labels[c]);
    if (answered == 0) never_answered.push_back(e.labels[c]);
  }
  if (!without_picture.empty())
    text += fmt::format("no picture of: {} (recall is 0/0 and counts as 0)\n", fmt::join(without_picture, ", "));
  if (!never_answered.empty())
    text += fmt::format("never answered: {} (precision is 0/0 and counts as 0)\n", fmt::join(never_answered, ", "));
  return text;
}

} // namespace

std::string figures_text(const Evaluation& e) {
  auto text = one_text(e);
  if (!e.seen) {
    text +=
        "\nNot told apart: pictures that the model has learnt from. Its file keeps no digests of them; `mien convert "
        "--trained-on\nDATA` adds them.\n";
  } else if (*e.seen == 0) {
    text += "\nThe model has learnt from none of these pictures.\n";
  } else if (!e.unseen) {
    text += "\nThe model has learnt from every one of these pictures: this says nothing about others.\n";
  } else {
    text += fmt::format("\nThe model has learnt from {} of these pictures. Without them, what it has never seen:\n\n",
                        *e.seen);
    text += one_text(*e.unseen);
  }
  return text;
}

} // namespace mien
