// SPDX-License-Identifier: Apache-2.0
// Faces turned level: cutting, training and predicting must agree on it.
#include "mien/data/cut.hpp"
#include "mien/emotion/generated_faces.hpp"
#include "mien/io/image.hpp"
#include "mien/nn/model_file.hpp"
#include "mien/vision/cascade_detector.hpp"
#include "mien/vision/face_finder.hpp"
#include "tests/cli/fixture.hpp"
#include "tests/cli/run.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"

using namespace mien;
using namespace mien::test;

namespace {

/// A drawn face of 160 pixels, turned by 10 degrees, on a plain ground.
Image turned_portrait() {
  const Image face = draw_face(3, 1, 0, 160);
  Image picture{320, 240, 1, std::vector<std::uint8_t>(320 * 240, 128)};
  for (std::size_t y = 0; y < 160; ++y) std::copy_n(&face.pixels[y * 160], 160, &picture.pixels[(y + 40) * 320 + 80]);
  return cut(picture, {.x = 160, .y = 120, .side = 240, .degrees = -10});
}

} // namespace

TEST_CASE("mien data crop cuts what prediction sees, upright or with the eyes level") {
  const TempFolder folder;
  const Image portrait = turned_portrait();
  std::filesystem::create_directories(folder / "in" / "happy");
  write_png(folder / "in" / "happy" / "a.png", portrait);
  const auto detector = std::make_shared<CascadeDetector>(named_cascade("frontalface_default"));
  for (const bool aligned : {false, true}) {
    const auto out = folder / (aligned ? "level" : "upright");
    std::vector<std::string> words{"data", "crop", (folder / "in").string(), out.string()};
    if (aligned) words.emplace_back("--align");
    const auto ran = run(words);
    INFO(ran.err);
    REQUIRE(ran.code == 0);
    const auto faces = FaceFinder(detector, {.aligned = aligned}).find(portrait);
    REQUIRE(faces.size() == 1);
    CHECK((faces[0].square.degrees != 0) == aligned);
    CHECK(read_image(out / "happy" / "a.png") == cut(portrait, faces[0].square));
  }
}

TEST_CASE("mien train --aligned writes into the model that faces are turned level") {
  const TempFolder folder;
  const auto out = (folder / "run").string();
  REQUIRE(run({"train", fixture().faces, "--epochs", "1", "--out", out, "--aligned"}).code == 0);
  CHECK(load_model(folder / "run" / "model.safetensors").preprocessing.face.aligned);
}
