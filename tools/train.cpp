// SPDX-License-Identifier: Apache-2.0
// `mien train`: trains a network on a folder of faces, and on after it was stopped.
#include "tools/cli.hpp"
#include "tools/commands.hpp"
#include "tools/folder_lock.hpp"
#include "tools/inputs.hpp"
#include "tools/interrupt.hpp"
#include "tools/run_json.hpp"
#include "tools/train_display.hpp"

#include "mien/core/error.hpp"
#include "mien/data/split.hpp"
#include "mien/emotion/generated_faces.hpp"
#include "mien/emotion/labels.hpp"
#include "mien/kernels.hpp"
#include "mien/nn/network_file.hpp"
#include "mien/nn/networks.hpp"
#include "mien/train/run_folder.hpp"
#include "mien/train/trainer.hpp"

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
        "pictures is kept aside to measure "
        "on after every epoch, and the test pictures are never looked at.\n\n"
        "The folder --out receives model.safetensors (the best epoch), which `mien eval`, `mien predict` and "
        "`mien info` use, last.safetensors, log.csv, curves.svg, run.json and state.safetensors. Ctrl-C saves and "
        "stops; --resume goes on, to the same bits as if it had never stopped.\n\n"
        "Without options it is the field's recipe, about an hour on FER2013 with two threads. A smaller --lr learns "
        "more steadily, more --epochs learn longer, more --rotation, --zoom and --shift make learning by heart harder. "
        "Exit code 130: stopped by Ctrl-C, and saved.",
    .examples = "mien train data --out runs/first\n"
                "mien train data --epochs 3 --out runs/look\n"
                "mien train --resume runs/first\n"
                "mien train --config runs/first/run.json --lr 0.0005 --out runs/second"};

/// What the command line, or a run.json in its place, says.
struct Settings {
  fs::path data;
  TrainOptions recipe;
  AugmentationFlags augmentation;
  std::string net = "seed";
  double validation = 0.1;
  std::string usage;
  bool strict = false, aligned = false;
  fs::path out;
  std::string weights = "f32";
  int checkpoint_every = 200;
  fs::path resume;
  fs::path config;
  bool force = false;
};

void bind(Command& command, Settings& s) {
  command.argument("DATA", s.data, "What to learn from (default: data)", true);
  command.group("Training");
  command.option("epochs", s.recipe.epochs, "N", "How often every picture is seen", Range{1, 1'000'000});
  command.option("batch", s.recipe.batch, "N", "Pictures a step", Range{1, 65'536});
  command.option("lr", s.recipe.learning_rate, "X", "Learning rate: how far a step goes", Range{1e-30, 1e30});
  command.option("net", s.net, "NET", "The network: seed, or a JSON file that describes one");
  command.option("validation", s.validation, "X", "Share of the pictures kept aside to measure on", Range{0.001, 0.9});
  s.augmentation.bind(command);
  command.group("Data");
  command.option("usage", s.usage, "NAME", "Of a CSV: the rows with this Usage (default: Training)");
  command.flag("aligned", s.aligned, "They were cut by `mien data crop --align`; predict will turn faces level, too");
  command.flag("strict", s.strict, "Refuse pictures that cannot be used, instead of leaving them out");
  command.group("Files");
  command.option("out", s.out, "DIR", "Where the files go (default: runs/<net>-<seed>)");
  command.choice("weights", s.weights, {"f32", "bf16"}, "How models are stored; bf16 takes half the room");
  command.option("checkpoint-every", s.checkpoint_every, "N", "Save the state every N steps too; 0: after epochs alone",
                 Range{0, 1'000'000'000});
  command.option("resume", s.resume, "DIR", "Go on with the training in this folder");
  command.option("config", s.config, "FILE", "Options from a run.json; those given here count more");
  command.flag("force", s.force, "Begin again in a folder that holds something; with --resume: on other kernels");
}

/// The path as it is typed into a shell.
std::string quoted(const fs::path& path) {
  const auto text = path.string();
  if (text.find_first_of(" \t\n'\"\\$&;()[]{}*?<>|`!#~") == std::string::npos) return text;
  std::string inside;
  for (const char c : text) inside += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return "'" + inside + "'";
}

std::string resume_command(const fs::path& folder) { return "mien train --resume " + quoted(folder); }

/// Whether --net names a file: a network's name has no ending.
bool is_file(const std::string& net) { return fs::path(net).has_extension(); }

/// Fills what was left out: from the run.json, then by default.
void settle(Command& command, Settings& s, const Common& common) {
  if (command.given("resume")) {
    if (command.given("out") || command.given("config"))
      throw UsageError("--resume goes on in its own folder with its own run.json: leave --out and --config away");
    s.out = s.resume;
    s.config = s.resume / "run.json";
  }
  if (!s.config.empty()) apply_run_json(s.config, command, s.data);
  if (s.data.empty()) s.data = "data";
  if (is_file(s.net)) s.net = fs::absolute(s.net).lexically_normal().string(); // run.json may be used elsewhere
  if (s.out.empty()) s.out = fs::path("runs") / fmt::format("{}-{}", fs::path(s.net).stem().string(), common.seed);
  s.recipe.augmentation = s.augmentation.value();
  s.recipe.seed = common.seed;
}

void expect_free(const Settings& s) {
  if (!s.resume.empty() || s.force || !fs::exists(s.out)) return;
  if (!fs::is_directory(s.out)) throw Error(concat(s.out.string(), " is not a folder; choose another --out"));
  if (fs::is_empty(s.out)) return;
  throw Error(concat(s.out.string(), " holds something already: `", resume_command(s.out),
                     "` goes on with it, --force begins again, --out takes another folder"));
}

/// The pictures on both sides of the cut, and the network that learns from them.
struct Material {
  Preprocessing preprocessing;
  Dataset train, validation;
  std::optional<Model> model;
};

void say_what_was_found(const Common& common, const Settings& s, const Dataset& data, std::size_t held) {
  auto text = fmt::format("{}: {} pictures of {} classes\n  ", s.data.string(), data.size(), data.classes.size());
  const auto counts = data.counts();
  for (std::size_t i = 0; i < counts.size(); ++i)
    text += fmt::format("{}{} {}", i > 0 ? ", " : "", data.classes[i], counts[i]);
  text += fmt::format("\n  {} to learn from, {} to measure on; ", data.size() - held, held);
  if (data.packed) return say(common, text + "exact copies, if any, on one side\n"); // counting them takes memory
  const auto firsts = first_copies(data);
  std::size_t copies = 0;
  for (std::size_t i = 0; i < firsts.size(); ++i) copies += firsts[i] != i;
  text += fmt::format("{} exact copies, each on the side of its original\n", copies);
  say(common, text);
}

Material prepare(const Settings& s, const Common& common) {
  Material material;
  if (is_file(s.net)) {
    material.model = read_network(s.net, common.seed);
    const auto& input = material.model->input_shape();
    if (input.rank() != 3)
      throw Error(concat(s.net, ": a network for pictures takes height x width x channels, not ", input));
    material.preprocessing = {.height = static_cast<int>(input[0]),
                              .width = static_cast<int>(input[1]),
                              .channels = static_cast<int>(input[2])};
  }
  material.preprocessing.face.aligned = s.aligned;
  const auto read = read_data(s.data, DataPart::train,
                              {.preprocessing = material.preprocessing, .strict = s.strict, .usage = s.usage}, common);
  auto [kept, held] = split(read.data, s.validation, common.seed);
  say_what_was_found(common, s, read.data, held.size());
  material.train = std::move(kept);
  material.validation = std::move(held);
  if (!material.model)
    material.model = network_named(s.net, static_cast<std::int64_t>(read.data.classes.size()), common.seed);
  return material;
}

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
int train(Trainer& trainer, const RunFolder& folder, const Settings& s, const Common& common) {
  catch_interrupts();
  TrainDisplay display(common, trainer);
  const auto save_state = [&] { guarded_save(folder, [&] { folder.save_state(trainer); }); };
  TrainEvents events;
  events.stop = interrupted;
  events.on_step = [&](const StepReport& report) {
    display.on_step(report);
    if (s.checkpoint_every > 0 && report.step % s.checkpoint_every == 0) save_state();
  };
  events.on_epoch = [&](const EpochRow& row) {
    guarded_save(folder, [&] { folder.save_epoch(trainer); });
    display.on_epoch(row);
  };
  const bool finished = trainer.run(events);
  display.clear();
  if (!finished) {
    save_state();
    say(common, fmt::format("stopped after step {} of epoch {}, and saved; this goes on:\n  {}\n",
                            trainer.progress().step, trainer.progress().epoch + 1, resume_command(folder.path())));
    return exit_interrupted;
  }
  const auto& best = *trainer.best();
  double seconds = 0;
  for (const auto& row : trainer.progress().rows) seconds += row.seconds;
  say(common,
      fmt::format("best: epoch {}, accuracy {:.1f} %, macro F1 {:.3f}, loss {:.3f} on the {} validation pictures\n"
                  "took {}; {} holds model.safetensors (the best), last.safetensors, log.csv, curves.svg, run.json\n"
                  "next, on the test pictures:\n  mien eval {} {}\n",
                  best.epoch, 100 * best.val_accuracy, best.val_macro_f1, best.val_loss, trainer.validation_pictures(),
                  duration_text(seconds), folder.path().string(), quoted(folder.model()), quoted(s.data)));
  return 0;
}

} // namespace

int run_train(int argc, char** argv) {
  Common common;
  Settings s;
  Command command(texts, common);
  bind(command, s);
  if (!command.parse(argc, argv)) return 0;
  settle(command, s, common);
  expect_free(s);

  auto material = prepare(s, common);
  Trainer trainer(std::move(*material.model), material.preprocessing, std::move(material.train),
                  std::move(material.validation), s.recipe, common.threads);
  const FolderLock lock(s.out);
  const RunFolder folder(s.out, {.golden_face = draw_face(expression_index("happy"), 1, 0),
                                 .weights = s.weights == "bf16" ? DType::bf16 : DType::f32});
  if (s.resume.empty())
    folder.begin(trainer);
  else
    folder.resume(trainer, s.force);
  write_run_json(s.out / "run.json", command, s.data, trainer, common.threads);

  say(common, fmt::format("network {}, {} parameters; epochs {}, {}\nthreads {}, kernels {}; files go to {}\n", s.net,
                          trainer.model().parameter_count(), s.recipe.epochs, recipe_text(s.recipe), common.threads,
                          kernels().name, s.out.string()));
  return train(trainer, folder, s, common);
}

} // namespace mien::cli
