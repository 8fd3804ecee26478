// SPDX-License-Identifier: Apache-2.0
#include "tools/live_panel.hpp"

#include "mien/data/draw.hpp"
#include "mien/vision/annotate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace mien::cli {
namespace {

constexpr Colour ground{22, 24, 28}, light{238, 238, 238}, dim{160, 165, 172}, track{54, 58, 66}, red{235, 52, 52};
constexpr int margin = 6, line = 11, bar_left = 64, bar_right = 106, block_heading = 13;

/// Draws in dots, from the panel's top left corner.
class Panel {
public:
  Panel(Image& canvas, int x, int dot) : canvas_(canvas), x_(x), dot_(dot) {
    mien::fill(canvas_, x, 0, panel_width * dot, canvas.height, ground);
  }

  [[nodiscard]] int height() const { return canvas_.height / dot_; }
  void fill(int x, int y, int width, int height, Colour colour) {
    mien::fill(canvas_, x_ + x * dot_, y * dot_, width * dot_, height * dot_, colour);
  }
  void text(int x, int y, std::string_view words, Colour colour) {
    draw_text(canvas_, x_ + x * dot_, y * dot_, words, colour, dot_);
  }
  /// A line within the margins; what is longer is cut off.
  void text(int y, std::string_view words, Colour colour = light) {
    constexpr std::size_t most = (panel_width - 2 * margin + 1) / (glyph_width + 1);
    text(margin, y, words.substr(0, most), colour);
  }
  void disc(int x, int y, double radius, Colour colour) {
    for (int row = -4; row <= 4; ++row) {
      const int half = static_cast<int>(std::sqrt(std::max(0.0, radius * radius - row * row)));
      if (std::abs(row) <= radius) fill(x - half, y + row, 2 * half + 1, 1, colour);
    }
  }
  /// A share of a bar, in pixels of the picture: finer than dots.
  void bar(int y, double share, Colour colour) {
    fill(bar_left, y, bar_right - bar_left, 7, track);
    const auto width = static_cast<int>(std::clamp(share, 0.0, 1.0) * (bar_right - bar_left) * dot_ + 0.5);
    mien::fill(canvas_, x_ + bar_left * dot_, y * dot_, width, 7 * dot_, colour);
  }

private:
  Image& canvas_;
  int x_, dot_;
};

std::string clock_text(double seconds) {
  const auto all = static_cast<int>(seconds);
  return fmt::format("{}:{:02}", all / 60, all % 60);
}

/// What is being read, and what is being kept. The camera's sign cannot be switched off.
void draw_signs(Panel& panel, const LiveView& view) {
  const auto sign = [&](int y, const std::string& text) {
    panel.disc(margin + 4, y + 3, 4.2, red);
    panel.text(margin + 13, y, text, light);
  };
  if (view.camera)
    sign(margin, view.paused ? "camera on, paused" : "camera on");
  else
    panel.text(margin, view.paused ? view.source.substr(0, 13) + ", paused" : view.source);
  if (view.recording) sign(margin + line + 2, "recording " + clock_text(*view.recording));
}

std::string heading(const LiveFace& face) {
  return (face.id > 0 ? fmt::format("face {}: ", face.id) : "face: ") + (face.label.empty() ? "unsure" : face.label);
}

/// A face's probabilities, or without a face the names alone.
void draw_block(Panel& panel, int y, const LiveView& view, const LiveFace* face) {
  panel.text(y, face ? heading(*face) : view.picture ? "no face found" : "");
  y += block_heading;
  for (std::size_t i = 0; i < view.labels.size(); ++i, y += line) {
    const double share = face && i < face->probabilities.size() ? static_cast<double>(face->probabilities[i]) : 0;
    constexpr std::size_t most = (bar_left - margin - 3) / (glyph_width + 1);
    panel.text(margin, y, view.labels[i].substr(0, most), face && view.labels[i] == face->label ? light : dim);
    panel.bar(y, share, class_colour(static_cast<int>(i)));
    if (face) panel.text(bar_right + 3, y, fmt::format("{:3.0f}%", share * 100), dim);
  }
}

/// The faces that have been followed longest, each with its bars, as far as there is room.
void draw_faces(Panel& panel, int top, int bottom, const LiveView& view) {
  const int block = block_heading + line * static_cast<int>(view.labels.size()) + margin;
  std::vector<const LiveFace*> faces;
  for (const auto& face : view.faces) faces.push_back(&face);
  std::ranges::stable_sort(faces, {}, [](const auto* face) { return face->id; });
  if (faces.empty()) faces.push_back(nullptr);
  for (const auto* face : faces) {
    if (top + block > bottom && face != faces.front()) break;
    draw_block(panel, top, view, face);
    top += block;
  }
}

} // namespace

int dot_for(int width, int height) noexcept { return std::max(1, (std::min(width, height) + 150) / 300); }

void draw_panel(Image& canvas, int x, int dot, const LiveView& view) {
  Panel panel(canvas, x, dot);
  draw_signs(panel, view);
  int y = margin + 2 * line + 6;
  panel.text(y, "apparent expression,", dim);
  panel.text(y += line, "not a feeling", dim);

  const int keys = panel.height() - margin - glyph_height, rates = keys - 3 * line - 6;
  draw_faces(panel, y + line + 6, rates, view);
  panel.text(rates, fmt::format("{:.1f} pictures/s", view.pictures), dim);
  panel.text(rates + line, fmt::format("{:.1f} labelled/s", view.labelled), dim);
  if (view.delay > 0) panel.text(rates + 2 * line, fmt::format("delay {:.0f} ms", view.delay * 1000), dim);
  panel.text(keys, "h help    q quit", light);
}

} // namespace mien::cli
