// SPDX-License-Identifier: Apache-2.0
// JSON from files that nobody vouches for.
#pragma once

#include <nlohmann/json.hpp>

#include <string_view>

namespace mien {

/// Parses JSON strictly: one value, no key twice in an object, nested at most 16 deep.
/// Throws Error, beginning with `name`, otherwise.
[[nodiscard]] nlohmann::json parse_json(std::string_view text, std::string_view name);

} // namespace mien
