// SPDX-License-Identifier: Apache-2.0
// What must hold before a training begins.
#include "mien/train/trainer.hpp"

#include "mien/core/error.hpp"
#include "mien/data/split.hpp"
#include "mien/nn/transfer.hpp"

#include <utility>

namespace mien {
namespace {

void expect_fit(const char* name, const Dataset& data, const Model& model, const Preprocessing& preprocessing) {
  const Shape picture{data.height, data.width, data.channels};
  const Shape prepared{preprocessing.height, preprocessing.width, preprocessing.channels};
  const Shape outputs{static_cast<std::int64_t>(data.classes.size())};
  if (data.size() == 0)
    throw Error(
        concat("training: no picture is left for ", name, "; give more pictures, or share them out differently"));
  if (picture != model.input_shape())
    throw Error(concat("training: the network takes pictures of ", model.input_shape(), ", those for ", name, " are ",
                       picture, " (height x width x channels); read them for this network"));
  if (picture != prepared)
    throw Error(
        concat("training: the preprocessing makes pictures of ", prepared, ", those for ", name, " are ", picture));
  if (outputs != model.output_shape())
    throw Error(concat("training: the network has ", model.output_shape(), " outputs, the pictures for ", name,
                       " have ", outputs, " classes; build the network for them"));
  if (!data.targets.empty() && data.targets.size() != data.labels.size() * data.classes.size())
    throw Error(concat("training: ", data.targets.size(), " targets for ", data.labels.size(), " pictures for ", name,
                       " of ", data.classes.size(), " classes"));
  for (std::size_t i = 0; i < data.labels.size(); ++i) // packed ones are checked as they are read
    if (data.labels[i] < 0 || data.labels[i] >= outputs[0])
      throw Error(concat("training: picture ", i, " for ", name, " has label ", data.labels[i], ", there are ", outputs,
                         " classes"));
}

Model checked(Model model, const Preprocessing& preprocessing, const Dataset& train, const Dataset& validation,
              const TrainOptions& options) {
  check(options);
  expect_fit("training", train, model, preprocessing);
  expect_fit("validation", validation, model, preprocessing);
  if (train.classes != validation.classes)
    throw Error("training: the pictures for training and for validation have other classes, or in another order");
  return model;
}

} // namespace

Trainer::Trainer(Model model, const Preprocessing& preprocessing, Dataset train, Dataset validation,
                 const TrainOptions& options, int threads)
    : model_(checked(std::move(model), preprocessing, train, validation, options)), preprocessing_(preprocessing),
      train_(std::move(train)), validation_(std::move(validation)), options_(options),
      data_fingerprint_(mien::data_fingerprint(train_) + "+" + mien::data_fingerprint(validation_)),
      steps_((static_cast<std::int64_t>(train_.size()) + options.batch - 1) / options.batch),
      frozen_(frozen_nodes(model_, options.frozen)),
      optimizer_(model_, options.optimizer, frozen_parameters(model_, frozen_)),
      loss_(options, train_.counts(), !train_.targets.empty()),
      workspace_(
          Plan(model_, {.batch = options.batch, .training = true, .frozen = frozen_, .algorithm = options.algorithm}),
          threads),
      validation_workspace_(Plan(model_, {.batch = validation_batch, .algorithm = options.algorithm}), threads),
      order_(train_), validation_probabilities_(model_.output_shape().batched(validation_batch)),
      validation_figures_(validation_.classes.size()) {
  samples_.reserve(static_cast<std::size_t>(options.batch));
  labels_.reserve(static_cast<std::size_t>(options.batch));
  if (!train_.targets.empty()) soft_.reserve(static_cast<std::size_t>(options.batch) * train_.classes.size());
  order_.begin_epoch(options_.seed, progress_.epoch);
  if (options_.weight_average == 0) return;
  average_.emplace(model_, options_.weight_average);
  averaged_ = model_;
}

const EpochRow* best_epoch(std::span<const EpochRow> rows) noexcept {
  const EpochRow* best = nullptr;
  for (const auto& row : rows)
    if (!best || row.val_accuracy > best->val_accuracy ||
        (row.val_accuracy == best->val_accuracy && row.val_loss < best->val_loss))
      best = &row;
  return best;
}

} // namespace mien
