// SPDX-License-Identifier: Apache-2.0
// AVI with motion JPEG, read from its beginning on without its index: so a pipe will do, and a file that lost its end.
// Source: Microsoft's "AVI RIFF File Reference", OpenDML AVI File Format Extensions 1.02
#include "lib/capture/avi_format.hpp"
#include "lib/capture/motion_jpeg.hpp"
#include "lib/capture/video_stream.hpp"
#include "lib/io/pnm.hpp"
#include "mien/core/error.hpp"

#include <algorithm>

namespace mien {
namespace {

constexpr std::uint32_t most_header = 1 << 12; // bytes that are read of a chunk that describes a stream
constexpr std::uint32_t most_frame = 1 << 28;

struct Chunk {
  std::uint32_t name = 0, size = 0;
};

/// Walks through the chunks of a file. Lists are entered and their sizes ignored: a recorder that was switched off
/// never wrote them.
class Chunks {
public:
  explicit Chunks(Input input) : input_(std::move(input)) {}

  /// The next chunk that is no list; false at the end.
  bool next(Chunk& chunk) {
    while (pass()) {
      const auto head = input_.peek(12);
      cut_ = !head.empty() && head.size() < 8;
      if (head.size() < 8) return false;
      chunk = {little32(head, 0), little32(head, 4)};
      const bool entered = enter(chunk.name, little32(head, 8));
      left_ = entered ? 4 : std::uint64_t{chunk.size} + chunk.size % 2;
      input_.skip(8);
      if (!entered) return true;
    }
    return false;
  }

  /// What a chunk holds, `most` bytes of it or as many as there are; false if the file ends before.
  bool read(std::vector<std::byte>& bytes, std::uint32_t most) {
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(left_, most));
    input_.read(bytes, wanted);
    left_ -= bytes.size();
    cut_ = bytes.size() < wanted;
    return !cut_;
  }

  /// Passes over what is left of a chunk; false if the file ends before. The last byte may be one that only fills up to
  /// an even number.
  bool pass() {
    const auto passed = input_.skip(left_);
    cut_ = cut_ || passed + 1 < left_;
    left_ = 0;
    return !cut_;
  }

  [[nodiscard]] int streams() const noexcept { return streams_; }
  [[nodiscard]] bool in_movie() const noexcept { return in_movie_; }
  [[nodiscard]] bool cut() const noexcept { return cut_; }

private:
  bool enter(std::uint32_t name, std::uint32_t type) noexcept {
    if (name == avi::riff) return type == avi::avi || type == avi::avix;
    if (name != avi::list) return false;
    if (type == avi::strl) ++streams_;
    if (type == avi::movi) in_movie_ = true;
    return type == avi::hdrl || type == avi::strl || type == avi::movi || type == avi::rec;
  }

  Input input_;
  std::uint64_t left_ = 0;
  int streams_ = 0;
  bool in_movie_ = false, cut_ = false;
};

/// The stream that a chunk with pictures belongs to (00dc: the first), or -1.
int stream_of(std::uint32_t name) noexcept {
  const auto tens = (name & 255) - '0', ones = (name >> 8 & 255) - '0';
  const bool pictures = name >> 16 == avi::video_chunk >> 16 || name >> 16 == avi::raw_chunk >> 16;
  return pictures && tens < 10 && ones < 10 ? static_cast<int>(10 * tens + ones) : -1;
}

struct Header {
  int stream = -1; // none
  std::uint32_t coding = 0;
  int width = 0, height = 0;
  FrameRate rate{};
  std::uint64_t frames = 0;
};

/// Takes in what one of the header's chunks says.
void add(Header& header, std::uint32_t name, Bytes bytes, int stream) {
  if (name == avi::avih && little32(bytes, 0) > 0) header.rate = {1'000'000, little32(bytes, 0)};
  if (name == avi::strh && header.stream < 0 && little32(bytes, 0) == avi::vids) {
    header.stream = stream;
    header.frames = little32(bytes, 32);
    const FrameRate rate{little32(bytes, 24), little32(bytes, 20)};
    if (rate.known()) header.rate = rate;
  }
  if (name == avi::strf && header.stream == stream) {
    header.coding = little32(bytes, 16);
    const auto width = little32(bytes, 4), height = little32(bytes, 8); // a negative height: rows from the top
    header.width = static_cast<int>(std::min(width, 0x7fffffffu));
    header.height = static_cast<int>(std::min(std::min(height, 0u - height), 0x7fffffffu));
  }
}

class AviReader final : public VideoStream {
public:
  /// The chunks stand at the first one behind the header.
  AviReader(Chunks chunks, Chunk first, const Header& header, const std::string& name, bool grey)
      : chunks_(std::move(chunks)), chunk_(first), header_(header), name_(name), grey_(grey) {}

  bool next(Frame& frame) override {
    while (find()) {
      if (chunk_.size > most_frame) return end(concat("damaged after ", position_, " frames, which were read"));
      if (!chunks_.read(bytes_, chunk_.size)) return end_of_chunks();
      ++position_;
      if (bytes_.empty()) continue; // the picture before is shown again
      if (const char* problem = jpeg_.decode(frame.picture, bytes_, header_.width, header_.height, grey_)) {
        last_problem_ = problem;
        ++damaged_;
        continue;
      }
      frame.number = position_ - 1, frame.time = header_.rate.time_of(frame.number);
      return true;
    }
    return false;
  }

  bool skip() override {
    if (!find()) return false;
    if (!chunks_.pass()) return end_of_chunks();
    ++position_;
    return true;
  }

  [[nodiscard]] std::uint64_t position() const override { return position_; }
  [[nodiscard]] StreamInfo info() const override {
    return {.name = name_ + ", motion JPEG",
            .width = header_.width,
            .height = header_.height,
            .rate = header_.rate,
            .frames = header_.frames};
  }
  [[nodiscard]] std::string note() const override {
    const auto damage = concat(damaged_, " damaged frames were passed over; the last ", last_problem_);
    if (damaged_ == 0) return ended_.empty() ? "" : concat(name_, ": ", ended_);
    return concat(name_, ": ", damage, ended_.empty() ? "" : "; it is ", ended_);
  }

private:
  /// Goes to the next chunk with a picture; false at the end.
  bool find() {
    if (over_) return false;
    while (pending_ || chunks_.next(chunk_)) {
      pending_ = false;
      if (stream_of(chunk_.name) == header_.stream) return true;
    }
    return end_of_chunks();
  }

  bool end_of_chunks() {
    if (chunks_.cut() || header_.frames > position_)
      return end(concat("cut short after ", position_, " whole frames, which were read; copy or record it again"));
    return end("");
  }

  bool end(const std::string& how) {
    over_ = true;
    ended_ = how;
    return false;
  }

  Chunks chunks_;
  Chunk chunk_;
  Header header_;
  std::string name_;
  bool grey_, pending_ = true, over_ = false;
  std::uint64_t position_ = 0, damaged_ = 0;
  std::vector<std::byte> bytes_;
  MotionJpeg jpeg_;
  const char* last_problem_ = "";
  std::string ended_;
};

} // namespace

bool is_avi(Bytes bytes) noexcept {
  return bytes.size() >= 12 && little32(bytes, 0) == avi::riff && little32(bytes, 8) == avi::avi;
}

std::unique_ptr<VideoStream> open_avi(Input input, const std::string& name, bool grey) {
  Chunks chunks(std::move(input));
  Header header;
  Chunk chunk;
  std::vector<std::byte> bytes;
  while (chunks.next(chunk) && !chunks.in_movie())
    if (chunks.read(bytes, most_header)) add(header, chunk.name, bytes, chunks.streams() - 1);
  if (!chunks.in_movie() || header.stream < 0)
    throw Error(concat(name, ": has no video in it that an AVI file announces; it is cut short or damaged"));
  if (header.coding != avi::mjpg && header.coding != avi::small_mjpg) return nullptr;
  expect_decodable_size(header.width, header.height, name);
  return std::make_unique<AviReader>(std::move(chunks), chunk, header, name, grey);
}

} // namespace mien
