// SPDX-License-Identifier: Apache-2.0
// YUV4MPEG2: a line of text, then for each frame a line and its planes.   Source: yuv4mpeg(5) of mjpegtools
#include "lib/capture/printable.hpp"
#include "lib/capture/video_stream.hpp"
#include "lib/capture/ycbcr.hpp"
#include "lib/io/pnm.hpp"
#include "mien/core/error.hpp"

#include <charconv>
#include <iterator>
#include <string_view>

namespace mien {
namespace {

constexpr std::string_view magic = "YUV4MPEG2";
constexpr std::size_t longest_line = 1024;

struct Sampling {
  std::string_view name;
  bool grey;
  int shift_x, shift_y;
};
/// Where the differences of 4:2:0 lie between their pixels is a third of a pixel's matter: all are read alike.
constexpr Sampling samplings[] = {{"420", false, 1, 1},      {"420jpeg", false, 1, 1}, {"420mpeg2", false, 1, 1},
                                  {"420paldv", false, 1, 1}, {"422", false, 1, 0},     {"444", false, 0, 0},
                                  {"mono", true, 0, 0}};

struct Header {
  int width = 0, height = 0;
  FrameRate rate{};
  Sampling sampling = samplings[0];
  Range range = Range::limited;
};

std::int64_t number(std::string_view text) noexcept {
  std::int64_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  return problem == std::errc() && end == text.data() + text.size() ? value : 0;
}

FrameRate rate_of(std::string_view text) noexcept {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return {};
  const FrameRate rate{number(text.substr(0, colon)), number(text.substr(colon + 1))};
  constexpr std::int64_t most = 1'000'000'000;
  return rate.known() && rate.frames <= most && rate.seconds <= most ? rate : FrameRate{};
}

Header parse(std::string_view line, const std::string& name) {
  Header header;
  std::int64_t width = 0, height = 0;
  std::string_view sampling = "420", range;
  for (line.remove_prefix(magic.size()); !line.empty();) {
    line.remove_prefix(1); // the blank
    const auto word = line.substr(0, line.find(' '));
    line.remove_prefix(word.size());
    const auto value = word.substr(word.empty() ? 0 : 1);
    if (word.starts_with('W')) width = number(value);
    if (word.starts_with('H')) height = number(value);
    if (word.starts_with('F')) header.rate = rate_of(value);
    if (word.starts_with('C')) sampling = value;
    if (word.starts_with("XCOLORRANGE=")) range = word.substr(word.find('=') + 1);
  }
  expect_decodable_size(width, height, name);
  header.width = static_cast<int>(width), header.height = static_cast<int>(height);
  const auto* found = std::begin(samplings);
  while (found != std::end(samplings) && found->name != sampling) ++found;
  if (found == std::end(samplings))
    throw Error(
        concat(name, ": has samples of the kind `", printable(sampling),
               "`, read are 420, 422, 444 and mono of 8 bits; convert it: ffmpeg -i IN.y4m -pix_fmt yuv420p OUT.y4m"));
  header.sampling = *found;
  header.range = range == "FULL" || (found->grey && range != "LIMITED") ? Range::full : Range::limited;
  return header;
}

class Y4mReader final : public VideoStream {
public:
  Y4mReader(Input input, const std::string& name, bool grey) : input_(std::move(input)), name_(name), grey_(grey) {
    const auto line = input_.line(longest_line);
    if (!line || !line->starts_with(magic) || (line->size() > magic.size() && (*line)[magic.size()] != ' '))
      throw Error(concat(name, ": is no Y4M, which begins with a line `", magic, " ...`"));
    header_ = parse(*line, name);
    const auto& sampling = header_.sampling;
    frame_bytes_ = sampling.grey ? static_cast<std::size_t>(header_.width) * static_cast<std::size_t>(header_.height)
                                 : planar_bytes(header_.width, header_.height, sampling.shift_x, sampling.shift_y);
    constexpr std::size_t frame_line = 6;
    const auto header_bytes = line->size() + 1;
    if (input_.size() > header_bytes) frames_ = (input_.size() - header_bytes) / (frame_bytes_ + frame_line);
  }

  bool next(Frame& frame) override {
    if (!begin_frame()) return false;
    input_.read(bytes_, frame_bytes_);
    if (bytes_.size() < frame_bytes_) return cut_short();
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(bytes_.data());
    const auto [width, height, rate, sampling, range] = header_;
    const auto view = sampling.grey ? grey_view(bytes, width, height, static_cast<std::size_t>(width), range)
                                    : planar_view(bytes, width, height, sampling.shift_x, sampling.shift_y, range);
    to_picture(frame.picture, view, grey_);
    frame.time = rate.time_of(position_), frame.number = position_++;
    return true;
  }

  bool skip() override {
    if (!begin_frame()) return false;
    if (input_.skip(frame_bytes_) < frame_bytes_) return cut_short();
    ++position_;
    return true;
  }

  [[nodiscard]] std::uint64_t position() const override { return position_; }
  [[nodiscard]] StreamInfo info() const override {
    return {.name = concat(name_, ", Y4M ", header_.sampling.name),
            .width = header_.width,
            .height = header_.height,
            .rate = header_.rate,
            .frames = frames_};
  }
  [[nodiscard]] std::string note() const override { return note_; }

private:
  /// Reads the line before a frame; false at the end.
  bool begin_frame() {
    if (!note_.empty()) return false;
    if (input_.peek(1).empty()) {
      if (position_ == 0) note_ = concat(name_, ": holds no frame");
      return false;
    }
    const auto line = input_.line(longest_line);
    if (!line) return cut_short();
    if (*line == "FRAME" || line->starts_with("FRAME ")) return true;
    note_ = concat(name_, ": damaged after ", position_, " frames, which were read: no frame follows where one should");
    return false;
  }

  bool cut_short() {
    note_ = concat(name_, ": cut short after ", position_, " whole frames, which were read; copy or record it again");
    return false;
  }

  Input input_;
  std::string name_;
  bool grey_;
  Header header_;
  std::size_t frame_bytes_ = 0;
  std::uint64_t frames_ = 0, position_ = 0;
  std::vector<std::byte> bytes_;
  std::string note_;
};

} // namespace

bool is_y4m(Bytes bytes) noexcept {
  return bytes.size() >= magic.size() &&
         std::string_view(reinterpret_cast<const char*>(bytes.data()), magic.size()) == magic;
}

std::unique_ptr<VideoStream> open_y4m(Input input, const std::string& name, bool grey) {
  return std::make_unique<Y4mReader>(std::move(input), name, grey);
}

} // namespace mien
