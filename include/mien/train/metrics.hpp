// SPDX-License-Identifier: Apache-2.0
// How good a classifier's answers are: the figures, and how far chance alone could move them.
#pragma once

#include "mien/core/tensor.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace mien {

/// The figures of one class, fractions of 1. `support` is the number of pictures that truly show it.
struct ClassFigures {
  double precision = 0; ///< right answers / times this class was answered
  double recall = 0;    ///< right answers / support
  double f1 = 0;        ///< their harmonic mean
  std::int64_t support = 0;
};

/// Where a figure lies with 95 % confidence.
struct Interval {
  double low = 0;
  double high = 0;
};

/// The figures over all classes; a class with 0/0 in one of its figures counts as 0 in the means.
template <class T> struct Figures {
  T accuracy{};
  T macro_f1{};    ///< mean of the classes' F1
  T weighted_f1{}; ///< the same, weighted by support
  T uar{};         ///< unweighted average recall: the mean of the classes' recalls
  T log_loss{};    ///< mean of -log(probability given to the truth), natural logarithm
};

/// The answers whose highest probability lies in one range.
struct ReliabilityBin {
  std::int64_t n = 0;
  double confidence = 0; ///< mean of the highest probabilities
  double accuracy = 0;   ///< share that is right
};

/// How far probabilities are from what comes true.
struct Reliability {
  static constexpr std::size_t bin_count = 15;

  std::vector<ReliabilityBin> bins; ///< of equal width: ((b / 15, (b + 1) / 15]
  double ece = 0;                   ///< expected calibration error: sum of n_b / n |accuracy_b - confidence_b|
  double confidence = 0;            ///< mean of the highest probabilities
  double accuracy = 0;
  /// Area under the risk-coverage curve: the mean, over all k, of the share of errors among the k surest answers.
  double aurc = 0;
  double risk_of_surest_half = 0; ///< share of errors among the surer half of the answers
};

/// What is left of the answers if those with a lower highest probability are not given.
struct Abstention {
  double threshold = 0;
  std::int64_t answered = 0;
  std::int64_t right = 0; ///< of those
};

/// What a classifier reached on labelled pictures.
struct Evaluation : Figures<double> {
  std::int64_t n = 0; ///< pictures
  std::vector<std::string> labels;
  std::vector<ClassFigures> per_class; ///< in the order of `labels`
  std::vector<std::int64_t> confusion; ///< labels x labels: pictures by truth (row) and answer (column)
  std::vector<std::string> undefined;  ///< classes with a figure of 0/0: never answered, or without a picture
  Figures<Interval> ci95;
  std::optional<Reliability> reliability{}; ///< evaluate() of a Classifier fills it
  std::optional<Abstention> abstention{};   ///< where a threshold was given
  std::optional<std::int64_t> seen{};       ///< how many of the pictures the model has learnt from; none: not known
  /// The same of the pictures that it has not seen; null if that is not known, or if there are none.
  std::shared_ptr<const Evaluation> unseen{};

  [[nodiscard]] std::int64_t count(std::size_t truth, std::size_t answer) const {
    return confusion[truth * labels.size() + answer];
  }
};

/// The figures of answers that come batch by batch, in the memory of a confusion matrix however many there are; equal
/// to evaluate()'s to the bit.
class RunningFigures {
public:
  explicit RunningFigures(std::size_t classes);
  /// Takes in n labels and n x classes probabilities. Throws Error as evaluate() does.
  void add(std::span<const std::int32_t> truth, View<const float> probabilities);
  void clear();
  [[nodiscard]] Figures<double> figures() const;
  /// All of an Evaluation but the intervals that take the pictures one by one: the accuracy's is there. One label a
  /// class; there must be a picture.
  [[nodiscard]] Evaluation evaluation(std::span<const std::string> labels) const;
  [[nodiscard]] std::span<const std::int64_t> confusion() const noexcept { return confusion_; }

private:
  std::size_t classes_;
  std::vector<std::int64_t> confusion_;
  double loss_sum_ = 0;
};

/// How the intervals of an Evaluation are found.
struct IntervalOptions {
  std::uint64_t seed = 1;
  int resamples = 1000;
  int threads = 1; ///< the figures do not depend on it
  /// For every picture a number that its copies share, as first_copies() gives it; empty: no picture is a copy.
  std::vector<std::size_t> groups{};
};

/// Where a share p of this many pictures lies with 95 % confidence, chance alone at work; [0, 1] if there are none.
///
/// Source: Wilson 1927.
[[nodiscard]] Interval wilson_interval(double p, std::int64_t pictures);

/// Measures answers against the truth, in double precision and with scikit-learn's figures.
///
///   answer = the label of the highest probability, the first of equals
///   precision = tp / (tp + fp), recall = tp / (tp + fn), F1 = 2 tp / (2 tp + fp + fn), where 0/0 = 0
///   log_loss = mean of -log(clip(p[truth], e, 1 - e)), e = 2^-52
///
/// truth: n labels; probabilities: n x labels. The interval of the accuracy is Wilson's; the others are
/// percentiles of `resamples` bootstrap samples of the pictures (of `groups` of them: a copy tells nothing new), so a
/// test set with few pictures of a class has wide ones. Throws Error if there is no picture, if the extents differ, or
/// if a label or a probability is out of range. Sources: scikit-learn's precision_recall_fscore_support(labels=all,
/// zero_division=0) and log_loss; Wilson 1927; Efron 1979.
[[nodiscard]] Evaluation evaluate(std::span<const std::int32_t> truth, View<const float> probabilities,
                                  std::span<const std::string> labels, const IntervalOptions& options = {});

/// The evaluation as one JSON object: `n, accuracy, macro_f1, weighted_f1, uar, log_loss, per_class, confusion, labels,
/// undefined, ci95, seen, unseen`; the last two are null where they are not known.
[[nodiscard]] std::string to_json(const Evaluation& evaluation);

} // namespace mien
