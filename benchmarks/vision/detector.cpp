// SPDX-License-Identifier: Apache-2.0
// Detection on demand, so that a peer can be timed in turns with it: reads lines `THREADS PICTURE`, answers each with
// `{"ms": time of detect(), "boxes": [[x, y, width, height], ...]}`.
//
//   bench_detector CASCADE.xml SCALE_FACTOR MIN_NEIGHBORS MIN_FACE
#include "mien/data/grey.hpp"
#include "mien/kernels.hpp"
#include "mien/vision/cascade_detector.hpp"

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <map>
#include <string>

int main(int argc, char** argv) {
  using namespace mien;
  if (argc != 5) {
    std::cerr << "usage: bench_detector CASCADE.xml SCALE_FACTOR MIN_NEIGHBORS MIN_FACE\n";
    return 2;
  }
  const CascadeDetector detector(
      read_cascade(argv[1]),
      {.scale_factor = std::atof(argv[2]), .min_neighbors = std::atoi(argv[3]), .min_face = std::atoi(argv[4])});
  std::cout << kernels().name << std::endl;
  std::map<std::string, Image> pictures;
  int threads = 0;
  for (std::string path; std::cin >> threads >> path;) {
    if (!pictures.contains(path)) pictures[path] = to_grey(read_image(path));
    const auto begin = std::chrono::steady_clock::now();
    const auto faces = detector.detect(pictures[path], threads);
    const std::chrono::duration<double, std::milli> time = std::chrono::steady_clock::now() - begin;
    std::cout << "{\"ms\": " << time.count() << ", \"boxes\": [";
    for (std::size_t i = 0; i < faces.size(); ++i) {
      const auto& [x, y, width, height] = faces[i].box;
      std::cout << (i == 0 ? "[" : ", [") << x << ", " << y << ", " << width << ", " << height << "]";
    }
    std::cout << "]}" << std::endl;
  }
}
