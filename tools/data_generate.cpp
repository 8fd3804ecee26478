// SPDX-License-Identifier: Apache-2.0
// `mien data generate`: draws faces, so that everything can be tried without a picture of anybody.
#include "tools/cli.hpp"
#include "tools/commands.hpp"

#include "mien/emotion/generated_faces.hpp"

#include <fmt/format.h>

namespace mien::cli {

int run_data_generate(int argc, char** argv) {
  Common common;
  GeneratedOptions options;
  std::filesystem::path folder;
  Command command({.name = "data generate",
                   .about =
                       "Draws faces that carry the seven apparent expressions and writes them as DIR/train/<class>/ "
                       "and DIR/test/<class>/. They show nobody; the same seed draws the same bytes on every machine.",
                   .examples = "mien data generate faces --per-class 300\n"
                               "mien data preview faces --out faces.png"},
                  common);
  command.argument("DIR", folder, "The folder to write; it may not hold anything yet");
  command.group("Faces");
  command.option("per-class", options.per_class, "N",
                 "Training faces of each class; a fifth as many are added for the test", Range{1, 1'000'000});
  command.option("size", options.size, "PIXELS", "Width and height", Range{smallest_face, largest_face});
  command.flag("force", options.force, "Write into a folder that holds something");
  if (!command.parse(argc, argv)) return 0;

  options.seed = common.seed;
  std::size_t written = 0;
  {
    Progress progress("drawing face", common.quiet);
    generate_faces(folder, options, [&](std::size_t done, std::size_t all) { progress(written = done, all); });
  }
  say(common,
      fmt::format("{} faces are in {}; `mien train {}` trains on them\n", written, folder.string(), folder.string()));
  return 0;
}

} // namespace mien::cli
