// SPDX-License-Identifier: Apache-2.0
#include "tools/live_stages.hpp"

#include "tools/latest.hpp"

#include "mien/capture/camera.hpp"
#include "mien/capture/video_reader.hpp"
#include "mien/core/error.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>
#include <utility>

namespace mien::cli {
namespace {

using std::chrono::milliseconds;

void sleep_until(double time, const Worker::Stop& stop) {
  constexpr double longest = 0.02; // until `stop` is looked at
  for (double left; !stop && (left = time - steady_seconds()) > 0;)
    std::this_thread::sleep_for(std::chrono::duration<double>(std::min(left, longest)));
}

/// What stands between a person and the next picture.
class Troubles {
public:
  void begin(const std::string& trouble) {
    const std::lock_guard lock(mutex_);
    if (trouble != now_) news_.push_back(now_ = trouble);
  }
  void end(const std::string& news) {
    const std::lock_guard lock(mutex_);
    if (now_.empty()) return;
    now_.clear();
    news_.push_back(news);
  }
  void tell(const std::string& news) {
    const std::lock_guard lock(mutex_);
    if (!news.empty()) news_.push_back(news);
  }
  [[nodiscard]] std::string now() const {
    const std::lock_guard lock(mutex_);
    return now_;
  }
  [[nodiscard]] std::vector<std::string> news() {
    const std::lock_guard lock(mutex_);
    return std::exchange(news_, {});
  }

private:
  mutable std::mutex mutex_;
  std::string now_;
  std::vector<std::string> news_;
};

/// When a file's pictures are due, if it is played at its own speed.
class Playback {
public:
  void wait_for(const Frame& frame, const Worker::Stop& stop) {
    if (!begin_) begin_ = steady_seconds() - frame.time;
    sleep_until(*begin_ + frame.time, stop);
  }
  /// A file that cannot be read as fast as it plays is not read whole.
  void catch_up(FrameSource& source) const {
    constexpr double behind = 0.25;
    auto* video = dynamic_cast<VideoReader*>(&source);
    if (!video || !begin_ || video->info().frames == 0) return; // a pipe is as late as it is
    const double due = steady_seconds() - *begin_;
    if (due - video->info().rate.time_of(video->position()) > behind) video->skip_to(due);
  }
  void shift(double seconds) {
    if (begin_) *begin_ += seconds;
  }

private:
  std::optional<double> begin_; // when the frame of time 0 was due
};

/// Closes places for values at the end of whoever fills them, however that comes.
template <class A, class B> struct Close {
  A& a;
  B& b;
  ~Close() {
    a.close();
    b.close();
  }
};
template <class A, class B> Close(A&, B&) -> Close<A, B>;

} // namespace

double steady_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

struct LiveStages::Shared {
  std::unique_ptr<FrameSource> source;
  StageSettings settings;
  bool camera = dynamic_cast<Camera*>(source.get()) != nullptr;
  std::atomic<bool> paused = false;
  Troubles troubles{};
  Latest<std::shared_ptr<const Taken>> to_draw{}, to_recognize{};
  Latest<Labelled> results{};

  Shared(std::unique_ptr<FrameSource> frames, const StageSettings& wanted)
      : source(std::move(frames)), settings(wanted) {}

  void wait_while_paused(Playback& playback, const Worker::Stop& stop) const {
    if (!paused) return;
    const double begin = steady_seconds();
    while (paused && !stop) sleep_until(steady_seconds() + 0.02, stop);
    playback.shift(steady_seconds() - begin);
  }

  /// False: nobody takes pictures any more.
  bool hand_on(std::shared_ptr<const Taken> taken) {
    if (settings.every) return to_recognize.hand_over(std::move(taken));
    to_draw.offer(taken);
    to_recognize.offer(std::move(taken));
    return true;
  }

  void capture(const Worker::Stop& stop) {
    Playback playback;
    std::optional<double> first, last;
    while (!stop) {
      wait_while_paused(playback, stop);
      Taken taken;
      const auto next = source->next(taken.frame);
      if (stop || next == Next::end) break;
      if (next == Next::gone) troubles.begin(source->note());
      if (next == Next::late)
        troubles.begin(concat(source->info().name, ": no picture for ", settings.timeout,
                              " s; it is waited for: look at the cable, or plug the camera in again"));
      if (next != Next::frame) continue;
      troubles.end(concat(source->info().name, ": pictures come again"));
      if (settings.paced && !camera) {
        playback.wait_for(taken.frame, stop);
        playback.catch_up(*source);
      }
      taken.at = camera ? taken.frame.time : steady_seconds();
      if (!first) first = last = taken.frame.time;
      last = std::max(*last, taken.frame.time); // some drivers' clocks go back
      taken.frame.time = *last - *first;
      if (!hand_on(std::make_shared<const Taken>(std::move(taken)))) return;
    }
    if (troubles.now().empty()) troubles.tell(source->note());
  }

  void recognize(LiveRecognizer& recognizer) {
    while (auto taken = to_recognize.take()) {
      const auto& frame = (*taken)->frame;
      Labelled labelled{*taken, recognizer.recognize(frame.picture, frame.time, settings.threads)};
      if (settings.every)
        results.hand_over(std::move(labelled));
      else
        results.offer(std::move(labelled));
    }
  }
};

LiveStages::LiveStages(std::unique_ptr<FrameSource> source, LiveRecognizer recognizer, const StageSettings& settings)
    : shared_(std::make_shared<Shared>(std::move(source), settings)),
      capture_([shared = shared_](const Worker::Stop& stop) {
        const Close at_end{shared->to_draw, shared->to_recognize};
        shared->capture(stop);
      }),
      recognition_(
          [shared = shared_, own = std::make_shared<LiveRecognizer>(std::move(recognizer))](const Worker::Stop&) {
            const Close at_end{shared->to_recognize, shared->results};
            shared->recognize(*own);
          }) {}

LiveStages::~LiveStages() {
  shared_->to_draw.close();
  shared_->to_recognize.close();
  shared_->results.close();
}

std::shared_ptr<const Taken> LiveStages::picture(milliseconds most) {
  return shared_->to_draw.take(most).value_or(nullptr);
}

std::optional<Labelled> LiveStages::labelled(milliseconds most) { return shared_->results.take(most); }

bool LiveStages::finished() const {
  for (const auto& error : {capture_.error(), recognition_.error()})
    if (error) std::rethrow_exception(error);
  return shared_->to_draw.finished() && shared_->results.finished();
}

void LiveStages::pause(bool on) { shared_->paused = on; }
std::string LiveStages::trouble() const { return shared_->troubles.now(); }
std::vector<std::string> LiveStages::news() { return shared_->troubles.news(); }

} // namespace mien::cli
