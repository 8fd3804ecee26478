// SPDX-License-Identifier: Apache-2.0
// `mien train`: trains a network on a folder of faces, and on after it was stopped.
#include "tools/cli.hpp"
#include "tools/commands.hpp"
#include "tools/folder_lock.hpp"
#include "tools/interrupt.hpp"
#include "tools/run_json.hpp"
#include "tools/train_many.hpp"
#include "tools/train_material.hpp"
#include "tools/train_run.hpp"

#include "mien/train/run_folder.hpp"
#include "mien/train/trainer.hpp"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>

namespace mien::cli {
namespace {

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
        "--rotation, --zoom and --shift make learning by heart harder. Exit code 130: stopped by Ctrl-C, and saved.\n\n"
        "--seeds N trains N times, from --seed on, each into a folder seed-N of --out, and prints how far figures "
        "move by chance alone. --folds K cuts the pictures into K parts and trains K times, each time without one "
        "part, which it then names: so every picture is named once by a model that has not learnt from it, and the "
        "labels that are probably wrong are listed.",
    .examples = "mien train data --out runs/first\n"
                "mien train data --recipe modern --out runs/modern\n"
                "mien train hats --from - --freeze features --out runs/hats\n"
                "mien train --resume runs/first\n"
                "mien train data --seeds 3 --out runs/three\n"
                "mien train data --folds 5 --out runs/folds\n"
                "mien train --config runs/first/run.json --lr 0.0005 --out runs/second"};

/// What a finished training reached, and what comes next.
std::string summary(const Trainer& trainer, const RunFolder& folder, const TrainSettings& s) {
  const auto& best = *trainer.best();
  double seconds = 0;
  for (const auto& row : trainer.progress().rows) seconds += row.seconds;
  return fmt::format("best: epoch {}, accuracy {:.1f} %, macro F1 {:.3f}, loss {:.3f} on the {} validation pictures\n"
                     "took {}; {} holds model.safetensors (the best) and report.html, which explains the training\n"
                     "next, on the test pictures:\n  mien eval {} {}\n",
                     best.epoch, 100 * best.val_accuracy, best.val_macro_f1, best.val_loss,
                     trainer.validation_pictures(), duration_text(seconds), folder.path().string(),
                     quoted(folder.model()), quoted(s.data));
}

/// The recipe that the command line or its run.json names: what it says becomes the defaults of a second reading.
/// Nothing where the help was asked for, and printed.
std::optional<std::string> recipe_of(int argc, char** argv) {
  Common common;
  TrainSettings s("seed");
  ManySettings many;
  Command command(texts, common);
  s.bind(command);
  many.bind(command);
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
  ManySettings many;
  Command command(texts, common);
  s.bind(command);
  many.bind(command);
  (void)command.parse(argc, argv);
  s.settle(command, common);
  many.settle(command, s);
  if (s.resume.empty() && !s.force) expect_free(s.out, resume_command(s.out));
  if (many.asked()) return train_many({command, s, common, many});

  auto material = prepare_training(s, common);
  s.note(material.preprocessing);
  Trainer trainer(std::move(material.model), material.preprocessing, std::move(material.train),
                  std::move(material.validation), s.recipe, common.threads);
  const FolderLock lock(s.out);
  const RunFolder folder(
      s.out, folder_options(s, std::move(material.seen), s.out.filename().string(), recorded_options(command, s.data)));
  if (s.resume.empty())
    folder.begin(trainer);
  else
    folder.resume(trainer, s.force);
  write_run_json(s.out / "run.json", command, s.data, trainer, common.threads);

  say(common, beginning_text(trainer, s, s.out));
  if (!run_to_end(trainer, folder, s, common, s.out)) return exit_interrupted;
  say(common, summary(trainer, folder, s));
  return 0;
}

} // namespace mien::cli
