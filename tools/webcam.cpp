// SPDX-License-Identifier: Apache-2.0
// `mien webcam`: names the apparent expressions of the faces before a camera, in a window or as JSON lines.
#include "tools/cli.hpp"
#include "tools/commands.hpp"
#include "tools/inputs.hpp"
#include "tools/interrupt.hpp"
#include "tools/live_texts.hpp"
#include "tools/webcam_options.hpp"
#include "tools/webcam_window.hpp"

#include "mien/capture/open_source.hpp"
#include "mien/core/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <optional>

namespace mien::cli {
namespace {

std::string mode_text(const CameraMode& mode) {
  auto text = fmt::format("    {:<5}  {:>9}", name_of(mode.format), fmt::format("{}x{}", mode.width, mode.height));
  for (const auto& rate : mode.rates)
    text += fmt::format("{}{:.4g}", &rate == &mode.rates.front() ? "  at " : ", ", rate.a_second());
  return text + (mode.rates.empty() ? "\n" : " pictures/s\n");
}

int list() {
  const auto cameras = list_cameras();
  if (cameras.empty()) throw Error("no camera is here: plug one in");
  for (const auto& camera : cameras) {
    print(camera.problem.empty() ? fmt::format("{}  {}  ({})\n", camera.device.string(), camera.name, camera.bus)
                                 : fmt::format("{}  cannot be opened: {}\n", camera.device.string(), camera.problem));
    for (const auto& mode : camera.modes) print(mode_text(mode));
  }
  return 0;
}

/// Prints a line for each picture until there are no more, or enough. False: a signal ended it.
class Headless {
public:
  Headless(LiveStages& stages, std::optional<Recording>& recording, const WebcamOptions& options, LiveView view,
           const LiveTexts& texts)
      : stages_(stages), recording_(recording), options_(options), view_(std::move(view)), texts_(texts) {}

  [[nodiscard]] bool run() {
    const double begin = steady_seconds();
    for (std::uint64_t count = 0; options_.frames == 0 || count < options_.frames;) {
      if (interrupted()) return false;
      if (options_.seconds > 0 && steady_seconds() - begin >= options_.seconds) break;
      const auto labelled = stages_.labelled(std::chrono::milliseconds(20));
      tell_news(stages_);
      if (!labelled && stages_.finished()) break;
      if (!labelled) continue;
      record(*labelled);
      print(texts_.line(labelled->taken->frame, labelled->faces));
      flush_output();
      ++count;
    }
    return true;
  }

private:
  void record(const Labelled& labelled) {
    if (!recording_ || !recording_->running()) return;
    const auto& frame = labelled.taken->frame;
    pace_.add(frame.time);
    hiding_.add(labelled.faces, frame.time);
    const auto hidden = options_.blur ? hiding_.boxes() : std::vector<Box>();
    view_.picture = &frame.picture;
    view_.faces = labelled.faces, view_.hidden = hidden;
    view_.pictures = view_.labelled = pace_.a_second(frame.time);
    view_.recording = recording_->seconds();
    recording_->add(drawn(view_), frame.time);
    if (!recording_->running()) say_warning(recording_->finish());
  }

  LiveStages& stages_;
  std::optional<Recording>& recording_;
  const WebcamOptions& options_;
  LiveView view_;
  const LiveTexts& texts_;
  Pace pace_;
  Hiding hiding_;
};

/// SDL2 is not even asked where nothing could come of it: some of what it would try takes the whole console.
Window open_window() {
  constexpr const char* instead = "; --headless prints JSON lines instead";
  const auto set = [](const char* variable) { return std::getenv(variable) != nullptr; };
  if (!set("DISPLAY") && !set("WAYLAND_DISPLAY") && !set("SDL_VIDEODRIVER"))
    throw Error(concat("no window can be opened: there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set); it "
                       "takes a graphical session, or `ssh -X`",
                       instead));
  try {
    return Window("mien");
  } catch (const Error& error) {
    throw Error(concat(error.what(), instead));
  }
}

/// Opens what is asked for, in an order in which no camera is turned on in vain.
int run(const WebcamOptions& options, const Common& common) {
  const Recognizer recognizer(load_classifier(options.model), options.detector.detector());
  const double threshold = options.abstain > 0 ? threshold_of(recognizer.classifier(), options.abstain) : 0;
  std::optional<Window> window;
  if (!options.headless) window = open_window();
  const auto settings = options.camera();
  auto source = open_source(options.source_path(), settings);
  const bool camera = dynamic_cast<Camera*>(source.get()) != nullptr;
  const auto info = source->info();
  std::optional<Recording> recording;
  if (!options.record.empty())
    recording.emplace(options.record, info.rate.known() ? info.rate : FrameRate{30, 1}, options.force);
  catch_interrupts();
  say(common, fmt::format("reading {}; {}\n", info.name,
                          recording ? "the view is recorded as it is drawn, and nothing is sent"
                                    : "nothing is stored or sent"));

  const bool every = options.headless && !camera;
  LiveStages stages(std::move(source), LiveRecognizer(recognizer, options.live.settings(threshold)),
                    {.every = every, .paced = !every, .timeout = settings.timeout, .threads = options.threads});
  const LiveView view{.width = info.width > 0 ? info.width : 640,
                      .height = info.height > 0 ? info.height : 480,
                      .labels = recognizer.labels(),
                      .mirror = options.mirrored(camera),
                      .camera = camera,
                      .source = options.source_path().filename().string()};
  const LiveTexts texts(camera ? "" : options.source, recognizer.labels());
  bool whole = false;
  try {
    whole = window ? WebcamWindow(*window, stages, recording, options, common, view).run()
                   : Headless(stages, recording, options, view, texts).run();
  } catch (const OutputClosed&) { // whoever read the lines has enough; the recording is still wanted
    if (recording) say(common, recording->finish() + "\n");
    throw;
  }
  window.reset();
  if (recording) say(common, recording->finish() + "\n");
  return whole ? 0 : exit_interrupted;
}

} // namespace

int run_webcam(int argc, char** argv) {
  Common common;
  WebcamOptions options;
  Command command({.name = "webcam",
                   .about = "Finds the faces before a camera and names their apparent expressions, live: in a window, "
                            "or with --headless as JSON lines. Videos and folders do as well. Nothing is stored or "
                            "sent but what you ask for. In the window, q quits and h shows the other keys.",
                   .examples = "mien webcam\n"
                               "mien webcam --list\n"
                               "mien webcam --size 1280x720 --blur\n"
                               "mien webcam clip.mp4 --record marked.avi\n"
                               "mien webcam /dev/video2 --headless > faces.jsonl\n"
                               "ffmpeg -i URL -pix_fmt yuv420p -f yuv4mpegpipe - | mien webcam - --headless"},
                  common);
  options.threads = std::clamp(common.threads / 2, 1, options.threads); // capturing and drawing want some too
  options.bind(command);
  if (!command.parse(argc, argv)) return 0;
  options.check();
  return options.list ? list() : run(options, common);
}

} // namespace mien::cli
