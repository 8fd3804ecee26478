// SPDX-License-Identifier: Apache-2.0
#include "tools/live_marks.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mien::cli {

std::vector<Annotation> live_marks(std::span<const LiveFace> faces, std::span<const std::string> labels) {
  std::vector<Annotation> marks;
  for (const auto& face : faces) {
    const auto label = std::ranges::find(labels, face.label) - labels.begin();
    auto text = face.label.empty() ? std::string("unsure")
                                   : fmt::format("{} {:.0f} %", face.label, 100 * std::ranges::max(face.probabilities));
    if (face.id != 0) text = fmt::format("{} {}", face.id, text);
    marks.push_back({.box = face.face.box, .roll = face.face.roll, .text = text, .colour = static_cast<int>(label)});
  }
  return marks;
}

} // namespace mien::cli
