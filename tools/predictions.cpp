// SPDX-License-Identifier: Apache-2.0
#include "tools/predictions.hpp"

#include "tools/console.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <numeric>
#include <vector>

namespace mien::cli {
namespace {

/// The places of the labels, the likeliest first.
std::vector<std::size_t> ranked(std::span<const float> probabilities) {
  std::vector<std::size_t> order(probabilities.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return probabilities[a] > probabilities[b]; });
  return order;
}

} // namespace

PredictionWriter::PredictionWriter(Form form, std::span<const std::string> labels)
    : form_(form), labels_(labels), width_(10) {
  for (const auto& label : labels) width_ = std::max(width_, label.size());
  if (form == Form::table)
    print(fmt::format("{:<{}}           {:<{}}           picture\n", "apparently", width_, "or else", width_));
  if (form != Form::csv) return;
  std::string head = "image,width,height,label,probability";
  for (const auto& label : labels) head += "," + csv_field(label);
  print(head + "\n");
}

void PredictionWriter::write(const Prediction& prediction, std::span<const float> probabilities) const {
  if (form_ == Form::json) return print(json_line(prediction, probabilities));
  if (!prediction.error.empty()) return say_error(prediction.error);
  print(form_ == Form::csv ? csv_line(prediction, probabilities) : table_row(prediction, probabilities));
}

std::string PredictionWriter::table_row(const Prediction& prediction, std::span<const float> probabilities) const {
  const auto order = ranked(probabilities);
  std::string row;
  for (std::size_t place = 0; place < 2; ++place) {
    const bool there = place < order.size();
    row += there ? fmt::format("{:<{}} {:5.1f} %   ", labels_[order[place]], width_, 100 * probabilities[order[place]])
                 : std::string(width_ + 11, ' ');
  }
  return row + prediction.image + "\n";
}

std::string PredictionWriter::json_line(const Prediction& prediction, std::span<const float> probabilities) const {
  nlohmann::ordered_json line = {{"image", prediction.image}};
  if (!prediction.error.empty()) {
    line["error"] = prediction.error;
  } else {
    nlohmann::ordered_json by_name = nlohmann::ordered_json::object();
    for (std::size_t c = 0; c < labels_.size(); ++c) by_name[labels_[c]] = probabilities[c];
    line["width"] = prediction.width;
    line["height"] = prediction.height;
    const nlohmann::ordered_json face = {{"box", {0, 0, prediction.width, prediction.height}},
                                         {"score", 1}, // nobody looked for it: it is a face because the user says so
                                         {"label", labels_[ranked(probabilities)[0]]},
                                         {"probabilities", by_name}};
    line["faces"] = nlohmann::ordered_json::array({face});
  }
  return line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

std::string PredictionWriter::csv_line(const Prediction& prediction, std::span<const float> probabilities) const {
  const auto best = ranked(probabilities)[0];
  auto line = fmt::format("{},{},{},{},{}", csv_field(prediction.image), prediction.width, prediction.height,
                          csv_field(labels_[best]), probabilities[best]);
  for (const float p : probabilities) line += fmt::format(",{}", p);
  return line + "\n";
}

} // namespace mien::cli
