// SPDX-License-Identifier: Apache-2.0
// Looks at a running training for trouble.
#pragma once

#include "mien/train/trainer.hpp"
#include "mien/train/trouble.hpp"

#include <vector>

namespace mien {

/// What troubles() wants to know of a training.
[[nodiscard]] TroubleContext trouble_context(const Trainer& trainer);

/// Notices trouble after steps and epochs, and tells each once.
class TroubleWatch {
public:
  explicit TroubleWatch(const Trainer& trainer);

  /// Belongs into TrainEvents::on_step: what this step shows for the first time, as a rule nothing.
  [[nodiscard]] std::vector<Trouble> on_step(const StepReport& report);
  /// Belongs into TrainEvents::on_epoch.
  [[nodiscard]] std::vector<Trouble> on_epoch();

private:
  const Trainer& trainer_;
  TroubleContext context_;
  StepWatch steps_;
  TroubleNews news_;
};

} // namespace mien
