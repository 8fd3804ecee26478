// SPDX-License-Identifier: Apache-2.0
// `mien data check`: what is wrong with labelled pictures, before a figure is made with them.
#include "tools/check_findings.hpp"
#include "tools/cli.hpp"
#include "tools/commands.hpp"
#include "tools/inputs.hpp"

#include "mien/core/error.hpp"
#include "mien/data/contact_sheet.hpp"
#include "mien/emotion/labels.hpp"
#include "mien/io/atomic_file.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>

namespace mien::cli {
namespace {

/// One part of the data; none if it is not there.
std::optional<ReadData> part_of(const std::filesystem::path& path, DataPart part, const Common& common) {
  try {
    ReadOptions options{.threads = common.threads};
    options.csv_classes.assign(fer2013_names.begin(), fer2013_names.end());
    Progress progress("reading", common.quiet);
    options.progress = [&](std::size_t done, std::size_t all) { progress(done, all); };
    return open_data(path, part, options);
  } catch (const Error&) {
    if (part != DataPart::test) throw; // without training pictures there is nothing to check
    return {};
  }
}

Findings examine(const std::filesystem::path& path, const Common& common) {
  const auto form = data_form(path);
  const bool has_parts = form == DataForm::parts || form == DataForm::csv;
  Findings f{.path = path.string()};
  auto train = part_of(path, has_parts ? DataPart::train : DataPart::all, common);
  auto test = has_parts ? part_of(path, DataPart::test, common) : std::nullopt;
  f.train = std::move(*train);
  f.has_test = test.has_value();
  if (test) f.test = std::move(*test);
  f.exact = exact_copies(f.train.data, f.test.data);
  f.near_looked_for = f.train.data.size() + f.test.data.size() <= most_compared;
  if (f.near_looked_for) f.near = near_copies(f.train.data, f.test.data, common.threads);
  return f;
}

} // namespace

int run_data_check(int argc, char** argv) {
  Common common;
  std::filesystem::path path = "data", sheet, copies;
  bool json = false;
  Command command({.name = "data check",
                   .about = "Looks for what makes figures untrue: test pictures that are in the training data as well, "
                            "copies and near copies, copies with different labels, unreadable and constant pictures, "
                            "classes that differ between the parts, uneven classes. Changes nothing.",
                   .examples = "mien data check data\n"
                               "mien data check data --sheet copies.png --copies copies.csv\n"
                               "mien data check fer2013.csv --json"},
                  common);
  command.argument("DATA", path, "A folder with train/ and test/, a folder of class folders, a CSV, or a pack", true);
  command.group("Output");
  command.flag("json", json, "Print one JSON object");
  command.option("sheet", sheet, "FILE.png", "Draw the copies side by side, the worst first");
  command.option("copies", copies, "FILE.csv", "List all copies: their group, part, label and name");
  if (!command.parse(argc, argv)) return 0;

  const auto findings = examine(path, common);
  print(json ? findings_json(findings) + "\n" : findings_text(findings));
  if (!copies.empty()) {
    write_atomically(copies, copies_csv(findings));
    say(common, fmt::format("all copies are listed in {}\n", copies.string()));
  }
  if (!sheet.empty()) {
    const auto rows = worst_rows(findings);
    if (rows.empty()) {
      say(common, "there are no copies to draw\n");
    } else {
      write_png(sheet, contact_sheet(rows));
      say(common, fmt::format("copies are drawn side by side in {}\n", sheet.string()));
    }
  }
  return 0;
}

} // namespace mien::cli
