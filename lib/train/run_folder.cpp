// SPDX-License-Identifier: Apache-2.0
// The files of a training.
#include "mien/train/run_folder.hpp"

#include "mien/core/error.hpp"
#include "mien/core/version.hpp"
#include "mien/io/atomic_file.hpp"
#include "mien/kernels.hpp"
#include "mien/nn/model_file.hpp"
#include "mien/train/calibration.hpp"
#include "mien/train/training_report.hpp"

#include <fmt/format.h>

#include <chrono>
#include <string_view>
#include <system_error>
#include <utility>

namespace mien {

namespace {

/// Removes what a program that was killed while it wrote has left.
void remove_leftovers(const std::filesystem::path& folder) {
  std::error_code ignored; // they only take room
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    const auto name = entry.path().filename().string();
    for (const std::string_view whole :
         {".model.safetensors.", ".last.safetensors.", ".state.safetensors.", ".log.csv.", ".curves.svg.",
          ".report.html.", ".events.out.tfevents.", ".run.json."})
      if (name.starts_with(whole) && name.ends_with(".tmp")) std::filesystem::remove(entry.path(), ignored);
  }
}

double seconds_since_1970() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

} // namespace

RunFolder::RunFolder(std::filesystem::path path, RunFolderOptions options)
    : path_(std::move(path)), options_(std::move(options)) {}

void RunFolder::begin(const Trainer& trainer) const {
  std::error_code failure;
  std::filesystem::create_directories(path_, failure);
  for (const auto& file : {model(), last(), log(), curves(), events(), report(), state()})
    if (!failure) std::filesystem::remove(file, failure);
  if (failure)
    throw Error(
        concat(path_.string(), ": the training cannot write here (", failure.message(), "); choose another folder"));
  remove_leftovers(path_);
  save_state(trainer);
}

void RunFolder::resume(Trainer& trainer, bool other_kernels) const {
  trainer.restore(state(), other_kernels);
  remove_leftovers(path_);
  save_history(trainer);
}

void RunFolder::save_state(const Trainer& trainer) const { trainer.save(state()); }

void RunFolder::save_epoch(const Trainer& trainer) const {
  if (trainer.best() == &trainer.progress().rows.back()) save_model_file(model(), trainer);
  save_model_file(last(), trainer);
  save_history(trainer);
  save_state(trainer);
}

void RunFolder::save_model_file(const std::filesystem::path& path, const Trainer& trainer) const {
  const auto& row = trainer.progress().rows.back();
  ModelFile file{.model = trainer.model(),
                 .preprocessing = trainer.preprocessing(),
                 .labels = trainer.classes(),
                 .provenance = options_.provenance,
                 .golden_face = options_.golden_face,
                 .weights = options_.weights,
                 .seen = options_.seen};
  file.provenance.insert({{"version", std::string(version())},
                          {"kernels", std::string(kernels().name)},
                          {"data", trainer.data_fingerprint()},
                          {"recipe", recipe_text(trainer.options())},
                          {"epoch", fmt::format("{}", row.epoch)},
                          {"training_pictures", fmt::format("{}", trainer.training_pictures())},
                          {"validation_pictures", fmt::format("{}", trainer.validation_pictures())},
                          {"validation_accuracy", fmt::format("{}", row.val_accuracy)},
                          {"validation_macro_f1", fmt::format("{}", row.val_macro_f1)},
                          {"validation_loss", fmt::format("{}", row.val_loss)}});
  save_model(path, file);
}

void RunFolder::save_history(const Trainer& trainer) const {
  const auto& rows = trainer.progress().rows;
  write_atomically(log(), log_csv(rows));
  write_atomically(curves(), curves_svg(rows));
  write_events(events(), rows,
               {.started = seconds_since_1970(), .settings = options_.settings, .augmented = augmented_sheet(trainer)});
}

void RunFolder::calibrate(const Trainer& trainer) const {
  auto file = load_model(model());
  file.calibration.reset(); // an earlier one would be counted twice
  const EvaluateOptions options{.batch = 8, .threads = trainer.threads()};
  file.calibration = fit_calibration(answers(Classifier(file), trainer.validation_data(), options));
  save_model(model(), file);
}

void RunFolder::save_report(const Trainer& trainer) const {
  if (trainer.progress().rows.empty()) return;
  auto content = report_content(trainer, Classifier::load(model()));
  content.title = options_.title;
  content.options = options_.settings;
  write_atomically(report(), report_html(content));
}

std::string log_csv(std::span<const EpochRow> rows) {
  std::string text =
      "epoch,loss,accuracy,val_loss,val_accuracy,val_macro_f1,learning_rate,gradient_norm,seconds,images_per_second\n";
  for (const auto& row : rows)
    text += fmt::format("{},{},{},{},{},{},{},{},{:.3f},{:.1f}\n", row.epoch, row.loss, row.accuracy, row.val_loss,
                        row.val_accuracy, row.val_macro_f1, row.learning_rate, row.gradient_norm, row.seconds,
                        row.images_per_second);
  return text;
}

} // namespace mien
