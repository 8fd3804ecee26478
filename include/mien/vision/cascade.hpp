// SPDX-License-Identifier: Apache-2.0
// Where cascades come from: OpenCV's files, and the ones that are compiled in.
#pragma once

#include "mien/core/cascade.hpp"

#include <filesystem>
#include <span>
#include <string_view>

namespace mien {

/// Reads OpenCV's XML; every index is checked, so that whatever comes back can be evaluated.
/// Throws Error, beginning with `name`, that says what is wrong and where.
[[nodiscard]] Cascade parse_cascade(std::string_view xml, std::string_view name);

/// Reads a cascade file. Throws Error if it cannot be read, and as parse_cascade does.
[[nodiscard]] Cascade read_cascade(const std::filesystem::path& path);

/// The cascades that are compiled in, by OpenCV's file names without `haarcascade_` and `.xml`: "frontalface_default".
[[nodiscard]] std::span<const std::string_view> cascade_names() noexcept;

/// A cascade that is compiled in; "haarcascade_frontalface_default" is understood as well. Throws Error with the names
/// for any other.
[[nodiscard]] Cascade named_cascade(std::string_view name);

} // namespace mien
