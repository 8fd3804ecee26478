// SPDX-License-Identifier: Apache-2.0
#include "lib/vision/group.hpp"
#include "mien/core/error.hpp"
#include "mien/vision/cascade.hpp"
#include "mien/vision/cascade_detector.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/pictures.hpp"

using namespace mien;

namespace {

Detection window(int x, int y, int size, double score = 1) { return {{x, y, size, size}, score, 1, 0}; }

} // namespace

TEST_CASE("grouping: windows that agree become their mean, with their number and the best score") {
  const std::vector windows = {window(10, 10, 20, 2.5), window(12, 11, 20, 7), window(200, 0, 20),
                               window(11, 12, 22, 3)};
  CHECK(grouped(windows, 2) == std::vector<Detection>{{{11, 11, 21, 21}, 7, 3, 0}});
  CHECK(grouped(windows, 3).empty());
  CHECK(grouped(windows, 0) == windows);
}

TEST_CASE("grouping: the best score of windows that all fall short of 0 is theirs, not 0") {
  CHECK(grouped(std::vector{window(0, 0, 20, -3), window(1, 0, 20, -2)}, 1).at(0).score == -2);
}

TEST_CASE("grouping: agreement reaches from window to window, and groups stand in the order of their first") {
  // Neighbours in each row agree (4 pixels at 20), its ends do not.
  std::vector<Detection> windows;
  for (const int x : {8, 0, 4, 12}) {
    windows.push_back(window(300 + x, 50, 20));
    windows.push_back(window(x, 50, 20));
  }
  CHECK(grouped(windows, 3) == std::vector<Detection>{{{306, 50, 20, 20}, 1, 4, 0}, {{6, 50, 20, 20}, 1, 4, 0}});
  windows[0].box.x += 5; // 313: still by the one at 312
  windows[6].box.x += 5; // 317, 313 agree; 300, 304 agree; nothing between
  CHECK(grouped(windows, 1).size() == 3);
}

TEST_CASE("grouping: means are rounded to even, as OpenCV rounds") {
  CHECK(grouped(std::vector{window(10, 11, 20), window(11, 12, 20)}, 1).at(0).box == Box{10, 12, 20, 20});
}

TEST_CASE("grouping: a box inside a larger one of more windows is left out") {
  std::vector<Detection> windows(5, window(0, 0, 60));
  windows.insert(windows.end(), 2, window(20, 20, 20));
  CHECK(grouped(windows, 1).size() == 1);
  windows.insert(windows.end(), 3, window(20, 20, 20)); // as many
  CHECK(grouped(windows, 1).size() == 2);
}

TEST_CASE("clipping: boxes end at the picture's edges") {
  const std::vector<Detection> boxes = {
      {{-5, 3, 20, 20}, 1, 1, 0}, {{90, 40, 20, 20}, 1, 1, 0}, {{100, 0, 9, 9}, 1, 1, 0}};
  CHECK(clipped(boxes, 100, 50) == std::vector<Detection>{{{0, 3, 15, 20}, 1, 1, 0}, {{90, 40, 10, 10}, 1, 1, 0}});
}

TEST_CASE("cascade detector: settings and pictures that make no sense are refused with a sentence") {
  const auto cascade = named_cascade("eye");
  const auto refuses = [&](const CascadeSettings& settings, const std::string& reason) {
    CHECK_THROWS_WITH(CascadeDetector(cascade, settings), Catch::Contains(reason));
  };
  refuses({.scale_factor = 1}, "scale factor 1, expected 1.01 to 10");
  refuses({.min_neighbors = -1}, "-1 neighbours");
  refuses({.min_face = -1}, "faces of -1 to 0 pixels");
  refuses({.max_face = -2}, "faces of 30 to -2 pixels");
  auto broken = cascade;
  broken.nodes[0].feature = 1 << 20;
  CHECK_THROWS_AS(CascadeDetector(broken), Error);

  const CascadeDetector detector(cascade);
  CHECK_THROWS_WITH(detector.detect({}), Catch::Contains("0 bytes for a picture of 0x0"));
  CHECK_THROWS_WITH(detector.windows({40, 40, 3, std::vector<std::uint8_t>(1600)}), Catch::Contains("1600 bytes"));
}

TEST_CASE("cascade detector: in a picture smaller than its window, or flat, there is nothing") {
  const CascadeDetector detector(named_cascade("eye"), {.min_neighbors = 0, .min_face = 0});
  CHECK(detector.detect(test::noise(19, 40, 1)).empty());
  CHECK(detector.detect(test::noise(40, 19, 1)).empty());
  CHECK(detector.detect(test::noise(1, 1, 3)).empty());
  CHECK(detector.detect(test::constant(100, 100, 77)).empty());
}
