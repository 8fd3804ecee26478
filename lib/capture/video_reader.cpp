// SPDX-License-Identifier: Apache-2.0
#include "mien/capture/video_reader.hpp"

#include "lib/capture/video_stream.hpp"
#include "mien/core/error.hpp"

namespace mien {
namespace {

constexpr std::size_t first_bytes = 12;

std::unique_ptr<VideoStream> open(const std::filesystem::path& path, bool grey) {
  std::error_code ignored;
  if (std::filesystem::is_character_file(path, ignored))
    throw Error(concat(path.string(), ": is a device; open a camera as Camera, and give VideoReader a file"));
  const auto name = path == "-" ? "standard input" : path.string();
  Input input(std::make_unique<FileSource>(path));
  const auto begin = input.peek(first_bytes);
  if (begin.empty()) throw Error(concat(name, ": is empty, expected a video"));
  if (is_y4m(begin)) return open_y4m(std::move(input), name, grey);
  if (is_avi(begin))
    if (auto stream = open_avi(std::move(input), name, grey)) return stream;
  if (path != "-" && std::filesystem::is_regular_file(path, ignored)) return open_by_ffmpeg(path, grey);
  throw Error(concat(name,
                     ": is neither Y4M nor AVI with motion JPEG, which is what a pipe may hold; convert it on the "
                     "way: ffmpeg -i VIDEO -pix_fmt yuv420p -f yuv4mpegpipe - | ..."));
}

} // namespace

VideoReader::VideoReader(const std::filesystem::path& path, bool grey) : stream_(open(path, grey)) {}
VideoReader::VideoReader(VideoReader&&) noexcept = default;
VideoReader& VideoReader::operator=(VideoReader&&) noexcept = default;
VideoReader::~VideoReader() = default;

Next VideoReader::next(Frame& frame) { return stream_->next(frame) ? Next::frame : Next::end; }
StreamInfo VideoReader::info() const { return stream_->info(); }
std::string VideoReader::note() const { return stream_->note(); }
std::uint64_t VideoReader::position() const { return stream_->position(); }

bool VideoReader::skip_to_frame(std::uint64_t number) {
  while (stream_->position() < number)
    if (!stream_->skip()) return false;
  return true;
}

bool VideoReader::skip_to(double seconds) {
  const auto rate = stream_->info().rate;
  while (rate.time_of(stream_->position()) < seconds)
    if (!stream_->skip()) return false;
  return true;
}

} // namespace mien
