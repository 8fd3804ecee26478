// SPDX-License-Identifier: Apache-2.0
#include "mien/train/trouble_watch.hpp"

namespace mien {

TroubleContext trouble_context(const Trainer& trainer) {
  const auto& options = trainer.options();
  const auto& varied = options.augmentation;
  const auto counts = trainer.training_data().counts();
  return {.classes = trainer.classes(),
          .class_counts = {counts.begin(), counts.end()},
          .validation_pictures = static_cast<std::int64_t>(trainer.validation_pictures()),
          .epochs = options.epochs,
          .batch = options.batch,
          .peak_learning_rate = options.learning_rate,
          .label_smoothing = options.label_smoothing,
          .augmented = varied.rotation_degrees > 0 || varied.zoom > 0 || varied.shift > 0 || varied.crop > 0,
          .balanced = options.class_weights == ClassWeights::balanced,
          .modern_recipe = options.optimizer.kind == OptimizerKind::sgd && options.label_smoothing > 0};
}

TroubleWatch::TroubleWatch(const Trainer& trainer)
    : trainer_(trainer), context_(trouble_context(trainer)),
      steps_(static_cast<std::int64_t>(trainer.classes().size())) {}

std::vector<Trouble> TroubleWatch::on_step(const StepReport& report) {
  auto trouble = steps_.watch({.epoch = report.epoch,
                               .step = report.step,
                               .steps = report.steps,
                               .loss = report.step_loss,
                               .gradient_norm = report.gradient_norm,
                               .learning_rate = report.learning_rate});
  if (!trouble) return {};
  return news_.fresh({{*std::move(trouble)}});
}

std::vector<Trouble> TroubleWatch::on_epoch() {
  const auto validation = trainer_.validation().evaluation(trainer_.classes());
  return news_.fresh(troubles(trainer_.progress().rows, validation.n > 0 ? &validation : nullptr, context_));
}

} // namespace mien
