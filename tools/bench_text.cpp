// SPDX-License-Identifier: Apache-2.0
#include "tools/bench_report.hpp"
#include "tools/console.hpp"

#include "mien/core/version.hpp"
#include "mien/kernels.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace mien::cli {
namespace {

/// Blank where there is nothing to say.
std::string positive(double value, int digits) { return value > 0 ? fmt::format("{:.{}f}", value, digits) : ""; }
std::string per_cent(double share) { return share > 0 ? fmt::format("{:.0f} %", 100 * share) : ""; }

std::string threads_text(int threads) { return plural(static_cast<std::size_t>(threads), "thread"); }

std::string heading(const BenchReport& report) {
  auto text = fmt::format("mien {}, kernels {}, {}\npeak of the multiply-adds", version(), kernels().name, processor());
  const char* before = ": ";
  for (const auto& [threads, peak] : report.peaks) {
    text += fmt::format("{}{:.1f} GFLOP/s on {}", before, peak, threads_text(threads));
    before = ", ";
  }
  return text + "\n";
}

/// `3e-07 (allowed: 1e-04)`
std::string distance(double found, double allowed) {
  return fmt::format("{} (allowed: {:.0e})", found > 0 ? fmt::format("{:.0e}", found) : "0", allowed);
}

/// What was verified before anything was timed.
std::string checks(const BenchReport& report) {
  std::vector<std::string> parts;
  if (report.training_check) {
    parts.push_back("loss " + distance(report.training_check->loss, allowed_loss));
    parts.push_back("gradients " + distance(report.training_check->gradients, allowed_gradients));
  }
  if (report.inference_check) parts.push_back("logits " + distance(*report.inference_check, allowed_logits));
  return fmt::format("distance from the reference: {}\n", fmt::join(parts, ", "));
}

std::string results_table(const BenchReport& report) {
  auto text =
      fmt::format("\n{:<6}{:>6}{:>9}{:>10}{:>18}{:>10}{:>9}{:>10}{:>10}{:>11}  {}\n", "task", "batch", "threads",
                  "images/s", "range", "GFLOP/s", "of peak", "ms p50", "ms p99", "memory", "algorithms");
  for (const auto& result : report.results) {
    const auto f = figures_of(report, result);
    const int digits = f.images < 100 ? 1 : 0;
    text += fmt::format("{:<6}{:>6}{:>9}{:>10.{}f}{:>18}{:>10.1f}{:>9}{:>10.3f}{:>10.3f}{:>8.1f} MB  {}\n",
                        result.of.training ? "train" : "infer", result.of.batch, result.of.threads, f.images, digits,
                        fmt::format("{:.{}f} to {:.{}f}", f.least, digits, f.most, digits), f.gflops,
                        per_cent(f.of_peak), f.p50, f.p99, f.megabytes, result.algorithms);
  }
  return text;
}

std::string layers_table(const BenchReport& report) {
  const auto& of = report.results.front().of;
  std::size_t width = 0, types = 0, algorithms = 9;
  double all = 0;
  for (const auto& layer : report.layers) {
    width = std::max(width, layer.name.size());
    types = std::max(types, layer.type.size());
    algorithms = std::max(algorithms, layer.algorithm.size());
    all += layer.seconds();
  }
  const auto row = [&](const std::string& name, const std::string& type, const std::string& algorithm,
                       const auto&... f) {
    return fmt::format("{:<{}}  {:<{}}  {:<{}}{:>10}{:>10}{:>10}{:>10}{:>9}{:>9}\n", name, width, type, types,
                       algorithm, algorithms, f...);
  };
  auto text = fmt::format("\none {} of batch {} on {}: {:.3f} ms in the mean\n\n",
                          of.training ? "training step" : "inference", of.batch, threads_text(of.threads), 1e3 * all);
  text += row("layer", "type", "algorithm", "ms", "ms back", "GFLOP/s", "back", "of peak", "of all");
  for (const auto& layer : report.layers) {
    const auto f = figures_of(report, layer);
    text += row(layer.name, layer.type, layer.algorithm, positive(1e3 * layer.forward_seconds, 3),
                positive(1e3 * layer.backward_seconds, 3), positive(f.forward_gflops, 1),
                positive(f.backward_gflops, 1), per_cent(f.of_peak), per_cent(f.of_call));
  }
  return text;
}

} // namespace

std::string bench_text(const BenchReport& report) {
  auto text = heading(report) + checks(report) + results_table(report);
  if (!report.layers.empty()) text += layers_table(report);
  if (report.load[0] >= 0)
    text += fmt::format("\nload of the machine before: {:.2f}, after: {:.2f}\n", report.load[0], report.load[1]);
  return text;
}

} // namespace mien::cli
