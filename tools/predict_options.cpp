// SPDX-License-Identifier: Apache-2.0
#include "tools/predict_options.hpp"

#include "mien/io/file_name.hpp"

namespace mien::cli {
namespace {

void check_videos(const PredictOptions& o) {
  const bool csv = form_of(o) == PredictionTexts::Form::csv, table = form_of(o) == PredictionTexts::Form::table;
  if (o.videos.empty()) {
    if (!o.subtitles.empty()) throw UsageError("--subtitles DIR is about videos, and none is named");
    return;
  }
  if (o.whole) throw UsageError("--whole takes pictures as faces, and " + o.videos[0] + " is a video");
  if (csv && !o.paths.empty())
    throw UsageError("the CSV of videos has other columns than that of pictures; take them one after the other");
  if (csv && o.resume) throw UsageError("videos are gone on with in JSON lines only: --out FILE.jsonl");
  if (!o.live.settings().track && (table || !o.subtitles.empty()))
    throw UsageError("with --no-track faces have no numbers, which the table and --subtitles need; take --json, "
                     "--csv or --out FILE");
}

} // namespace

void bind(Command& command, PredictOptions& o) {
  command.arguments("PATH", o.paths,
                    "Pictures, folders that are searched for pictures, and videos; -: a video on standard input");
  command.group("Faces");
  command.option("model", o.model, "MODEL", "A model file, or the folder of a run; -: the model that mien ships");
  command.flag("whole", o.whole, "Take each picture as one face, and look for none");
  command.choice("order", o.order, {"size", "left"}, "The largest face first, or from left to right");
  command.option("abstain", o.abstain, "RISK",
                 "Answer `unsure` where more answers than this share would be wrong, 0.1 say", Range{0.001, 0.999});
  o.detector.bind(command);
  o.live.bind(command, "Videos: the faces in them are followed, and their expressions steadied");
  command.option("subtitles", o.subtitles, "DIR", "Write subtitles of the expressions, as WebVTT");
  command.group("Output");
  command.flag("json", o.json, "Print one JSON object a line for each picture, and for each frame of a video");
  command.flag("csv", o.csv, "Print one CSV line for each face, with every class's probability");
  command.option("out", o.out, "FILE", "Write results to a file instead: .csv, or JSON lines for any other name");
  command.flag("resume", o.resume, "Go on with the file of an interrupted run: what stands in it is not done again");
  command.flag("force", o.force, "Replace the file");
  command.option("annotate", o.annotate, "DIR",
                 "Write copies of pictures and videos with boxes and names drawn on them");
  command.flag("blur", o.blur, "Hide the faces in these copies");
}

PredictionTexts::Form form_of(const PredictOptions& o) {
  using Form = PredictionTexts::Form;
  if (!o.out.empty()) return o.out.extension() == ".csv" ? Form::csv : Form::json;
  return o.json ? Form::json : o.csv ? Form::csv : Form::table;
}

void take_out_videos(PredictOptions& o) {
  std::erase_if(o.paths, [&](const std::filesystem::path& path) {
    const bool is_video = path == "-" || (looks_like_a_video(path) && !std::filesystem::is_directory(path));
    if (is_video) o.videos.push_back(path.string());
    return is_video;
  });
}

void check(const PredictOptions& o) {
  if (o.json && o.csv) throw UsageError("--json and --csv exclude each other");
  if (!o.out.empty() && (o.json || o.csv)) throw UsageError("--out FILE decides by its name: .csv, or JSON lines");
  if (o.out.empty() && (o.resume || o.force)) throw UsageError("--resume and --force are about the file of --out FILE");
  if (o.resume && o.force) throw UsageError("--resume and --force exclude each other");
  if (o.blur && o.annotate.empty()) throw UsageError("--blur hides faces in the copies that --annotate DIR writes");
  check_videos(o);
}

VideoOptions video_options(const PredictOptions& o, double threshold) {
  using Form = PredictionTexts::Form;
  const auto form = form_of(o);
  return {.form = form == Form::csv    ? VideoOptions::Form::csv
                  : form == Form::json ? VideoOptions::Form::json
                                       : VideoOptions::Form::table,
          .live = o.live.settings(o.videos.empty() ? 0 : threshold),
          .annotate = o.annotate,
          .blur = o.blur,
          .subtitles = o.subtitles};
}

} // namespace mien::cli
