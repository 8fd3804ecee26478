// SPDX-License-Identifier: Apache-2.0
// `mien data generate`: draws faces, so that everything can be tried without a picture of anybody.
#include "tools/cli.hpp"
#include "tools/commands.hpp"

#include "mien/emotion/generated_faces.hpp"
#include "mien/emotion/generated_scenes.hpp"

#include <fmt/format.h>

namespace mien::cli {

namespace {

void generate(const std::filesystem::path& folder, const GeneratedOptions& options, const Common& common) {
  std::size_t written = 0;
  {
    Progress progress("drawing face", common.quiet);
    generate_faces(folder, options, [&](std::size_t done, std::size_t all) { progress(written = done, all); });
  }
  say(common,
      fmt::format("{} faces are in {}; `mien train {}` trains on them\n", written, folder.string(), folder.string()));
}

void generate(const std::filesystem::path& folder, const GeneratedSceneOptions& options, const Common& common) {
  {
    Progress progress("drawing scene", common.quiet);
    generate_scenes(folder, options, [&](std::size_t done, std::size_t all) { progress(done, all); });
  }
  const auto scenes = (folder / "scenes").string();
  say(common, fmt::format("{} {} in {}, the boxes and labels of the faces in {}.json\n",
                          plural(static_cast<std::size_t>(options.count), "scene"), options.count == 1 ? "is" : "are",
                          scenes, scenes));
}

} // namespace

int run_data_generate(int argc, char** argv) {
  Common common;
  GeneratedOptions faces;
  GeneratedSceneOptions scenes{.count = 0, .scene = {}};
  std::filesystem::path folder;
  Command command({.name = "data generate",
                   .about =
                       "Draws faces that carry the seven apparent expressions and writes them as DIR/train/<class>/ "
                       "and DIR/test/<class>/; or scenes of several people as DIR/scenes/, with boxes and labels in "
                       "DIR/scenes.json. They show nobody; the same seed draws the same bytes on every machine.",
                   .examples = "mien data generate faces --per-class 300\n"
                               "mien data preview faces --out faces.png\n"
                               "mien data generate crowd --scenes 20"},
                  common);
  command.argument("DIR", folder, "The folder to write; it may not hold anything yet");
  command.group("Faces");
  command.option("per-class", faces.per_class, "N",
                 "Training faces of each class; a fifth as many are added for the test", Range{1, 1'000'000});
  command.option("size", faces.size, "PIXELS", "Width and height", Range{smallest_face, largest_face});
  command.group("Scenes");
  command.option("scenes", scenes.count, "N", "Draw N scenes, and no faces for training; 0: faces", Range{0, 100'000});
  command.option("tilted", scenes.scene.tilted, "SHARE", "How many of their faces are turned by 20 to 40 degrees",
                 Range{0.0f, 1.0f});
  command.group("Files");
  command.flag("force", faces.force, "Write into a folder that holds something");
  if (!command.parse(argc, argv)) return 0;

  for (const char* option : {"per-class", "size"}) {
    if (scenes.count > 0 && command.given(option)) {
      throw UsageError(fmt::format("--{} is about faces for training, and --scenes draws none; leave one out", option));
    }
  }
  if (scenes.count == 0 && command.given("tilted")) {
    throw UsageError("--tilted is about scenes; say how many with --scenes N");
  }
  faces.seed = scenes.seed = common.seed;
  scenes.force = faces.force;
  if (scenes.count > 0) {
    generate(folder, scenes, common);
  } else {
    generate(folder, faces, common);
  }
  return 0;
}

} // namespace mien::cli
