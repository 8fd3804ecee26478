// SPDX-License-Identifier: Apache-2.0
#include "tools/spells.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <tuple>

namespace mien::cli {
namespace {

constexpr double longest_gap = 0.5;

/// Text that WebVTT takes for nothing but text.
std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '&')
      result += "&amp;";
    else if (c == '<')
      result += "&lt;";
    else if (c == '>')
      result += "&gt;";
    else if (c == '\n' || c == '\r')
      result += ' ';
    else
      result += c;
  }
  return result;
}

} // namespace

void Spells::add(std::span<const LiveFace> faces, double time) {
  std::erase_if(open_, [&](const Spell& spell) {
    const auto face = std::ranges::find(faces, spell.face, &LiveFace::id);
    const bool changed = face != faces.end() && face->label != spell.label;
    const bool gone = time - spell.end > longest_gap;
    if (changed || gone) closed_.push_back(spell);
    return changed || gone;
  });
  for (const auto& face : faces) {
    auto spell = std::ranges::find(open_, face.id, &Spell::face);
    if (spell == open_.end()) spell = open_.insert(spell, {.begin = time, .face = face.id, .label = face.label});
    spell->end = time + frame_seconds_;
  }
}

std::vector<Spell> Spells::all() const {
  auto spells = closed_;
  spells.insert(spells.end(), open_.begin(), open_.end());
  std::ranges::sort(spells, {}, [](const Spell& spell) { return std::tuple(spell.begin, spell.face); });
  return spells;
}

std::string clock_text(double seconds, int hour_digits) {
  const auto all = static_cast<std::int64_t>(std::floor(seconds * 1000 + 0.5));
  return fmt::format("{:0{}}:{:02}:{:02}.{:03}", all / 3'600'000, hour_digits, all / 60'000 % 60, all / 1000 % 60,
                     all % 1000);
}

std::string webvtt(std::span<const Spell> spells, std::string_view title) {
  std::string text = "WEBVTT\n\nNOTE " + escaped(title) + "\n";
  for (const auto& spell : spells) {
    if (spell.label.empty()) continue;
    text += fmt::format("\n{} --> {}\nface {}: {}\n", clock_text(spell.begin, 2), clock_text(spell.end, 2), spell.face,
                        escaped(spell.label));
  }
  return text;
}

} // namespace mien::cli
