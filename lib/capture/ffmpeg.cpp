// SPDX-License-Identifier: Apache-2.0
// Every other video: ffmpeg decodes it and writes Y4M into a pipe.
#include "lib/capture/child.hpp"
#include "lib/capture/video_stream.hpp"
#include "mien/core/error.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <initializer_list>
#include <string_view>

namespace mien {
namespace {

std::string missing(const std::string& name) {
  return concat(name, ": is neither Y4M nor AVI with motion JPEG, and what reads all others, ffmpeg, is not installed; "
                      "install the package ffmpeg (on Debian and Ubuntu: `sudo apt install ffmpeg`)");
}

/// A path that is a file's and nothing else: no option, no address on the network.
std::string file_address(const std::filesystem::path& path) { return "file:" + path.string(); }

/// Only errors are told, and a playlist in a file opens no connection.
std::vector<std::string> command(const char* program, std::initializer_list<std::string> rest) {
  std::vector<std::string> words = {program, "-v", "error", "-protocol_whitelist", "file,pipe"};
  words.insert(words.end(), rest);
  return words;
}

/// What a file says of its video. Nothing where it does not, or ffprobe, which comes with ffmpeg, is not there.
struct Probe {
  double seconds = 0, finest_rate = 0, mean_rate = 0;
};

/// A number, or a fraction; 0 for anything else.
double value_of(std::string_view text) noexcept {
  double numbers[2] = {0, 1};
  const auto slash = text.find('/');
  std::from_chars(text.data(), text.data() + std::min(slash, text.size()), numbers[0]);
  if (slash < text.size()) std::from_chars(text.data() + slash + 1, text.data() + text.size(), numbers[1]);
  return numbers[0] > 0 && numbers[1] > 0 && numbers[0] < 1e9 ? numbers[0] / numbers[1] : 0;
}

Probe probe(const std::filesystem::path& path) {
  Probe found;
  try {
    Input input(std::make_unique<Child>(command("ffprobe", {"-select_streams", "v:0", "-show_entries",
                                                            "stream=r_frame_rate,avg_frame_rate:format=duration", "-of",
                                                            "default=nw=1", file_address(path)}),
                                        ""));
    while (const auto line = input.line(1000)) {
      const std::string_view text = *line;
      const auto value = value_of(text.substr(std::min(text.find('=') + 1, text.size())));
      if (text.starts_with("duration=")) found.seconds = value;
      if (text.starts_with("r_frame_rate=")) found.finest_rate = value;
      if (text.starts_with("avg_frame_rate=")) found.mean_rate = value;
    }
  } catch (const Error&) { // a count to show is no reason to fail
  }
  return found;
}

/// Upright, at a steady rate, pixels square, colours as our reader takes them: BT.601 in the limited range.
std::vector<std::string> decoding(const std::filesystem::path& path, const Probe& probe) {
  auto words = command("ffmpeg", {"-nostdin", "-i", file_address(path), "-map", "0:v:0", "-pix_fmt", "yuv420p", "-vf",
                                  "scale=w='max(1,round(iw*sar))':h=ih:out_color_matrix=bt601:out_range=tv:flags="
                                  "bicubic+accurate_rnd+full_chroma_int,setsar=1"});
  constexpr double fastest = 120, usual = 30;
  if (probe.finest_rate > fastest) { // what browsers record has times in thousandths, which are no frames
    const bool sane = probe.mean_rate > 0 && probe.mean_rate <= fastest;
    words.insert(words.end(), {"-r", concat(std::llround(1000 * (sane ? probe.mean_rate : usual)), "/1000")});
  }
  words.insert(words.end(), {"-f", "yuv4mpegpipe", "-"});
  return words;
}

/// What is read of a child that somebody else owns.
class ChildOutput final : public ByteSource {
public:
  explicit ChildOutput(Child& child) : child_(child) {}
  std::size_t read(std::span<std::byte> bytes) override { return child_.read(bytes); }

private:
  Child& child_;
};

class FfmpegReader final : public VideoStream {
public:
  FfmpegReader(const std::filesystem::path& path, bool grey)
      : name_(path.string()), probe_(probe(path)), child_(decoding(path, probe_), missing(name_)) {
    Input input(std::make_unique<ChildOutput>(child_));
    if (input.peek(1).empty()) throw Error(concat(name_, ": no video that ffmpeg can read", why()));
    frames_ = open_y4m(std::move(input), name_, grey);
    info_ = frames_->info();
    info_.name = name_ + ", read by ffmpeg";
    info_.frames = static_cast<std::uint64_t>(std::llround(probe_.seconds * info_.rate.a_second()));
  }

  bool next(Frame& frame) override { return frames_->next(frame) || end(); }
  bool skip() override { return frames_->skip() || end(); }
  [[nodiscard]] std::uint64_t position() const override { return frames_->position(); }
  [[nodiscard]] StreamInfo info() const override { return info_; }
  [[nodiscard]] std::string note() const override { return note_; }

private:
  /// What ffmpeg said last, without the part of it and the file that it names before.
  [[nodiscard]] std::string said() const {
    auto words = child_.last_words();
    if (words.starts_with('[')) words.erase(0, words.find("] ") == std::string::npos ? 0 : words.find("] ") + 2);
    const auto file = file_address(name_) + ": ";
    if (words.starts_with(file)) words.erase(0, file.size());
    return words;
  }

  /// Why ffmpeg gave up.
  std::string why() {
    const int code = child_.wait();
    return said().empty() ? concat(" (it ended with code ", code, ")") : concat(": ", said());
  }

  bool end() {
    if (!note_.empty()) return false;
    if (child_.wait() != 0)
      note_ = concat(name_, ": ffmpeg stopped after ", position(), " frames, which were read", why());
    else if (!said().empty())
      note_ = concat(name_, ": read, but ffmpeg says of it: ", said());
    else
      note_ = frames_->note();
    return false;
  }

  std::string name_;
  Probe probe_;
  Child child_; // outlives who reads from it
  std::unique_ptr<VideoStream> frames_;
  StreamInfo info_;
  std::string note_;
};

} // namespace

std::unique_ptr<VideoStream> open_by_ffmpeg(const std::filesystem::path& path, bool grey) {
  return std::make_unique<FfmpegReader>(path, grey);
}

} // namespace mien
