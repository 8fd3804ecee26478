// SPDX-License-Identifier: Apache-2.0
// The subcommands of the program: each is one file, tools/<name>.cpp, and one row of the table in main.cpp.
#pragma once

#include <string>
#include <vector>

namespace mien::cli {

/// Runs one subcommand on its own command line: argv[0] is its name. Returns the exit code; may throw UsageError (exit
/// code 2) or any other exception (exit code 1): main.cpp prints them.
using Run = int(int argc, char** argv);

struct Subcommand {
  std::string name;
  std::string summary;
  Run* run;
};

/// Runs the subcommand that argv[1] names, or prints the help for `program`: what it is and what it can do.
/// Throws UsageError, naming the nearest, if there is no such subcommand.
int run_subcommand(const std::string& program, const std::string& about, const std::vector<Subcommand>& subcommands,
                   int argc, char** argv);

Run run_bench;
Run run_convert;
Run run_data;
Run run_data_check;
Run run_data_crop;
Run run_data_generate;
Run run_data_pack;
Run run_data_preview;
Run run_detect;
Run run_eval;
Run run_explain;
Run run_info;
Run run_predict;
Run run_train;
Run run_tune;
Run run_webcam;

} // namespace mien::cli
