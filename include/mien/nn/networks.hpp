// SPDX-License-Identifier: Apache-2.0
// Networks by name.
#pragma once

#include "mien/nn/model.hpp"

#include <cstdint>
#include <string_view>

namespace mien {

/// The field's network: four 3x3 convolutions of 32, 64, 128 and 256 filters, poolings, dropout, dense 512, dense
/// `classes`.
///
/// (48,48,1) -> logits (classes); 2,489,095 parameters for seven classes. Throws Error unless classes is at least 2.
[[nodiscard]] Model seed_network(std::int64_t classes, std::uint64_t seed = 1);

/// The network of this name with fresh parameters: `seed`. Throws Error for another name, listing those there are.
[[nodiscard]] Model network_named(std::string_view name, std::int64_t classes, std::uint64_t seed = 1);

} // namespace mien
