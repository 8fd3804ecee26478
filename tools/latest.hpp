// SPDX-License-Identifier: Apache-2.0
// The place where one thread leaves a value for another: it holds the latest, and nothing queues up.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <utility>

namespace mien::cli {

/// Holds one value or none. Whoever makes values faster than they are taken chooses what happens to those that nobody
/// took: offer() drops them, hand_over() waits.
template <class T> class Latest {
public:
  /// Leaves a value, in place of one that nobody has taken; never waits. True if one was dropped so.
  bool offer(T value) {
    const std::lock_guard lock(mutex_);
    if (closed_) return false;
    const bool dropped = value_.has_value();
    value_ = std::move(value);
    changed_.notify_all();
    return dropped;
  }
  /// Waits until the place is free, then leaves a value. False, without leaving it, if the place was closed.
  bool hand_over(T value) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !value_ || closed_; });
    if (closed_) return false;
    value_ = std::move(value);
    changed_.notify_all();
    return true;
  }
  /// Takes the value, for which it waits. None: the place was closed, and nothing is left in it.
  std::optional<T> take() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return value_ || closed_; });
    return taken();
  }
  /// Takes the value, for which it waits at most so long. None: there was none, or the place is closed.
  std::optional<T> take(std::chrono::milliseconds most) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, most, [&] { return value_ || closed_; });
    return taken();
  }
  /// Nothing more will come: what is in the place may still be taken. Wakes everybody who waits.
  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    changed_.notify_all();
  }
  /// Whether nothing will be taken here any more.
  [[nodiscard]] bool finished() const {
    const std::lock_guard lock(mutex_);
    return closed_ && !value_;
  }

private:
  std::optional<T> taken() {
    auto value = std::exchange(value_, std::nullopt);
    changed_.notify_all();
    return value;
  }

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<T> value_;
  bool closed_ = false;
};

} // namespace mien::cli
