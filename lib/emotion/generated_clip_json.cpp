// SPDX-License-Identifier: Apache-2.0
#include "mien/emotion/generated_clips.hpp"
#include "mien/emotion/labels.hpp"

#include <nlohmann/json.hpp>

#include <cmath>

namespace mien {
namespace {

using Json = nlohmann::ordered_json;

double rounded(double value, double steps) { return std::round(value * steps) / steps; }

Json described(const ClipFace& face) {
  const Box& box = face.box;
  return {{"id", face.id},
          {"box", {box.x, box.y, box.width, box.height}},
          {"roll", rounded(static_cast<double>(face.roll), 10)},
          {"label", expression_names[face.expression]},
          {"hidden", rounded(static_cast<double>(face.hidden), 100)}};
}

Json described(const ClipChange& change) {
  return {{"id", change.id},
          {"begin", rounded(change.begin, 1000)},
          {"end", rounded(change.end, 1000)},
          {"from", expression_names[change.from]},
          {"to", expression_names[change.to]}};
}

/// A list with a line an element, of which there are `count`.
template <class Element> std::string lines(std::size_t count, const Element& element) {
  std::string text = "[";
  for (std::size_t i = 0; i < count; ++i) text += (i > 0 ? ",\n  " : "\n  ") + element(i).dump();
  return text + "]";
}

} // namespace

std::string clip_json(const GeneratedClip& clip, std::string_view video) {
  const auto& options = clip.options();
  const Json head = {{"video", video},
                     {"width", options.width},
                     {"height", options.height},
                     {"rate", options.rate},
                     {"labels", expression_names}};
  std::string text = head.dump();
  text.pop_back(); // the brace
  const auto& changes = clip.changes();
  text += ",\n \"changes\":" + lines(changes.size(), [&](std::size_t i) { return described(changes[i]); });
  text += ",\n \"frames\":" + lines(static_cast<std::size_t>(clip.frames()), [&](std::size_t i) {
            const int frame = static_cast<int>(i);
            Json faces = Json::array();
            for (const auto& face : clip.faces(frame)) faces.push_back(described(face));
            return Json{{"frame", frame}, {"time", rounded(clip.time_of(frame), 1000)}, {"faces", faces}};
          });
  return text + "}\n";
}

} // namespace mien
