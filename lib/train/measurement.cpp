// SPDX-License-Identifier: Apache-2.0
// Figures that stay with the model that they are about.
#include "mien/core/error.hpp"
#include "mien/train/model_card.hpp"

#include <nlohmann/json.hpp>

#include <charconv>
#include <cmath>

namespace mien {
namespace {

using Json = nlohmann::json;
constexpr std::string_view prefix = "measured.";

Json json_of(const Evaluation& e) {
  Json json = {{"n", e.n},
               {"accuracy", e.accuracy},
               {"accuracy_ci", {e.ci95.accuracy.low, e.ci95.accuracy.high}},
               {"macro_f1", e.macro_f1},
               {"macro_f1_ci", {e.ci95.macro_f1.low, e.ci95.macro_f1.high}},
               {"uar", e.uar},
               {"log_loss", e.log_loss}};
  if (e.reliability) json["ece"] = e.reliability->ece;
  for (const auto& one : e.per_class) {
    json["recall"].push_back(one.recall);
    json["support"].push_back(one.support);
  }
  return json;
}

/// Throws what nlohmann does where something is missing or of another type.
RecordedFigures figures_of(const Json& json) {
  auto interval = [&](const char* name) { return Interval{json.at(name).at(0), json.at(name).at(1)}; };
  return {.n = json.at("n"),
          .accuracy = json.at("accuracy"),
          .macro_f1 = json.at("macro_f1"),
          .uar = json.at("uar"),
          .log_loss = json.at("log_loss"),
          .accuracy_ci = interval("accuracy_ci"),
          .macro_f1_ci = interval("macro_f1_ci"),
          .ece = json.value("ece", -1.0),
          .recall = json.at("recall").get<std::vector<double>>(),
          .support = json.at("support").get<std::vector<std::int64_t>>()};
}

} // namespace

std::optional<double> recorded_number(const ModelFile& file, const std::string& name) {
  const auto found = file.provenance.find(name);
  if (found == file.provenance.end()) return {};
  const auto& text = found->second;
  double value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return {};
  return value;
}

bool is_measurement(std::string_view name) { return name.starts_with(prefix); }

void record_measurement(ModelFile& file, std::string_view data, std::string_view fingerprint, const Evaluation& e) {
  if (e.labels != file.labels) throw Error("measured figures: they are of a model with other labels");
  Json json = {{"fingerprint", fingerprint}, {"told_apart", e.seen.has_value()}, {"all", json_of(e)}};
  if (e.unseen) json["unseen"] = json_of(*e.unseen);
  file.provenance[std::string(prefix) + std::string(data)] = json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::vector<RecordedMeasurement> recorded_measurements(const ModelFile& file) {
  std::vector<RecordedMeasurement> found;
  for (const auto& [name, text] : file.provenance) {
    if (!is_measurement(name)) continue;
    try {
      const auto json = Json::parse(text);
      RecordedMeasurement one{.data = name.substr(prefix.size()),
                              .fingerprint = json.at("fingerprint"),
                              .all = figures_of(json.at("all")),
                              .told_apart = json.at("told_apart")};
      if (json.contains("unseen")) one.unseen = figures_of(json["unseen"]);
      if (one.all.recall.size() == file.labels.size() && one.all.support.size() == file.labels.size() &&
          (!one.unseen ||
           (one.unseen->recall.size() == file.labels.size() && one.unseen->support.size() == file.labels.size())))
        found.push_back(std::move(one));
    } catch (const Json::exception&) { // free text that happens to have such a name
    }
  }
  return found;
}

} // namespace mien
