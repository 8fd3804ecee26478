// SPDX-License-Identifier: Apache-2.0
// The recipe as a sentence.
#include "mien/train/options.hpp"

#include "mien/core/error.hpp"
#include "mien/ops/conv2d.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace mien {
namespace {

std::string optimizer_text(const TrainOptions& options) {
  const auto& o = options.optimizer;
  if (o.kind != OptimizerKind::sgd) {
    auto text = fmt::format("{} {}", o.kind == OptimizerKind::adam ? "Adam" : "AdamW", options.learning_rate);
    const OptimizerSettings usual;
    if (o.beta_1 != usual.beta_1 || o.beta_2 != usual.beta_2) text += fmt::format(" (beta {}, {})", o.beta_1, o.beta_2);
    return o.epsilon == usual.epsilon ? text : text + fmt::format(" (epsilon {})", o.epsilon);
  }
  return fmt::format("SGD {}, {} {}", options.learning_rate, o.nesterov ? "Nesterov momentum" : "momentum", o.momentum);
}

std::string schedule_text(const TrainOptions& options) {
  const auto& s = options.schedule;
  std::string text;
  switch (s.kind) {
  case ScheduleKind::constant: break;
  case ScheduleKind::step: text = fmt::format(", times {} every {} epochs", s.factor, s.step_epochs); break;
  case ScheduleKind::plateau:
    text = fmt::format(", times {} on a plateau of {} epochs down to {}", s.factor, s.patience, s.floor);
    if (s.threshold != Schedule{}.threshold) text += fmt::format(" (threshold {})", s.threshold);
    break;
  case ScheduleKind::cosine: text = fmt::format(", cosine to {}", s.floor); break;
  case ScheduleKind::one_cycle:
    text = fmt::format(", one cycle, rising {} of it from 1/{}", s.rise_share, s.start_divisor);
    if (s.end_divisor != Schedule{}.end_divisor) text += fmt::format(" down to 1/{} of that", s.end_divisor);
    break;
  }
  if (s.warmup_epochs > 0) text += fmt::format(", {} epochs of warm-up", s.warmup_epochs);
  return depends_on_length(s) ? text + fmt::format(", for {} epochs", options.epochs) : text;
}

/// `, name value` for each that is on.
std::string augmentation_text(const Augmentation& a) {
  std::string text;
  const auto add = [&](const char* name, auto value) {
    if (value > 0) text += fmt::format(", {} {}", name, value);
  };
  add("rotation", a.rotation_degrees);
  add("zoom", a.zoom);
  add("shift", a.shift);
  if (a.flip) text += ", flip";
  add("shear", a.shear_degrees);
  add("crop", a.crop);
  add("brightness", a.brightness);
  add("contrast", a.contrast);
  add("erase", a.erase);
  return text;
}

} // namespace

void check(const TrainOptions& options) {
  if (options.epochs < 1) throw Error(concat("training: ", options.epochs, " epochs; at least 1 is needed"));
  if (options.batch < 1) throw Error(concat("training: a batch of ", options.batch, " pictures; at least 1 is needed"));
  if (!(options.learning_rate > 0)) // NaN is not
    throw Error(concat("training: a learning rate of ", options.learning_rate, "; it must be more than 0"));
  const auto is_share = [](double x) { return x >= 0 && x < 1; };
  if (!is_share(options.label_smoothing))
    throw Error(concat("training: label smoothing of ", options.label_smoothing, "; it must lie in [0, 1)"));
  if (!is_share(options.weight_average))
    throw Error(concat("training: a weight average that keeps ", options.weight_average, "; it must lie in [0, 1)"));
  if (options.patience < 0) throw Error(concat("training: a patience of ", options.patience, "; at least 0 is needed"));
  if (!options.algorithm.empty()) (void)choose_conv2d({}, options.algorithm);
  check(options.optimizer);
  check(options.schedule);
  check(options.augmentation);
}

std::string recipe_text(const TrainOptions& options) {
  const auto& o = options.optimizer;
  auto text = fmt::format("batch {}, ", options.batch) + optimizer_text(options) + schedule_text(options);
  const auto add = [&](const char* name, double value) {
    if (value > 0) text += fmt::format(", {} {}", name, value);
  };
  add("weight decay", o.weight_decay);
  add("L2", o.l2);
  if (o.weight_decay > 0 || o.l2 > 0) text += fmt::format(" on {}", fmt::join(o.decayed, " and "));
  add("gradients clipped at", o.clip_norm);
  add("label smoothing", options.label_smoothing);
  if (options.class_weights == ClassWeights::balanced) text += ", balanced classes";
  add("weights averaged at", options.weight_average);
  if (!options.frozen.empty()) text += fmt::format(", frozen {}", fmt::join(options.frozen, " and "));
  if (!options.algorithm.empty()) text += fmt::format(", algorithm {}", options.algorithm);
  return text + augmentation_text(options.augmentation) + fmt::format(", seed {}", options.seed);
}

} // namespace mien
