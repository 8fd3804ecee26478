// SPDX-License-Identifier: Apache-2.0
#include "tools/live_marks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace mien::cli {

std::vector<Annotation> live_marks(std::span<const LiveFace> faces, std::span<const std::string> labels) {
  std::vector<Annotation> marks;
  for (const auto& live : faces) {
    const auto place = std::ranges::find(labels, live.label) - labels.begin(); // unsure has a colour of its own
    auto text = live.label.empty() ? std::string("unsure") : live.label;
    if (!live.label.empty())
      text += fmt::format(" {:.0f} %", 100 * live.probabilities[static_cast<std::size_t>(place)]);
    if (live.id != 0) text = fmt::format("{}: {}", live.id, text);
    marks.push_back({.box = live.face.box, .roll = live.face.roll, .text = text, .colour = static_cast<int>(place)});
  }
  return marks;
}

Image marked(Image picture, std::span<const LiveFace> faces, std::span<const std::string> labels, bool hide) {
  if (hide) {
    std::vector<Box> boxes;
    for (const auto& live : faces) boxes.push_back(live.face.box);
    picture = blurred(std::move(picture), boxes);
  }
  return annotated(picture, live_marks(faces, labels));
}

} // namespace mien::cli
