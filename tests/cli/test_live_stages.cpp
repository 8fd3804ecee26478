// SPDX-License-Identifier: Apache-2.0
#include "mien/core/error.hpp"
#include "tests/cli/fixture.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/pictures.hpp"
#include "tools/live_stages.hpp"

#include <future>

#include <unistd.h>

using namespace mien;
using namespace mien::cli;
using Catch::Contains;
using std::chrono::milliseconds;

namespace {

/// Gives what a list says: frames, and what stands between them.
class Script final : public FrameSource {
public:
  explicit Script(std::vector<Next> steps, std::string problem = {})
      : steps_(std::move(steps)), problem_(std::move(problem)) {}
  Next next(Frame& frame) override {
    if (at_ == steps_.size() && !problem_.empty()) throw Error(problem_);
    if (at_ == steps_.size()) return Next::end;
    const auto step = steps_[at_++];
    if (step != Next::frame) return step;
    frame.picture = test::noise(64, 48, 1, static_cast<std::uint32_t>(number_));
    frame.time = 100 + static_cast<double>(number_) / 30;
    frame.number = number_++;
    return step;
  }
  StreamInfo info() const override { return {.name = "script", .width = 64, .height = 48, .frames = steps_.size()}; }
  std::string note() const override { return at_ == steps_.size() ? "that was all" : "it is gone"; }

private:
  std::vector<Next> steps_;
  std::string problem_;
  std::size_t at_ = 0;
  std::uint64_t number_ = 0;
};

/// Waits for a pipe in which nothing comes.
class Silent final : public FrameSource {
public:
  explicit Silent(bool& ended) : ended_(ended) { REQUIRE(::pipe(pipe_) == 0); }
  ~Silent() override {
    ended_ = true;
    ::close(pipe_[0]);
    ::close(pipe_[1]);
  }
  Silent(const Silent&) = delete;
  Silent& operator=(const Silent&) = delete;
  Next next(Frame&) override {
    char byte = 0;
    waiting.set_value();
    return ::read(pipe_[0], &byte, 1) < 0 ? Next::late : Next::end; // a signal: -1
  }
  StreamInfo info() const override { return {.name = "silent", .width = 64, .height = 48}; }
  std::string note() const override { return {}; }
  std::promise<void> waiting;

private:
  bool& ended_;
  int pipe_[2] = {};
};

LiveRecognizer recognizer() { return LiveRecognizer(Recognizer(test::fixture().classifier)); }

} // namespace

TEST_CASE("live stages: with `every` each frame comes, in order, its time counted from the first") {
  LiveStages stages(std::make_unique<Script>(std::vector<Next>(40, Next::frame)), recognizer(), {.every = true});
  for (std::uint64_t i = 0; i < 40; ++i) {
    std::optional<Labelled> labelled;
    while (!labelled && !stages.finished()) labelled = stages.labelled(milliseconds(1000));
    REQUIRE(labelled);
    CHECK(labelled->taken->frame.number == i);
    CHECK(labelled->taken->frame.time == Approx(static_cast<double>(i) / 30));
  }
  CHECK_FALSE(stages.labelled(milliseconds(10'000)));
  CHECK(stages.finished());
  CHECK(stages.news() == std::vector<std::string>{"that was all"});
}

TEST_CASE("live stages: without it frames are dropped, the last ones come, and none goes back") {
  LiveStages stages(std::make_unique<Script>(std::vector<Next>(500, Next::frame)), recognizer(), {});
  std::int64_t drawn = -1, labelled = -1;
  while (!stages.finished()) {
    if (const auto picture = stages.picture(milliseconds(1))) {
      CHECK(static_cast<std::int64_t>(picture->frame.number) > drawn);
      drawn = static_cast<std::int64_t>(picture->frame.number);
    }
    if (const auto one = stages.labelled(milliseconds(1))) {
      CHECK(static_cast<std::int64_t>(one->taken->frame.number) > labelled);
      labelled = static_cast<std::int64_t>(one->taken->frame.number);
    }
  }
  CHECK(drawn == 499);
  CHECK(labelled == 499);
}

TEST_CASE("live stages: what keeps pictures from coming is told once, and so is its end") {
  using enum Next;
  LiveStages stages(std::make_unique<Script>(std::vector<Next>{frame, late, late, frame, gone, gone, gone, frame}),
                    recognizer(), {.every = true});
  while (!stages.finished()) (void)stages.labelled(milliseconds(1000));
  const auto news = stages.news();
  REQUIRE(news.size() == 5);
  CHECK_THAT(news[0], Contains("no picture for 2 s"));
  CHECK_THAT(news[1], Contains("pictures come again"));
  CHECK(news[2] == "it is gone");
  CHECK_THAT(news[3], Contains("pictures come again"));
  CHECK(news[4] == "that was all");
  CHECK(stages.trouble().empty());
  CHECK(stages.news().empty());
}

TEST_CASE("live stages: what ends a thread reaches the caller") {
  LiveStages stages(std::make_unique<Script>(std::vector<Next>(3, Next::frame), "the file is torn"), recognizer(),
                    {.every = true});
  const auto read = [&] {
    while (!stages.finished()) (void)stages.labelled(milliseconds(1000));
  };
  CHECK_THROWS_WITH(read(), "the file is torn");
}

TEST_CASE("live stages: they end while a source waits, and while nobody takes what they have") {
  bool ended = false;
  auto silent = std::make_unique<Silent>(ended);
  auto waiting = silent->waiting.get_future();
  {
    const LiveStages stages(std::move(silent), recognizer(), {});
    waiting.wait();
  }
  CHECK(ended); // a thread that cannot be woken would keep it
  const LiveStages full(std::make_unique<Script>(std::vector<Next>(100, Next::frame)), recognizer(), {.every = true});
}

TEST_CASE("live stages: a pause holds the source, and afterwards all comes") {
  LiveStages stages(std::make_unique<Script>(std::vector<Next>(30, Next::frame)), recognizer(), {.every = true});
  std::size_t count = 0;
  while (!stages.finished()) {
    if (stages.labelled(milliseconds(1000))) ++count;
    if (count == 5) {
      stages.pause(true);
      stages.pause(false);
    }
  }
  CHECK(count == 30);
}
