// SPDX-License-Identifier: Apache-2.0
#include "tools/webcam_options.hpp"

#include "tools/picture_size.hpp"

#include "mien/core/error.hpp"
#include "mien/io/file_name.hpp"

#include <algorithm>
#include <string_view>

namespace mien::cli {
namespace {

constexpr std::pair<std::string_view, PixelFormat> formats[] = {{"yuyv", PixelFormat::yuyv},
                                                                {"nv12", PixelFormat::nv12},
                                                                {"grey", PixelFormat::grey},
                                                                {"mjpeg", PixelFormat::mjpeg}};

constexpr int longest_side = 16384;

} // namespace

void WebcamOptions::bind(Command& command) {
  command.argument("SOURCE", source,
                   "A camera (0, /dev/video0), a video, a folder of pictures, or -: Y4M or AVI on standard input; the "
                   "first camera, if left out",
                   true);
  command.group("Camera");
  command.flag("list", list, "Show the cameras and what each can give, and end");
  command.option("size", size, "WxH", "The size to ask for, 1280x720 say; the nearest there is is taken (640x480)");
  command.option("rate", rate, "N", "Pictures a second to ask for", Range{0.1, 1000.0});
  command.choice("format", format, {"any", "yuyv", "nv12", "grey", "mjpeg"},
                 "The format to ask for; any: the one with the least work");
  command.group("Recognition");
  command.option("model", model, "MODEL", "A model file, or the folder of a run; -: the model that mien ships");
  command.option("threads", threads, "N", "Threads of recognition; capturing and drawing have their own",
                 Range{1, 1024});
  command.option("abstain", abstain, "RISK", "Show `unsure` where more labels than this share would be wrong, 0.1 say",
                 Range{0.001, 0.999});
  live.bind(command, "Following faces");
  detector.bind(command);
  command.group("View");
  command.flag("blur", blur, "Begin with the faces hidden; the key b does the same");
  command.flag("mirror", mirror, "Show the picture as a mirror does; a camera's window does so by itself");
  command.flag("no-mirror", no_mirror, "Show the picture as others see it");
  command.flag("full-screen", full_screen, "Begin on the full screen; the key f does the same");
  command.group("Output");
  command.flag("headless", headless, "Open no window; print one JSON object a line for each picture");
  command.option("record", record, "FILE",
                 "Record the view as it is drawn, hidden faces hidden, into a video: .avi or .y4m");
  command.flag("force", force, "Replace the file");
  command.option("frames", frames, "N", "End after so many labelled pictures; 0: no such end");
  command.option("seconds", seconds, "S", "End after so many seconds; 0: no such end", Range{0.0, 1e9});
}

void WebcamOptions::check() const {
  if (mirror && no_mirror) throw UsageError("--mirror and --no-mirror exclude each other");
  if (headless && full_screen) throw UsageError("--full-screen is about a window, and --headless opens none");
  if (headless && record.empty() && (blur || mirror || no_mirror))
    throw UsageError("--blur, --mirror and --no-mirror are about the picture: of a window, or of --record FILE");
  if (force && record.empty()) throw UsageError("--force is about the file of --record FILE");
  const auto ending = small_extension(record);
  if (!record.empty() && ending != ".avi" && ending != ".y4m")
    throw UsageError(concat("--record ", record.string(), ": let the name end with .avi or .y4m"));
  (void)camera();
}

std::filesystem::path WebcamOptions::source_path() const {
  std::error_code ignored;
  const bool digits =
      !source.empty() && source.size() < 3 && std::ranges::all_of(source, [](char c) { return c >= '0' && c <= '9'; });
  return digits && !std::filesystem::exists(source, ignored) ? "/dev/video" + source : source;
}

CameraSettings WebcamOptions::camera() const {
  CameraSettings settings{.rate = rate, .grey = headless && record.empty()};
  for (const auto& [name, value] : formats)
    if (name == format) settings.format = value;
  if (size.empty()) return settings;
  const auto wanted = picture_size(size);
  if (!wanted || std::min(wanted->width, wanted->height) < 1 || std::max(wanted->width, wanted->height) > longest_side)
    throw UsageError(concat("--size ", size, ": expected WIDTHxHEIGHT in pixels, 1280x720 say"));
  settings.width = wanted->width, settings.height = wanted->height;
  return settings;
}

} // namespace mien::cli
