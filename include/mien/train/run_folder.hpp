// SPDX-License-Identifier: Apache-2.0
// The folder of one training: which files stand in it, and in which order they are written.
#pragma once

#include "mien/core/dtype.hpp"
#include "mien/io/image.hpp"
#include "mien/train/events_file.hpp"
#include "mien/train/history.hpp"
#include "mien/train/report_page.hpp"
#include "mien/train/trainer.hpp"

#include <filesystem>
#include <map>
#include <span>
#include <string>

namespace mien {

/// What a model file says beside what the trainer knows.
struct RunFolderOptions {
  Image golden_face;          ///< a generated face; see ModelFile
  DType weights = DType::f32; ///< of model.safetensors and last.safetensors; the state is always f32
  PictureSet seen{};          ///< the pictures of training and validation; see ModelFile
  std::map<std::string, std::string> provenance{}; ///< added to what the trainer knows
  std::string title{};                             ///< of the report
  NamedValues settings{};                          ///< every option, for the report and TensorBoard
};

/// Writes the files of a training; every one atomically, the state last.
///
///   model.safetensors   the best epoch: highest validation accuracy, ties by loss
///   last.safetensors    the latest epoch
///   log.csv             a row an epoch; what was measured in time stands in the last two columns
///   curves.svg          the same as a drawing
///   events.out.tfevents.mien   the same for TensorBoard
///   report.html         a page that explains the training: see save_report()
///   state.safetensors   what goes on
///
/// Whenever the program is killed, the state is one from which the same files are written again, to the same bits
/// (times apart): those that are ahead of it are overwritten when the training comes by again.
class RunFolder {
public:
  RunFolder(std::filesystem::path path, RunFolderOptions options);

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
  [[nodiscard]] std::filesystem::path model() const { return path_ / "model.safetensors"; }
  [[nodiscard]] std::filesystem::path last() const { return path_ / "last.safetensors"; }
  [[nodiscard]] std::filesystem::path log() const { return path_ / "log.csv"; }
  [[nodiscard]] std::filesystem::path curves() const { return path_ / "curves.svg"; }
  [[nodiscard]] std::filesystem::path events() const { return path_ / events_file_name; }
  [[nodiscard]] std::filesystem::path report() const { return path_ / "report.html"; }
  [[nodiscard]] std::filesystem::path state() const { return path_ / "state.safetensors"; }

  /// Makes the folder if need be, removes what an earlier training left under these names, and saves the state, so
  /// that a disk too full is found before the first step. Throws Error if that fails, as do all below.
  void begin(const Trainer& trainer) const;
  /// Restores the trainer (see Trainer::restore), cuts log and curves back to it, and removes half-written files.
  void resume(Trainer& trainer, bool other_kernels = false) const;
  /// Saves the state alone: between epochs, and when stopped.
  void save_state(const Trainer& trainer) const;
  /// Saves everything; belongs into TrainEvents::on_epoch.
  void save_epoch(const Trainer& trainer) const;
  /// Fits the calibration of the best model to the validation pictures, and saves it with it: at the end of a training.
  void calibrate(const Trainer& trainer) const;
  /// Writes the page, from the best model on the validation pictures; where no epoch is finished, nothing.
  void save_report(const Trainer& trainer) const;

private:
  void save_model_file(const std::filesystem::path& path, const Trainer& trainer) const;
  void save_history(const Trainer& trainer) const;

  std::filesystem::path path_;
  RunFolderOptions options_;
};

/// The rows as CSV with a header; figures read back to the same bits, times are rounded.
[[nodiscard]] std::string log_csv(std::span<const EpochRow> rows);

} // namespace mien
