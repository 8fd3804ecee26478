// SPDX-License-Identifier: Apache-2.0
#include "tools/picture_size.hpp"

#include <charconv>

namespace mien::cli {

std::optional<PictureSize> square_size(std::string_view text) {
  int side = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), side);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return PictureSize{side, side};
}

std::optional<PictureSize> picture_size(std::string_view text) {
  const auto cross = text.find('x');
  if (cross == std::string_view::npos) return std::nullopt;
  const auto width = square_size(text.substr(0, cross)), height = square_size(text.substr(cross + 1));
  if (!width || !height) return std::nullopt;
  return PictureSize{width->width, height->height};
}

} // namespace mien::cli
