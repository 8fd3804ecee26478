// SPDX-License-Identifier: Apache-2.0
#include "lib/ops/cpu_quota.hpp"
#include "mien/core/error.hpp"
#include "mien/ops/parallel.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"

#include <atomic>
#include <cmath>
#include <fstream>
#include <vector>

using namespace mien;

TEST_CASE("parallel_for: every part is done once, by a worker in range") {
  for (const int threads : {-1, 0, 1, 2, 3, 8}) {
    for (const int parts : {0, 1, 2, 7, 1000}) {
      std::vector<std::atomic<int>> done(static_cast<std::size_t>(parts));
      std::atomic<bool> in_range = true;
      parallel_for(threads, parts, [&](int part, int worker) {
        ++done[static_cast<std::size_t>(part)];
        if (worker < 0 || worker >= std::max(threads, 1)) in_range = false;
      });
      CHECK(in_range);
      for (const auto& count : done) REQUIRE(count == 1);
    }
  }
}

TEST_CASE("parallel_for: one worker's scratch is never used by two parts at a time") {
  std::vector<std::atomic<int>> busy(4);
  std::atomic<bool> shared = false;
  parallel_for(4, 500, [&](int, int worker) {
    auto& mine = busy[static_cast<std::size_t>(worker)];
    if (mine++ != 0) shared = true;
    --mine;
  });
  CHECK_FALSE(shared);
}

TEST_CASE("parallel_for: the lowest part that throws is the one whose exception arrives") {
  for (const int threads : {1, 2, 3}) {
    for (int run = 0; run < 20; ++run) {
      CHECK_THROWS_WITH(parallel_for(threads, 100,
                                     [](int part, int) {
                                       if (part % 10 == 7) throw Error(concat("part ", part));
                                     }),
                        "part 7");
    }
  }
}

TEST_CASE("parallel_for: a part may use parallel_for itself") {
  std::atomic<int> sum = 0;
  parallel_for(2, 4, [&](int, int) { parallel_for(2, 5, [&](int part, int) { sum += part; }); });
  CHECK(sum == 40);
}

TEST_CASE("available_threads: at least one") { CHECK(available_threads() >= 1); }

TEST_CASE("cpu_quota: the smallest limit on the way to the root, in either version of cgroup") {
  const test::TempFolder root;
  const auto write = [&](const std::filesystem::path& path, const char* text) {
    create_directories((root / path).parent_path());
    std::ofstream(root / path) << text;
  };
  CHECK(std::isinf(cpu_quota(root.path()))); // no cgroup at all

  write("proc/self/cgroup", "0::/a/b\n");
  write("sys/fs/cgroup/a/b/cpu.max", "max 100000\n");
  CHECK(std::isinf(cpu_quota(root.path())));
  write("sys/fs/cgroup/a/cpu.max", "150000 100000\n");
  CHECK(cpu_quota(root.path()) == 1.5);
  write("proc/self/cgroup", "0::/not/mounted/here\n");
  write("sys/fs/cgroup/cpu.max", "50000 100000\n");
  CHECK(cpu_quota(root.path()) == 0.5);

  write("proc/self/cgroup", "12:cpuset:/x\n4:cpu,cpuacct:/c\n");
  write("sys/fs/cgroup/cpu,cpuacct/c/cpu.cfs_quota_us", "-1\n");
  write("sys/fs/cgroup/cpu,cpuacct/c/cpu.cfs_period_us", "100000\n");
  CHECK(std::isinf(cpu_quota(root.path())));
  write("sys/fs/cgroup/cpu,cpuacct/c/cpu.cfs_quota_us", "300000\n");
  CHECK(cpu_quota(root.path()) == 3.0);
}
