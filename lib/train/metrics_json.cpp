// SPDX-License-Identifier: Apache-2.0
#include "mien/train/metrics.hpp"

#include <nlohmann/json.hpp>

namespace mien {
namespace {

nlohmann::ordered_json json_of(const Evaluation& e) {
  nlohmann::ordered_json json = {
      {"n", e.n},     {"accuracy", e.accuracy}, {"macro_f1", e.macro_f1}, {"weighted_f1", e.weighted_f1},
      {"uar", e.uar}, {"log_loss", e.log_loss}};
  auto& per_class = json["per_class"] = nlohmann::ordered_json::object();
  auto& confusion = json["confusion"] = nlohmann::ordered_json::array();
  for (std::size_t c = 0; c < e.labels.size(); ++c) {
    const auto& [precision, recall, f1, support] = e.per_class[c];
    per_class[e.labels[c]] = {{"precision", precision}, {"recall", recall}, {"f1", f1}, {"support", support}};
    auto row = nlohmann::ordered_json::array();
    for (std::size_t answer = 0; answer < e.labels.size(); ++answer) row.push_back(e.count(c, answer));
    confusion.push_back(std::move(row));
  }
  json["labels"] = e.labels;
  json["undefined"] = e.undefined;
  auto interval = [](const Interval& i) { return nlohmann::ordered_json::array({i.low, i.high}); };
  json["ci95"] = {{"accuracy", interval(e.ci95.accuracy)},
                  {"macro_f1", interval(e.ci95.macro_f1)},
                  {"weighted_f1", interval(e.ci95.weighted_f1)},
                  {"uar", interval(e.ci95.uar)},
                  {"log_loss", interval(e.ci95.log_loss)}};
  if (e.reliability) {
    auto& r = json["reliability"] = {{"ece", e.reliability->ece},
                                     {"confidence", e.reliability->confidence},
                                     {"aurc", e.reliability->aurc},
                                     {"risk_of_surest_half", e.reliability->risk_of_surest_half}};
    r["bins"] = nlohmann::ordered_json::array();
    for (const auto& bin : e.reliability->bins)
      r["bins"].push_back({{"n", bin.n}, {"confidence", bin.confidence}, {"accuracy", bin.accuracy}});
  }
  if (e.abstention)
    json["abstention"] = {
        {"threshold", e.abstention->threshold}, {"answered", e.abstention->answered}, {"right", e.abstention->right}};
  return json;
}

} // namespace

std::string to_json(const Evaluation& e) {
  auto json = json_of(e);
  json["seen"] = e.seen ? nlohmann::ordered_json(*e.seen) : nullptr;
  json["unseen"] = e.unseen ? json_of(*e.unseen) : nullptr;
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

} // namespace mien
