// SPDX-License-Identifier: Apache-2.0
// `mien convert`: a model file written anew.
#include "tools/cli.hpp"
#include "tools/commands.hpp"
#include "tools/inputs.hpp"

#include "mien/core/error.hpp"
#include "mien/data/split.hpp"
#include "mien/nn/model_file.hpp"
#include "mien/train/calibration.hpp"
#include "mien/train/evaluate.hpp"
#include "mien/train/model_card.hpp"

#include <fmt/format.h>

#include <optional>
#include <string>

namespace mien::cli {
namespace {

PictureSet pictures_of(const std::filesystem::path& data, const Preprocessing& preprocessing, const Common& common) {
  const auto read = read_data(data, DataPart::train, {.preprocessing = preprocessing}, common);
  if (read.data.size() > PictureSet::most)
    throw Error(
        concat(data.string(), ": ", read.data.size(), " pictures, a model file keeps at most ", PictureSet::most));
  return PictureSet(read.data);
}

/// The calibration of a model on the validation pictures of its training.
Calibration fitted(ModelFile file, const std::filesystem::path& data, double validation, const Common& common) {
  file.calibration.reset();
  auto read = read_data(data, DataPart::train, {.preprocessing = file.preprocessing}, common);
  const auto held = split(std::move(read.data), validation, common.seed).held;
  return fit_calibration(answers(Classifier(std::move(file)), held, {.threads = common.threads}));
}

/// What DATA is called where nobody says so: the name of its folder or file.
std::string name_of_data(const std::filesystem::path& data) {
  const auto path = std::filesystem::absolute(data).lexically_normal();
  return (path.has_filename() ? path : path.parent_path()).filename().string();
}

/// Adds to a file that was written, so as it is rounded, the figures that it reaches.
void add_figures(const std::filesystem::path& path, const Dataset& data, const std::string& name,
                 const Common& common) {
  auto file = load_model(path);
  const auto evaluation = evaluate(Classifier(file), data, {.threads = common.threads, .seed = common.seed});
  record_measurement(file, name, data_fingerprint(data), evaluation);
  save_model(path, file);
  say(common,
      fmt::format("accuracy {:.1f} % on {} pictures{}; the file keeps it\n", 100 * evaluation.accuracy, evaluation.n,
                  evaluation.unseen ? fmt::format(", {:.1f} % on the {} never seen", 100 * evaluation.unseen->accuracy,
                                                  evaluation.unseen->n)
                                    : ""));
}

} // namespace

int run_convert(int argc, char** argv) {
  Common common;
  std::string model, weights = "bf16", note, licence, measured_as;
  std::filesystem::path out, learnt_from, calibrate, measured_on;
  double validation = 0.1;
  Command command({.name = "convert",
                   .about =
                       "Writes a model file anew, in the present format and with weights of half the size. Rounding "
                       "to bf16 leaves two to three decimal digits: `mien eval` says whether it matters. Where "
                       "the model comes from stays with it.",
                   .examples = "mien convert runs/seed-1 small.safetensors\n"
                               "mien convert runs/seed-1 model.safetensors --weights f32 --note \"for the demo\"\n"
                               "mien convert old.safetensors new.safetensors --trained-on data\n"
                               "mien convert old.safetensors new.safetensors --calibrate data\n"
                               "mien convert runs/seed-1 model.safetensors --measured-on data"},
                  common);
  command.argument("MODEL", model, "A model file, the folder of a run, or -: the model that mien ships");
  command.argument("OUT", out, "The file to write; one that is there is replaced");
  command.group("Output");
  command.choice("weights", weights, {"bf16", "f32"}, "How the file keeps the parameters: bf16 takes half the room");
  command.option("note", note, "TEXT", "Kept with where the model comes from; `mien info` shows it");
  command.option("trained-on", learnt_from, "DATA",
                 "The data that an older mien trained it on: their pictures are kept as digests, so that `mien eval` "
                 "can tell which others it has not seen");
  command.option("calibrate", calibrate, "DATA",
                 "Make probabilities honest: fit a temperature to the pictures that `mien train DATA` with the same "
                 "--validation and --seed keeps apart");
  command.option("validation", validation, "X", "The share that is kept apart", Range{0.001, 0.9});
  command.option("measured-on", measured_on, "DATA",
                 "Measure it on the test pictures there, and keep the figures in the file, for its card");
  command.option("measured-as", measured_as, "NAME", "What the card calls those data (default: the folder's name)");
  command.option("licence", licence, "TEXT", "Under which the model is offered; the card shows it");
  if (!command.parse(argc, argv)) return 0;

  auto file = load_classifier(model).file();
  file.weights = weights == "bf16" ? DType::bf16 : DType::f32;
  if (!note.empty()) file.provenance["note"] = note;
  if (!learnt_from.empty()) file.seen.add(pictures_of(learnt_from, file.preprocessing, common));
  if (!calibrate.empty()) {
    file.calibration = fitted(file, calibrate, validation, common);
    say(common, fmt::format("temperature {:.3f}, fitted to {} pictures\n", file.calibration->temperature,
                            file.calibration->pictures));
  }
  if (!licence.empty()) file.provenance["licence"] = licence;
  std::optional<ReadData> test; // read first: what cannot be read leaves no file
  if (!measured_on.empty())
    test = read_data(measured_on, DataPart::test, {.preprocessing = file.preprocessing}, common);
  if (test) (void)labels_of(Classifier(file), test->data);
  save_model(out, file);
  if (test) add_figures(out, test->data, measured_as.empty() ? name_of_data(measured_on) : measured_as, common);
  say(common, fmt::format("{} holds the model in {:.1f} MB\n", out.string(),
                          static_cast<double>(std::filesystem::file_size(out)) / 1e6));
  return 0;
}

} // namespace mien::cli
