// SPDX-License-Identifier: Apache-2.0
// A thread that does one thing until it is told to end.
#pragma once

#include <atomic>
#include <exception>
#include <functional>
#include <memory>

namespace mien::cli {

class Worker {
public:
  using Stop = std::atomic<bool>;
  /// Calls `work(stop)`, which returns soon after `stop` has become true, and owns what it uses: see end().
  explicit Worker(std::function<void(const Stop&)> work);
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  ~Worker() { end(); }

  /// Tells the thread to end and waits for it. A system call that waits in it is interrupted; one that goes on waiting
  /// all the same, for a pipe in which nothing comes, is left alone after a moment: it ends with the program.
  void end();
  /// What `work` threw, if it did and has ended.
  [[nodiscard]] std::exception_ptr error() const;

private:
  struct State;
  std::shared_ptr<State> state_;
};

} // namespace mien::cli
