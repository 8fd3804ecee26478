// SPDX-License-Identifier: Apache-2.0
// `mien data`: picks one of its own subcommands.
#include "tools/cli.hpp"
#include "tools/commands.hpp"

namespace mien::cli {

int run_data(int argc, char** argv) {
  static const std::vector<Subcommand> subcommands = {
      {"check", "What is wrong with labelled pictures: leaks, copies, contradictions", run_data_check},
      {"crop", "Cut the faces out of your photographs, for training", run_data_crop},
      {"generate", "Draw faces to try everything on", run_data_generate},
      {"pack", "Many pictures in one file, larger than memory if need be", run_data_pack},
      {"preview", "A contact sheet of what training sees", run_data_preview},
  };
  return run_subcommand("mien data", "Prepares and shows pictures for training.", subcommands, argc, argv);
}

} // namespace mien::cli
