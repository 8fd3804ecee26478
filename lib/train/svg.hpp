// SPDX-License-Identifier: Apache-2.0
// What the drawings share: escaping, and colours for a light and a dark page.
#pragma once

#include <string>
#include <string_view>

namespace mien::svg {

/// `text` where XML wants text or an attribute.
[[nodiscard]] std::string escaped(std::string_view text);

/// CSS for the classes `page`, `ink`, `faint`, `line`, `mark` and `other`, on a light and on a dark page.
extern const std::string_view style;

/// The first lines of a drawing that stands in a page with `style`: its size, and its title for those who cannot see
/// it. The caller ends it with `</svg>`.
[[nodiscard]] std::string open(int width, int height, std::string_view title);

/// The same for a drawing that stands alone: with `style`, further CSS, and a ground.
[[nodiscard]] std::string head(int width, int height, std::string_view title, std::string_view more = {});

} // namespace mien::svg
