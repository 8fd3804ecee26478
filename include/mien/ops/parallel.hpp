// SPDX-License-Identifier: Apache-2.0
// The one seam between the library and threads.
#pragma once

namespace mien {

/// A callable borrowed for the length of a call; unlike std::function it never allocates.
class PartFunction {
public:
  template <class F>
  PartFunction(const F& f) noexcept
      : f_(&f), call_([](const void* g, int part, int worker) { (*static_cast<const F*>(g))(part, worker); }) {}

  void operator()(int part, int worker) const { call_(f_, part, worker); }

private:
  const void* f_;
  void (*call_)(const void* f, int part, int worker);
};

/// Calls `f(part, worker)` once for every part in [0, parts), spread over up to `threads` workers.
///
/// Which worker takes which part is not defined, so a result must not depend on it: `worker`, in
/// [0, threads), is there to find scratch memory that no other worker uses at the same time. Returns
/// when all parts are done. The first exception that a part throws is thrown again here, after the others have ended.
/// Backends: OpenMP, std::thread or none, chosen when the library is built (MIEN_PARALLEL).
void parallel_for(int threads, int parts, const PartFunction& f);

/// How many threads this process may keep busy: what CPU affinity and a cgroup's quota leave, at least 1.
[[nodiscard]] int available_threads();

} // namespace mien
