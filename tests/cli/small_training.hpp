// SPDX-License-Identifier: Apache-2.0
// A training so small that a test may do many, and how to stop one.
#pragma once

#include "mien/io/atomic_file.hpp"
#include "tests/cli/run.hpp"
#include "tests/support/temp_folder.hpp"

#include <string>

namespace mien::test {

/// A folder with net.json: a network so small that an epoch of the fixture's faces takes milliseconds.
class SmallTraining : public TempFolder {
public:
  /// `more`: a layer behind the convolution, as JSON and with a comma.
  explicit SmallTraining(const std::string& more = "") {
    write_atomically(*this / "net.json", R"({"input": [16, 16, 1], "layers": [
      {"type": "Conv2D", "name": "conv", "settings": {"filters": 4, "activation": "relu"}},)" +
                                             more + R"(
      {"type": "Flatten", "name": "flatten", "settings": {}},
      {"type": "Dense", "name": "out", "settings": {"units": 7}}]})");
  }
  [[nodiscard]] std::string text(const std::string& name) const { return (*this / name).string(); }
  /// `mien SUBCOMMAND` on data, with this network, files in `out`, and these options; as a line for the shell.
  [[nodiscard]] std::string line(const std::string& subcommand, const std::string& data, const std::string& out,
                                 const std::string& options) const {
    return "\"$MIEN\" " + subcommand + " '" + data + "' --batch 4 --net '" + text("net.json") + "' --out '" +
           text(out) + "' " + options;
  }
};

/// Runs a command and sends it a signal when it has said a line that this pattern of the shell fits; the shell reads,
/// so nothing waits.
inline Ran interrupt(const std::string& command, const SmallTraining& place, const std::string& pattern,
                     const std::string& signal = "INT") {
  const auto pipe = "'" + place.text("pipe") + "'";
  return shell("mkfifo " + pipe + "; env --default-signal=INT " + command + " 2>" + pipe +
               " & while read -r line; do echo \"$line\" >&2; case $line in " + pattern + ") kill -" + signal +
               " $! ;; esac; done <" + pipe + "; wait $!; code=$?; rm " + pipe + "; exit $code");
}

} // namespace mien::test
