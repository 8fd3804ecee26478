// SPDX-License-Identifier: Apache-2.0
#include "tools/train_material.hpp"

#include "mien/core/error.hpp"
#include "mien/data/split.hpp"
#include "mien/nn/network_file.hpp"
#include "mien/nn/networks.hpp"
#include "mien/nn/transfer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

namespace mien::cli {
namespace {

/// A network as it is known before the pictures are, and how pictures are prepared for it.
struct Beginning {
  std::optional<Model> model;
  Preprocessing preprocessing;
  std::vector<std::string> labels; ///< of a model that was trained before
};

Beginning begin(const TrainSettings& s, const Common& common) {
  Beginning b;
  if (!s.from.empty()) {
    const auto classifier = load_classifier(s.from);
    b = {classifier.file().model, classifier.preprocessing(), classifier.file().labels};
  } else if (is_network_file(s.net)) {
    b.model = read_network(s.net, common.seed);
    b.preprocessing = preprocessing_for(*b.model, s.net);
  } else {
    b.preprocessing.channels = s.channels;
  }
  if (s.from.empty()) b.preprocessing.standardize = s.input == "standardised";
  if (s.from.empty() || s.aligned) b.preprocessing.face.aligned = s.aligned;
  return b;
}

Model network_for(Beginning beginning, const Dataset& data, const TrainSettings& s, const Common& common) {
  const auto classes = static_cast<std::int64_t>(data.classes.size());
  if (!beginning.model) return network_named(s.net, {.classes = classes, .channels = s.channels, .seed = common.seed});
  if (s.from.empty() || beginning.labels == data.classes) return std::move(*beginning.model);
  say(common,
      fmt::format("{} names {} other classes: its last layer begins anew, for {}\n",
                  s.from == "-" ? "the model that mien ships" : s.from, beginning.labels.size(), data.classes.size()));
  return with_new_classes(*beginning.model, classes, common.seed);
}

void say_what_was_found(const Common& common, const TrainSettings& s, const Dataset& data, std::size_t held) {
  auto text = fmt::format("{}: {} pictures of {} classes\n  ", s.data.string(), data.size(), data.classes.size());
  const auto counts = data.counts();
  for (std::size_t i = 0; i < counts.size(); ++i)
    text += fmt::format("{}{} {}", i > 0 ? ", " : "", data.classes[i], counts[i]);
  text += fmt::format("\n  {} to learn from, {} to measure on; ", data.size() - held, held);
  if (data.packed) return say(common, text + "exact copies, if any, on one side\n"); // counting them takes memory
  const auto firsts = first_copies(data);
  std::size_t copies = 0;
  for (std::size_t i = 0; i < firsts.size(); ++i) copies += firsts[i] != i;
  text += fmt::format("{} exact copies, each on the side of its original\n", copies);
  say(common, text);
}

/// A figure from few pictures says little: says how little.
void warn_of_few(const Dataset& data, const Dataset& validation) {
  const auto counts = data.counts();
  const auto fewest = static_cast<std::size_t>(std::ranges::min_element(counts) - counts.begin());
  const double spread = 98 / std::sqrt(static_cast<double>(validation.size())); // 1.96 deviations at 50 %, in points
  if (counts[fewest] >= 30 && spread <= 10) return;
  say_warning(fmt::format("{} has {}, and {} are there to measure on: an accuracy on these is right to within "
                          "{:.0f} points, so take it for a first look; dozens of pictures a class say more",
                          data.classes[fewest], plural(counts[fewest], "picture"), validation.size(),
                          std::min(spread, 100.0)));
}

} // namespace

TrainMaterial prepare_training(const TrainSettings& s, const Common& common) {
  auto beginning = begin(s, common);
  const auto preprocessing = beginning.preprocessing;
  const auto read = read_data(s.data, DataPart::train,
                              {.preprocessing = preprocessing, .strict = s.strict, .usage = s.usage}, common);
  auto [kept, held] = split(read.data, s.validation, common.seed);
  say_what_was_found(common, s, read.data, held.size());
  warn_of_few(read.data, held);
  return {network_for(std::move(beginning), read.data, s, common), preprocessing, std::move(kept), std::move(held)};
}

TrainMaterial prepare_again(const TrainMaterial& read, const TrainSettings& s, const Common& common) {
  auto beginning = begin(s, common);
  const auto preprocessing = beginning.preprocessing;
  return {network_for(std::move(beginning), read.train, s, common), preprocessing, read.train, read.validation};
}

} // namespace mien::cli
