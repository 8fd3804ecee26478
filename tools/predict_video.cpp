// SPDX-License-Identifier: Apache-2.0
#include "tools/predict_video.hpp"

#include "tools/interrupt.hpp"
#include "tools/live_marks.hpp"

#include "mien/capture/video_reader.hpp"
#include "mien/capture/video_writer.hpp"
#include "mien/core/error.hpp"
#include "mien/io/atomic_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace mien::cli {
namespace {

namespace fs = std::filesystem;
using Form = VideoOptions::Form;

constexpr auto subtitles_note = "Apparent expressions, as mien names them: an expression is not a feeling.";

/// A copy of the video with marks, as many frames as the video, in which those that were damaged repeat the one before.
class MarkedCopy {
public:
  MarkedCopy(const fs::path& path, FrameRate rate, bool hide)
      : writer_(path, rate.known() ? rate : FrameRate{25, 1}), hide_(hide) {}

  void add(Frame& frame, const FrameFaces& told, std::span<const std::string> labels) {
    while (writer_.frames() > 0 && writer_.frames() < frame.number) writer_.repeat();
    writer_.write(marked(std::move(frame.picture), told.faces, labels, hide_));
  }
  void finish() { writer_.finish(); }

private:
  VideoWriter writer_;
  bool hide_;
};

} // namespace

VideoPrediction::VideoPrediction(Recognizer recognizer, VideoOptions options, std::span<const std::string> videos,
                                 Results& results)
    : recognizer_(std::move(recognizer)), options_(std::move(options)), results_(results) {
  std::map<fs::path, std::string> taken;
  for (const auto& video : videos) {
    const auto copy = place(options_.annotate, video, ".avi");
    std::error_code not_there;
    if (!options_.annotate.empty() && fs::equivalent(copy, video, not_there))
      throw Error(concat(video, ": its annotated copy would take its place; take another folder"));
    const auto [other, is_new] = taken.emplace(copy.filename(), video);
    if (!is_new && !(options_.annotate.empty() && options_.subtitles.empty()))
      throw Error(concat(other->second, " and ", video, " would both be written to ", copy.filename().string(),
                         "; take them one after the other, into two folders"));
  }
}

fs::path VideoPrediction::place(const fs::path& folder, const std::string& video, const char* ending) const {
  return folder / (video == "-" ? fs::path("stdin") : fs::path(video).filename()).replace_extension(ending);
}

std::string VideoPrediction::heading(Form form, std::span<const std::string> labels) {
  if (form == Form::csv) return LiveTexts::heading(labels);
  return form == Form::table ? "from          to            face  apparently  video\n" : "";
}

std::vector<FrameFaces> VideoPrediction::told_before(const std::string& video, const LiveTexts& texts) const {
  std::vector<FrameFaces> told;
  for (const auto& line : results_.frames_of(video)) {
    auto frame = texts.read(line);
    const auto followed = [&](const LiveFace& face) { return (face.id != 0) == options_.live.track; };
    if (!frame || !std::ranges::all_of(frame->faces, followed) ||
        (!told.empty() && frame->number <= told.back().number))
      throw Error(concat(video, ": the frames of it that were told before are not what these options would tell; go on "
                                "with the same ones, or begin again with --force"));
    told.push_back(std::move(*frame));
  }
  return told;
}

void VideoPrediction::tell(const FrameFaces& frame, const LiveTexts& texts) {
  if (options_.form == Form::table) return; // it has spells
  results_.write(options_.form == Form::json ? texts.line(frame) : texts.rows(frame));
  results_.flush();
}

void VideoPrediction::tell(std::span<const Spell> spells, const std::string& video) {
  for (const auto& spell : spells) {
    results_.write(fmt::format("{:<12}  {:<12}  {:>4}  {:<10}  {}\n", clock_text(spell.begin), clock_text(spell.end),
                               spell.face, spell.label.empty() ? "unsure" : spell.label, video));
  }
  results_.flush();
}

VideoOutcome VideoPrediction::run(const std::string& video, const Common& common) {
  VideoReader reader(video); // in colour even if nothing is drawn: grey ones differ by a rounding, and so would answers
  const auto info = reader.info();
  const LiveTexts texts(video, recognizer_.labels());
  const auto before = told_before(video, texts);
  LiveRecognizer live(recognizer_, options_.live);
  Spells spells(info.rate.time_of(1));
  std::optional<MarkedCopy> copy;
  if (!options_.annotate.empty()) {
    fs::create_directories(options_.annotate);
    copy.emplace(place(options_.annotate, video, ".avi"), info.rate, options_.blur);
  }

  VideoOutcome outcome;
  const auto take = [&](const FrameFaces& told) {
    spells.add(told.faces, told.time);
    ++outcome.frames;
    outcome.faces += told.faces.size();
  };
  auto told = before.begin();
  if (!copy) { // nobody needs the pictures of what was told before
    for (; told != before.end(); ++told) {
      live.repeat(told->faces, told->time);
      take(*told);
    }
    if (!before.empty()) (void)reader.skip_to_frame(before.back().number + 1);
  }
  Progress progress("predicting " + video, common.quiet);
  for (Frame frame; reader.next(frame) == Next::frame;) {
    if ((outcome.interrupted = interrupted())) break;
    progress(frame.number, info.frames);
    FrameFaces now{frame.number, frame.time, frame.picture.width, frame.picture.height, {}};
    if (told != before.end() && told->number == frame.number) {
      now = *told++;
      live.repeat(now.faces, now.time);
    } else {
      now.faces = live.recognize(frame.picture, frame.time, common.threads);
      tell(now, texts);
    }
    take(now);
    if (copy) copy->add(frame, now, recognizer_.labels());
  }
  progress.clear();
  if (options_.form == Form::table) tell(spells.all(), video);
  if (outcome.interrupted) return outcome;
  if (copy && outcome.frames > 0) copy->finish();
  if (!options_.subtitles.empty()) {
    fs::create_directories(options_.subtitles);
    write_atomically(place(options_.subtitles, video, ".vtt"), webvtt(spells.all(), subtitles_note));
  }
  outcome.damaged = !reader.note().empty();
  if (outcome.damaged) say_warning(reader.note());
  return outcome;
}

} // namespace mien::cli
