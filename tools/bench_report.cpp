// SPDX-License-Identifier: Apache-2.0
#include "tools/bench_report.hpp"

#include "mien/core/version.hpp"
#include "mien/kernels.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <sys/utsname.h>

namespace mien::cli {
namespace {

using nlohmann::ordered_json;

/// 0 where nothing is multiplied or no time passed.
double gflops(double flop, double seconds) { return flop > 0 && seconds > 0 ? flop / seconds * 1e-9 : 0; }

ordered_json json_of(const BenchReport& report, const BenchResult& result) {
  const auto f = figures_of(report, result);
  return {{"task", result.of.training ? "train" : "infer"},
          {"net", report.net},
          {"precision", "f32"},
          {"batch", result.of.batch},
          {"threads", result.of.threads},
          {"images_per_s", f.images},
          {"images_per_s_range", {f.least, f.most}},
          {"ms_p50", f.p50},
          {"ms_p99", f.p99},
          {"gflops", f.gflops},
          {"share_of_peak", f.of_peak},
          {"algorithm", result.algorithms},
          {"augmented", result.of.training && report.augmented},
          {"runs", result.timing.calls_per_second.size()},
          {"calls", result.timing.seconds.size()},
          {"memory_mb", f.megabytes}};
}

ordered_json json_of(const BenchReport& report, const LayerCost& layer) {
  const auto f = figures_of(report, layer);
  return {{"name", layer.name},
          {"type", layer.type},
          {"algorithm", layer.algorithm},
          {"forward_ms", 1e3 * layer.forward_seconds},
          {"backward_ms", 1e3 * layer.backward_seconds},
          {"forward_gflops", f.forward_gflops},
          {"backward_gflops", f.backward_gflops},
          {"share_of_peak", f.of_peak},
          {"share_of_step", f.of_call}};
}

/// What was verified before anything was timed: distances from the reference, and those that are allowed.
ordered_json checks_of(const BenchReport& report) {
  auto checks = ordered_json::object();
  const auto add = [&](const char* name, double found, double allowed) {
    checks[name] = {{"found", found}, {"allowed", allowed}};
  };
  if (report.training_check) {
    add("loss", report.training_check->loss, allowed_loss);
    add("gradients", report.training_check->gradients, allowed_gradients);
  }
  if (report.inference_check) add("logits", *report.inference_check, allowed_logits);
  return checks;
}

} // namespace

ResultFigures figures_of(const BenchReport& report, const BenchResult& result) {
  const auto batch = static_cast<double>(result.of.batch);
  const auto& calls = result.timing.calls_per_second;
  const double images = batch * percentile(calls, 0.5);
  const double reached = images * result.flop * 1e-9;
  return {.images = images,
          .least = batch * calls.front(),
          .most = batch * calls.back(),
          .gflops = reached,
          .of_peak = reached / report.peaks.at(result.of.threads),
          .p50 = 1e3 * percentile(result.timing.seconds, 0.5),
          .p99 = 1e3 * percentile(result.timing.seconds, 0.99),
          .megabytes = static_cast<double>(result.workspace_bytes) / 1e6};
}

LayerFigures figures_of(const BenchReport& report, const LayerCost& layer) {
  double all = 0;
  for (const auto& each : report.layers) all += each.seconds();
  const bool goes_back = layer.backward_seconds > 0; // not in inference
  const double flop = layer.flop.forward + (goes_back ? layer.flop.backward : 0);
  return {.forward_gflops = gflops(layer.flop.forward, layer.forward_seconds),
          .backward_gflops = gflops(layer.flop.backward, layer.backward_seconds),
          .of_peak = gflops(flop, layer.seconds()) / report.peaks.at(report.results.front().of.threads),
          .of_call = layer.seconds() / all};
}

std::string processor() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);)
    if (line.starts_with("model name")) return line.substr(std::min(line.find(':') + 2, line.size()));
  utsname names{};
  return uname(&names) == 0 ? names.machine : "unknown";
}

std::string bench_json(const BenchReport& report) {
  auto peaks = ordered_json::object();
  for (const auto& [threads, peak] : report.peaks) peaks[std::to_string(threads)] = peak;
  auto results = ordered_json::array();
  for (const auto& result : report.results) results.push_back(json_of(report, result));
  ordered_json json = {{"version", version()},
                       {"kernels", kernels().name},
                       {"cpu", processor()},
                       {"peak_gflops", report.peaks.rbegin()->second},
                       {"peaks", peaks},
                       {"load", report.load},
                       {"verified", checks_of(report)},
                       {"results", results}};
  if (!report.layers.empty()) {
    json["layers"] = ordered_json::array();
    for (const auto& layer : report.layers) json["layers"].push_back(json_of(report, layer));
  }
  return json.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

} // namespace mien::cli
