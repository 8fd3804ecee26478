// SPDX-License-Identifier: Apache-2.0
#include "mien/train/training_report.hpp"

#include "mien/core/error.hpp"
#include "mien/core/version.hpp"
#include "mien/data/contact_sheet.hpp"
#include "mien/kernels.hpp"
#include "mien/train/trouble_watch.hpp"

#include <fmt/format.h>

namespace mien {
namespace {

constexpr std::size_t most_mistakes = 12;

std::vector<ClassCount> class_counts(const Trainer& trainer) {
  const auto training = trainer.training_data().counts(), validation = trainer.validation_data().counts();
  std::vector<ClassCount> counts;
  for (std::size_t c = 0; c < training.size(); ++c)
    counts.push_back({trainer.classes()[c], training[c], validation[c]});
  return counts;
}

double milliseconds_each(double seconds, std::int64_t times) {
  return times > 0 ? 1000 * seconds / static_cast<double>(times) : 0;
}

/// Only layers that ran: a flatten takes no step.
std::vector<LayerTime> layer_times(const Trainer& trainer) {
  const auto nodes = trainer.model().nodes();
  const auto times = trainer.times();
  std::vector<LayerTime> layers;
  for (std::size_t i = 0; i < times.size(); ++i) {
    if (times[i].forwards == 0) continue;
    layers.push_back({.name = nodes[i].name,
                      .type = std::string(nodes[i].layer->type()),
                      .output = concat(nodes[i].output),
                      .parameters = trainer.model().parameter_count(nodes[i]),
                      .forward_ms = milliseconds_each(times[i].forward, times[i].forwards),
                      .backward_ms = milliseconds_each(times[i].backward, times[i].backwards)});
  }
  return layers;
}

} // namespace

Image augmented_sheet(const Trainer& trainer) {
  const auto& data = trainer.training_data();
  if (data.packed) return {};
  return preview(data, trainer.preprocessing(), trainer.options().augmentation, 10, trainer.options().seed);
}

ReportContent report_content(const Trainer& trainer, const Classifier& best) {
  const EvaluateOptions options{.batch = 8,
                                .threads = trainer.threads()}; // small, as the training's memory is still there
  auto validation = evaluate(best, trainer.validation_data(), options);
  auto found = troubles(trainer.progress().rows, &validation, trouble_context(trainer));
  return {.title = {},
          .rows = trainer.progress().rows,
          .validation = std::move(validation),
          .mistakes = mistakes(best, trainer.validation_data(), most_mistakes, options),
          .augmented = augmented_sheet(trainer),
          .counts = class_counts(trainer),
          .layers = layer_times(trainer),
          .watched = true,
          .troubles = std::move(found),
          .provenance = {{"recipe", recipe_text(trainer.options())},
                         {"parameters", fmt::format("{}", trainer.model().parameter_count())},
                         {"data", trainer.data_fingerprint()},
                         {"version", std::string(version())},
                         {"kernels", std::string(kernels().name)},
                         {"threads", fmt::format("{}", trainer.threads())}}};
}

} // namespace mien
