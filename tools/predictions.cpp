// SPDX-License-Identifier: Apache-2.0
#include "tools/predictions.hpp"

#include "tools/console.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <numeric>

namespace mien::cli {
namespace {

using Json = nlohmann::ordered_json;

/// The places of the labels, the likeliest first.
std::vector<std::size_t> ranked(std::span<const float> probabilities) {
  std::vector<std::size_t> order(probabilities.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return probabilities[a] > probabilities[b]; });
  return order;
}

Json to_json(const Face& face, std::span<const std::string> labels) {
  Json json = {{"box", {face.box.x, face.box.y, face.box.width, face.box.height}}, {"score", face.score}};
  if (face.roll != 0) json["roll"] = face.roll;
  if (labels.empty()) return json;
  json["label"] = face.label.empty() ? Json() : Json(face.label); // unsure
  json["probabilities"] = Json::object();
  for (std::size_t c = 0; c < labels.size(); ++c) json["probabilities"][labels[c]] = face.probabilities[c];
  return json;
}

std::string box_text(const Box& box) { return fmt::format("{}x{} at {},{}", box.width, box.height, box.x, box.y); }

} // namespace

PredictionTexts::PredictionTexts(Form form, std::span<const std::string> labels)
    : form_(form), labels_(labels), width_(10) {
  for (const auto& label : labels) width_ = std::max(width_, label.size());
}

std::string PredictionTexts::heading() const {
  if (form_ == Form::json) return "";
  if (form_ == Form::table) {
    const auto names = labels_.empty()
                           ? ""
                           : fmt::format("{:<{}}           {:<{}}           ", "apparently", width_, "or else", width_);
    return names + fmt::format("{:<22}picture\n", "face");
  }
  std::string head = "image,width,height,face,x,y,box_width,box_height,score";
  if (!labels_.empty()) head += ",label,probability";
  for (const auto& label : labels_) head += "," + csv_field(label);
  return head + ",error\n";
}

std::string PredictionTexts::text(const PictureResult& result) const {
  if (form_ == Form::json) return json_line(result);
  if (form_ == Form::table && !result.error.empty()) return "";
  std::string rows;
  const auto count = std::max<std::size_t>(result.faces.size(), 1); // a picture without a face has a row as well
  for (std::size_t i = 0; i < count; ++i) {
    const Face* face = i < result.faces.size() ? &result.faces[i] : nullptr;
    rows += form_ == Form::csv ? csv_row(result, i) : table_row(result, face);
  }
  return rows;
}

std::string PredictionTexts::table_row(const PictureResult& picture, const Face* face) const {
  std::string row;
  const auto order = face ? ranked(face->probabilities) : std::vector<std::size_t>{};
  const bool unsure = face != nullptr && face->label.empty();
  for (std::size_t place = 0; !labels_.empty() && place < 2; ++place) {
    row += place < order.size()
               ? fmt::format("{:<{}} {:5.1f} %   ", place == 0 && unsure ? "unsure" : labels_[order[place]], width_,
                             100 * face->probabilities[order[place]])
               : std::string(width_ + 11, ' ');
  }
  return row + fmt::format("{:<22}{}\n", face ? box_text(face->box) : "no face found", picture.image);
}

std::string PredictionTexts::json_line(const PictureResult& picture) const {
  Json line = {{"image", picture.image}};
  if (!picture.error.empty()) {
    line["error"] = picture.error;
  } else {
    line["width"] = picture.width;
    line["height"] = picture.height;
    line["faces"] = Json::array();
    for (const auto& face : picture.faces) line["faces"].push_back(to_json(face, labels_));
  }
  return line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

/// Faces are numbered from 1; what does not apply is empty.
std::string PredictionTexts::csv_row(const PictureResult& picture, std::size_t i) const {
  std::string row = csv_field(picture.image);
  row += picture.error.empty() ? fmt::format(",{},{}", picture.width, picture.height) : ",,";
  if (i < picture.faces.size()) {
    const Face& face = picture.faces[i];
    const auto& box = face.box;
    row += fmt::format(",{},{},{},{},{},{}", i + 1, box.x, box.y, box.width, box.height, face.score);
    if (!labels_.empty()) row += fmt::format(",{},{}", csv_field(face.label), std::ranges::max(face.probabilities));
    for (const float p : face.probabilities) row += fmt::format(",{}", p);
  } else {
    row.append(6 + (labels_.empty() ? 0 : 2 + labels_.size()), ',');
  }
  return row + "," + csv_field(picture.error) + "\n";
}

} // namespace mien::cli
