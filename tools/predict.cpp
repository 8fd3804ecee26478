// SPDX-License-Identifier: Apache-2.0
// `mien predict`: names the apparent expression of faces in pictures.
#include "tools/cli.hpp"
#include "tools/commands.hpp"
#include "tools/inputs.hpp"
#include "tools/pictures.hpp"
#include "tools/predictions.hpp"

#include "mien/core/error.hpp"
#include "mien/io/image.hpp"
#include "mien/ops/parallel.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace mien::cli {
namespace {

/// Reads a batch of pictures, several at a time, each into its place of `faces`; what cannot be read keeps its reason.
std::vector<Prediction> read_batch(std::span<const PictureFile> paths, const Preprocessing& preprocessing, int threads,
                                   std::vector<std::uint8_t>& faces) {
  std::vector<Prediction> batch(paths.size());
  const auto bytes = static_cast<std::size_t>(preprocessing.height) * static_cast<std::size_t>(preprocessing.width) *
                     static_cast<std::size_t>(preprocessing.channels);
  faces.assign(paths.size() * bytes, 0);
  parallel_for(threads, static_cast<int>(paths.size()), [&](int part, int) {
    const auto i = static_cast<std::size_t>(part);
    batch[i].image = paths[i].path.string();
    try {
      const Image picture = read_image(paths[i].path);
      batch[i].width = picture.width;
      batch[i].height = picture.height;
      const Image face = to_input_bytes(picture, preprocessing);
      std::ranges::copy(face.pixels, faces.begin() + static_cast<std::ptrdiff_t>(i * bytes));
    } catch (const std::exception& error) {
      batch[i].error = error.what();
    }
  });
  return batch;
}

} // namespace

int run_predict(int argc, char** argv) {
  Common common;
  std::string model = "-";
  std::vector<std::filesystem::path> paths;
  bool whole = false, json = false, csv = false;
  int batch_size = 32;
  Command command({.name = "predict",
                   .about =
                       "Names the apparent expression of the faces in pictures. With --whole each picture is taken as "
                       "one face; this version has no face detection, so --whole is needed.",
                   .examples = "mien predict --model runs/seed-1 --whole face.png\n"
                               "mien predict --model model.safetensors --whole faces/ --json > faces.jsonl\n"
                               "mien predict --model model.safetensors --whole faces/ --csv > faces.csv"},
                  common);
  command.arguments("PATH", paths, "Pictures, and folders that are searched for pictures");
  command.group("Faces");
  command.option("model", model, "MODEL", "A model file, or the folder of a run");
  command.flag("whole", whole, "Take each picture as one face");
  command.option("batch", batch_size, "N", "Faces in one pass; the answers do not depend on it", Range{1, 4096});
  command.group("Output");
  command.flag("json", json, "Print one JSON object a line for each picture");
  command.flag("csv", csv, "Print one line for each picture, with every class's probability");
  if (!command.parse(argc, argv)) return 0;
  if (json && csv) throw UsageError("--json and --csv exclude each other");
  if (!whole) throw UsageError("finding faces is not in this version; --whole takes each picture as one face");
  if (!command.given("model")) throw UsageError("this version ships no model yet; name one with --model");

  const auto classifier = load_classifier(model);
  const auto found = pictures_in(paths);
  const auto& pictures = found.pictures;
  for (const auto& problem : found.problems) say_error(problem);
  const auto at_once = std::min(static_cast<std::size_t>(batch_size), pictures.size());
  Classifier::Session session(classifier, static_cast<std::int64_t>(at_once), common.threads);
  PredictionWriter writer(json  ? PredictionWriter::Form::json
                          : csv ? PredictionWriter::Form::csv
                                : PredictionWriter::Form::table,
                          classifier.labels());
  std::vector<std::uint8_t> faces;
  std::size_t failed = 0;
  for (std::size_t done = 0; done < pictures.size(); done += at_once) {
    const auto paths_now = std::span(pictures).subspan(done, std::min(at_once, pictures.size() - done));
    const auto batch = read_batch(paths_now, classifier.preprocessing(), common.threads, faces);
    const auto probabilities = session.probabilities(faces);
    const auto classes = classifier.labels().size();
    for (std::size_t i = 0; i < batch.size(); ++i) {
      writer.write(batch[i], probabilities.span().subspan(i * classes, classes));
      failed += !batch[i].error.empty();
    }
    flush_output();
  }
  if (!found.problems.empty() && failed == 0) return 1;
  if (failed > 0) throw Error(fmt::format("{} of {} pictures could not be read", failed, pictures.size()));
  return 0;
}

} // namespace mien::cli
