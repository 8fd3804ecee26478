// SPDX-License-Identifier: Apache-2.0
// The checksum that TensorBoard's files carry.
#pragma once

#include <cstdint>
#include <string_view>

namespace mien {

/// CRC-32C: the Castagnoli polynomial 0x1EDC6F41, reflected, all ones before and after.
///
/// crc32c("123456789") = 0xE3069283. Source: RFC 3720, appendix B.4.
[[nodiscard]] std::uint32_t crc32c(std::string_view bytes) noexcept;

} // namespace mien
