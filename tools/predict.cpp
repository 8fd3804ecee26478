// SPDX-License-Identifier: Apache-2.0
// `mien predict`: finds the faces in pictures and videos and names their apparent expressions.
#include "tools/annotated_pictures.hpp"
#include "tools/cli.hpp"
#include "tools/commands.hpp"
#include "tools/inputs.hpp"
#include "tools/picture_loop.hpp"
#include "tools/pictures.hpp"
#include "tools/predict_options.hpp"
#include "tools/predict_video.hpp"
#include "tools/predictions.hpp"
#include "tools/results.hpp"

#include "mien/core/error.hpp"
#include "mien/io/image.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace mien::cli {
namespace {

Results open_results(const PredictOptions& o, const PredictionTexts& texts, std::span<const std::string> labels) {
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
  std::size_t frames = 0, faces_in_frames = 0, failed_videos = 0;

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
  const auto failed = [&](std::size_t n, std::string_view what) {
    if (n > 0) text += fmt::format("{}{} failed", text.empty() ? "" : "; ", plural(n, what));
  };
  failed(counts.failed, "picture");
  failed(counts.failed_videos, "video");
  return text + "\n";
}

/// Reads, finds, names and draws: everything that is done for one picture, on any thread.
class PictureWork {
public:
  PictureWork(Recognizer recognizer, const PredictOptions& options, double threshold,
              std::span<const PictureFile> pictures)
      : recognizer_(std::move(recognizer)), whole_(options.whole),
        order_(options.order == "left" ? FaceOrder::left_to_right : FaceOrder::by_size), threshold_(threshold) {
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
      for (auto& face : result.faces)
        if (std::ranges::max(face.probabilities) < threshold_) face.label.clear(); // unsure
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
  double threshold_; ///< of the highest probability, for a label
  std::optional<AnnotatedPictures> copies_;
};

/// All videos, one after the other. False: interrupted.
bool predict_videos(VideoPrediction& work, const PredictOptions& options, const Common& common, Counts& counts) {
  for (const auto& video : options.videos) {
    try {
      const auto outcome = work.run(video, common);
      counts.frames += outcome.frames;
      counts.faces_in_frames += outcome.faces;
      counts.failed_videos += outcome.damaged;
      if (outcome.interrupted) return false;
    } catch (const OutputClosed&) {
      throw;
    } catch (const std::exception& error) {
      say_error(error.what());
      ++counts.failed_videos;
    }
  }
  return true;
}

} // namespace

int run_predict(int argc, char** argv) {
  Common common;
  PredictOptions options;
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
  const double threshold = options.abstain > 0 ? threshold_of(recognizer.classifier(), options.abstain) : 0;
  const PictureWork work(recognizer, options, threshold, found.pictures);
  const PredictionTexts texts(form_of(options), recognizer.labels());
  Results results = open_results(options, texts, recognizer.labels());
  VideoPrediction videos(recognizer, video_options(options, threshold), options.videos, results);
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
  return counts.failed + counts.failed_videos > 0 || !found.problems.empty() ? 1 : 0;
}

} // namespace mien::cli
