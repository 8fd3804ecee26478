// SPDX-License-Identifier: Apache-2.0
// Networks from JSON files: the same text that a model file keeps of its architecture.
#pragma once

#include "mien/nn/model.hpp"

#include <cstdint>
#include <filesystem>

namespace mien {

/// Builds the network that a JSON file describes, and initialises it; the text is that of `architecture` in
/// docs/model-format.md. Throws Error, beginning with the path, if the file cannot be read or the network cannot be
/// built.
[[nodiscard]] Model read_network(const std::filesystem::path& path, std::uint64_t seed = 1);

} // namespace mien
