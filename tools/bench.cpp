// SPDX-License-Identifier: Apache-2.0
// `mien bench`: what this machine reaches, beside its own peak.
#include "tools/bench_settings.hpp"
#include "tools/commands.hpp"

#include "mien/ops/fma_peak.hpp"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <numeric>
#include <optional>

namespace mien::cli {
namespace {

const Command::Texts texts{
    .name = "bench",
    .about = "Measures training steps and inferences on this machine, on pictures of noise, beside the multiply-adds "
             "that the processor reaches in the same run. What is to be timed is compared with the reference "
             "first; where it differs, WRONG is said and nothing more measured. A LIST is numbers with commas between "
             "them. Nothing else should run meanwhile.",
    .examples = "mien bench\n"
                "mien bench --task train --batch 32 --layers\n"
                "mien bench --model runs/seed-1 --task infer --batch 1,8 --threads 1,2 --json"};

/// Programs that want to run, over the last minute; below 0 where the system does not tell.
double load_of_machine() {
  double load = 0;
  return getloadavg(&load, 1) == 1 ? load : -1;
}

/// The cases of one run, one after the other, and what they share.
class Bench {
public:
  Bench(const BenchSubject& subject, const BenchSettings& settings, std::size_t cases, bool quiet)
      : subject_(subject), settings_(settings), all_(cases * static_cast<std::size_t>(settings.timing.runs)),
        progress_("measuring", quiet) {
    report_.net = subject.net;
    report_.augmented = settings.augment;
    report_.load[0] = load_of_machine();
  }

  void measure(const BenchCase& one) {
    const auto work = checked(one);
    // The most of all measurements: whatever else runs on the machine can only lower it.
    auto& peak = report_.peaks[one.threads];
    peak = std::max(peak, measured_fma_peak(one.threads, std::min(0.3, settings_.timing.seconds)));
    BookedTimes before;
    BenchResult result{.of = one,
                       .timing = time_calls([&] { work->call(); }, settings_.timing,
                                            [&](int run) {
                                              if (run == 0) before = booked(*work);
                                              progress_(done_++, all_);
                                            })};
    const auto flop = flop_of(work->model());
    result.flop = one.training ? flop.training() : flop.forward;
    result.workspace_bytes = work->workspace().bytes();
    result.algorithms = algorithms_of(*work);
    const auto& seconds = result.timing.seconds;
    if (settings_.layers && report_.results.empty())
      report_.layers = layer_costs(*work, before, static_cast<double>(seconds.size()),
                                   std::accumulate(seconds.begin(), seconds.end(), 0.0));
    report_.results.push_back(std::move(result));
  }

  /// After the last one.
  [[nodiscard]] const BenchReport& report() {
    progress_.clear();
    report_.load[1] = load_of_machine();
    return report_;
  }

private:
  /// What is to be timed, once it is known to compute what it should. A training is verified once: neither batch nor
  /// threads decide how it computes. Inference is verified as it stands.
  std::unique_ptr<Work> checked(const BenchCase& one) {
    if (one.training) {
      if (!report_.training_check) report_.training_check = check_training(subject_, one.threads, settings_.augment);
      return std::make_unique<TrainingWork>(subject_, one.batch, one.threads, settings_.augment);
    }
    if (!inference_check_) inference_check_.emplace(subject_, one.threads);
    auto work = std::make_unique<InferenceWork>(subject_, one.batch, one.threads);
    report_.inference_check = std::max(report_.inference_check.value_or(0), (*inference_check_)(*work));
    return work;
  }

  const BenchSubject& subject_;
  const BenchSettings& settings_;
  std::size_t done_ = 0, all_;
  Progress progress_;
  std::optional<InferenceCheck> inference_check_;
  BenchReport report_;
};

} // namespace

int run_bench(int argc, char** argv) {
  Common common;
  BenchSettings settings;
  Command command(texts, common);
  settings.bind(command);
  if (!command.parse(argc, argv)) return 0;
  const auto cases = settings.cases(command, common);
  const auto largest = std::ranges::max(cases, {}, &BenchCase::batch).batch;
  auto subject = settings.subject(largest, common);
  subject.algorithm = settings.algorithm.value();

  Bench bench(subject, settings, cases.size(), common.quiet);
  for (const auto& one : cases) bench.measure(one);
  print(settings.json ? bench_json(bench.report()) : bench_text(bench.report()));
  return 0;
}

} // namespace mien::cli
