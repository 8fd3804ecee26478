// SPDX-License-Identifier: Apache-2.0
#include "lib/vision/haar_table.hpp"
#include "lib/vision/scan.hpp"
#include "mien/kernels.hpp"
#include "mien/vision/cascade.hpp"
#include "tests/support/cascades.hpp"
#include "tests/support/kernel_sets.hpp"
#include "tests/unit/vision/pyramid_fixture.hpp"

using namespace mien;
using namespace mien::test;

namespace {

/// make_pyramid_fixture.py's cascade: windows whose left half is darker pass; below -1 every window does.
Cascade halves(int width, int height, float stage) {
  Cascade cascade;
  cascade.width = width;
  cascade.height = height;
  cascade.stages = {{.threshold = stage - 1e-5f, .first_tree = 0, .trees = 1}};
  cascade.trees = {{0, 1, 0}};
  cascade.nodes = {{.feature = 0, .threshold = 0, .left = 0, .right = -1}};
  cascade.leaves = {-1, 1};
  const FeatureRect whole{0, 0, width, height, -1}, left{0, 0, width / 2, height, 2};
  cascade.haar_features = {{{whole, left, {}}, false}};
  return cascade;
}

std::vector<Box> boxes_of(const std::vector<Detection>& found) {
  std::vector<Box> boxes;
  for (const auto& detection : found) boxes.push_back(detection.box);
  return boxes;
}

} // namespace

TEST_CASE("scan: the windows that pass are OpenCV's, in its order, whatever the kernels and threads") {
  const std::string before(kernels().name);
  for (const auto& row : pyramid_fixture("scan")) {
    const int width = row["size"][0], height = row["size"][1];
    const auto cascade = halves(row["window"][0], row["window"][1], row["stage"]);
    const Image picture = noise(width, height);
    for_each_kernel_set([&](const KernelSet& set) {
      use_kernels(set.name);
      for (const int threads : {1, 3}) {
        CAPTURE(row.dump(), threads);
        const auto found = scan(cascade, picture, settings_of(row), threads);
        CHECK(fnv(boxes_of(found), width, height) == row["boxes"]);
      }
    });
  }
  use_kernels(before);
}

TEST_CASE("scan: the kernels read every one of OpenCV's Haar cascades") {
  int read = 0;
  for (const auto& path : opencv_cascades()) {
    if (path.filename() == "haarcascade_licence_plate_rus_16stages.xml") continue; // of a format before OpenCV 2
    CAPTURE(path.string());
    const auto cascade = read_cascade(path);
    for (const bool split : {false, true}) {
      const auto tables = HaarTables::of(cascade, SumsLayout::of(640, true, split));
      CHECK(tables.has_value() == (cascade.kind == Cascade::Kind::haar));
    }
    ++read;
  }
  CHECK((read == 0 || read > 10));
}

TEST_CASE("scan: a cascade whose features the kernels cannot read is looked at all the same") {
  auto cascade = halves(24, 24, 0.5f);
  cascade.haar_features[0].rects[1].weight = 2.5f;
  CHECK(!HaarTables::of(cascade, SumsLayout::of(640, false, false)));
  CHECK(!scan(cascade, noise(200, 100), {}, 2).empty());
}

TEST_CASE("scan: features too large for 16 bits are read from the wide sums") {
  const auto layout = SumsLayout::of(640, false, false);
  const auto narrow = [&](int width, int height) {
    return HaarTables::of(halves(width, height, 0), layout)->view().nodes[0].narrow;
  };
  CHECK(narrow(16, 16));  // 128 pixels of 255 on either side: 32640
  CHECK(!narrow(20, 13)); // 130 pixels: 33150
  CHECK(!narrow(24, 24));
}
