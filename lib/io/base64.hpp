// SPDX-License-Identifier: Apache-2.0
// Bytes as text, for the pictures inside a page.
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace mien {

/// Four letters for three bytes, filled up with `=`. Source: RFC 4648, section 4.
[[nodiscard]] std::string base64(std::span<const std::byte> bytes);

} // namespace mien
