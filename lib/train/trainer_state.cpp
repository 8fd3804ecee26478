// SPDX-License-Identifier: Apache-2.0
// The state of a training: what save() writes, and how restore() makes sure that it goes on to the same bits.
#include "mien/train/trainer.hpp"

#include "lib/io/json.hpp"
#include "lib/nn/model_json.hpp"

#include "mien/core/error.hpp"
#include "mien/core/version.hpp"
#include "mien/io/digest.hpp"
#include "mien/io/safetensors.hpp"
#include "mien/kernels.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace mien {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(EpochRow, epoch, loss, accuracy, val_loss, val_accuracy, val_macro_f1, seconds,
                                   images_per_second, learning_rate, gradient_norm)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(TrainProgress, epoch, step, loss_sum, correct, seconds, gradient_norms, rows)

namespace {

constexpr const char* progress_key = "progress";
const std::string weights_key = "weights/";     // and the parameter's name
const std::string optimizer_key = "optimizer/"; // and the slot's name: optimizer/m/conv2d/kernel
const std::string average_key = "average/";     // and the parameter's name

/// One thing that must be equal for the bits to be.
struct Requirement {
  std::string name;
  std::string value;
  std::string remedy;
};

std::vector<Requirement> requirements_of(const Trainer& trainer) {
  const auto network = architecture_text(trainer.model());
  return {
      {"network", digest(std::as_bytes(std::span(network))), "resume with the network it began with"},
      {"data", trainer.data_fingerprint(), "resume with the pictures it began with, or begin a new training"},
      {"preprocessing", preprocessing_text(trainer.preprocessing()),
       "resume with the preprocessing it began with, or begin a new training"},
      {"recipe", recipe_text(trainer.options()), "resume with the options it began with, or begin a new training"},
      {"version", std::string(version()), "resume with the version of mien it began with, or begin a new training"},
      {"kernels", std::string(kernels().name),
       "resume on the kernels it began with (MIEN_KERNELS), or force these: the result is then a little different"}};
}

const std::string& text_of(const Safetensors& file, const std::string& key, const std::string& name) {
  const auto found = file.metadata.find(key);
  if (found == file.metadata.end())
    throw Error(concat(name, ": this is not the state of a training (it has no `", key, "`)"));
  return found->second;
}

void expect_same(const Safetensors& file, const Trainer& trainer, bool other_kernels, const std::string& name) {
  for (const auto& [what, now, remedy] : requirements_of(trainer)) {
    const auto& then = text_of(file, what, name);
    if (then != now && !(what == "kernels" && other_kernels))
      throw Error(concat(name, ": the training began with ", what, " ", then, ", not ", now, "; ", remedy));
  }
}

/// How far the training had come, and the clocks of the optimiser and of the averaged weights.
struct Clocks {
  TrainProgress progress;
  std::int64_t optimizer_steps = 0, average_updates = 0;
};

Clocks clocks_of(const Safetensors& file, const Trainer& trainer, const std::string& name) {
  Clocks clocks;
  auto& progress = clocks.progress;
  try {
    const auto json = parse_json(text_of(file, progress_key, name), name);
    json.get_to(progress);
    json.at("optimizer_steps").get_to(clocks.optimizer_steps);
    json.at("average_updates").get_to(clocks.average_updates);
  } catch (const nlohmann::json::exception& error) {
    throw Error(concat(name, ": the state of this training cannot be read (", error.what(), ")"));
  }
  const bool sound = progress.epoch >= 0 && static_cast<std::size_t>(progress.epoch) == progress.rows.size() &&
                     progress.step >= 0 && progress.step <= trainer.steps_per_epoch() && clocks.optimizer_steps >= 0 &&
                     clocks.average_updates >= 0;
  if (!sound) throw Error(concat(name, ": the state of this training contradicts itself; begin a new training"));
  return clocks;
}

/// Takes out the tensor of that name, which must look like `like`.
Tensor take(Safetensors& file, const std::string& key, const Tensor& like, const std::string& name) {
  const auto found = std::ranges::find(file.tensors, key, &std::pair<std::string, Tensor>::first);
  if (found == file.tensors.end() || found->second.shape() != like.shape() || found->second.dtype() != like.dtype())
    throw Error(
        concat(name, ": the state of this training lacks ", key, ", ", like.shape(), " ", name_of(like.dtype())));
  return std::move(found->second);
}

} // namespace

void Trainer::save(const std::filesystem::path& path) const {
  std::map<std::string, std::string> metadata;
  for (auto& [name, value, remedy] : requirements_of(*this)) metadata[name] = std::move(value);
  nlohmann::json progress = progress_;
  progress["optimizer_steps"] = optimizer_.steps();
  progress["average_updates"] = average_ ? average_->updates() : 0;
  metadata[progress_key] = progress.dump();
  std::vector<NamedTensor> tensors;
  for (const auto& parameter : model_.parameters()) {
    const auto weights = parameter.value.view<float>();
    if (!std::all_of(weights.begin(), weights.end(), [](float w) { return std::isfinite(w); })) throw_diverged();
    tensors.push_back({weights_key + parameter.name, &parameter.value});
  }
  for (const auto& slot : optimizer_.slots()) tensors.push_back({optimizer_key + slot.name, &slot.value});
  if (average_) {
    for (const auto& average : average_->averages()) tensors.push_back({average_key + average.name, &average.value});
    for (const auto& parameter : averaged_->parameters()) // as the last epoch measured them
      if (parameter.role == ParameterRole::statistic)
        tensors.push_back({average_key + parameter.name, &parameter.value});
  }
  write_safetensors(path, metadata, std::move(tensors));
}

void Trainer::restore(const std::filesystem::path& path, bool other_kernels) {
  const auto name = path.string();
  auto file = read_safetensors(path);
  expect_same(file, *this, other_kernels, name);
  auto clocks = clocks_of(file, *this, name);

  std::vector<Tensor> weights, slots, averages;
  for (const auto& parameter : model_.parameters())
    weights.push_back(take(file, weights_key + parameter.name, parameter.value, name));
  for (const auto& slot : optimizer_.slots()) slots.push_back(take(file, optimizer_key + slot.name, slot.value, name));
  std::optional<Model> averaged;
  if (average_) {
    averaged = model_;
    for (auto& parameter : averaged->parameters()) {
      parameter.value = take(file, average_key + parameter.name, parameter.value, name);
      if (parameter.role == ParameterRole::trained) averages.push_back(parameter.value);
    }
  }

  for (std::size_t i = 0; i < weights.size(); ++i) model_.parameters()[i].value = std::move(weights[i]);
  optimizer_.restore(clocks.optimizer_steps, std::move(slots));
  if (average_) average_->restore(clocks.average_updates, std::move(averages));
  averaged_ = std::move(averaged);
  progress_ = std::move(clocks.progress);
  order_.begin_epoch(options_.seed, progress_.epoch);
}

} // namespace mien
