// SPDX-License-Identifier: Apache-2.0
// Sizes as people type them.
#pragma once

#include <optional>
#include <string_view>

namespace mien::cli {

struct PictureSize {
  int width = 0, height = 0;
};

/// What `640x480` means; nothing for any other text.
[[nodiscard]] std::optional<PictureSize> picture_size(std::string_view text);
/// The same for a single number, `48`, which is both width and height.
[[nodiscard]] std::optional<PictureSize> square_size(std::string_view text);

} // namespace mien::cli
