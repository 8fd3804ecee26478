// SPDX-License-Identifier: Apache-2.0
// Which version of the library this is.
#pragma once

#include <string_view>

namespace mien {

/// `0.1.0`: what was linked, whatever headers a program was compiled with.
[[nodiscard]] std::string_view version() noexcept;

} // namespace mien
