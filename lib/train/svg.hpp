// SPDX-License-Identifier: Apache-2.0
// What the drawings share: escaping, and colours for a light and a dark page.
#pragma once

#include <string>
#include <string_view>

namespace mien::svg {

/// `text` where XML wants text or an attribute.
[[nodiscard]] std::string escaped(std::string_view text);

/// The first lines of a drawing: its size, its title for those who cannot see it, and the classes `page`, `ink`,
/// `faint`, `line`, `mark` and `other` with their colours. `more` is further CSS. The caller ends it with `</svg>`.
[[nodiscard]] std::string head(int width, int height, std::string_view title, std::string_view more = {});

} // namespace mien::svg
