// SPDX-License-Identifier: Apache-2.0
// Ctrl-C as a question that a loop asks.
#include "tools/interrupt.hpp"

#include <atomic>
#include <csignal>

namespace mien::cli {
namespace {

std::atomic<bool> flag = false;
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may only use such");

constexpr int signals[] = {SIGINT, SIGTERM, SIGHUP};

extern "C" void set_flag(int) {
  flag = true;
  for (const auto signal : signals) std::signal(signal, SIG_DFL);
}

} // namespace

void catch_interrupts() {
  struct sigaction action {};
  action.sa_handler = set_flag;
  action.sa_flags = SA_RESTART;
  for (const auto signal : signals) {
    struct sigaction before {};
    ::sigaction(signal, nullptr, &before);
    if (before.sa_handler != SIG_IGN) ::sigaction(signal, &action, nullptr);
  }
}

bool interrupted() noexcept { return flag; }

} // namespace mien::cli
