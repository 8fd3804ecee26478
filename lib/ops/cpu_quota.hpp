// SPDX-License-Identifier: Apache-2.0
// How many CPUs a container's cgroup lets this process use.
#pragma once

#include <filesystem>

namespace mien {

/// The smallest CPU quota from this process's cgroup (version 1 or 2) up to the root, in CPUs; infinity if there is
/// none. `root` is where proc/ and sys/ are found: "/", or a made-up tree in a test.
[[nodiscard]] double cpu_quota(const std::filesystem::path& root = "/");

} // namespace mien
