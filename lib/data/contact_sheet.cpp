// SPDX-License-Identifier: Apache-2.0
#include "mien/data/contact_sheet.hpp"

#include "mien/core/error.hpp"
#include "mien/data/draw.hpp"

#include <algorithm>

namespace mien {
namespace {

constexpr std::uint8_t paper = 245;
constexpr Colour ink = {30, 30, 30};

/// Copies `from`, every pixel as a square of zoom x zoom.
void paste(Image& onto, const Image& from, int x, int y, int zoom) {
  for (int row = 0; row < from.height * zoom; ++row) {
    for (int column = 0; column < from.width * zoom; ++column) {
      const auto* source =
          &from.pixels[static_cast<std::size_t>((row / zoom * from.width + column / zoom) * from.channels)];
      auto* target = &onto.pixels[static_cast<std::size_t>(((y + row) * onto.width + x + column) * onto.channels)];
      for (int c = 0; c < onto.channels; ++c) target[c] = source[from.channels == 1 ? 0 : c];
    }
  }
}

} // namespace

Image contact_sheet(std::span<const SheetRow> rows, int zoom) {
  if (zoom < 1) throw Error(concat("contact sheet: zoom is ", zoom, ", it must be at least 1"));
  constexpr int gap = 4, line = 20, dot = 2;
  const auto title_width = [](const SheetRow& row) { return text_width(row.title) * dot; };
  Image sheet{gap, gap, 1, {}};
  for (const auto& row : rows) {
    int width = gap, height = 0;
    for (const auto& picture : row.pictures) {
      width += picture.width * zoom + gap;
      height = std::max(height, picture.height * zoom);
      sheet.channels = std::max(sheet.channels, picture.channels);
    }
    sheet.width = std::max({sheet.width, width, title_width(row) + 2 * gap});
    sheet.height += line + height + gap;
  }
  const auto pixels = std::int64_t{sheet.width} * sheet.height;
  if (pixels > most_pixels) {
    throw Error(concat("contact sheet: ", sheet.width, "x", sheet.height, " pixels, at most ", most_pixels,
                       " are possible; ask for fewer pictures"));
  }
  sheet.pixels.assign(static_cast<std::size_t>(pixels * sheet.channels), paper);
  int y = gap;
  for (const auto& row : rows) {
    draw_text(sheet, gap, y + gap, row.title, ink, dot);
    y += line;
    int x = gap, height = 0;
    for (const auto& picture : row.pictures) {
      paste(sheet, picture, x, y, zoom);
      x += picture.width * zoom + gap;
      height = std::max(height, picture.height * zoom);
    }
    y += height + gap;
  }
  return sheet;
}

Image preview(const Dataset& data, const Preprocessing& preprocessing, const Augmentation& augmentation, int per_class,
              std::uint64_t seed) {
  check(augmentation);
  if (per_class < 1) throw Error(concat("preview: ", per_class, " pictures a class, it must be at least 1"));
  const auto counts = data.counts();
  std::vector<SheetRow> rows;
  for (std::size_t c = 0; c < counts.size(); ++c)
    rows.push_back({data.classes[c] + " (" + std::to_string(counts[c]) + ")", {}});
  std::vector<std::size_t> seen(counts.size());
  for (std::size_t i = 0; i < data.size(); ++i) {
    const auto c = static_cast<std::size_t>(data.label(i));
    const auto n = counts[c], shown = std::min(n, static_cast<std::size_t>(per_class));
    auto& pictures = rows[c].pictures;
    if (pictures.size() == shown || seen[c]++ != pictures.size() * n / shown) continue; // spread over the class
    Image picture{data.width, data.height, data.channels, std::vector<std::uint8_t>(data.picture_bytes())};
    const Rng rng(seed, Purpose::augment, 0, static_cast<std::uint32_t>(i));
    resample(std::span(picture.pixels), data.picture(i), preprocessing, draw_variation(augmentation, rng));
    pictures.push_back(std::move(picture));
  }
  return contact_sheet(rows);
}

} // namespace mien
