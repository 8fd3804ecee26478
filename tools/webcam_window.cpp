// SPDX-License-Identifier: Apache-2.0
#include "tools/webcam_window.hpp"

#include "tools/interrupt.hpp"

#include "mien/core/error.hpp"

#include <fmt/format.h>

#include <ctime>
#include <filesystem>
#include <utility>

namespace mien::cli {
namespace {

using std::chrono::milliseconds;

constexpr double hint_seconds = 8, notice_seconds = 4, redraw_seconds = 0.1;

/// A name by the time, that no file has.
std::filesystem::path snapshot_name() {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  ::localtime_r(&now, &local);
  char text[64];
  std::strftime(text, sizeof text, "mien-%Y-%m-%d-%H%M%S", &local);
  std::filesystem::path path = concat(text, ".png");
  for (int i = 2; std::filesystem::exists(path); ++i) path = concat(text, "-", i, ".png");
  return path;
}

} // namespace

void tell_news(LiveStages& stages) {
  for (const auto& news : stages.news()) say_warning(news);
}

WebcamWindow::WebcamWindow(Window& window, LiveStages& stages, std::optional<Recording>& recording,
                           const WebcamOptions& options, const Common& common, LiveView view)
    : window_(window), stages_(stages), recording_(recording), options_(options), common_(common),
      view_(std::move(view)), blur_(options.blur), begin_(steady_seconds()) {
  window_.set_full_screen(options.full_screen);
  notice("q quit   space pause   s save a picture\nb hide faces   f full screen   h help", hint_seconds);
}

bool WebcamWindow::run() {
  show();
  while (!quit_) {
    if (interrupted()) return false;
    if (options_.seconds > 0 && steady_seconds() - begin_ >= options_.seconds) break;
    const bool pressed = answer_keys(), fresh = take_news();
    tell_news(stages_);
    if (!fresh && stages_.finished()) break;
    if (pressed || fresh || steady_seconds() - shown_ > redraw_seconds) show();
    if (std::exchange(save_, false)) save();
    if (options_.frames > 0 && count_ >= options_.frames) break;
  }
  return true;
}

bool WebcamWindow::answer_keys() {
  bool any = false;
  while (const auto event = window_.event()) {
    if (event->close) quit_ = true;
    press(event->key);
    any = true;
  }
  return any;
}

void WebcamWindow::press(const std::string& key) {
  if (key == "q" || key == "escape") quit_ = true;
  if (key == "space" || key == "p") stages_.pause(view_.paused = !view_.paused);
  if (key == "b") blur_ = !blur_;
  if (key == "m") view_.mirror = !view_.mirror;
  if (key == "f" || key == "f11") window_.set_full_screen(!window_.full_screen());
  if (key == "h" || key == "f1" || key == "?") view_.help = !view_.help;
  if (key == "s") save_ = true; // what is saved is what the other keys left
}

/// Waits a moment for a picture or for faces. While faces are hidden a picture is shown together with its faces only.
bool WebcamWindow::take_news() {
  bool fresh = false;
  if (auto picture = stages_.picture(milliseconds(5))) {
    pictures_.add(steady_seconds());
    fresh = !blur_;
    picture_ = std::move(picture);
  }
  if (auto labelled = stages_.labelled(milliseconds(0))) {
    const double now = steady_seconds();
    labels_.add(now);
    hiding_.add(labelled->faces, now);
    const double delay = now - labelled->taken->at;
    view_.delay = view_.delay > 0 ? view_.delay + 0.1 * (delay - view_.delay) : delay; // steady enough to be read
    labelled_ = std::move(*labelled);
    ++count_;
    fresh = true;
  }
  return fresh;
}

void WebcamWindow::show() {
  const double now = shown_ = steady_seconds();
  const auto& taken = blur_ || !picture_ ? labelled_.taken : picture_;
  hidden_ = blur_ ? hiding_.boxes() : std::vector<Box>();
  view_.picture = taken ? &taken->frame.picture : nullptr;
  view_.faces = labelled_.faces;
  view_.hidden = hidden_;
  view_.pictures = pictures_.a_second(now), view_.labelled = labels_.a_second(now);
  view_.trouble = stages_.trouble();
  if (now > notice_until_) view_.notice.clear();
  if (recording_) view_.recording = recording_->running() ? std::optional(recording_->seconds()) : std::nullopt;
  const Image image = drawn(view_);
  window_.show(image);
  if (!recording_ || !recording_->running() || !taken) return;
  recording_->add(image, now - begin_);
  if (!recording_->running()) {
    const auto text = recording_->finish();
    say_warning(text);
    notice(text, 2 * notice_seconds);
  }
}

void WebcamWindow::save() try {
  const auto path = snapshot_name();
  LiveView view = view_;
  view.notice.clear();
  view.help = false;
  write_picture(path, drawn(view));
  const auto text = concat("saved ", std::filesystem::absolute(path).string());
  say(common_, text + "\n");
  notice(text, notice_seconds);
} catch (const Error& error) {
  say_warning(error.what());
  notice(error.what(), 2 * notice_seconds);
}

void WebcamWindow::notice(const std::string& text, double seconds) {
  view_.notice = text;
  notice_until_ = steady_seconds() + seconds;
}

} // namespace mien::cli
