// SPDX-License-Identifier: Apache-2.0
// parallel_for on OpenMP, on std::thread (thread sanitizer, servers) or on the caller alone (browsers).
#include "mien/ops/parallel.hpp"

#include "lib/ops/cpu_quota.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
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

#if defined(MIEN_PARALLEL_OPENMP)

void run_parts(int threads, int parts, const PartFunction& f, FirstError& error) {
#pragma omp parallel for num_threads(threads) schedule(dynamic, 1)
  for (int part = 0; part < parts; ++part) error.run(f, part, omp_get_thread_num());
}

#elif defined(MIEN_PARALLEL_THREADS)

void run_parts(int threads, int parts, const PartFunction& f, FirstError& error) {
  std::atomic<int> next{0};
  const auto work = [&](int worker) {
    for (int part = next++; part < parts; part = next++) error.run(f, part, worker);
  };
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
  const int workers = std::min(threads, parts);
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
