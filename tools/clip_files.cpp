// SPDX-License-Identifier: Apache-2.0
#include "tools/clip_files.hpp"

#include "tools/interrupt.hpp"

#include "mien/capture/video_writer.hpp"
#include "mien/io/atomic_file.hpp"
#include "mien/io/output_folder.hpp"
#include "mien/ops/parallel.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

namespace mien::cli {
namespace {

/// Draws all frames in order, a few at a time on all threads. False: Ctrl-C came.
bool draw(const GeneratedClip& clip, VideoWriter& video, const Common& common) {
  Progress progress("drawing frame", common.quiet);
  std::vector<Image> pictures(static_cast<std::size_t>(common.threads));
  for (int first = 0; first < clip.frames(); first += common.threads) {
    if (interrupted()) return false;
    const int count = std::min(common.threads, clip.frames() - first);
    parallel_for(common.threads, count,
                 [&](int i, int) { pictures[static_cast<std::size_t>(i)] = clip.picture(first + i); });
    for (int i = 0; i < count; ++i) video.write(pictures[static_cast<std::size_t>(i)]);
    progress(static_cast<std::size_t>(first + count), static_cast<std::size_t>(clip.frames()));
  }
  return true;
}

} // namespace

int write_clip(const ClipFiles& files, const ClipOptions& options, const Common& common) {
  const GeneratedClip clip(options); // what cannot be drawn is refused before anything is written
  expect_output_folder(files.folder, files.force);
  catch_interrupts();
  make_folder(files.folder);
  const auto video_file = files.folder / ("clip." + files.format), truth_file = files.folder / "clip.json";
  VideoWriter video(video_file, {.frames = options.rate, .seconds = 1});
  if (!draw(clip, video, common)) {
    say(common, fmt::format("stopped; {} was not written\n", video_file.string()));
    return exit_interrupted;
  }
  video.finish();
  try {
    write_atomically(truth_file, clip_json(clip, video_file.filename().string()), Flush::later);
  } catch (...) {
    std::error_code ignored; // the first failure is the one to tell
    std::filesystem::remove(video_file, ignored);
    throw;
  }
  say(common, fmt::format("{}: {}; who is where and looks how in them is in {}\n", video_file.string(),
                          plural(static_cast<std::size_t>(clip.frames()), "frame"), truth_file.string()));
  return 0;
}

} // namespace mien::cli
