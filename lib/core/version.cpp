// SPDX-License-Identifier: Apache-2.0
// The version that CMakeLists.txt states.
#include "mien/core/version.hpp"

namespace mien {

std::string_view version() noexcept { return MIEN_VERSION; }

} // namespace mien
