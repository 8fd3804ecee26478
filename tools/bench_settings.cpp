// SPDX-License-Identifier: Apache-2.0
#include "tools/bench_settings.hpp"

#include "tools/inputs.hpp"
#include "tools/train_settings.hpp"

#include "mien/nn/network_file.hpp"
#include "mien/nn/networks.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <string_view>

namespace mien::cli {
namespace {

/// `1,32` as numbers. Throws UsageError.
std::vector<int> numbers(std::string_view option, std::string_view list, int most) {
  std::vector<int> values;
  for (std::size_t begin = 0; begin <= list.size();) {
    const auto end = std::min(list.find(',', begin), list.size());
    int value = 0;
    const auto [rest, error] = std::from_chars(list.data() + begin, list.data() + end, value);
    if (error != std::errc() || rest != list.data() + end || value < 1 || value > most)
      throw UsageError(
          fmt::format("--{} takes whole numbers from 1 to {} with commas between them, got `{}`", option, most, list));
    values.push_back(value);
    begin = end + 1;
  }
  return values;
}

void expect_named(const std::string& net) {
  std::vector<std::string> names;
  for (const auto& network : named_networks()) names.emplace_back(network.name);
  if (std::ranges::find(names, net) != names.end()) return;
  const auto near = nearest(net, names);
  throw UsageError(fmt::format("--net takes one of {}, or a JSON file, got `{}`{}", fmt::join(names, ", "), net,
                               near.empty() ? "" : fmt::format("; did you mean `{}`?", near)));
}

} // namespace

void BenchSettings::bind(Command& command) {
  command.option("threads", threads, "LIST",
                 "Threads to compute with, as 1,2 (default: all there are, and 1 as well for one face)");
  command.group("What is measured");
  command.option("net", net, "NAME|FILE", "A network by name, or from a JSON file, with fresh weights");
  command.option("model", model, "MODEL",
                 "Instead: a model file, the folder of a run, or -: the model that mien ships");
  command.choice("task", task, {"train", "infer", "both"}, "Steps of a training, inference, or both");
  command.option("batch", batches, "LIST", "Faces at a time (default: 32,128 to train, 1,32 to infer)");
  algorithm.bind(command);
  command.flag("augment", augment, "Vary the pictures of each training step, as the field's recipe does");
  command.group("How");
  command.option("runs", timing.runs, "N", "How often each is measured", Range{1, 10'000});
  command.option("seconds", timing.seconds, "S", "The least that a run takes", Range{0.0, 3600.0});
  command.group("Output");
  command.flag("layers", layers, "Of what is measured first, every layer: algorithm, time, speed");
  command.flag("json", json, "Print one JSON object");
}

std::vector<BenchCase> BenchSettings::cases(const Command& command, const Common& common) const {
  if (command.given("model") && command.given("net"))
    throw UsageError("--model brings its own network: leave --net away");
  if (augment && task == "infer") throw UsageError("--augment varies training pictures: --task infer has none");
  std::vector<BenchCase> all;
  for (const bool training : {true, false}) {
    if (task == (training ? "infer" : "train")) continue;
    const auto list = command.given("batch") ? batches : training ? "32,128" : "1,32";
    for (const int batch : numbers("batch", list, 1 << 16)) {
      std::vector<int> counts{common.threads};
      if (command.given("threads")) {
        counts = numbers("threads", threads, 1024);
      } else if (!training && batch == 1 && common.threads > 1) {
        counts.push_back(1); // where the work is small, more threads may not help
      }
      for (const int count : counts) all.push_back({.training = training, .batch = batch, .threads = count});
    }
  }
  return all;
}

BenchSubject BenchSettings::subject(std::int64_t faces, const Common& common) const {
  if (!model.empty()) {
    const auto classifier = load_classifier(model);
    return bench_subject(model, classifier.file().model, classifier.preprocessing(), faces, common.seed);
  }
  if (!is_network_file(net)) {
    expect_named(net);
    const Preprocessing preprocessing; // named: GCC 12 takes the temporary `{}` for uninitialised
    return bench_subject(net, network_named(net, {.seed = common.seed}), preprocessing, faces, common.seed);
  }
  const auto read = read_network(net, common.seed);
  const auto name = std::filesystem::path(net).stem().string();
  return bench_subject(name, read, preprocessing_for(read, net), faces, common.seed);
}

} // namespace mien::cli
