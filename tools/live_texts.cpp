// SPDX-License-Identifier: Apache-2.0
#include "tools/live_texts.hpp"

#include "tools/console.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace mien::cli {
namespace {

using Json = nlohmann::ordered_json;

Json to_json(const LiveFace& live, std::span<const std::string> labels) {
  Json json;
  const auto& [box, score, roll] = std::tie(live.face.box, live.face.score, live.face.roll);
  if (live.id != 0) json["id"] = live.id;
  json["box"] = {box.x, box.y, box.width, box.height};
  json["score"] = score;
  if (roll != 0) json["roll"] = roll;
  json["label"] = live.label.empty() ? Json() : Json(live.label);
  json["probabilities"] = Json::object();
  for (std::size_t c = 0; c < labels.size(); ++c) json["probabilities"][labels[c]] = live.probabilities[c];
  return json;
}

/// Throws as nlohmann::json does if something is missing or of another kind.
LiveFace face_of(const Json& json, std::span<const std::string> labels) {
  LiveFace live;
  live.id = json.value("id", std::uint64_t{0});
  const auto box = json.at("box").get<std::vector<int>>();
  live.face.box = {box.at(0), box.at(1), box.at(2), box.at(3)};
  live.face.score = json.at("score").get<double>();
  live.face.roll = json.value("roll", 0.0f);
  if (!json.at("label").is_null()) live.label = json.at("label").get<std::string>();
  for (const auto& label : labels) live.probabilities.push_back(json.at("probabilities").at(label).get<float>());
  return live;
}

/// A name as a line has it: bytes that are no UTF-8 are replaced.
std::string as_written(const std::string& name) {
  return Json::parse(Json(name).dump(-1, ' ', false, Json::error_handler_t::replace)).get<std::string>();
}

} // namespace

std::string LiveTexts::line(const FrameFaces& frame) const {
  Json json;
  if (!video_.empty()) json["video"] = video_;
  json["frame"] = frame.number;
  json["time"] = frame.time;
  json["width"] = frame.width;
  json["height"] = frame.height;
  json["faces"] = Json::array();
  for (const auto& face : frame.faces) json["faces"].push_back(to_json(face, labels_));
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string LiveTexts::line(const Frame& frame, std::vector<LiveFace> faces) const {
  return line(FrameFaces{frame.number, frame.time, frame.picture.width, frame.picture.height, std::move(faces)});
}

std::string LiveTexts::heading(std::span<const std::string> labels) {
  std::string head = "video,frame,time,id,x,y,width,height,score,label";
  for (const auto& label : labels) head += "," + csv_field(label);
  return head + "\n";
}

std::string LiveTexts::rows(const FrameFaces& frame) const {
  const auto begin = fmt::format("{},{},{}", csv_field(video_), frame.number, frame.time);
  if (frame.faces.empty()) return begin + std::string(7 + labels_.size(), ',') + "\n";
  std::string rows;
  for (const auto& live : frame.faces) {
    const auto& box = live.face.box;
    rows += begin + "," + (live.id == 0 ? "" : fmt::format("{}", live.id));
    rows +=
        fmt::format(",{},{},{},{},{},{}", box.x, box.y, box.width, box.height, live.face.score, csv_field(live.label));
    for (const float p : live.probabilities) rows += fmt::format(",{}", p);
    rows += "\n";
  }
  return rows;
}

std::optional<FrameFaces> LiveTexts::read(std::string_view line) const try {
  const auto json = Json::parse(line);
  if (json.at("video").get<std::string>() != as_written(video_)) return {};
  FrameFaces frame{.number = json.at("frame").get<std::uint64_t>(),
                   .time = json.at("time").get<double>(),
                   .width = json.at("width").get<int>(),
                   .height = json.at("height").get<int>()};
  for (const auto& face : json.at("faces")) frame.faces.push_back(face_of(face, labels_));
  return frame;
} catch (const std::exception&) { // not JSON, or other JSON
  return {};
}

} // namespace mien::cli
