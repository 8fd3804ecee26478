// SPDX-License-Identifier: Apache-2.0
// How long a live frame takes: detection, tracking and network together, on drawn clips, with the shipped model.
//
//   bench_live [FRAMES [THREADS]]     500 frames a clip, two threads; 100000 show whether memory stays flat
//
// Frames are drawn beforehand, in colour as a camera gives them, and repeated every ten seconds of the stream. Prints
// Markdown rows; the first frame, which finds everybody, counts as every other.
#include "mien/mien.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

namespace {

using namespace mien;

/// Megabytes of memory that are in use now.
double resident() {
  std::ifstream file("/proc/self/statm");
  double size = 0, pages = 0;
  file >> size >> pages;
  return pages * 4096 / 1e6;
}

double quantile(const std::vector<float>& sorted, double at) {
  return sorted[static_cast<std::size_t>(at * static_cast<double>(sorted.size() - 1))];
}

void measure(const Recognizer& recognizer, const ClipOptions& options, int frames, int threads) {
  const GeneratedClip clip(options);
  std::vector<Image> pictures(static_cast<std::size_t>(clip.frames()));
  parallel_for(threads, clip.frames(),
               [&](int i, int) { pictures[static_cast<std::size_t>(i)] = to_rgb(clip.picture(i)); });
  LiveRecognizer live(recognizer);
  std::vector<float> milliseconds(static_cast<std::size_t>(frames));
  double faces = 0, early = 0;
  for (int i = 0; i < frames; ++i) {
    const auto& picture = pictures[static_cast<std::size_t>(i) % pictures.size()];
    const auto begin = std::chrono::steady_clock::now();
    const auto found = live.recognize(picture, static_cast<double>(i) / options.rate, threads);
    const std::chrono::duration<float, std::milli> time = std::chrono::steady_clock::now() - begin;
    milliseconds[static_cast<std::size_t>(i)] = time.count();
    faces += static_cast<double>(found.size());
    if (i == std::min(frames - 1, 499)) early = resident();
  }
  const double late = resident();
  std::ranges::sort(milliseconds);
  std::printf("| %dx%d, %d | %.2f | %.2f | %.2f | %.2f | %.1f -> %.1f |\n", options.width, options.height,
              options.faces, faces / frames, quantile(milliseconds, 0.5), quantile(milliseconds, 0.99),
              milliseconds.back(), early, late);
  std::fflush(stdout);
}

} // namespace

int main(int argc, char** argv) {
  const int frames = argc > 1 ? std::atoi(argv[1]) : 500, threads = argc > 2 ? std::atoi(argv[2]) : 2;
  if (frames < 1 || threads < 1) {
    std::fputs("usage: bench_live [FRAMES [THREADS]]\n", stderr);
    return 2;
  }
  const Recognizer recognizer;
  std::printf("%.*s kernels, %d threads, %d frames a clip\n\n", static_cast<int>(kernels().name.size()),
              kernels().name.data(), threads, frames);
  std::puts("| clip, people | found a frame | median ms | p99 ms | longest ms | MB after 500 frames -> at the end |\n"
            "| --- | --- | --- | --- | --- | --- |");
  measure(recognizer, {.faces = 1}, frames, threads);
  measure(recognizer, {.faces = 3}, frames, threads);
  measure(recognizer, {.width = 1280, .height = 720, .faces = 1}, frames, threads);
  return 0;
}
