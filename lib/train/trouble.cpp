// SPDX-License-Identifier: Apache-2.0
// The rules by which trouble is noticed in the epochs of a training; docs/troubles.md says why they are so.
#include "mien/train/trouble.hpp"

#include "lib/train/trouble_words.hpp"

#include "mien/core/error.hpp"
#include "mien/core/math.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace mien {
namespace {

constexpr std::size_t window = 3;       // epochs of a median
constexpr double learns_nothing = 0.95; // of the loss at chance: a twentieth of all there is to learn is not learnt
constexpr double least_steps = 100;     // a step of Adam moves a weight by the rate, 0.001; weights are about 0.1
constexpr double deviations = 2;        // what chance alone does one time in twenty

using Rows = std::span<const EpochRow>;

double median(Rows rows, double EpochRow::*figure) {
  std::vector<double> values;
  for (const auto& row : rows) values.push_back(row.*figure);
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

/// The window before the latest one in which the median was best: the lowest if sign is 1, the highest if -1.
Rows best_window(Rows rows, double EpochRow::*figure, double sign) {
  auto best = rows.first(window);
  for (std::size_t i = 1; i + 2 * window <= rows.size(); ++i)
    if (sign * median(rows.subspan(i, window), figure) < sign * median(best, figure)) best = rows.subspan(i, window);
  return best;
}

/// How often the classes are found among the labels that the loss is measured against.
std::vector<double> shares(const TroubleContext& context) {
  const auto k = static_cast<double>(context.classes.size());
  const auto n =
      static_cast<double>(std::accumulate(context.class_counts.begin(), context.class_counts.end(), std::int64_t{0}));
  std::vector<double> q;
  for (const auto count : context.class_counts) {
    const double share = context.balanced || n == 0 ? 1 / k : static_cast<double>(count) / n;
    q.push_back((1 - context.label_smoothing) * share + context.label_smoothing / k);
  }
  return q;
}

/// The gradient norm of a network of which nothing is left but the offsets of its last layer, answering the shares: by
/// chance alone, a batch's shares differ from those.
double chance_gradient(const TroubleContext& context) {
  double variance = 0;
  for (const double q : shares(context)) variance += q * (1 - q);
  return std::sqrt(variance / context.batch);
}

/// Whether validation loss fell in every epoch. It is measured on the same pictures, unvaried and without dropout, so a
/// network that moves ever so slowly shows it, and one that is thrown about does not.
bool falls_steadily(Rows rows) {
  const auto rises = [](const EpochRow& a, const EpochRow& b) { return b.val_loss >= a.val_loss; };
  return std::adjacent_find(rows.begin(), rows.end(), rises) == rows.end();
}

/// Whether all validation pictures got the same answer: the macro F1 is then that of one class alone.
bool one_answer(const EpochRow& row, const TroubleContext& context) {
  const double f1 = 2 * row.val_accuracy / (1 + row.val_accuracy);
  return std::abs(row.val_macro_f1 - f1 / static_cast<double>(context.classes.size())) < 1e-9;
}

std::string percent(double fraction) { return fmt::format("{:.1f} %", 100 * fraction); }
std::string rate(double value) { return fmt::format("--lr {:.3g}", value); }

/// All epochs and what is drawn from them again and again.
struct Course {
  Rows rows;
  const TroubleContext& context;
  double chance;
  double pictures; // to learn from

  [[nodiscard]] Rows latest() const { return rows.last(window); }
  [[nodiscard]] double steps() const { return std::ceil(pictures / context.batch) * static_cast<double>(rows.size()); }
  [[nodiscard]] bool learnt() const {
    return rows.size() >= window && median(latest(), &EpochRow::loss) < learns_nothing * chance;
  }
  /// Whether training accuracy is above the share of the largest class by more than chance.
  [[nodiscard]] bool above_guessing() const {
    const auto largest = std::max_element(context.class_counts.begin(), context.class_counts.end());
    const double share = pictures > 0 ? static_cast<double>(*largest) / pictures : 1;
    return median(latest(), &EpochRow::accuracy) > share + deviations * std::sqrt(share * (1 - share) / pictures);
  }
  [[nodiscard]] std::string chance_text() const {
    return fmt::format("a network that knows nothing but how frequent the classes are reaches {:.3f}", chance);
  }
};

std::optional<Trouble> dead_network(const Course& course) {
  if (course.steps() < least_steps) return std::nullopt;
  const double chance_norm = chance_gradient(course.context);
  for (const auto& row : course.latest())
    if (!one_answer(row, course.context) || row.loss < learns_nothing * course.chance ||
        row.gradient_norm > 1.25 * chance_norm)
      return std::nullopt;
  const auto& row = course.rows.back();
  return Trouble{.what = words::dead,
                 .evidence = fmt::format(
                     "for {} epochs every validation picture got the same answer ({} right), training loss is "
                     "{:.3f} ({}), and the gradient norm {:.2g} is what chance makes of {:.2g} without any "
                     "network",
                     window, percent(row.val_accuracy), row.loss, course.chance_text(), row.gradient_norm, chance_norm),
                 .suggestion = words::lower_rate(course.context.peak_learning_rate)};
}

/// The loss stands above chance, or much of what had been learnt is lost again.
std::optional<Trouble> rate_too_high(const Course& course) {
  const auto trouble = [&](std::string evidence) {
    return Trouble{.what = words::rate_too_high,
                   .evidence = std::move(evidence),
                   .suggestion = words::lower_rate(course.context.peak_learning_rate)};
  };
  const auto latest = course.latest();
  const auto above = [&](const EpochRow& row) { return row.loss > (2 - learns_nothing) * course.chance; };
  if (std::all_of(latest.begin(), latest.end(), above) && !falls_steadily(latest))
    return trouble(fmt::format("training loss was {:.3f}, {:.3f} and {:.3f} in the last epochs, while {}",
                               latest[0].loss, latest[1].loss, latest[2].loss, course.chance_text()));
  if (course.rows.size() < 2 * window) return std::nullopt;
  const auto best = best_window(course.rows, &EpochRow::loss, 1);
  const double then = median(best, &EpochRow::loss), now = median(latest, &EpochRow::loss);
  const double noise = deviations * now / std::sqrt(course.pictures);
  if (now - then < std::max(noise, (course.chance - then) / 4)) return std::nullopt;
  return trouble(fmt::format("training loss rose from {:.3f} about epoch {} to {:.3f} now", then, best[1].epoch, now));
}

std::optional<Trouble> not_falling(const Course& course) {
  std::vector<EpochRow> judged; // a warm-up is not held against it
  for (const auto& row : course.rows)
    if (row.learning_rate >= course.context.peak_learning_rate / 10) judged.push_back(row);
  const auto done = static_cast<int>(course.rows.size());
  const bool ended = done >= course.context.epochs, half = 2 * done >= course.context.epochs;
  if (judged.size() < window || course.learnt()) return std::nullopt;
  if (course.steps() < least_steps && !ended) return std::nullopt;
  if (!half && course.above_guessing()) return std::nullopt; // a slow start

  const auto& first = judged.front();
  const auto& last = judged.back();
  Trouble trouble{.what = "the loss is not falling: hardly anything is learnt",
                  .evidence = fmt::format("training loss was {:.3f} in epoch {} and is {:.3f} in epoch {}, while {}",
                                          first.loss, first.epoch, last.loss, last.epoch, course.chance_text()),
                  .suggestion = {}};
  if (course.steps() < least_steps)
    trouble.suggestion = fmt::format("{:.0f} steps are too few; let it learn longer: --epochs {}", course.steps(),
                                     10 * course.context.epochs);
  else if (falls_steadily(judged))
    trouble.suggestion = fmt::format("it falls steadily, but slowly; try ten times the learning rate: {}",
                                     rate(course.context.peak_learning_rate * 10));
  else
    trouble.suggestion =
        fmt::format("try a tenth of the learning rate: {}", rate(course.context.peak_learning_rate / 10));
  return trouble;
}

/// Validation is worse than in its best epochs by more than chance moves it, and training went on getting better.
std::optional<Trouble> learns_by_heart(const Course& course) {
  if (course.rows.size() < 2 * window || course.context.validation_pictures < 1) return std::nullopt;
  const auto n = static_cast<double>(course.context.validation_pictures);
  const auto latest = course.latest();
  const auto best = best_window(course.rows, &EpochRow::val_accuracy, -1);
  const auto lowest = best_window(course.rows, &EpochRow::val_loss, 1);
  const auto training_improved = [&](Rows since) {
    const double then = median(since, &EpochRow::loss), now = median(latest, &EpochRow::loss);
    return then - now > deviations * now / std::sqrt(course.pictures);
  };
  const auto changed = [&](double EpochRow::*figure, Rows since) {
    return std::pair(median(since, figure), median(latest, figure));
  };

  std::string evidence;
  const auto [accuracy_then, accuracy_now] = changed(&EpochRow::val_accuracy, best);
  const double accuracy_noise = deviations * std::sqrt(accuracy_then * (1 - accuracy_then) / n);
  // the losses of pictures spread about as wide as their mean, as an exponential distribution's
  const auto [loss_then, loss_now] = changed(&EpochRow::val_loss, lowest);
  const double loss_noise = deviations * std::sqrt((loss_then * loss_then + loss_now * loss_now) / n);
  const double accuracy_at_lowest = median(lowest, &EpochRow::val_accuracy);
  if (accuracy_then - accuracy_now > accuracy_noise && training_improved(best)) {
    const auto [then, now] = changed(&EpochRow::accuracy, best);
    evidence = fmt::format("validation accuracy fell from {} about epoch {} to {} (on {} pictures, chance moves it by "
                           "{:.1f} points), while training accuracy went from {} to {}",
                           percent(accuracy_then), best[1].epoch, percent(accuracy_now),
                           course.context.validation_pictures, 100 * accuracy_noise, percent(then), percent(now));
  } else if (loss_now - loss_then > loss_noise && training_improved(lowest) &&
             accuracy_now - accuracy_at_lowest < accuracy_noise) {
    const auto [then, now] = changed(&EpochRow::loss, lowest);
    evidence =
        fmt::format("training loss fell from {:.3f} to {:.3f} since epoch {}, while validation loss rose from "
                    "{:.3f} to {:.3f} (on {} pictures, chance moves it by {:.3f})",
                    then, now, lowest[1].epoch, loss_then, loss_now, course.context.validation_pictures, loss_noise);
  } else
    return std::nullopt;

  std::string_view suggestion = "vary the pictures, so that no two epochs show the same: --rotation 10 --zoom 0.1";
  if (course.context.augmented)
    suggestion = course.context.modern_recipe ? "the best epoch is kept; end such a training early: --patience 5"
                                              : "vary the pictures more and hold the weights back: --recipe modern";
  return Trouble{.what = "validation gets worse while training gets better: it learns the pictures by heart",
                 .evidence = std::move(evidence),
                 .suggestion = std::string(suggestion)};
}

/// Classes with pictures that are given as an answer to none, though a class named as well as the others would be.
void add_never_answered(std::vector<Trouble>& found, const Course& course, const Evaluation& validation) {
  const auto& context = course.context;
  const auto half = static_cast<std::size_t>((context.epochs + 1) / 2);
  if (course.rows.size() < std::max(window, half) || validation.labels != context.classes) return;
  const auto k = context.classes.size();
  for (std::size_t c = 0; c < k; ++c) {
    std::int64_t answers = 0;
    for (std::size_t truth = 0; truth < k; ++truth) answers += validation.count(truth, c);
    const auto support = validation.per_class[c].support;
    if (answers > 0 || support == 0 || context.class_counts[c] == 0) continue;
    if (math::pow(1 - validation.uar, support) > 0.05) continue; // may be chance
    const auto count = static_cast<double>(context.class_counts[c]);
    const bool rare = count < course.pictures / static_cast<double>(2 * k);
    found.push_back(
        {.what = fmt::format("{} is never answered", context.classes[c]),
         .evidence = fmt::format("none of the {} validation pictures was called {}, though {} {} so; it has {} of the "
                                 "{:.0f} pictures to learn from",
                                 validation.n, context.classes[c], support, support == 1 ? "is" : "are",
                                 context.class_counts[c], course.pictures),
         .suggestion = rare && !context.balanced
                           ? "let pictures of rare classes count more: --class-weights balanced"
                           : fmt::format("let it learn longer: --epochs {}", 2 * context.epochs)});
  }
}

void check(const TroubleContext& context) {
  if (context.classes.size() < 2 || context.classes.size() != context.class_counts.size())
    throw Error(concat("troubles: ", context.classes.size(), " classes and counts of ", context.class_counts.size(),
                       "; at least 2 classes are needed, each with its count"));
}

} // namespace

double chance_loss(const TroubleContext& context) {
  double loss = 0;
  for (const double q : shares(context))
    if (q > 0) loss -= q * math::log(q);
  return loss;
}

std::vector<Trouble> troubles(std::span<const EpochRow> rows, const Evaluation* validation,
                              const TroubleContext& context) {
  check(context);
  const auto pictures = std::accumulate(context.class_counts.begin(), context.class_counts.end(), std::int64_t{0});
  const Course course{rows, context, chance_loss(context), static_cast<double>(pictures)};
  const auto steps = static_cast<std::int64_t>(std::ceil(course.pictures / context.batch));
  for (const auto& row : rows)
    if (!std::isfinite(row.loss) || !std::isfinite(row.val_loss))
      return {diverged({.epoch = row.epoch,
                        .step = steps,
                        .steps = steps,
                        .loss = row.loss,
                        .gradient_norm = row.gradient_norm,
                        .learning_rate = row.learning_rate})};
  if (rows.size() < window) return {};

  for (const auto rule : {dead_network, rate_too_high, not_falling})
    if (auto trouble = rule(course)) return {*std::move(trouble)}; // one cause; the others follow from it
  std::vector<Trouble> found;
  if (auto trouble = learns_by_heart(course)) found.push_back(*std::move(trouble));
  if (validation && course.learnt()) add_never_answered(found, course, *validation);
  return found;
}

} // namespace mien
