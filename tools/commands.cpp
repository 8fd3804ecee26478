// SPDX-License-Identifier: Apache-2.0
#include "tools/commands.hpp"

#include "tools/cli.hpp"

#include "mien/core/error.hpp"
#include "mien/core/version.hpp"

#include <algorithm>
#include <string_view>

namespace mien::cli {

int run_subcommand(const std::string& program, const std::string& about, const std::vector<Subcommand>& subcommands,
                   int argc, char** argv) {
  const std::string_view first = argc > 1 ? argv[1] : "--help";
  if (first == "--version") {
    print(concat("mien ", version(), "\n"));
    return 0;
  }
  if (first == "--help" || first == "-h" || first == "help") {
    std::string text = wrapped(about, 0) + "\n\nUsage: " + program + " SUBCOMMAND [options]\n\nSubcommands:\n";
    for (const auto& subcommand : subcommands) {
      auto left = "  " + subcommand.name;
      left.resize(12, ' ');
      text += left + wrapped(subcommand.summary, 12) + "\n";
    }
    print(text + "\n" +
          wrapped(concat("`", program,
                         " SUBCOMMAND --help` says what each can do. Data go to stdout, messages "
                         "to stderr. Exit codes: 0 good, 1 something failed, 2 wrong usage."),
                  0) +
          "\n");
    return 0;
  }
  std::vector<std::string> names;
  for (const auto& subcommand : subcommands) {
    if (subcommand.name == first) return subcommand.run(argc - 1, argv + 1);
    names.push_back(subcommand.name);
  }
  const auto near = nearest(first, names);
  throw UsageError(
      concat("`", program, "` has no subcommand `", first, "`; ",
             near.empty() ? concat("`", program, " --help` lists them") : concat("did you mean `", near, "`?")));
}

} // namespace mien::cli
