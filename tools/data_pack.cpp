// SPDX-License-Identifier: Apache-2.0
// `mien data pack`: many pictures in one file that is mapped, and the check of such a file.
#include "tools/cli.hpp"
#include "tools/commands.hpp"
#include "tools/inputs.hpp"
#include "tools/interrupt.hpp"

#include "mien/core/error.hpp"
#include "mien/data/pack.hpp"
#include "mien/emotion/labels.hpp"

#include <fmt/format.h>
#include <system_error>

namespace mien::cli {
namespace {

/// Ctrl-C arrived: thrown through the library, so that what was written is removed.
class Interrupted {};

DataPart part_named(const std::string& name) {
  return name == "train" ? DataPart::train : name == "test" ? DataPart::test : DataPart::all;
}

int pack(const std::filesystem::path& path, const std::filesystem::path& out, const std::string& part,
         ReadOptions options, const Common& common) {
  options.threads = common.threads;
  options.csv_classes.assign(fer2013_names.begin(), fer2013_names.end());
  catch_interrupts();
  ReadReport report;
  try {
    Progress progress("packing", common.quiet);
    options.progress = [&](std::size_t done, std::size_t all) {
      if (interrupted()) throw Interrupted();
      progress(done, all);
    };
    report = pack_data(out, path, part_named(part), options);
  } catch (const Interrupted&) {
    say(common, fmt::format("stopped; {} was not written\n", out.string()));
    return exit_interrupted;
  }
  say_report(report, common);
  const PackedFile file(out);
  const auto& header = file.header();
  auto text = fmt::format("{}: {} of {}x{}x{}, {} classes\n ", out.string(), plural(file.size(), "picture"),
                          header.height, header.width, header.channels, header.classes.size());
  for (std::size_t c = 0; c < header.classes.size(); ++c)
    text += fmt::format("{} {} {}", c > 0 ? "," : "", header.classes[c], header.class_counts[c]);
  if (!report.skipped.empty()) text += fmt::format("\n  {} left out", plural(report.skipped.size(), "picture"));
  say(common, text + "\n");
  return 0;
}

int verify(const std::filesystem::path& path, const Common& common) {
  const PackedFile file(path);
  PackedVerdict verdict;
  {
    Progress progress("checking", common.quiet);
    verdict = verify_packed(file, common.threads, [&](std::size_t done, std::size_t all) { progress(done, all); });
  }
  for (const auto& damage : verdict.first) print(damage + "\n");
  if (verdict.damaged > verdict.first.size())
    print(fmt::format("and {} more\n", verdict.damaged - verdict.first.size()));
  if (verdict.damaged == 0) {
    say(common, fmt::format("{}: {} checked, all of them whole\n", path.string(), plural(file.size(), "picture")));
    return 0;
  }
  throw Error(concat(path.string(), ": ", verdict.damaged, " of ", plural(file.size(), "picture"), " are damaged"));
}

} // namespace

int run_data_pack(int argc, char** argv) {
  Common common;
  ReadOptions options;
  std::filesystem::path path, out;
  std::string part = "train";
  int size = options.preprocessing.height, channels = options.preprocessing.channels;
  bool only_verify = false;
  Command command({.name = "data pack",
                   .about = "Packs labelled pictures into one file, which training, eval and preview map instead of "
                            "reading it: data may be larger than memory, and nothing is decoded twice. Pictures are "
                            "kept as bytes in the size that a network takes. DATA with train.mienpack, test.mienpack "
                            "or both is read like one with the folders train/ and test/.\n\n"
                            "A pack is written whole or not at all, in flat memory. Every picture in it carries a "
                            "digest, checked whenever it is read; --verify checks all and prints a line for each that "
                            "is damaged. Packing a pack leaves those out.",
                   .examples = "mien data pack faces --out packed/train.mienpack\n"
                               "mien data pack faces --part test --out packed/test.mienpack\n"
                               "mien train packed --out runs/packed\n"
                               "mien data pack --verify packed/train.mienpack"},
                  common);
  command.argument("DATA", path, "A folder with train/ or test/, a folder of class folders, a CSV or a pack");
  command.group("Packing");
  command.option("out", out, "FILE.mienpack", "Where to write the pack");
  command.choice("part", part, {"train", "test", "all"}, "Which pictures of DATA, where it has parts");
  command.option("size", size, "PIXELS", "Width and height of a picture, as the network takes it", Range{1, 4096});
  command.option("channels", channels, "N", "1: grey; 3: colour", Range{1, 3});
  command.option("usage", options.usage, "NAME", "Of a CSV: the rows with this Usage");
  command.flag("strict", options.strict, "Stop at the first picture that cannot be used");
  command.group("Checking");
  command.flag("verify", only_verify, "Read all of the pack DATA and name what is damaged; nothing is written");
  if (!command.parse(argc, argv)) return 0;

  if (only_verify) {
    for (const char* option : {"out", "part", "size", "channels", "usage", "strict"})
      if (command.given(option)) throw UsageError(fmt::format("--verify writes nothing: leave --{} out", option));
    return verify(path, common);
  }
  if (channels == 2) throw UsageError("--channels takes 1 or 3");
  if (out.empty()) throw UsageError("where to? `--out FILE.mienpack` says");
  if (out.extension() != ".mienpack")
    throw UsageError(fmt::format("--out {}: a pack's name ends in .mienpack, by which it is known", out.string()));
  options.preprocessing.height = options.preprocessing.width = size;
  options.preprocessing.channels = channels;
  if (out.has_parent_path()) {
    std::error_code ignored; // a folder that cannot be made is told when the file cannot be written
    std::filesystem::create_directories(out.parent_path(), ignored);
  }
  return pack(path, out, part, options, common);
}

} // namespace mien::cli
