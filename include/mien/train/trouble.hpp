// SPDX-License-Identifier: Apache-2.0
// Trouble told in words: what goes wrong in a training, how it shows, and one thing to try.
#pragma once

#include "mien/train/history.hpp"
#include "mien/train/metrics.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace mien {

/// Something that goes wrong, for a person who never trained a network.
struct Trouble {
  std::string what;       ///< the same words whenever it is noticed, so that it can be known again
  std::string evidence;   ///< the figures it was noticed by
  std::string suggestion; ///< one thing to try, as an option of `mien train`

  friend bool operator==(const Trouble&, const Trouble&) = default;
};

/// What the figures of a training have to be held against.
struct TroubleContext {
  std::vector<std::string> classes;       ///< their names
  std::vector<std::int64_t> class_counts; ///< pictures to learn from, in the order of `classes`
  std::int64_t validation_pictures = 0;
  int epochs = 30; ///< planned
  int batch = 32;  ///< pictures a step
  double peak_learning_rate = 1e-3;
  double label_smoothing = 0;
  bool augmented = true;      ///< pictures are turned, zoomed or shifted; mirroring alone is not enough
  bool balanced = false;      ///< --class-weights balanced
  bool modern_recipe = false; ///< --recipe modern
};

/// The loss of a network that knows nothing about a picture but how frequent the classes are.
///
///   q_k = (1 - s) n_k / n + s / K,  loss = -sum q_k log q_k  (natural logarithm; at most log K, reached if all are
///   equally frequent or weighted equal), s the label smoothing
[[nodiscard]] double chance_loss(const TroubleContext& context);

/// What is going wrong in these epochs; nothing if all is well. docs/troubles.md has the rules and their reasons.
///
/// rows: all epochs so far, in order; validation: what the latest epoch answered, or null if that is not known. A pure
/// function: the same epochs give the same troubles. Throws Error if there are fewer than two classes or if names and
/// counts differ in number.
[[nodiscard]] std::vector<Trouble> troubles(std::span<const EpochRow> rows, const Evaluation* validation,
                                            const TroubleContext& context);

/// One step of a training, as StepWatch sees it.
struct WatchedStep {
  int epoch = 1;            ///< counts from 1
  std::int64_t step = 1;    ///< of this epoch, counts from 1
  std::int64_t steps = 1;   ///< an epoch
  double loss = 0;          ///< mean over the pictures of this step alone
  double gradient_norm = 0; ///< over all parameters, before clipping
  double learning_rate = 0;
};

/// The trouble of a loss or gradient that is no longer a finite number.
[[nodiscard]] Trouble diverged(const WatchedStep& step);

/// Notices within an epoch what need not wait for its end; a few numbers, whatever the length of the training.
///
/// At most one trouble, once: the loss no longer finite; the loss above 2 log K for 30 steps in a row; the gradient
/// norm more than 100 times its usual size (geometric mean, 0.98 of it kept a step) for 10 in a row; or no more than
/// 1e-6 for 30 in a row while the loss is above half of log K.
class StepWatch {
public:
  explicit StepWatch(std::int64_t classes);

  /// Takes one step into account; the trouble, the first time there is one. Allocates only then.
  [[nodiscard]] std::optional<Trouble> watch(const WatchedStep& step);

private:
  double log_classes_;
  double usual_log_norm_ = 0; ///< mean of log(gradient norm)
  std::int64_t seen_ = 0;
  int high_loss_ = 0, high_norm_ = 0, no_norm_ = 0; ///< steps in a row
  bool told_ = false;
};

/// Tells a trouble once in a training, however often it is noticed.
class TroubleNews {
public:
  /// Those whose `what` was not among any given before.
  [[nodiscard]] std::vector<Trouble> fresh(std::span<const Trouble> troubles);

private:
  std::vector<std::string> told_;
};

/// A trouble as one sentence, for the text of an error: `what: evidence; suggestion`.
[[nodiscard]] std::string trouble_sentence(const Trouble& trouble);

/// Troubles as a terminal shows them: `note: what`, then evidence and suggestion, indented, in lines of at most 80.
[[nodiscard]] std::string trouble_text(std::span<const Trouble> troubles);

} // namespace mien
