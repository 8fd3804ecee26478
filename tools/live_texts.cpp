// SPDX-License-Identifier: Apache-2.0
#include "tools/live_texts.hpp"

#include <nlohmann/json.hpp>

namespace mien::cli {

std::string LiveTexts::line(const Frame& frame, const std::vector<LiveFace>& faces) const {
  nlohmann::ordered_json json;
  if (!video_.empty()) json["video"] = video_;
  json["frame"] = frame.number;
  json["time"] = frame.time;
  json["width"] = frame.picture.width;
  json["height"] = frame.picture.height;
  json["faces"] = nlohmann::ordered_json::array();
  for (const auto& face : faces) {
    nlohmann::ordered_json one;
    if (face.id != 0) one["id"] = face.id;
    const auto& b = face.face.box;
    one["box"] = {b.x, b.y, b.width, b.height};
    one["score"] = face.face.score;
    one["label"] = nullptr;
    if (!face.label.empty()) one["label"] = face.label;
    for (std::size_t i = 0; i < labels_.size(); ++i) one["probabilities"][labels_[i]] = face.probabilities[i];
    json["faces"].push_back(one);
  }
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

} // namespace mien::cli
