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

/// The tensor of that name, which must look like `model`.
const Tensor& tensor_of(const Safetensors& file, const std::string& key, const Tensor& like, const std::string& name) {
  const auto* tensor = file.find(key);
  if (!tensor || tensor->shape() != like.shape() || tensor->dtype() != like.dtype())
    throw Error(
        concat(name, ": the state of this training lacks ", key, ", ", like.shape(), " ", name_of(like.dtype())));
  return *tensor;
}

} // namespace

void Trainer::save(const std::filesystem::path& path) const {
  Safetensors file;
  for (auto& [name, value, remedy] : requirements_of(*this)) file.metadata[name] = std::move(value);
  nlohmann::json progress = progress_;
  progress["optimizer_steps"] = optimizer_.steps();
  progress["average_updates"] = average_ ? average_->updates() : 0;
  file.metadata[progress_key] = progress.dump();
  const auto parameters = model_.parameters();
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const auto& [name, value, role, rate] = parameters[i];
    const auto weights = value.view<float>();
    if (!std::all_of(weights.begin(), weights.end(), [](float w) { return std::isfinite(w); })) throw_diverged();
    file.tensors.emplace_back("weights/" + name, value);
  }
  for (const auto& slot : optimizer_.slots()) file.tensors.emplace_back(optimizer_key + slot.name, slot.value);
  if (average_) {
    for (const auto& average : average_->averages())
      file.tensors.emplace_back(average_key + average.name, average.value);
    for (const auto& parameter : averaged_->parameters()) // as the last epoch measured them
      if (parameter.role == ParameterRole::statistic)
        file.tensors.emplace_back(average_key + parameter.name, parameter.value);
  }
  write_safetensors(path, file);
}

void Trainer::restore(const std::filesystem::path& path, bool other_kernels) {
  const auto name = path.string();
  const auto file = read_safetensors(path);
  expect_same(file, *this, other_kernels, name);
  auto clocks = clocks_of(file, *this, name);

  auto parameters = std::vector<Parameter>(model_.parameters().begin(), model_.parameters().end());
  for (auto& [key, value, role, rate] : parameters) value = tensor_of(file, "weights/" + key, value, name);
  std::vector<Tensor> slots;
  for (const auto& slot : optimizer_.slots())
    slots.push_back(tensor_of(file, optimizer_key + slot.name, slot.value, name));

  std::vector<Tensor> averages;
  std::optional<Model> averaged;
  if (average_) {
    for (const auto& average : average_->averages())
      averages.push_back(tensor_of(file, average_key + average.name, average.value, name));
    averaged = model_;
    for (auto& parameter : averaged->parameters())
      parameter.value = tensor_of(file, average_key + parameter.name, parameter.value, name);
  }

  std::move(parameters.begin(), parameters.end(), model_.parameters().begin());
  optimizer_.restore(clocks.optimizer_steps, std::move(slots));
  if (average_) average_->restore(clocks.average_updates, std::move(averages));
  averaged_ = std::move(averaged);
  progress_ = std::move(clocks.progress);
  order_.begin_epoch(options_.seed, progress_.epoch);
}

} // namespace mien
