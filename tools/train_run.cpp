// SPDX-License-Identifier: Apache-2.0
#include "tools/train_run.hpp"

#include "tools/interrupt.hpp"
#include "tools/train_display.hpp"

#include "mien/core/error.hpp"
#include "mien/emotion/generated_faces.hpp"
#include "mien/emotion/labels.hpp"
#include "mien/kernels.hpp"
#include "mien/train/trouble_watch.hpp"

#include <fmt/format.h>

#include <utility>
#include <vector>

namespace mien::cli {
namespace {

namespace fs = std::filesystem;

/// Saves; if that fails (a full disk, say), tells what still holds.
template <class Save> void guarded_save(const fs::path& resumed, const Save& save) {
  try {
    save();
  } catch (const Error& error) {
    throw Error(
        concat(error.what(), "\nwhat was saved before is whole; `", resume_command(resumed), "` goes on from there"));
  }
}

} // namespace

std::string resume_command(const fs::path& folder) { return "mien train --resume " + quoted(folder); }

RunFolderOptions folder_options(const TrainSettings& s, PictureSet seen, std::string title, NamedValues recorded) {
  return {.golden_face = draw_face(expression_index("happy"), 1, 0),
          .weights = s.weights == "bf16" ? DType::bf16 : DType::f32,
          .seen = std::move(seen),
          .title = std::move(title),
          .settings = std::move(recorded)};
}

std::string beginning_text(const Trainer& trainer, const TrainSettings& s, const fs::path& out) {
  return fmt::format("network {}, {} parameters; epochs {}, {}\nthreads {}, kernels {}; files go to {}\n",
                     s.from.empty() ? s.net : "of " + s.from, trainer.model().parameter_count(), s.recipe.epochs,
                     recipe_text(s.recipe), trainer.threads(), kernels().name, out.string());
}

bool run_to_end(Trainer& trainer, const RunFolder& folder, const TrainSettings& s, const Common& common,
                const fs::path& resumed) {
  catch_interrupts();
  TrainDisplay display(common, trainer);
  const auto save_state = [&] { guarded_save(resumed, [&] { folder.save_state(trainer); }); };
  TrainEvents events;
  events.stop = interrupted;
  TroubleWatch watch(trainer);
  const auto tell = [&](const std::vector<Trouble>& news) {
    if (news.empty()) return;
    display.clear();
    say(common, trouble_text(news));
  };
  events.on_step = [&](const StepReport& report) {
    display.on_step(report);
    tell(watch.on_step(report));
    if (s.checkpoint_every > 0 && report.step % s.checkpoint_every == 0) save_state();
  };
  events.on_epoch = [&](const EpochRow& row) {
    guarded_save(resumed, [&] { folder.save_epoch(trainer); });
    display.on_epoch(row);
    tell(watch.on_epoch());
  };
  const bool finished = trainer.run(events);
  display.clear();
  if (!finished) save_state(); // first of all: a second Ctrl-C ends at once
  if (finished) guarded_save(resumed, [&] { folder.calibrate(trainer); });
  guarded_save(resumed, [&] { folder.save_report(trainer); });
  if (!finished)
    say(common, fmt::format("stopped after step {} of epoch {}, and saved; this goes on:\n  {}\n",
                            trainer.progress().step, trainer.progress().epoch + 1, resume_command(resumed)));
  return finished;
}

} // namespace mien::cli
