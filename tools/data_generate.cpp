// SPDX-License-Identifier: Apache-2.0
// `mien data generate`: draws faces, so that everything can be tried without a picture of anybody.
#include "tools/cli.hpp"
#include "tools/clip_files.hpp"
#include "tools/commands.hpp"
#include "tools/picture_size.hpp"

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

/// What is drawn, and the options that only make sense there.
enum class Drawn { faces, scenes, clip };

struct Belonging {
  const char* option;
  Drawn to;
};
constexpr Belonging belongings[] = {{"per-class", Drawn::faces},
                                    {"tilted", Drawn::scenes},
                                    {"rate", Drawn::clip},
                                    {"faces", Drawn::clip},
                                    {"format", Drawn::clip}};

/// Refuses options that would be ignored.
void expect_sensible(const Command& command, Drawn drawn) {
  if (command.given("scenes") && command.given("clip"))
    throw UsageError("--scenes draws pictures and --clip a video; leave one out");
  for (const auto& [option, to] : belongings) {
    if (to == drawn || !command.given(option)) continue;
    if (to == Drawn::scenes) throw UsageError("--tilted is about scenes; say how many with --scenes N");
    if (to == Drawn::clip)
      throw UsageError(fmt::format("--{} is about clips; say how long with --clip SECONDS", option));
    throw UsageError(fmt::format("--{} is about faces for training, and --{} draws none; leave one out", option,
                                 drawn == Drawn::scenes ? "scenes" : "clip"));
  }
  if (drawn == Drawn::scenes && command.given("size"))
    throw UsageError("--size is about faces for training and clips, and --scenes draws neither; leave one out");
}

void set_face_size(GeneratedOptions& faces, const std::string& text) {
  const auto size = square_size(text);
  if (!size || size->width < smallest_face || size->width > largest_face) {
    throw UsageError(fmt::format("--size takes a whole number from {} to {}, or with --clip WIDTHxHEIGHT, got `{}`",
                                 smallest_face, largest_face, text));
  }
  faces.size = size->width;
}

void set_clip_size(ClipOptions& clip, const std::string& text) {
  const auto size = picture_size(text);
  if (!size || size->width < least_clip_width || size->height < least_clip_height || size->width > most_scene ||
      size->height > most_scene) {
    throw UsageError(fmt::format("--size of a clip takes WIDTHxHEIGHT, from {}x{} to {}x{}, got `{}`", least_clip_width,
                                 least_clip_height, most_scene, most_scene, text));
  }
  clip.width = size->width, clip.height = size->height;
}

} // namespace

int run_data_generate(int argc, char** argv) {
  Common common;
  GeneratedOptions faces;
  GeneratedSceneOptions scenes{.count = 0, .scene = {}};
  ClipOptions clip{.seconds = 0};
  ClipFiles files;
  std::string size;
  Command command({.name = "data generate",
                   .about =
                       "Draws faces that carry the seven apparent expressions and writes them as DIR/train/<class>/ "
                       "and DIR/test/<class>/; or scenes of several people as DIR/scenes/, with boxes and labels in "
                       "DIR/scenes.json; or a clip of people who move, turn and change expression as DIR/clip.y4m, "
                       "with who is where and looks how in DIR/clip.json. They show nobody; the same seed draws the "
                       "same bytes on every machine.",
                   .examples = "mien data generate faces --per-class 300\n"
                               "mien data preview faces --out faces.png\n"
                               "mien data generate crowd --scenes 20\n"
                               "mien data generate moving --clip 10"},
                  common);
  command.argument("DIR", files.folder, "The folder to write; it may not hold anything yet");
  command.group("Faces");
  command.option("per-class", faces.per_class, "N",
                 "Training faces of each class; a fifth as many are added for the test", Range{1, 1'000'000});
  command.option("size", size, "SIZE",
                 fmt::format("Width and height: of a face in pixels (default: {}), of a clip WIDTHxHEIGHT (default: "
                             "{}x{})",
                             faces.size, clip.width, clip.height));
  command.group("Scenes");
  command.option("scenes", scenes.count, "N", "Draw N scenes, and no faces for training; 0: faces", Range{0, 100'000});
  command.option("tilted", scenes.scene.tilted, "SHARE", "How many of their faces are turned by 20 to 40 degrees",
                 Range{0.0f, 1.0f});
  command.group("Clip");
  command.option("clip", clip.seconds, "SECONDS", "Draw a clip of that length, and no faces for training; 0: faces",
                 Range{0.0, most_clip_seconds});
  command.option("rate", clip.rate, "N", "Frames a second", Range{1, most_clip_rate});
  command.option("faces", clip.faces, "N",
                 "People: the first turns the head, the second leaves and comes back, the other two cross",
                 Range{1, most_clip_faces});
  command.choice("format", files.format, {"y4m", "avi"}, "Without loss, or motion JPEG, which plays nearly everywhere");
  command.group("Files");
  command.flag("force", files.force, "Write into a folder that holds something");
  if (!command.parse(argc, argv)) return 0;

  const auto drawn = clip.seconds > 0 ? Drawn::clip : scenes.count > 0 ? Drawn::scenes : Drawn::faces;
  expect_sensible(command, drawn);
  if (command.given("size")) drawn == Drawn::clip ? set_clip_size(clip, size) : set_face_size(faces, size);
  faces.seed = scenes.seed = clip.seed = common.seed;
  faces.force = scenes.force = files.force;
  switch (drawn) {
  case Drawn::clip: return write_clip(files, clip, common);
  case Drawn::scenes: generate(files.folder, scenes, common); break;
  case Drawn::faces: generate(files.folder, faces, common); break;
  }
  return 0;
}

} // namespace mien::cli
