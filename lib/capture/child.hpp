// SPDX-License-Identifier: Apache-2.0
// Another program that runs beside this one and whose output is read.
#pragma once

#include "lib/capture/input.hpp"

#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace mien {

/// A running program. It reads nothing, hears no Ctrl-C, is ended when this goes, and never left behind as a zombie.
class Child final : public ByteSource {
public:
  /// Starts `arguments[0]`, found along PATH, with these arguments and no shell between. Throws Error with `missing` if
  /// there is no such program, and another one if it cannot be started.
  Child(const std::vector<std::string>& arguments, const std::string& missing);
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() override;

  /// What it writes to its standard output; meanwhile takes in what it says to people, so that it never waits for that.
  std::size_t read(std::span<std::byte> bytes) override;
  /// Waits for its end, reading no more; its exit code, 128 + signal if it was ended by one.
  int wait();
  /// The last line that it said, if any, fit for a sentence. Whole after wait().
  [[nodiscard]] std::string last_words() const;

private:
  /// Takes in what has been said; false when there will be no more.
  bool listen();
  void reap();

  pid_t id_ = -1;
  int out_ = -1, err_ = -1;
  std::string said_;
  std::optional<int> code_;
};

} // namespace mien
