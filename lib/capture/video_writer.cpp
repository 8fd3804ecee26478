// SPDX-License-Identifier: Apache-2.0
#include "mien/capture/video_writer.hpp"

#include "lib/capture/video_sink.hpp"
#include "mien/core/error.hpp"
#include "mien/io/file_name.hpp"

namespace mien {
namespace {

std::unique_ptr<VideoSink> create(const std::filesystem::path& path, FrameRate rate) {
  constexpr std::int64_t most = 1'000'000'000;
  if (!rate.known() || rate.frames > most || rate.seconds > most)
    throw Error(concat(path.string(), ": a video needs a rate, was given ", rate.frames, " frames in ", rate.seconds,
                       " seconds; give 30 in 1, say"));
  const auto ending = small_extension(path);
  if (ending == ".avi") return write_avi(path, rate);
  if (ending == ".y4m") return write_y4m(path, rate);
  throw Error(concat(path.string(),
                     ": a video is written as motion JPEG in AVI or as Y4M; let its name end with .avi or "
                     ".y4m, and convert that: ffmpeg -i OUT.avi OUT.mp4"));
}

} // namespace

VideoWriter::VideoWriter(const std::filesystem::path& path, FrameRate rate) : sink_(create(path, rate)), path_(path) {}
VideoWriter::VideoWriter(VideoWriter&&) noexcept = default;
VideoWriter& VideoWriter::operator=(VideoWriter&&) noexcept = default;
VideoWriter::~VideoWriter() = default;

void VideoWriter::write(const Image& picture) {
  expect_whole(picture, path_.string());
  if (frames_ == 0) width_ = picture.width, height_ = picture.height, channels_ = picture.channels;
  if (picture.width != width_ || picture.height != height_ || picture.channels != channels_)
    throw Error(concat(path_.string(), ": the video's pictures are ", width_, "x", height_, " with ", channels_,
                       " channels, this one ", picture.width, "x", picture.height, " with ", picture.channels,
                       "; make it as large, or begin another video"));
  sink_->write(picture);
  ++frames_;
}

void VideoWriter::repeat() {
  if (frames_ == 0) throw Error(concat(path_.string(), ": there is no picture yet that could be shown again"));
  sink_->repeat();
  ++frames_;
}

std::uint64_t VideoWriter::frames() const noexcept { return frames_; }

void VideoWriter::finish() {
  if (frames_ == 0) throw Error(concat(path_.string(), ": a video without pictures is not written"));
  sink_->finish();
}

} // namespace mien
