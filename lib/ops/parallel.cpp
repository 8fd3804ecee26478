// SPDX-License-Identifier: Apache-2.0
// parallel_for on OpenMP, on std::thread (thread sanitizer, servers) or on the caller alone (browsers).
#include "mien/ops/parallel.hpp"

#include "lib/ops/cpu_quota.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <exception>
#include <limits>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#include <sched.h>
#if defined(MIEN_PARALLEL_OPENMP)
#include <omp.h>
#endif

namespace mien {
namespace {

/// Keeps the exception of the lowest part that threw: which one a caller sees does not depend on timing.
class FirstError {
public:
  void run(const PartFunction& f, int part, int worker) noexcept {
    if (part > part_.load(std::memory_order_relaxed)) return; // a later part cannot change the outcome any more
    try {
      f(part, worker);
    } catch (...) {
      const std::lock_guard lock(mutex_);
      if (part < part_) {
        part_ = part;
        error_ = std::current_exception();
      }
    }
  }
  void rethrow() const {
    if (error_) std::rethrow_exception(error_);
  }

private:
  std::mutex mutex_;
  std::atomic<int> part_{std::numeric_limits<int>::max()};
  std::exception_ptr error_;
};

/// The parts, divided among workers: each takes its own share first and in order, then what others have left of theirs.
/// From one call to the next the same pictures so stay with the same worker, in whose caches they are.
class Shares {
public:
  Shares(int workers, int parts) : workers_(workers), parts_(parts) {
    assert(workers <= most);
    for (int i = 0; i < workers; ++i) next_[i].value.store(begin(i), std::memory_order_relaxed);
  }

  template <class F> void work(int worker, const F& f) {
    for (int i = 0; i < workers_; ++i) {
      const int share = (worker + i) % workers_;
      for (int part; (part = next_[share].value.fetch_add(1, std::memory_order_relaxed)) < begin(share + 1);) f(part);
    }
  }

  static constexpr int most = 256; ///< workers

private:
  struct alignas(64) Next { // a cache line each
    std::atomic<int> value;
  };

  [[nodiscard]] int begin(int share) const {
    return static_cast<int>(static_cast<std::int64_t>(parts_) * share / workers_);
  }

  int workers_, parts_;
  std::array<Next, most> next_;
};

#if defined(MIEN_PARALLEL_OPENMP)

void run_parts(int threads, int parts, const PartFunction& f, FirstError& error) {
  Shares shares(threads, parts);
#pragma omp parallel num_threads(threads)
  {
    const int worker = omp_get_thread_num();
    shares.work(worker, [&](int part) { error.run(f, part, worker); });
  }
}

#elif defined(MIEN_PARALLEL_THREADS)

void run_parts(int threads, int parts, const PartFunction& f, FirstError& error) {
  Shares shares(threads, parts);
  const auto work = [&](int worker) { shares.work(worker, [&](int part) { error.run(f, part, worker); }); };
  std::vector<std::thread> helpers;
  helpers.reserve(static_cast<std::size_t>(threads) - 1);
  try {
    for (int worker = 1; worker < threads; ++worker) helpers.emplace_back(work, worker);
  } catch (const std::system_error&) {
    // The system has no more threads: those that are there do all parts.
  }
  work(0);
  for (auto& helper : helpers) helper.join();
}

#elif defined(MIEN_PARALLEL_SERIAL)

void run_parts(int, int parts, const PartFunction& f, FirstError& error) {
  for (int part = 0; part < parts; ++part) error.run(f, part, 0);
}

#else
#error "MIEN_PARALLEL must be openmp, threads or serial"
#endif

/// The CPUs that the scheduler may put this process on.
int affinity_count() {
  for (int most = 1024; most <= 1 << 16; most *= 2) { // the system refuses a set smaller than its own
    std::vector<cpu_set_t> set((static_cast<std::size_t>(most) + CPU_SETSIZE - 1) / CPU_SETSIZE);
    const auto bytes = set.size() * sizeof(cpu_set_t);
    if (sched_getaffinity(0, bytes, set.data()) == 0) return CPU_COUNT_S(bytes, set.data());
  }
  return static_cast<int>(std::thread::hardware_concurrency());
}

} // namespace

void parallel_for(int threads, int parts, const PartFunction& f) {
  const int workers = std::min({threads, parts, Shares::most});
  if (workers <= 1) {
    for (int part = 0; part < parts; ++part) f(part, 0);
    return;
  }
  FirstError error;
  run_parts(workers, parts, f, error);
  error.rethrow();
}

int available_threads() {
  const double quota = std::ceil(cpu_quota()); // one and a half CPUs keep two threads busy three quarters of the time
  return std::max(1, static_cast<int>(std::min<double>(affinity_count(), quota)));
}

} // namespace mien
