// SPDX-License-Identifier: Apache-2.0
// AVI with motion JPEG. A file of any length: after each gigabyte a further RIFF begins, which old players do not see.
// Source: OpenDML AVI File Format Extensions 1.02
#include "lib/capture/avi_format.hpp"
#include "lib/capture/video_sink.hpp"
#include "lib/io/stb.hpp"
#include "mien/core/error.hpp"
#include "mien/io/atomic_file.hpp"

#include <algorithm>
#include <vector>

namespace mien {
namespace {

constexpr int quality = 92; // up to 90 the encoder halves the colours' resolution, and thin coloured lines smear
constexpr std::size_t most_parts = 256;

/// Little-endian numbers one after the other, and chunks whose size is filled in when they end.
class ChunkBytes {
public:
  ChunkBytes& u16(std::uint64_t number) { return add(number, 2); }
  ChunkBytes& u32(std::uint64_t number) { return add(number, 4); }
  ChunkBytes& u64(std::uint64_t number) { return add(number, 8); }
  ChunkBytes& zeros(std::size_t count) {
    bytes_.resize(bytes_.size() + count);
    return *this;
  }
  ChunkBytes& begin(std::uint32_t name) {
    u32(name).u32(0);
    open_.push_back(bytes_.size());
    return *this;
  }
  ChunkBytes& end() {
    const auto size = bytes_.size() - open_.back();
    for (std::size_t i = 0; i < 4; ++i) bytes_[open_.back() - 4 + i] = static_cast<std::byte>(size >> 8 * i & 255);
    open_.pop_back();
    return *this;
  }
  [[nodiscard]] const std::vector<std::byte>& bytes() const noexcept { return bytes_; }

private:
  ChunkBytes& add(std::uint64_t number, int count) {
    for (int i = 0; i < count; ++i) bytes_.push_back(static_cast<std::byte>(number >> 8 * i & 255));
    return *this;
  }

  std::vector<std::byte> bytes_;
  std::vector<std::size_t> open_;
};

/// One RIFF: where it stands, and where its index says that its frames are.
struct Part {
  std::uint64_t begin = 0, movie = 0; ///< of the RIFF; of the word `movi`, which the old index counts from
  std::uint64_t end = 0, movie_end = 0;
  std::uint64_t index = 0, index_bytes = 0, frames = 0;
};

struct Place {
  std::uint64_t offset = 0; ///< of the frame's chunk in the file
  std::uint32_t size = 0;
};

class AviWriter final : public VideoSink {
public:
  AviWriter(const std::filesystem::path& path, FrameRate rate, std::uint64_t part_bytes)
      : path_(path), file_(path), rate_(rate), part_bytes_(part_bytes) {}

  void write(const Image& picture) override {
    if (parts_.empty()) {
      width_ = picture.width, height_ = picture.height;
      parts_.emplace_back();
      file_.write(header());
      parts_[0].movie = file_.size() - 4;
    }
    const auto jpeg = stb::encode_jpeg(picture.width, picture.height, picture.channels, picture.pixels.data(), quality);
    if (jpeg.empty())
      throw Error(concat(path_.string(), ": its pictures cannot be JPEG, which has at most 65535 pixels a side"));
    add_frame(jpeg);
  }

  void repeat() override { add_frame({}); }

  void finish() override {
    end_part();
    file_.write_at(0, header());
    file_.commit();
  }

private:
  void add_frame(const std::vector<std::byte>& jpeg) {
    if (file_.size() - parts_.back().begin > part_bytes_) begin_part();
    largest_ = std::max(largest_, jpeg.size());
    places_.push_back({file_.size(), static_cast<std::uint32_t>(jpeg.size())});
    file_.write(ChunkBytes().u32(avi::video_chunk).u32(jpeg.size()).bytes());
    file_.write(jpeg);
    if (jpeg.size() % 2 != 0) file_.write(ChunkBytes().zeros(1).bytes());
  }

  void begin_part() {
    if (parts_.size() == most_parts)
      throw Error(
          concat(path_.string(), ": has ", most_parts, " gigabytes, the most that is written; begin another file"));
    end_part();
    parts_.emplace_back();
    parts_.back().begin = file_.size();
    file_.write(ChunkBytes().u32(avi::riff).u32(0).u32(avi::avix).u32(avi::list).u32(0).u32(avi::movi).bytes());
    parts_.back().movie = file_.size() - 4;
  }

  /// Writes the index of this part, the first one's in the old way as well, and the sizes of its lists.
  void end_part() {
    auto& part = parts_.back();
    part.frames = places_.size();
    part.index = file_.size();
    ChunkBytes index;
    index.begin(avi::ix00).u16(2).u16(avi::index_of_chunks).u32(places_.size()).u32(avi::video_chunk);
    index.u64(part.begin).u32(0);
    for (const auto& place : places_) index.u32(place.offset + 8 - part.begin).u32(place.size);
    file_.write(index.end().bytes());
    part.index_bytes = index.bytes().size();
    part.movie_end = file_.size();
    if (parts_.size() == 1) {
      ChunkBytes old;
      old.begin(avi::idx1);
      for (const auto& place : places_)
        old.u32(avi::video_chunk).u32(avi::key_frame).u32(place.offset - part.movie).u32(place.size);
      file_.write(old.end().bytes());
    }
    part.end = file_.size();
    if (parts_.size() > 1) {
      file_.write_at(part.begin + 4, ChunkBytes().u32(part.end - part.begin - 8).bytes());
      file_.write_at(part.movie - 4, ChunkBytes().u32(part.movie_end - part.movie).bytes());
    }
    places_.clear();
  }

  /// All up to the first frame: the same number of bytes before anything is known of the frames, and after.
  [[nodiscard]] std::vector<std::byte> header() const {
    std::uint64_t frames = 0;
    for (const auto& part : parts_) frames += part.frames;
    const auto width = static_cast<std::uint64_t>(width_), height = static_cast<std::uint64_t>(height_);
    const auto seconds = static_cast<std::uint64_t>(rate_.seconds), a_rate = static_cast<std::uint64_t>(rate_.frames);
    const auto& first = parts_[0];

    ChunkBytes all;
    all.u32(avi::riff).u32(first.end == 0 ? 0 : first.end - 8).u32(avi::avi);
    all.begin(avi::list).u32(avi::hdrl);
    all.begin(avi::avih).u32(1'000'000 * seconds / a_rate).u32(largest_ * a_rate / seconds).u32(0).u32(avi::has_index);
    all.u32(first.frames).u32(0).u32(1).u32(largest_).u32(width).u32(height).zeros(16).end();
    all.begin(avi::list).u32(avi::strl);
    all.begin(avi::strh).u32(avi::vids).u32(avi::mjpg).zeros(12).u32(seconds).u32(a_rate).u32(0).u32(frames);
    all.u32(largest_).u32(0xffffffff).u32(0).u32(0).u16(width).u16(height).end();
    all.begin(avi::strf).u32(40).u32(width).u32(height).u16(1).u16(24).u32(avi::mjpg);
    all.u32(3 * width * height).zeros(16).end();
    all.begin(avi::indx).u16(4).u16(avi::index_of_indices).u32(parts_.size()).u32(avi::video_chunk).zeros(12);
    for (const auto& part : parts_) all.u64(part.index).u32(part.index_bytes).u32(part.frames);
    all.zeros(16 * (most_parts - parts_.size())).end().end();
    all.begin(avi::list).u32(avi::odml).begin(avi::dmlh).u32(frames).zeros(244).end().end();
    all.end().u32(avi::list).u32(first.movie_end == 0 ? 0 : first.movie_end - first.movie).u32(avi::movi);
    return all.bytes();
  }

  std::filesystem::path path_;
  AtomicFile file_;
  FrameRate rate_;
  std::uint64_t part_bytes_;
  int width_ = 0, height_ = 0;
  std::size_t largest_ = 0;
  std::vector<Part> parts_;
  std::vector<Place> places_; // of the last part
};

} // namespace

std::unique_ptr<VideoSink> write_avi(const std::filesystem::path& path, FrameRate rate, std::uint64_t part_bytes) {
  return std::make_unique<AviWriter>(path, rate, part_bytes);
}

} // namespace mien
