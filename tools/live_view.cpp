// SPDX-License-Identifier: Apache-2.0
#include "tools/live_view.hpp"

#include "tools/console.hpp"
#include "tools/live_marks.hpp"
#include "tools/live_panel.hpp"

#include "mien/data/draw.hpp"
#include "mien/data/grey.hpp"
#include "mien/vision/annotate.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace mien::cli {
namespace {

constexpr Colour white{255, 255, 255};

constexpr const char* help_text = "q, Esc   quit\n"
                                  "p, space pause, and go on\n"
                                  "s        save a picture\n"
                                  "b        hide the faces\n"
                                  "m        mirror\n"
                                  "f        full screen\n"
                                  "h, F1    this help\n"
                                  "\n"
                                  "A label names how a face\n"
                                  "looks, not what somebody\n"
                                  "feels; one in three is\n"
                                  "wrong. Nothing is stored\n"
                                  "or sent unless you ask.";

Box mirrored(Box box, int width) {
  box.x = width - box.x - box.width;
  return box;
}

Image mirrored(Image picture) {
  const auto width = static_cast<std::size_t>(picture.width), channels = static_cast<std::size_t>(picture.channels);
  for (auto row = picture.pixels.begin(); row != picture.pixels.end();
       row += static_cast<std::ptrdiff_t>(width * channels))
    for (std::size_t left = 0, right = width - 1; left < right; ++left, --right)
      std::swap_ranges(row + static_cast<std::ptrdiff_t>(left * channels),
                       row + static_cast<std::ptrdiff_t>((left + 1) * channels),
                       row + static_cast<std::ptrdiff_t>(right * channels));
  return picture;
}

/// The picture as it is shown: hidden faces first, so that nothing of them is left when marks are drawn.
Image shown(const LiveView& view) {
  Image picture = to_rgb(*view.picture);
  if (!view.hidden.empty()) picture = blurred(std::move(picture), view.hidden);
  if (view.mirror) picture = mirrored(std::move(picture));
  auto marks = live_marks(view.faces, view.labels);
  for (auto& mark : marks) {
    if (!view.mirror) break;
    mark.box = mirrored(mark.box, picture.width);
    mark.roll = -mark.roll;
  }
  return annotated(picture, marks);
}

void darken(Image& canvas, const Box& place) {
  for (int y = std::max(0, place.y); y < std::min(canvas.height, place.y + place.height); ++y) {
    const auto row = canvas.pixels.begin() + std::ptrdiff_t{y} * canvas.width * 3;
    const int left = std::max(0, place.x), right = std::min(canvas.width, place.x + place.width);
    std::for_each(row + left * 3, row + right * 3, [](auto& byte) { byte = static_cast<std::uint8_t>(byte / 5); });
  }
}

/// Sentences over the picture, on a dark ground: `where` 0 is its top, 1 its bottom.
void draw_sentences(Image& canvas, int width, int dot, const std::string& text, double where) {
  const int character = (glyph_width + 1) * dot, line = (glyph_height + 3) * dot, margin = 5 * dot;
  const auto most = static_cast<std::size_t>(std::max(8, (width - 2 * margin) / character));
  std::vector<std::string> lines(1);
  for (const char c : wrapped(text, 0, most)) {
    if (c == '\n')
      lines.emplace_back();
    else
      lines.back() += c;
  }
  std::size_t longest = 0;
  for (const auto& one : lines) longest = std::max(longest, one.size());
  const int wide = static_cast<int>(longest) * character + 2 * margin;
  const int high = static_cast<int>(lines.size()) * line + 2 * margin - 3 * dot;
  const Box place{(width - wide) / 2, static_cast<int>((canvas.height - high) * where), wide, high};
  darken(canvas, place);
  int y = place.y + margin;
  for (const auto& one : lines) {
    draw_text(canvas, place.x + margin, y, one, white, dot);
    y += line;
  }
}

/// Copies a picture into the canvas, rows `y` and below.
void paste(Image& canvas, const Image& picture, int y) {
  const auto bytes = std::ptrdiff_t{picture.width} * 3;
  for (int row = 0; row < picture.height; ++row)
    std::copy_n(picture.pixels.begin() + row * bytes, bytes,
                canvas.pixels.begin() + std::ptrdiff_t{y + row} * canvas.width * 3);
}

} // namespace

Image drawn(const LiveView& view) {
  const int width = view.picture ? view.picture->width : view.width;
  const int height = view.picture ? view.picture->height : view.height;
  const int dot = dot_for(width, height);
  Image canvas{width + panel_width * dot, std::max(height, panel_height * dot), 3, {}};
  canvas.pixels.resize(static_cast<std::size_t>(canvas.width) * static_cast<std::size_t>(canvas.height) * 3);
  if (view.picture) paste(canvas, shown(view), (canvas.height - height) / 2);
  draw_panel(canvas, width, dot, view);
  if (!view.notice.empty() && !view.help) draw_sentences(canvas, width, dot, view.notice, 1);
  if (view.help)
    draw_sentences(canvas, width, dot, help_text, 0.5);
  else if (!view.trouble.empty())
    draw_sentences(canvas, width, dot, view.trouble, 0.4);
  else if (!view.picture)
    draw_sentences(canvas, width, dot, "waiting for the first picture", 0.4);
  else if (view.paused)
    draw_sentences(canvas, width, dot, "paused", 0.4);
  return canvas;
}

} // namespace mien::cli
