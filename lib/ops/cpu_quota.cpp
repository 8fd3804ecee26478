// SPDX-License-Identifier: Apache-2.0
// Source: "CPU bandwidth control" in the Linux kernel's documentation, cgroup-v2.rst and cgroup-v1/.
#include "lib/ops/cpu_quota.hpp"

#include <algorithm>
#include <fstream>
#include <limits>
#include <string>

namespace mien {
namespace {

namespace fs = std::filesystem;
constexpr double unlimited = std::numeric_limits<double>::infinity();

/// Version 2: one file with "max 100000" or "150000 100000".
double quota_v2(const fs::path& group) {
  std::ifstream file(group / "cpu.max");
  double quota = 0, period = 0;
  return file >> quota >> period && quota > 0 && period > 0 ? quota / period : unlimited;
}

/// Version 1: two files; -1 is no limit.
double quota_v1(const fs::path& group) {
  std::ifstream quota_file(group / "cpu.cfs_quota_us"), period_file(group / "cpu.cfs_period_us");
  double quota = 0, period = 0;
  return quota_file >> quota && period_file >> period && quota > 0 && period > 0 ? quota / period : unlimited;
}

/// A group is bound by all groups above it. In a container its own path may not be mounted; the root then stands for
/// it.
template <class Quota> double smallest(const fs::path& mount, fs::path group, Quota quota) {
  double result = unlimited;
  for (group = group.relative_path(); !group.empty(); group = group.parent_path()) {
    result = std::min(result, quota(mount / group));
  }
  return std::min(result, quota(mount));
}

} // namespace

double cpu_quota(const fs::path& root) {
  double result = unlimited;
  std::ifstream groups(root / "proc/self/cgroup");
  const auto mount = root / "sys/fs/cgroup";
  for (std::string line; std::getline(groups, line);) { // "0::/path" or "4:cpu,cpuacct:/path"
    const auto first = line.find(':');
    const auto second = first == std::string::npos ? first : line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const auto controllers = line.substr(first + 1, second - first - 1);
    const fs::path group = line.substr(second + 1);
    if (controllers.empty()) {
      result = std::min(result, smallest(mount, group, quota_v2));
    } else if (("," + controllers + ",").find(",cpu,") != std::string::npos) {
      result = std::min(result, smallest(mount / controllers, group, quota_v1));
    }
  }
  return result;
}

} // namespace mien
