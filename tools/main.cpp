// SPDX-License-Identifier: Apache-2.0
// The program `mien`: picks a subcommand, and turns what it throws into a sentence and an exit code.
#include "tools/cli.hpp"
#include "tools/commands.hpp"

#include <algorithm>
#include <csignal>
#include <new>

using namespace mien;

namespace {

int run(int argc, char** argv) {
  static const std::vector<cli::Subcommand> subcommands = {
      {"train", "Train a network on a folder of faces", cli::run_train},
      {"tune", "Search for better options: many short trainings, few long ones", cli::run_tune},
      {"eval", "Measure a model on labelled faces", cli::run_eval},
      {"explain", "Show where in a face a model looks", cli::run_explain},
      {"predict", "Name the apparent expression of faces in pictures", cli::run_predict},
      {"detect", "Find the faces in pictures: boxes alone", cli::run_detect},
      {"webcam", "Name them live, before a camera or in a video", cli::run_webcam},
      {"info", "Show what a model is and where it comes from", cli::run_info},
      {"convert", "Write a model anew, at half the size", cli::run_convert},
      {"bench", "Measure what this machine reaches, beside its own peak", cli::run_bench},
      {"data", "Draw faces to try everything on; show what training sees", cli::run_data},
  };
  return cli::run_subcommand("mien",
                             "mien trains, measures and runs small convolutional networks that name the apparent "
                             "expression of a face, on the processor alone.",
                             subcommands, argc, argv);
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
  std::signal(SIGXFSZ, SIG_IGN); // and so is a file that may not grow
  const int code = guarded([&] { return run(argc, argv); });
  const int flushed = guarded([] {
    cli::flush_output();
    return 0;
  });
  return std::max(code, flushed);
}
