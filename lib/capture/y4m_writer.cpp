// SPDX-License-Identifier: Apache-2.0
#include "lib/capture/video_sink.hpp"
#include "lib/capture/ycbcr.hpp"
#include "mien/core/error.hpp"
#include "mien/io/atomic_file.hpp"

#include <string_view>

namespace mien {
namespace {

class Y4mWriter final : public VideoSink {
public:
  Y4mWriter(const std::filesystem::path& path, FrameRate rate) : file_(path), rate_(rate) {}

  void write(const Image& picture) override {
    if (planes_.empty())
      add(concat("YUV4MPEG2 W", picture.width, " H", picture.height, " F", rate_.frames, ":", rate_.seconds,
                 " Ip A1:1 ", picture.channels == 1 ? "Cmono XCOLORRANGE=FULL" : "C420jpeg XCOLORRANGE=LIMITED", "\n"));
    if (picture.channels == 1) planes_ = picture.pixels;
    if (picture.channels == 3) to_planar_420(planes_, picture);
    repeat();
  }

  void repeat() override {
    add("FRAME\n");
    file_.write(std::as_bytes(std::span(planes_)));
  }

  void finish() override { file_.commit(); }

private:
  void add(std::string_view text) { file_.write(std::as_bytes(std::span(text))); }

  AtomicFile file_;
  FrameRate rate_;
  std::vector<std::uint8_t> planes_; // of the last picture
};

} // namespace

std::unique_ptr<VideoSink> write_y4m(const std::filesystem::path& path, FrameRate rate) {
  return std::make_unique<Y4mWriter>(path, rate);
}

} // namespace mien
