// SPDX-License-Identifier: Apache-2.0
// The loop: batches of pictures in, a trained model out.
#pragma once

#include "mien/core/error.hpp"
#include "mien/data/dataset.hpp"
#include "mien/data/preprocessing.hpp"
#include "mien/nn/model.hpp"
#include "mien/nn/optimizer.hpp"
#include "mien/nn/weight_average.hpp"
#include "mien/nn/workspace.hpp"
#include "mien/train/history.hpp"
#include "mien/train/loss.hpp"
#include "mien/train/metrics.hpp"
#include "mien/train/options.hpp"
#include "mien/train/picture_order.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace mien {

/// Where a training stands, told after every step; loss and accuracy are means over the epoch so far, as Keras shows
/// them.
struct StepReport {
  int epoch = 1;             ///< counts from 1
  std::int64_t step = 1;     ///< of this epoch, counts from 1
  std::int64_t steps = 1;    ///< an epoch
  std::int64_t pictures = 0; ///< seen in this epoch
  double loss = 0;
  double accuracy = 0;
  double step_loss = 0;     ///< of the last step's pictures alone
  double learning_rate = 0; ///< of the last step
  double gradient_norm = 0; ///< of the last step, before clipping
};

/// The loss of a training is no longer a finite number: its text says at which step and rate, and what to try.
class Diverged : public Error {
public:
  using Error::Error;
};

/// How a running training is watched and stopped. Anything may be left empty.
struct TrainEvents {
  std::function<void(const StepReport&)> on_step{};
  std::function<void(const EpochRow&)> on_epoch{}; ///< after validation
  std::function<bool()> stop{};                    ///< asked between steps; true ends run() there
};

/// How far a training has come: with the weights and the optimiser's moments, all that decides what follows.
struct TrainProgress {
  int epoch = 0;              ///< epochs finished
  std::int64_t step = 0;      ///< steps done of the next
  double loss_sum = 0;        ///< over the pictures of those steps
  std::int64_t correct = 0;   ///< of them
  double seconds = 0;         ///< they took
  double gradient_norms = 0;  ///< the sum of theirs
  std::vector<EpochRow> rows; ///< one an epoch finished
};

/// The best of these epochs: highest validation accuracy, ties by loss, then the earliest. Null if there are none.
[[nodiscard]] const EpochRow* best_epoch(std::span<const EpochRow> rows) noexcept;

/// Trains a model on softmax cross-entropy as its options say, towards the labels, or the data's targets where it has
/// some; validates by the labels after every epoch.
///
/// Pictures come in an order that depends on (seed, epoch), are augmented by draws that depend on (seed, epoch,
/// picture), and are all used: an epoch's last batch may be short. Validation sees whole pictures, unaugmented. The
/// bits of every weight and figure depend on neither `threads` nor on where a training was saved and restored; after
/// the first, a step allocates nothing. Packed pictures stay in their file: memory does not grow with their number.
class Trainer {
public:
  /// Takes everything it needs. Throws Error if there are no pictures, or if model, preprocessing, data and options do
  /// not fit together.
  Trainer(Model model, const Preprocessing& preprocessing, Dataset train, Dataset validation,
          const TrainOptions& options, int threads = 1);

  /// Goes on to the last epoch; false if stopped before. May be called again, and goes on where it stopped.
  /// Throws Diverged if the loss is no longer a finite number.
  bool run(const TrainEvents& events = {});

  /// The model as the last epoch left it: the averaged one where weights are averaged.
  [[nodiscard]] const Model& model() const noexcept { return averaged_ ? *averaged_ : model_; }
  [[nodiscard]] const Preprocessing& preprocessing() const noexcept { return preprocessing_; }
  [[nodiscard]] const std::vector<std::string>& classes() const noexcept { return train_.classes; }
  [[nodiscard]] const TrainOptions& options() const noexcept { return options_; }
  [[nodiscard]] const TrainProgress& progress() const noexcept { return progress_; }
  [[nodiscard]] const EpochRow* best() const noexcept { return best_epoch(progress_.rows); }
  /// What the latest epoch's model answered on the validation pictures; without a picture before the first one and
  /// after a resume.
  [[nodiscard]] const RunningFigures& validation() const noexcept { return validation_figures_; }
  /// What each of the model's nodes has taken in this process.
  [[nodiscard]] std::span<const Workspace::NodeTime> times() const noexcept { return workspace_.times(); }
  [[nodiscard]] int threads() const noexcept { return workspace_.threads(); }
  [[nodiscard]] const Dataset& training_data() const noexcept { return train_; }
  [[nodiscard]] const Dataset& validation_data() const noexcept { return validation_; }
  /// Whether the last epoch has come, or options().patience has run out.
  [[nodiscard]] bool finished() const noexcept;
  [[nodiscard]] std::int64_t steps_per_epoch() const noexcept { return steps_; }
  [[nodiscard]] std::size_t training_pictures() const noexcept { return train_.size(); }
  [[nodiscard]] std::size_t validation_pictures() const noexcept { return validation_.size(); }
  /// The fingerprints of both data sets: equal data, equal text.
  [[nodiscard]] const std::string& data_fingerprint() const noexcept { return data_fingerprint_; }

  /// Writes all that resuming needs, atomically, as safetensors: weights, the optimiser's state, progress, and what
  /// they belong to. Throws Error if the file cannot be written or a weight is no longer finite.
  void save(const std::filesystem::path& path) const;
  /// Goes back to where save() was called; run() then continues to the same bits. The options may name more epochs.
  /// Throws Error, and changes nothing, if the file belongs to another network, recipe, data or version of the library,
  /// or to other kernels, whose sums round differently: `other_kernels` accepts those.
  void restore(const std::filesystem::path& path, bool other_kernels = false);

private:
  static constexpr std::size_t validation_batch = 16; ///< small: its activations stand beside the training's

  static constexpr std::int64_t measured_pictures = 4096;

  void fill_batch(std::int64_t step);
  void step();
  [[nodiscard]] double rate_of_step(std::int64_t step) const;
  [[nodiscard]] Draws draws() const;
  void average();
  [[nodiscard]] StepReport report() const;
  [[nodiscard]] bool finish_epoch(const TrainEvents& events);
  [[nodiscard]] bool validate(const TrainEvents& events);
  [[noreturn]] void throw_diverged() const;

  Model model_;
  Preprocessing preprocessing_;
  Dataset train_;
  Dataset validation_;
  TrainOptions options_;
  std::string data_fingerprint_;
  std::int64_t steps_;
  std::vector<bool> frozen_; ///< nodes
  Optimizer optimizer_;
  TrainingLoss loss_;
  std::optional<WeightAverage> average_;
  std::optional<Model> averaged_; ///< as the last epoch left it
  Workspace workspace_;
  Workspace validation_workspace_;
  TrainProgress progress_;
  PictureOrder order_;                 ///< of this epoch
  std::vector<std::uint32_t> samples_; ///< of this batch
  std::vector<std::int32_t> labels_;
  std::vector<float> soft_;         ///< their targets, where the data have some
  double step_loss_ = 0;            ///< the mean over them
  Tensor validation_probabilities_; ///< of a batch
  RunningFigures validation_figures_;
};

} // namespace mien
