// SPDX-License-Identifier: Apache-2.0
// `mien detect`: finds the faces in pictures, and says no more about them.
#include "tools/cli.hpp"
#include "tools/commands.hpp"
#include "tools/detector_options.hpp"
#include "tools/picture_loop.hpp"
#include "tools/pictures.hpp"
#include "tools/predictions.hpp"

#include "mien/io/image.hpp"
#include "mien/vision/face_finder.hpp"

#include <exception>

namespace mien::cli {
namespace {

PictureResult faces_in(const PictureFile& file, const FaceFinder& finder, int threads) {
  PictureResult result{.image = file.path};
  try {
    const Image picture = read_image(file.path);
    result.width = picture.width;
    result.height = picture.height;
    for (const auto& [face, square] : finder.find(picture, threads))
      result.faces.push_back({.box = face.box, .score = face.score, .roll = face.roll, .square = square});
  } catch (const std::exception& error) {
    result.error = error.what();
  }
  return result;
}

} // namespace

int run_detect(int argc, char** argv) {
  Common common;
  std::vector<std::filesystem::path> paths;
  DetectorOptions detector;
  bool json = false;
  Command command({.name = "detect",
                   .about = "Finds the faces in pictures: where they are and how sure the detector is, the largest "
                            "first. The boxes are those that OpenCV finds with the same cascade and settings.",
                   .examples = "mien detect photo.jpg\n"
                               "mien detect photos/ --json > boxes.jsonl\n"
                               "mien detect photo.jpg --cascade frontalface_alt2 --neighbors 5\n"
                               "mien detect photo.jpg --profile --tilted"},
                  common);
  command.arguments("PATH", paths, "Pictures, and folders that are searched for pictures");
  detector.bind(command);
  command.group("Output");
  command.flag("json", json, "Print one JSON object a line for each picture");
  if (!command.parse(argc, argv)) return 0;

  const FaceFinder finder(detector.detector());
  const auto found = pictures_in(paths);
  for (const auto& problem : found.problems) say_error(problem);
  const PredictionTexts texts(json ? PredictionTexts::Form::json : PredictionTexts::Form::table, {});
  print(texts.heading());
  bool failed = !found.problems.empty();
  const auto work = [&](const PictureFile& file, int threads) { return faces_in(file, finder, threads); };
  catch_interrupts();
  const bool all = for_each_picture(found.pictures, "detecting", common, work, [&](const PictureResult& result) {
    print(texts.text(result));
    if (!result.error.empty() && !json) say_error(result.error);
    failed = failed || !result.error.empty();
    flush_output();
  });
  if (!all) return exit_interrupted;
  return failed ? 1 : 0;
}

} // namespace mien::cli
