// SPDX-License-Identifier: Apache-2.0
// `mien data preview`: a contact sheet of what training will see.
#include "tools/cli.hpp"
#include "tools/commands.hpp"
#include "tools/inputs.hpp"

#include "mien/data/contact_sheet.hpp"
#include "mien/data/split.hpp"

#include <fmt/format.h>

#include <utility>

namespace mien::cli {

int run_data_preview(int argc, char** argv) {
  Common common;
  std::filesystem::path path = "data", out = "preview.png";
  AugmentationFlags augmentation;
  ReadOptions reading;
  int per_class = 12;
  std::string channels = "1";
  double validation = 0.1;
  Command command({.name = "data preview",
                   .about =
                       "Draws a contact sheet of what training sees in its first epoch: the pictures of each class, "
                       "prepared and augmented as `mien train` with the same options does it.",
                   .examples = "mien data preview data --out preview.png\n"
                               "mien data preview data --rotation 20 --shift 0.1\n"
                               "mien data preview data --brightness 0.2 --contrast 0.2 --erase 0.5 --crop 4\n"
                               "mien data preview data --rotation 0 --zoom 0 --no-flip"},
                  common);
  command.argument("DATA", path, "A folder with train/, a folder of class folders, a CSV, or a pack", true);
  command.group("Sheet");
  command.option("out", out, "FILE.png", "Where to write the sheet");
  command.option("per-class", per_class, "N", "Pictures of each class", Range{1, 100});
  augmentation.bind(command);
  command.group("Data");
  command.option("validation", validation, "SHARE", "What is set aside before training, and not shown",
                 Range{0.01, 0.9});
  command.choice("channels", channels, {"1", "3"}, "1: pictures are turned grey; 3: they keep their colours");
  command.flag("strict", reading.strict, "Stop at the first picture that cannot be used");
  if (!command.parse(argc, argv)) return 0;

  reading.preprocessing.channels = channels == "3" ? 3 : 1;
  auto read = read_data(path, DataPart::train, reading, common);
  const auto kept = split(std::move(read.data), validation, common.seed).kept;
  write_png(out, preview(kept, reading.preprocessing, augmentation.value(), per_class, common.seed));
  say(common, fmt::format("{} shows up to {} of each class's training pictures, {} in all\n", out.string(), per_class,
                          kept.size()));
  return 0;
}

} // namespace mien::cli
