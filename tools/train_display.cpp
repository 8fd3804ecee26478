// SPDX-License-Identifier: Apache-2.0
// The lines of a running training.
#include "tools/train_display.hpp"

#include "tools/live_line.hpp"

#include <fmt/format.h>

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>

namespace mien::cli {
namespace {

using namespace std::chrono_literals;

/// Columns of the terminal that stderr is.
std::size_t terminal_width() {
  winsize size{};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

/// Pictures that a whole training sees up to this point.
std::int64_t pictures_seen(const Trainer& trainer) {
  const auto epoch = static_cast<std::int64_t>(trainer.training_pictures());
  const auto& progress = trainer.progress();
  return progress.epoch * epoch + std::min(progress.step * trainer.options().batch, epoch);
}

std::int64_t pictures_in_all(const Trainer& trainer) {
  return static_cast<std::int64_t>(trainer.training_pictures()) * trainer.options().epochs;
}

} // namespace

TrainDisplay::TrainDisplay(const Common& common, const Trainer& trainer)
    : common_(common), trainer_(trainer), pictures_before_(pictures_seen(trainer)),
      live_(!common.quiet && is_terminal(STDERR_FILENO)), unicode_(has_unicode()) {}

void TrainDisplay::on_step(const StepReport& report) {
  const auto part = report.step * static_cast<std::int64_t>(spark_cells) / report.steps;
  if (report.step == 1) losses_.clear();
  if (losses_.empty() || part != part_) losses_.push_back(report.loss);
  part_ = part;

  const auto now = std::chrono::steady_clock::now();
  if (!live_ || now - drawn_ < 100ms) return;
  drawn_ = now;
  const auto seen = pictures_seen(trainer_);
  std::vector<double> accuracies;
  for (const auto& row : trainer_.progress().rows) accuracies.push_back(row.val_accuracy);
  const LiveLine line{.step = report,
                      .epochs = trainer_.options().epochs,
                      .images_per_second = static_cast<double>(seen - pictures_before_) / seconds(),
                      .time_left = time_left(pictures_in_all(trainer_) - seen),
                      .losses = losses_,
                      .accuracies = accuracies};
  say(common_, "\r" + live_line(line, terminal_width() - 1, unicode_) + "\x1b[K"); // a full line would wrap, and stay
  line_stands_ = true;
}

void TrainDisplay::on_epoch(const EpochRow& row) {
  clear();
  const auto left = pictures_in_all(trainer_) - pictures_seen(trainer_);
  say(common_,
      fmt::format("epoch {}/{}  loss {:.3f}  acc {:.1f} %  val loss {:.3f}  acc {:.1f} %  f1 {:.3f}  {}{}{}\n",
                  row.epoch, trainer_.options().epochs, row.loss, 100 * row.accuracy, row.val_loss,
                  100 * row.val_accuracy, row.val_macro_f1, duration_text(row.seconds),
                  left > 0 ? "  ETA " + time_left(left) : "", trainer_.best()->epoch == row.epoch ? "  best" : ""));
}

void TrainDisplay::clear() {
  if (line_stands_) say(common_, "\r\x1b[K");
  line_stands_ = false;
}

double TrainDisplay::seconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
}

std::string TrainDisplay::time_left(std::int64_t pictures_left) const {
  const auto done = pictures_seen(trainer_) - pictures_before_;
  return done > 0 ? duration_text(seconds() * static_cast<double>(pictures_left) / static_cast<double>(done)) : "?";
}

} // namespace mien::cli
