// SPDX-License-Identifier: Apache-2.0
// Cascades as compact tables: the format is described in scripts/make_cascades.py, which writes them.
#pragma once

#include "mien/core/cascade.hpp"

#include <cstddef>
#include <span>
#include <string_view>

namespace mien {

/// Reads a table. Throws Error, beginning with `name`, if it is cut short, goes on after its end, or holds what cannot
/// be evaluated.
[[nodiscard]] Cascade parse_cascade_table(std::span<const std::byte> bytes, std::string_view name);

} // namespace mien
