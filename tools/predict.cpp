// SPDX-License-Identifier: Apache-2.0
// `mien predict`: finds the faces in pictures and videos and names their apparent expressions.
#include "tools/annotated_pictures.hpp"
#include "tools/cli.hpp"
#include "tools/commands.hpp"
#include "tools/detector_options.hpp"
#include "tools/inputs.hpp"
#include "tools/live_options.hpp"
#include "tools/picture_loop.hpp"
#include "tools/pictures.hpp"
#include "tools/predict_video.hpp"
#include "tools/predictions.hpp"
#include "tools/results.hpp"

#include "mien/core/error.hpp"
#include "mien/io/file_name.hpp"
#include "mien/io/image.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace mien::cli {
namespace {

struct Options {
  std::string model = "-";
  std::vector<std::filesystem::path> paths; ///< of pictures and folders, once videos are taken out
  std::vector<std::string> videos;
  DetectorOptions detector;
  LiveOptions live;
  bool whole = false, json = false, csv = false, resume = false, force = false, blur = false;
  std::string order = "size";
  std::filesystem::path out, annotate, subtitles;
};

void bind(Command& command, Options& o) {
  command.arguments("PATH", o.paths,
                    "Pictures, folders that are searched for pictures, and videos; -: a video on standard input");
  command.group("Faces");
  command.option("model", o.model, "MODEL", "A model file, or the folder of a run; -: the model that mien ships");
  command.flag("whole", o.whole, "Take each picture as one face, and look for none");
  command.choice("order", o.order, {"size", "left"}, "The largest face first, or from left to right");
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

PredictionTexts::Form form_of(const Options& o) {
  using Form = PredictionTexts::Form;
  if (!o.out.empty()) return o.out.extension() == ".csv" ? Form::csv : Form::json;
  return o.json ? Form::json : o.csv ? Form::csv : Form::table;
}

/// Tells videos from pictures, by the names that are given.
void take_out_videos(Options& o) {
  std::erase_if(o.paths, [&](const std::filesystem::path& path) {
    const bool is_video = path == "-" || (looks_like_a_video(path) && !std::filesystem::is_directory(path));
    if (is_video) o.videos.push_back(path.string());
    return is_video;
  });
}

void check_videos(const Options& o) {
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

void check(const Options& o) {
  if (o.json && o.csv) throw UsageError("--json and --csv exclude each other");
  if (!o.out.empty() && (o.json || o.csv)) throw UsageError("--out FILE decides by its name: .csv, or JSON lines");
  if (o.out.empty() && (o.resume || o.force)) throw UsageError("--resume and --force are about the file of --out FILE");
  if (o.resume && o.force) throw UsageError("--resume and --force exclude each other");
  if (o.blur && o.annotate.empty()) throw UsageError("--blur hides faces in the copies that --annotate DIR writes");
  check_videos(o);
}

VideoOptions video_options(const Options& o) {
  using Form = PredictionTexts::Form;
  const auto form = form_of(o);
  return {.form = form == Form::csv    ? VideoOptions::Form::csv
                  : form == Form::json ? VideoOptions::Form::json
                                       : VideoOptions::Form::table,
          .live = o.live.settings(),
          .annotate = o.annotate,
          .blur = o.blur,
          .subtitles = o.subtitles};
}

Results open_results(const Options& o, const PredictionTexts& texts, std::span<const std::string> labels) {
  const auto heading = o.paths.empty() ? VideoPrediction::heading(video_options(o).form, labels) : texts.heading();
  if (o.out.empty()) return Results(heading);
  using Existing = Results::Existing;
  return Results(o.out, texts.form() == PredictionTexts::Form::csv ? Results::Form::csv : Results::Form::json, heading,
                 o.resume  ? Existing::resume
                 : o.force ? Existing::replace
                           : Existing::refuse);
}

/// What was done, for the last line.
struct Counts {
  std::size_t pictures = 0, faces = 0, without_face = 0, failed = 0;
  std::size_t frames = 0, faces_in_frames = 0;

  void add(const PictureResult& result) {
    ++pictures;
    faces += result.faces.size();
    failed += !result.error.empty();
    without_face += result.error.empty() && result.faces.empty();
  }
};

std::string summary(const Counts& counts) {
  std::string text;
  if (counts.pictures > 0)
    text = fmt::format("{} in {}", plural(counts.faces, "face"), plural(counts.pictures, "picture"));
  if (counts.without_face > 0) text += fmt::format("; {} without a face", plural(counts.without_face, "picture"));
  if (counts.frames > 0)
    text += fmt::format("{}{} in {}", text.empty() ? "" : "; ", plural(counts.faces_in_frames, "face"),
                        plural(counts.frames, "frame"));
  if (counts.failed > 0) text += fmt::format("{}{} failed", text.empty() ? "" : "; ", counts.failed);
  return text + "\n";
}

/// Reads, finds, names and draws: everything that is done for one picture, on any thread.
class PictureWork {
public:
  PictureWork(Recognizer recognizer, const Options& options, std::span<const PictureFile> pictures)
      : recognizer_(std::move(recognizer)), whole_(options.whole),
        order_(options.order == "left" ? FaceOrder::left_to_right : FaceOrder::by_size) {
    if (!options.annotate.empty()) copies_.emplace(options.annotate, options.blur, pictures, recognizer_.labels());
  }

  [[nodiscard]] PictureResult operator()(const PictureFile& file, int threads) const {
    PictureResult result{.image = file.path};
    try {
      Image picture = read_image(file.path);
      result.width = picture.width;
      result.height = picture.height;
      result.faces = whole_ ? std::vector{recognizer_.recognize_whole(picture, threads)}
                            : recognizer_.recognize(picture, threads, order_);
      if (copies_) copies_->write(file, std::move(picture), result);
    } catch (const std::exception& error) {
      result.error = error.what();
      result.faces.clear();
    }
    return result;
  }

private:
  Recognizer recognizer_;
  bool whole_;
  FaceOrder order_;
  std::optional<AnnotatedPictures> copies_;
};

/// All videos, one after the other. False: interrupted.
bool predict_videos(VideoPrediction& work, const Options& options, const Common& common, Counts& counts) {
  for (const auto& video : options.videos) {
    try {
      const auto outcome = work.run(video, common);
      counts.frames += outcome.frames;
      counts.faces_in_frames += outcome.faces;
      counts.failed += outcome.damaged;
      if (outcome.interrupted) return false;
    } catch (const OutputClosed&) {
      throw;
    } catch (const std::exception& error) {
      say_error(error.what());
      ++counts.failed;
    }
  }
  return true;
}

} // namespace

int run_predict(int argc, char** argv) {
  Common common;
  Options options;
  Command command({.name = "predict",
                   .about = "Finds the faces in pictures and videos and names their apparent expressions, by the model "
                            "that mien ships or by your own. Nothing is stored or sent but what you ask for.",
                   .examples = "mien predict photo.jpg\n"
                               "mien predict photos/ --json > faces.jsonl\n"
                               "mien predict photos/ --out faces.csv --annotate marked\n"
                               "mien predict photos/ --out faces.csv --resume\n"
                               "mien predict clip.mp4 --out faces.jsonl --annotate marked --subtitles marked\n"
                               "mien predict --whole --model runs/first faces/test/happy"},
                  common);
  bind(command, options);
  if (!command.parse(argc, argv)) return 0;
  take_out_videos(options);
  check(options);

  auto found = pictures_in(options.paths, options.annotate);
  for (const auto& problem : found.problems) say_error(problem);
  const Recognizer recognizer(load_classifier(options.model), options.detector.detector());
  const PictureWork work(recognizer, options, found.pictures);
  const PredictionTexts texts(form_of(options), recognizer.labels());
  Results results = open_results(options, texts, recognizer.labels());
  VideoPrediction videos(recognizer, video_options(options), options.videos, results);
  const auto before = std::erase_if(found.pictures, [&](const auto& p) { return results.has(p.path); });
  if (before > 0)
    say(common, fmt::format("{} of {} pictures are in {} already\n", before, before + found.pictures.size(),
                            options.out.string()));

  Counts counts;
  catch_interrupts();
  bool all = for_each_picture(found.pictures, "predicting", common, work, [&](const PictureResult& result) {
    results.write(texts.text(result));
    if (!result.error.empty() && texts.form() != PredictionTexts::Form::json) say_error(result.error);
    counts.add(result);
    results.flush();
  });
  all = all && predict_videos(videos, options, common, counts);
  if (counts.pictures > 1 || counts.frames > 0 || counts.without_face > 0 || !options.out.empty())
    say(common, summary(counts));
  if (!all) {
    say(common, options.out.empty() ? "stopped\n" : "stopped; the same command with --resume goes on\n");
    return exit_interrupted;
  }
  return counts.failed > 0 || !found.problems.empty() ? 1 : 0;
}

} // namespace mien::cli
