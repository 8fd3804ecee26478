// SPDX-License-Identifier: Apache-2.0
// Ctrl-C and the like go to the main thread alone; one signal is there to wake a worker.
#include "tools/worker.hpp"

#include <chrono>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <thread>
#include <utility>

#include <pthread.h>

namespace mien::cli {
namespace {

constexpr int wake = SIGUSR1;
constexpr auto between_wakes = std::chrono::milliseconds(20);
constexpr int most_wakes = 25; // half a second

extern "C" void do_nothing(int) {}

/// Without SA_RESTART: what the signal is for is that a system call gives up.
void listen_for_wake() {
  struct sigaction action {};
  action.sa_handler = do_nothing;
  ::sigaction(wake, &action, nullptr);
}

/// Threads that are begun during its life hear nothing of Ctrl-C and the like, which would interrupt what they wait
/// for.
class WithoutInterrupts {
public:
  WithoutInterrupts() {
    sigset_t blocked;
    ::sigemptyset(&blocked);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) ::sigaddset(&blocked, signal);
    ::pthread_sigmask(SIG_BLOCK, &blocked, &before_);
  }
  WithoutInterrupts(const WithoutInterrupts&) = delete;
  WithoutInterrupts& operator=(const WithoutInterrupts&) = delete;
  ~WithoutInterrupts() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

private:
  sigset_t before_{};
};

} // namespace

struct Worker::State {
  Stop stop = false;
  mutable std::mutex mutex{};
  std::condition_variable changed{};
  bool done = false;
  std::exception_ptr error{};
  std::thread thread{};
};

Worker::Worker(std::function<void(const Stop&)> work) : state_(std::make_shared<State>()) {
  listen_for_wake();
  const WithoutInterrupts signals;
  state_->thread = std::thread([state = state_, work = std::move(work)]() mutable {
    std::exception_ptr error;
    try {
      work(state->stop);
    } catch (...) {
      error = std::current_exception();
    }
    work = {}; // what it owns goes before anybody hears that it is done
    const std::lock_guard lock(state->mutex);
    state->error = error;
    state->done = true;
    state->changed.notify_all();
  });
}

void Worker::end() {
  auto& state = *state_;
  if (!state.thread.joinable()) return;
  state.stop = true;
  std::unique_lock lock(state.mutex);
  for (int i = 0; i < most_wakes && !state.done; ++i) {
    ::pthread_kill(state.thread.native_handle(), wake);
    state.changed.wait_for(lock, between_wakes, [&] { return state.done; });
  }
  const bool done = state.done;
  lock.unlock();
  if (done)
    state.thread.join();
  else
    state.thread.detach();
}

std::exception_ptr Worker::error() const {
  const std::lock_guard lock(state_->mutex);
  return state_->error;
}

} // namespace mien::cli
