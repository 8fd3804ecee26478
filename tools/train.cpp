// SPDX-License-Identifier: Apache-2.0
// `mien train`: trains a network on a folder of faces, and on after it was stopped.
#include "tools/cli.hpp"
#include "tools/commands.hpp"
#include "tools/folder_lock.hpp"
#include "tools/interrupt.hpp"
#include "tools/run_json.hpp"
#include "tools/train_display.hpp"
#include "tools/train_material.hpp"

#include "mien/core/error.hpp"
#include "mien/emotion/generated_faces.hpp"
#include "mien/emotion/labels.hpp"
#include "mien/kernels.hpp"
#include "mien/train/run_folder.hpp"
#include "mien/train/trainer.hpp"
#include "mien/train/trouble_watch.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <optional>
#include <string>
#include <utility>

namespace mien::cli {
namespace {

namespace fs = std::filesystem;

const Command::Texts texts = {
    .name = "train",
    .about =
        "Trains a network to name the apparent expression of a face. DATA holds a folder train/ with one folder of "
        "pictures a class (happy, sad, ...), or is a fer2013.csv, or a pack (`mien data pack`); a tenth of the "
        "pictures is kept aside to measure on after every epoch, and the test pictures are never looked at.\n\n"
        "The folder --out receives model.safetensors (the best epoch), which `mien eval`, `mien predict` and "
        "`mien info` use, report.html, which explains the training, events for TensorBoard, last.safetensors, log.csv, "
        "curves.svg, run.json and state.safetensors. Ctrl-C saves and stops; --resume goes on, to the same bits as if "
        "it had never stopped. What goes wrong is told in words, with what to try.\n\n"
        "Without options it is the field's recipe, about an hour on FER2013 with two threads; --recipe modern takes as "
        "long and names more faces rightly. A smaller --lr learns more steadily, more --epochs learn longer, more "
        "--rotation, --zoom and --shift make learning by heart harder. Exit code 130: stopped by Ctrl-C, and saved.",
    .examples = "mien train data --out runs/first\n"
                "mien train data --recipe modern --out runs/modern\n"
                "mien train hats --from - --freeze features --out runs/hats\n"
                "mien train --resume runs/first\n"
                "mien train --config runs/first/run.json --lr 0.0005 --out runs/second"};

std::string resume_command(const fs::path& folder) { return "mien train --resume " + quoted(folder); }

/// Saves; if that fails (a full disk, say), tells what still holds.
template <class Save> void guarded_save(const RunFolder& folder, const Save& save) {
  try {
    save();
  } catch (const Error& error) {
    throw Error(concat(error.what(), "\nwhat was saved before is whole; `", resume_command(folder.path()),
                       "` goes on from there"));
  }
}

/// Trains to the end or to Ctrl-C; the exit code.
int train(Trainer& trainer, const RunFolder& folder, const TrainSettings& s, const Common& common) {
  catch_interrupts();
  TrainDisplay display(common, trainer);
  const auto save_state = [&] { guarded_save(folder, [&] { folder.save_state(trainer); }); };
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
    guarded_save(folder, [&] { folder.save_epoch(trainer); });
    display.on_epoch(row);
    tell(watch.on_epoch());
  };
  const bool finished = trainer.run(events);
  display.clear();
  if (!finished) save_state(); // first of all: a second Ctrl-C ends at once
  if (finished) guarded_save(folder, [&] { folder.calibrate(trainer); });
  guarded_save(folder, [&] { folder.save_report(trainer); });
  if (!finished) {
    say(common, fmt::format("stopped after step {} of epoch {}, and saved; this goes on:\n  {}\n",
                            trainer.progress().step, trainer.progress().epoch + 1, resume_command(folder.path())));
    return exit_interrupted;
  }
  const auto& best = *trainer.best();
  double seconds = 0;
  for (const auto& row : trainer.progress().rows) seconds += row.seconds;
  say(common,
      fmt::format("best: epoch {}, accuracy {:.1f} %, macro F1 {:.3f}, loss {:.3f} on the {} validation pictures\n"
                  "took {}; {} holds model.safetensors (the best) and report.html, which explains the training\n"
                  "next, on the test pictures:\n  mien eval {} {}\n",
                  best.epoch, 100 * best.val_accuracy, best.val_macro_f1, best.val_loss, trainer.validation_pictures(),
                  duration_text(seconds), folder.path().string(), quoted(folder.model()), quoted(s.data)));
  return 0;
}

/// The recipe that the command line or its run.json names: what it says becomes the defaults of a second reading.
/// Nothing where the help was asked for, and printed.
std::optional<std::string> recipe_of(int argc, char** argv) {
  Common common;
  TrainSettings s("seed");
  Command command(texts, common);
  s.bind(command);
  if (!command.parse(argc, argv)) return {};
  s.settle(command, common);
  return s.recipe_name;
}

} // namespace

int run_train(int argc, char** argv) {
  Common common;
  const auto recipe = recipe_of(argc, argv);
  if (!recipe) return 0;
  TrainSettings s(*recipe);
  Command command(texts, common);
  s.bind(command);
  (void)command.parse(argc, argv);
  s.settle(command, common);
  if (s.resume.empty() && !s.force) expect_free(s.out, resume_command(s.out));

  auto material = prepare_training(s, common);
  s.note(material.preprocessing);
  Trainer trainer(std::move(material.model), material.preprocessing, std::move(material.train),
                  std::move(material.validation), s.recipe, common.threads);
  const FolderLock lock(s.out);
  const RunFolder folder(s.out, {.golden_face = draw_face(expression_index("happy"), 1, 0),
                                 .weights = s.weights == "bf16" ? DType::bf16 : DType::f32,
                                 .seen = std::move(material.seen),
                                 .title = s.out.filename().string(),
                                 .settings = recorded_options(command, s.data)});
  if (s.resume.empty())
    folder.begin(trainer);
  else
    folder.resume(trainer, s.force);
  write_run_json(s.out / "run.json", command, s.data, trainer, common.threads);

  say(common, fmt::format("network {}, {} parameters; epochs {}, {}\nthreads {}, kernels {}; files go to {}\n",
                          s.from.empty() ? s.net : "of " + s.from, trainer.model().parameter_count(), s.recipe.epochs,
                          recipe_text(s.recipe), common.threads, kernels().name, s.out.string()));
  return train(trainer, folder, s, common);
}

} // namespace mien::cli
