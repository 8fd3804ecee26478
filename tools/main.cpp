// SPDX-License-Identifier: Apache-2.0
// The program `mien`: picks a subcommand, and turns what it throws into a sentence and an exit code.
#include "tools/cli.hpp"
#include "tools/commands.hpp"

#include "mien/core/error.hpp"
#include "mien/core/version.hpp"

#include <algorithm>
#include <csignal>
#include <new>
#include <string>
#include <string_view>
#include <vector>

using namespace mien;

namespace {

struct Subcommand {
  std::string name;
  std::string summary;
  cli::Run* run;
};

const std::vector<Subcommand> subcommands = {};

std::string help() {
  std::string text = "mien trains, measures and runs small convolutional networks that name the\n"
                     "apparent expression of a face, on the processor alone.\n\n"
                     "Usage: mien SUBCOMMAND [options]\n\nSubcommands:\n";
  for (const auto& [name, summary, run] : subcommands) {
    auto left = "  " + name;
    left.resize(12, ' ');
    text += left + cli::wrapped(summary, 12) + "\n";
  }
  return text + "\n`mien SUBCOMMAND --help` says what each can do. Data go to stdout, messages to\n"
                "stderr. Exit codes: 0 good, 1 something failed, 2 wrong usage.\n";
}

int run(int argc, char** argv) {
  const std::string_view first = argc > 1 ? argv[1] : "";
  if (argc < 2 || first == "--help" || first == "-h" || first == "help") {
    cli::print(help());
    return 0;
  }
  if (first == "--version") {
    cli::print(concat("mien ", version(), "\n"));
    return 0;
  }
  for (const auto& subcommand : subcommands)
    if (subcommand.name == first) return subcommand.run(argc - 1, argv + 1);

  std::vector<std::string> names;
  for (const auto& subcommand : subcommands) names.push_back(subcommand.name);
  const auto near = cli::nearest(first, names);
  throw cli::UsageError(concat("there is no subcommand `", first, "`; ",
                               near.empty() ? "`mien --help` lists them" : concat("did you mean `", near, "`?")));
}

/// Calls `f`, whose result is the exit code; what it throws becomes a sentence and an exit code.
template <class F> int guarded(F f) {
  try {
    return f();
  } catch (const cli::OutputClosed&) {
    return 0;
  } catch (const cli::UsageError& error) {
    cli::say_error(error.what());
    return 2;
  } catch (const std::bad_alloc&) {
    cli::say_error("the memory does not suffice; a smaller --batch or fewer --threads need less");
  } catch (const std::exception& error) {
    cli::say_error(error.what());
  }
  return 1;
}

} // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN); // a closed pipe is found where it is written to
  const int code = guarded([&] { return run(argc, argv); });
  const int flushed = guarded([] {
    cli::flush_output();
    return 0;
  });
  return std::max(code, flushed);
}
